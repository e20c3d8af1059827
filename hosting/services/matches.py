"""Matches: what the engine answers to a need, with the rows it speaks of. Nothing is stored here."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Count, Sum

from hosting.matching import match, ranking
from hosting.matching.book import Book
from hosting.matching.gates import GATES
from hosting.matching.match import Match, Verdict
from hosting.matching.ranking import BEST, Ranked
from hosting.matching.records import Need
from hosting.models import CapacityRequest, Offer, free_kw_on
from hosting.services import engine
from hosting.services.needs import NeedData

TYPICAL_J_TH = (Decimal(32), Decimal(22), Decimal(17))


@dataclass(frozen=True)
class Found:
    """One offer of an answer: what the engine says of the pair, and the row it speaks of."""

    match: Match
    offer: Offer


@dataclass(frozen=True)
class Preview:
    """The answer to a need: best first; near misses and one asked-for offer when wanted.

    looked_at: offers the engine looked at; matched: how many fit; excluded_by: gate -> how many fail it.
    """

    as_of: date
    results: list[Found]
    near: list[Found] = field(default_factory=list)
    asked: Found | None = None
    looked_at: int = 0
    matched: int = 0
    excluded_by: dict[str, int] = field(default_factory=dict)


def preview(*, need: NeedData, as_of: date, near: bool = False, offer_id: uuid.UUID | None = None) -> Preview:
    """Match a need that nobody has saved against the live market of the day. Nothing is stored."""
    columns = engine.current(as_of).book
    verdict = match.evaluate(columns, need.as_engine())
    ranked = verdict.ranked(BEST)
    missed = verdict.near_misses(BEST) if near else []
    asked = [verdict.explain(offer_id)] if offer_id else []
    rows = rows_of({one.offer for one in [*ranked, *missed, *asked] if one}, as_of)
    found = [[Found(one, rows[one.offer]) for one in some if one] for some in (ranked, missed, asked)]
    return Preview(
        as_of=as_of,
        results=found[0],
        near=found[1],
        asked=found[2][0] if found[2] else None,
        looked_at=len(columns.offers),
        matched=verdict.matched_count,
        excluded_by=excluded_by(verdict),
    )


def excluded_by(verdict: Verdict) -> dict[str, int]:
    """gate -> how many offers fail it, where any does."""
    counts = verdict.failed.sum(axis=1).tolist()
    return {gate: count for gate, count in zip(GATES, counts, strict=True) if count}


def rows_of(ids: Iterable[uuid.UUID], as_of: date) -> dict[uuid.UUID, Offer]:
    """The offers by their ids, with site, host, place, terms and today's `free_kw`. One query."""
    rows = (
        Offer.objects.filter(pk__in=list(ids))
        .select_related("site__host", "site__jurisdiction", "in_force__terms")
        .annotate(free_kw=free_kw_on(as_of))
    )
    return {row.pk: row for row in rows}


def typical(*, offer_id: uuid.UUID, as_of: date) -> list[tuple[Decimal, Match | None]]:
    """[(J/TH, what the offer would cost)] for the three typical fleets: 1 MW, 12 months, starting on the day.

    None for an offer that is not live.
    """
    columns = engine.current(as_of).book
    return [
        (
            j_th,
            match.prices_at(
                columns,
                offer_id,
                Need(
                    need_kw=1000,
                    efficiency=int(j_th * 100),
                    worst_j_th=int(j_th * 100),
                    earliest_start=as_of,
                    latest_start=as_of,
                    term_months=12,
                    max_price_micros=10_000_000,
                ),
            ),
        )
        for j_th in TYPICAL_J_TH
    ]


def best(columns: Book, need: Need) -> list[dict[str, Any]]:
    """The rows of a list: the best 20 offers with version, score, effective price and start, in order."""
    return rows_from(ranking.best(columns, need))


def rows_from(ranked: Iterable[Ranked]) -> list[dict[str, Any]]:
    """Lines of the engine as a list keeps them."""
    return [
        {
            "offer": str(one.offer),
            "version": one.version,
            "score": one.score,
            "price_micros": one.price_micros,
            "start": one.start.isoformat(),
        }
        for one in ranked
    ]


@dataclass(frozen=True)
class Market:
    """The market of a day in figures. Power in kW; the median is of the list prices, in micro-USD."""

    hotels: int
    places: int
    free_kw: int
    median_list_price_micros: int | None
    open_requests: int
    needed_kw: int


def market(*, as_of: date, now: datetime) -> Market:
    """What is on offer and what is asked for."""
    live = list(
        Offer.objects.live(as_of)
        .annotate(free_kw=free_kw_on(as_of))
        .values_list("site__jurisdiction", "free_kw", "list_price_micros")
    )
    prices = [price for _place, _free, price in live if price is not None]
    asked = CapacityRequest.objects.open(now).aggregate(count=Count("pk"), kw=Sum("need_kw"))
    return Market(
        hotels=len(live),
        places=len({place for place, _free, _price in live}),
        free_kw=sum(max(free, 0) for _place, free, _price in live),
        median_list_price_micros=int(median(prices)) if prices else None,
        open_requests=asked["count"],
        needed_kw=asked["kw"] or 0,
    )
