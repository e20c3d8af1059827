"""What an offer that nobody has saved would cost the three typical fleets, by the one engine."""

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

from django.conf import settings

from hosting.matching import match
from hosting.matching.book import Book
from hosting.matching.match import Match
from hosting.matching.records import Need, Offer
from hosting.models import Evidence, OfferTerms, Site
from hosting.services import engine, marketrows
from hosting.services.matches import TYPICAL_J_TH

NEED_KW = 1000
TERM_MONTHS = 12
HIGHEST_MICROS = 10_000_000


def of_draft(
    *, site: Site, terms: OfferTerms, tiers: Iterable[tuple[int, Decimal]] = (), as_of: date
) -> list[tuple[Decimal, Match | None]]:
    """[(J/TH, what the terms would cost)]: 1 MW, 12 months from the day, at this site and under its law.

    `terms` are not saved. A fixed number of queries.
    """
    offer = _as_if_published(site, terms, tiers, as_of)
    columns = Book.build(
        places=engine.place_records(),
        facts=engine.fact_records(as_of),
        rules=engine.rule_records(as_of),
        rates=engine.rate_records(as_of),
        offers=[offer],
        as_of=as_of,
        rate_max_age_days=settings.RATE_MAX_AGE,
    )
    return [(j_th, match.prices_at(columns, offer.id, _need(j_th, as_of))) for j_th in TYPICAL_J_TH]


def _as_if_published(
    site: Site, terms: OfferTerms, tiers: Iterable[tuple[int, Decimal]], as_of: date
) -> Offer:
    """The offer as the engine would read it; free capacity has no part in a price."""
    return marketrows.offer_record(
        id=uuid.uuid4(),
        version=1,
        published_at=datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC),
        evidence=Evidence.CLAIMED.value,
        jurisdiction=site.jurisdiction_id,
        connected_on=site.connected_on,
        reputation=site.host.reputation,
        host_licences=marketrows.licences_of(site.host_id),
        terms={name: getattr(terms, name) for name in marketrows.TERMS},
        tiers=tuple(tiers),
    )


def _need(j_th: Decimal, as_of: date) -> Need:
    return Need(
        need_kw=NEED_KW,
        efficiency=int(j_th * 100),
        worst_j_th=int(j_th * 100),
        earliest_start=as_of,
        latest_start=as_of,
        term_months=TERM_MONTHS,
        max_price_micros=HIGHEST_MICROS,
    )
