"""The market in figures, as everybody may read it: supply, need, prices over time, rates, break-even.

It reads the stored days of places (placefigures) and the stored rates, never the offers, so it costs the same
for forty hotels and for ten thousand. Every sum has three organizations behind it, or is left out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from hosting.models import Jurisdiction, PlaceDay, Rate, RateKind
from hosting.services import placefigures
from hosting.services.placefigures import WORLD, PlaceFigures

# Sizes of a need: each from so many kW up to the next one's.
BANDS_KW = (0, 100, 1_000, 5_000, 25_000)
# USD per kWh for which the break-even is worked out.
PRICES = tuple(Decimal(cents) / 100 for cents in range(3, 11))
HOURS = 24
THOUSAND = Decimal(1000)
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place and its figures; code "" is the world."""

    code: str
    figures: PlaceFigures


@dataclass(frozen=True, slots=True)
class Need:
    """Open requests that belong together. None: fewer than three owners, or it would betray one that has.

    key: a country ("" where none was given), or the first kW of a band.
    """

    key: str
    requests: int | None
    needed_kw: int | None


@dataclass(frozen=True, slots=True)
class Demand:
    """All open requests, by size and by where the machines are now."""

    whole: Need
    by_size: tuple[Need, ...]
    by_origin: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """With machines of up to so many J/TH, power at this price is paid by what they earn."""

    price: Decimal
    rate: Rate
    j_th: Decimal


def supply(*, as_of: date) -> list[PlaceRow]:
    """The world, then every place with a hotel, most hotels first. Two queries, when the day is stored."""
    world = placefigures.of(WORLD, as_of=as_of) or PlaceFigures(0, 0)
    places = placefigures.by_place(as_of=as_of).items()
    there = [PlaceRow(code, one) for code, one in places if one.hotels]
    return [PlaceRow(WORLD, world), *sorted(there, key=lambda row: (-row.figures.hotels, row.code))]


def names_of_places() -> dict[str, str]:
    """code -> name; a subdivision with its country behind it. One query."""
    rows = Jurisdiction.objects.values_list("code", "name", "parent__name")
    return {code: f"{name}, {country}" if country else name for code, name, country in rows}


def history(*codes: str, until: date) -> list[tuple[date, str, PlaceFigures]]:
    """(day, place, figures) of the stored days up to `until`: of these places, or of all that had a hotel and
    of the world. By day and place; one query."""
    days = PlaceDay.objects.filter(day__lte=until).order_by("day", "code")
    if codes:
        days = days.filter(code__in=codes)
    return [
        (row.day, row.code, placefigures.of_row(row))
        for row in days
        if codes or row.hotels or row.code == WORLD
    ]


def demand(*, now: datetime) -> Demand:
    """What is asked for now. One query."""
    asked = placefigures.open_needs(now)
    by_origin = _grouped(asked, lambda origin, _kw: origin.partition("-")[0])
    whole = Need("", len(asked), sum(need_kw for _origin, _owner, need_kw in asked))
    if len({owner for _origin, owner, _kw in asked}) < placefigures.FEWEST_ORGANIZATIONS:
        whole = Need("", None, None)
    return Demand(
        whole=whole,
        by_size=tuple(
            sorted(_grouped(asked, lambda _origin, kw: str(band(kw))), key=lambda one: int(one.key))
        ),
        by_origin=tuple(sorted(by_origin, key=lambda one: (-(one.needed_kw or 0), one.key))),
    )


def band(need_kw: int) -> int:
    """The first kW of the band that a need is in."""
    return max(first for first in BANDS_KW if first <= need_kw)


def _grouped(asked: list[tuple[str, str, int]], key: Callable[[str, int], str]) -> Iterable[Need]:
    """Groups of the whole, without those that are too few or that the rest would betray."""
    groups: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for origin, owner, need_kw in asked:
        groups[key(origin, need_kw)].append((owner, need_kw))
    # The group without a name would be the world's: any sign that no place has stands for it.
    known = {name or "?": name for name in groups}
    members = [(one, owner) for one, name in known.items() for owner, _kw in groups[name]]
    shown = placefigures.public(dict.fromkeys(known), members)
    for one, name in known.items():
        is_shown = one in shown
        needed = sum(need_kw for _owner, need_kw in groups[name])
        yield Need(name, len(groups[name]) if is_shown else None, needed if is_shown else None)


def rates(kind: RateKind, *, until: date) -> list[Rate]:
    """The stored rates of a kind up to a day, by currency and day. One query."""
    return list(Rate.objects.filter(kind=kind, on__lte=until).order_by("currency", "on"))


def break_even(hashprices: list[Rate]) -> list[BreakEven]:
    """The break-even of the newest hashprice and of the newest that is a year older, at every price.

    J/TH = hashprice / (24 x price), USD per PH/s and day as USD per TH/s; rounded half up to a tenth.
    """
    if not hashprices:
        return []
    newest = hashprices[-1]
    a_year_ago = [one for one in hashprices if one.value and (newest.on - one.on).days >= 365]
    compared = [one for one in (newest, *a_year_ago[-1:]) if one.value]
    return [BreakEven(price, rate, _break_even(rate.value, price)) for rate in compared for price in PRICES]


def _break_even(hashprice: Decimal, price: Decimal) -> Decimal:
    # Per PH/s and day -> per TH/s and day; J/TH at 1 TH/s is W, and kWh a day are W x 24 / 1000.
    return (hashprice / THOUSAND / (price * HOURS / THOUSAND)).quantize(TENTH, rounding=ROUND_HALF_UP)
