"""Terms of an offer: each change is a new numbered version, and most are in force at once.

A live offer's version that changes what staff has looked at (the pass-through) waits in a TermsReview
while the old one stays in force.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import events, lifecycle
from accounts.services.errors import Conflict, Invalid
from hosting.models import (
    Offer,
    OfferStatus,
    OfferTerms,
    OfferTier,
    PriceModel,
    ReviewState,
    TermsInForce,
    TermsReview,
)


class NotEditable(Conflict):
    """The offer is before staff, or off the market."""

    code = "offer_not_editable"
    message = _("The offer is %(status)s; it can’t be changed now.")


LIVE = (OfferStatus.PUBLISHED, OfferStatus.PAUSED)
EDITABLE = (OfferStatus.DRAFT, *LIVE)
PASSED_ON = (PriceModel.PASS_THROUGH, PriceModel.INDEXED)
PASS_THROUGH = ("passthrough_estimate", "passthrough_cap")
PERCENTAGES = ("revenue_share", "metering_uplift", "uptime", "curtailment", "renewable")
NOT_NEGATIVE = (
    "energy_price",
    "passthrough_estimate",
    "hosting_fee",
    "base_fee_kw_month",
    "setup_fee_kw",
    "passthrough_cap",
    "max_j_per_th",
)
# Columns that say which version it is, not what it says.
OF_THE_VERSION = ("id", "offer", "number", "created_at", "created_by")
COLUMNS = tuple(field.name for field in OfferTerms._meta.fields if field.name not in OF_THE_VERSION)
Tiers = Iterable[tuple[int, Any]]


def write(
    *,
    offer: Offer,
    terms: Mapping[str, Any],
    tiers: Tiers = (),
    by: User,
    now: datetime,
    version: int | None = None,
) -> OfferTerms:
    """Write the next version of the terms. `terms` are columns of OfferTerms; tiers (kW, price).

    `version` is the number of the newest version that the writer saw; what says the same as that newest one
    changes nothing. The result has a `review` if it waits. Raises Invalid, NotEditable or lifecycle.Stale.
    """
    tiers = sorted(tiers)
    with transaction.atomic():
        locked = Offer.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.pk)
        check_editable(locked)
        newest = locked.terms.order_by("-number").first()
        written = OfferTerms(
            offer=locked,
            number=newest.number + 1 if newest else 1,
            created_at=now,
            created_by=by.pk,
            **terms,
        )
        _check(written, tiers)
        if newest and version is not None:
            if not changed_fields(newest, written, tiers):
                return newest
            if newest.number != version:
                raise lifecycle.Stale
        _save(written, tiers)
        _put_forward(locked, written, by=by, now=now)
    offer.refresh_from_db()
    return written


def _save(written: OfferTerms, tiers: list[tuple[int, Any]]) -> None:
    written.save()
    OfferTier.objects.bulk_create(
        OfferTier(terms=written, min_kw=min_kw, energy_price=price) for min_kw, price in tiers
    )


def _put_forward(offer: Offer, written: OfferTerms, *, by: User, now: datetime) -> None:
    """In force, or waiting; either way an older version that waits has been overtaken."""
    waiting = offer.terms_reviews.filter(state=ReviewState.WAITING).first()
    if waiting is not None:
        lifecycle.move(waiting, to=ReviewState.SUPERSEDED, at=now, by=by)
    in_force = TermsInForce.objects.filter(offer=offer).select_related("terms").first()
    before = in_force.terms if in_force else None
    reviewed = reviewed_fields(before, written) if before and offer.status in LIVE else []
    if reviewed:
        TermsReview.objects.create(
            offer=offer,
            terms=written,
            fields=reviewed,
            submitted_by=by.pk,
            created_at=now,
            updated_at=now,
        )
    else:
        TermsInForce.objects.update_or_create(offer=offer, defaults={"terms": written})
    params: dict[str, Any] = {"version": written.number}
    if before:
        params["fields"] = changed_fields(before, written, tiers_of(written))
    if reviewed:
        params["waiting"] = reviewed
    events.touch(offer, at=now)
    events.changed(
        offer, code="terms_submitted" if reviewed else "terms_written", at=now, by=by, params=params
    )


def put_in_force(*, offer: Offer, terms: OfferTerms) -> None:
    """The version holds from now on. The offer is locked by the caller, who writes the Event."""
    TermsInForce.objects.update_or_create(offer=offer, defaults={"terms": terms})


def take_up_newest(*, offer: Offer, by: User, now: datetime) -> None:
    """An offer that is a draft again shows staff its newest version: nothing waits beside it any more."""
    waiting = offer.terms_reviews.filter(state=ReviewState.WAITING).select_related("terms").first()
    if waiting is not None:
        lifecycle.move(waiting, to=ReviewState.SUPERSEDED, at=now, by=by)
        put_in_force(offer=offer, terms=waiting.terms)


def reviewed_fields(before: OfferTerms, after: OfferTerms) -> list[str]:
    """What of a new version is for staff to decide: the pass-through, or a model that begins or ends it."""
    fields = []
    if (before.price_model in PASSED_ON) != (after.price_model in PASSED_ON):
        fields.append("price_model")
    fields += [name for name in PASS_THROUGH if getattr(before, name) != getattr(after, name)]
    return fields


def changed_fields(before: OfferTerms, after: OfferTerms, tiers: list[tuple[int, Any]]) -> list[str]:
    """The columns in which two versions differ, and "tiers" where those do; `tiers` are the later ones'."""
    fields = [name for name in COLUMNS if getattr(before, name) != getattr(after, name)]
    return fields + (["tiers"] if tiers_of(before) != tiers else [])


def tiers_of(terms: OfferTerms) -> list[tuple[int, Decimal]]:
    """(from kW, price), the smallest first."""
    return [(tier.min_kw, tier.energy_price) for tier in terms.tiers.all()]


def check_editable(offer: Offer) -> None:
    """Raise NotEditable unless the host may change terms and phases in this status."""
    if offer.status not in EDITABLE:
        raise NotEditable(status=offer.get_status_display())


def _check(terms: OfferTerms, tiers: list[tuple[int, Any]]) -> None:
    try:
        terms.full_clean(exclude=["offer"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    wrong: dict[str, list[Any]] = {}
    if len({min_kw for min_kw, _price in tiers}) < len(tiers):
        wrong["tiers"] = [_("Each tier begins at another kW.")]
    if terms.price_model == PriceModel.TIERED and not tiers:
        wrong["tiers"] = [_("A tiered price has at least one tier.")]
    for field in NOT_NEGATIVE:
        if (getattr(terms, field) or 0) < 0:
            wrong[field] = [_("It can't be below zero.")]
    for field in PERCENTAGES:
        if not 0 <= (getattr(terms, field) or 0) <= 100:
            wrong[field] = [_("A percentage lies between 0 and 100.")]
    for low, high in (("min_kw", "max_kw"), ("min_term_months", "max_term_months")):
        bounds = getattr(terms, low), getattr(terms, high)
        if None not in bounds and bounds[1] < bounds[0]:
            wrong[high] = [_("The largest lies below the smallest.")]
    if terms.pue is not None and terms.pue < 1:
        wrong["pue"] = [_("A PUE is at least 1.")]
    if wrong:
        raise Invalid(wrong)
