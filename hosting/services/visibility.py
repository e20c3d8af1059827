"""Who sees what: the one declaration that the API's serializers and the pages' templates both read.

`TABLE` is the table of the domain, row by row; `FIELDS` says which row a field of a model belongs to. A field
that is in neither is an error, never a guess. Whether somebody sees a row at all is asked before, with
`Model.objects.visible_to(viewer)`.
"""

from enum import StrEnum
from typing import Any

from django.db import models

from accounts.models import Licence, Organization
from accounts.services.acting import Viewer
from hosting.models import CapacityRequest, Commitment, Offer, Site


class Standing(StrEnum):
    """How somebody stands to a row, from the farthest to the nearest."""

    STRANGER = "stranger"
    SIGNED_IN = "signed_in"
    FITTING_HOST = "fitting_host"
    REVEALED_HOST = "revealed_host"
    PARTY = "party"
    OWN_SIDE = "own_side"


EVERYBODY = frozenset(Standing)
NEAR = frozenset({Standing.PARTY, Standing.OWN_SIDE})
OWN = frozenset({Standing.OWN_SIDE})

# The rows of the table. A verified host whose offer fits counts as REVEALED_HOST once the miner has revealed
# the request's owner to that host, and as FITTING_HOST until then.
TABLE: dict[str, frozenset[Standing]] = {
    "request: needs": EVERYBODY,
    "request: owner of an anonymous one": NEAR | {Standing.REVEALED_HOST},
    "request: price ceiling and weights": OWN,
    "site: public": EVERYBODY,
    "site: address": NEAR,
    "offer: terms": EVERYBODY,
    "offer: parties": NEAR,
    "organization: public": EVERYBODY,
    "organization: private": NEAR,
}


def _row(name: str, *fields: str) -> dict[str, str]:
    return dict.fromkeys(fields, name)


FIELDS: dict[type[models.Model], dict[str, str]] = {
    CapacityRequest: {
        **_row(
            "request: needs",
            *("id", "version", "status", "is_anonymous", "anonymous", "expires_at", "published_at"),
            *("need_kw", "fleet", "efficiency_j_th", "worst_j_th", "origin"),
            *("earliest_start", "latest_start", "term_months", "created_at", "updated_at"),
            *("min_uptime", "max_curtailment", "min_renewable", "cooling", "price_models"),
            *("allowed_jurisdictions", "excluded_jurisdictions", "min_legal_status", "min_predictability"),
            *("licences", "min_evidence"),
        ),
        **_row(
            "request: price ceiling and weights",
            *("max_price_usd", "weights", "max_deposit_months", "scores", "broker"),
        ),
        # Of a request that is not anonymous the owner is as public as its handle: see row_of.
        "owner": "request: owner of an anonymous one",
    },
    Site: {
        **_row(
            "site: public",
            *("id", "version", "name", "host", "jurisdiction", "region", "total_kw", "connected_on"),
            *("cooling", "energy_mix", "pue", "grid", "insurance", "created_at", "updated_at"),
        ),
        **_row("site: address", "address", "changes_waiting"),
    },
    Offer: {
        **_row(
            "offer: terms",
            *("id", "version", "published_at", "created_at", "updated_at", "site", "host", "title", "status"),
            *("price_model", "currency", "energy_price", "passthrough_estimate", "passthrough_cap"),
            *("hosting_fee", "base_fee_kw_month", "revenue_share", "levies_included", "setup_fee_kw"),
            *("metering", "pue", "metering_uplift", "tiers", "deposit_months", "rate_lock_months"),
            *("min_kw", "max_kw", "min_term_months", "max_term_months", "valid_until"),
            *("host_notice_days", "miner_notice_days", "uptime", "uptime_remedy", "curtailment"),
            *("curtailment_notice_hours", "curtailment_credits", "renewable", "cooling", "max_j_per_th"),
            *("accepted_machines", "firmware", "allows_low_power_mode", "host_may_move_machines"),
            *("return_days", "return_paid_by", "has_cross_default", "phases", "commitments"),
            *("evidence", "claims", "free_kw", "list_price", "list_price_on"),
        ),
        **_row("offer: parties", "documents", "terms_waiting"),
    },
    Commitment: {
        **_row("offer: terms", "kw", "start", "end", "starts_on", "ends_on"),
        **_row("offer: parties", "request", "state", "held_until"),
    },
    Organization: {
        **_row(
            "organization: public",
            *("id", "version", "handle", "kinds", "verified", "verified_at", "reputation", "reviews"),
            "licences",
        ),
        **_row(
            "organization: private",
            *("legal_name", "country", "registration_number", "documents", "verification"),
            *("sanctions_result", "sanctions_checked_on", "sanctions_reference"),
        ),
    },
    Licence: {
        # Matching depends on them, so that a client must be able to read them; the paper itself is private.
        **_row("organization: public", "type", "valid_from", "valid_to", "jurisdiction_code", "review"),
        **_row("organization: private", "number", "document"),
    },
}


def row_of(row: Any, field: str) -> str:
    """The row of the table that a field belongs to. LookupError for a field that nobody has declared."""
    try:
        name = FIELDS[type(row)][field]
    except KeyError as error:
        raise LookupError(f"nobody has declared who sees {type(row).__name__}.{field}") from error
    if isinstance(row, CapacityRequest) and field == "owner" and not row.is_anonymous:
        return "request: needs"
    return name


def _owners(row: models.Model) -> tuple[object, ...]:
    """The organizations whose own side a row is, nearest first."""
    if isinstance(row, Organization):
        return (row.pk,)
    if isinstance(row, Licence):
        return (row.organization_id,)
    if isinstance(row, Site):
        return (row.host_id,)
    if isinstance(row, CapacityRequest):
        # A broker with a mandate, where the queryset has looked for it: CapacityRequest.objects.with_broker.
        return (row.owner_id, getattr(row, "broker_id", None))
    if isinstance(row, Offer):
        return (row.site.host_id,)
    if isinstance(row, Commitment):
        # The host sees whom its offer is taken by; the miner sees its own commitment and no other.
        return (row.offer.site.host_id, row.request.owner_id if row.request else None)
    raise LookupError(f"nobody has declared whose {type(row).__name__} is")


def standing(viewer: Viewer, row: models.Model) -> Standing:
    """How the viewer stands to the row. Staff stands where the owner does.

    Reads `site` of an offer and `offer.site` and `request` of a commitment: select them with the rows.
    FITTING_HOST, REVEALED_HOST and PARTY are given once there are reveals and contracts to read them from;
    until then nobody is nearer than signed in, which shows less and never more.
    """
    if viewer.is_staff:
        return Standing.OWN_SIDE
    if viewer.organization is not None and viewer.organization.pk in _owners(row):
        return Standing.OWN_SIDE
    return Standing.SIGNED_IN if viewer.is_signed_in else Standing.STRANGER


def may_see(viewer: Viewer, row: models.Model, field: str) -> bool:
    """Whether the viewer sees this field of a row that is visible to them."""
    allowed = TABLE[row_of(row, field)]
    return allowed == EVERYBODY or standing(viewer, row) in allowed
