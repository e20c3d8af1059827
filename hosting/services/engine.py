"""The columns the engine works on, read from the database.

This is the only room where stored rows become the engine's records. It reads with a fixed number of queries,
whatever the size of the market.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.conf import settings
from django.db.models import Prefetch

from accounts.models import Licence, Review
from hosting.matching import records
from hosting.matching.book import Book
from hosting.models import (
    Commitment,
    Effect,
    Jurisdiction,
    JurisdictionFact,
    Offer,
    OfferTerms,
    Rate,
    RegulationRule,
)
from hosting.services import places

LAW_FIELDS = ("legal_status", "predictability")
MONEY = (
    "energy_price",
    "passthrough_estimate",
    "hosting_fee",
    "base_fee_kw_month",
    "setup_fee_kw",
)
COUNTS = ("deposit_months", "min_kw", "max_kw", "min_term_months", "max_term_months")
PERCENTAGES = ("revenue_share", "metering_uplift", "uptime", "curtailment", "renewable")


def book(as_of: date, *, only: uuid.UUID | None = None) -> Book:
    """The live market as columns for a run of the day: published offers that hold, of verified hosts,
    sanctioned places left out. `only` one offer of it, where nothing is asked of the others."""
    return Book.build(
        places=place_records(),
        facts=fact_records(as_of),
        rules=rule_records(as_of),
        rates=rate_records(as_of),
        offers=offer_records(as_of, only=only),
        as_of=as_of,
        rate_max_age_days=settings.RATE_MAX_AGE,
    )


def fingerprint(columns: Book) -> str:
    """A hash of everything the columns say: equal for equal markets of one day, in whatever order they
    were read."""
    digest = hashlib.sha256(columns.as_of.isoformat().encode())
    for row in sorted(columns.offers, key=lambda offer: offer.id):
        digest.update(repr(row).encode())
    for place in columns.places:
        digest.update(repr((place.code, place.standing, sorted(map(repr, place.rules)))).encode())
    digest.update(repr(sorted(map(repr, columns.rates.items()))).encode())
    return digest.hexdigest()


def place_records() -> list[records.Place]:
    return [
        records.Place(code, parent) for code, parent in Jurisdiction.objects.values_list("code", "parent")
    ]


def fact_records(as_of: date) -> list[records.Fact]:
    rows = JurisdictionFact.objects.on(as_of).filter(field__in=LAW_FIELDS)
    return [
        records.Fact(*row)
        for row in rows.order_by("pk").values_list(
            "jurisdiction", "field", "value", "valid_from", "confidence"
        )
    ]


def rule_records(as_of: date) -> list[records.Rule]:
    """Published rules in force or coming; and seasons that are over, because a term that outlasts the last
    one that is known deserves a warning."""
    rows = RegulationRule.objects.published()
    rows = (rows.not_over(as_of) | rows.filter(effect=Effect.CURTAIL)).order_by("pk")
    return [rule_record(rule) for rule in rows]


def rule_record(rule: RegulationRule) -> records.Rule:
    return records.Rule(
        id=str(rule.pk),
        jurisdiction=rule.jurisdiction_id,
        subject=rule.subject,
        effect=rule.effect,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        min_kw=rule.min_kw,
        max_kw=rule.max_kw,
        new_only=rule.new_only,
        licence_type=rule.licence_type or None,
        cap_kw=rule.cap_kw,
        levy=tuple((Decimal(row["from"]), Decimal(row["amount"])) for row in rule.levy),
        levy_currency=rule.levy_currency or None,
        title=rule.title,
        confidence=rule.confidence,
    )


def rate_records(as_of: date) -> list[records.Rate]:
    oldest = as_of - timedelta(days=settings.RATE_MAX_AGE)
    rows = Rate.objects.filter(on__gte=oldest, on__lte=as_of).order_by("pk")
    return [
        records.Rate(kind, currency or None, value, on)
        for kind, currency, value, on in rows.values_list("kind", "currency", "value", "on")
    ]


def offer_records(as_of: date, *, only: uuid.UUID | None = None) -> list[records.Offer]:
    sanctioned = places.sanctioned_codes(as_of)
    live = Offer.objects.live(as_of)
    rows = list(
        (live if only is None else live.filter(pk=only))
        .exclude(site__jurisdiction__in=sanctioned)
        .select_related("site__host", "in_force__terms")
        .prefetch_related(
            "in_force__terms__tiers",
            "phases",
            Prefetch("commitments", Commitment.objects.live(), to_attr="taken"),
        )
        .order_by("pk")
    )
    licences = licence_records(row.site.host_id for row in rows)
    return [offer_record(row, licences[row.site.host_id]) for row in rows]


def licence_records(hosts: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[records.Licence, ...]]:
    """The reviewed licences of the hosts."""
    rows = Licence.objects.filter(organization__in=set(hosts), review=Review.REVIEWED).order_by("pk")
    held: dict[uuid.UUID, list[records.Licence]] = defaultdict(list)
    for host, kind, begins, ends in rows.values_list("organization", "type", "valid_from", "valid_to"):
        held[host].append(records.Licence(kind, begins, ends))
    return defaultdict(tuple, {host: tuple(rows) for host, rows in held.items()})


def offer_record(offer: Offer, licences: tuple[records.Licence, ...]) -> records.Offer:
    """One offer in the engine's units; needs site, host, terms, tiers, phases and `taken` to be loaded."""
    terms: OfferTerms = offer.in_force.terms
    copied: dict[str, Any] = {name: getattr(terms, name) for name in (*MONEY, *COUNTS)}
    return records.Offer(
        id=offer.pk,
        version=offer.version,
        jurisdiction=offer.site.jurisdiction_id,
        connected_on=offer.site.connected_on,
        host_licences=licences,
        reputation=offer.site.host.reputation,
        evidence=offer.evidence,
        price_model=terms.price_model,
        currency=terms.currency,
        levies_included=terms.levies_included,
        metering=terms.metering,
        pue_e4=_scaled(terms.pue, 10_000),
        cooling=terms.cooling,
        max_j_per_th=_scaled(terms.max_j_per_th, 100),
        # Published, so it has one: a constraint says so.
        published_at=cast(datetime, offer.published_at),
        **copied | {f"{name}_bp": _scaled(getattr(terms, name), 100) for name in PERCENTAGES},
        tiers=tuple((tier.min_kw, tier.energy_price) for tier in terms.tiers.all()),
        phases=tuple(
            records.Phase(phase.available_kw, phase.starts_on, phase.ends_on) for phase in offer.phases.all()
        ),
        commitments=tuple(
            records.Taken(one.kw, one.starts_on, one.ends_on, one.request_id) for one in offer.taken
        ),
    )


def _scaled(value: Decimal | None, by: int) -> int | None:
    """Exact: the columns admit no finer value than 1 / by."""
    return None if value is None else int(value * by)
