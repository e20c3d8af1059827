"""What places have on the market, day by day: hotels, power, prices, need. Stored for every place at once.

**Never fewer than three organizations behind a figure.** Counts of hotels and hosts are shown always: whoever
looks at the list of hotels can count. Power and prices are shown where at least three hosts stand behind them
and where nobody can work out a figure of one or two by subtraction: a shown place less the shown places in it
must leave nobody, or three at least. Where it leaves one or two, the country (and the world) keeps its figure
and places in it lose theirs, those with the fewest organizations first. Need is held alike, by its owners.
What differs from one day to the next is not guarded.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast, Coalesce

from hosting.matching import law
from hosting.models import CapacityPhase, CapacityRequest, Jurisdiction, Offer, PlaceDay, free_kw_on
from hosting.services import places

WORLD = ""
FEWEST_ORGANIZATIONS = 3
FIGURES = tuple(
    field.name for field in PlaceDay._meta.concrete_fields if field.name not in ("id", "day", "code")
)
Parents = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """A place on a day, as anybody may see it. Power in kW, prices (list prices, effective) in micro-USD/kWh.

    hotels: live offers; organizations: their hosts. None: fewer than three organizations behind the figure,
    or it would betray one that has fewer; a price also where nothing has one.
    """

    hotels: int
    organizations: int
    free_kw: int | None = None
    median_price_micros: int | None = None
    total_kw: int | None = None
    low_price_micros: int | None = None
    high_price_micros: int | None = None
    open_requests: int | None = None
    needed_kw: int | None = None


def by_place(*, as_of: date, today: date | None = None) -> dict[str, PlaceFigures]:
    """code -> figures of every place on the day; {} where nothing is known of it. One query, when stored.

    Today's are computed as long as none are stored (`today` is `as_of` unless it is given: give it where the
    day is one that a reader chose). The need is part of what is stored only.
    """
    stored = PlaceDay.objects.filter(day=as_of).exclude(code=WORLD)
    found = {row.code: of_row(row) for row in stored}
    if not found and as_of == (today or as_of):
        found = {row.code: of_row(row) for row in _supply(as_of) if row.code != WORLD}
    return found


def of(code: str, *, as_of: date, today: date | None = None) -> PlaceFigures | None:
    """The figures of one place ("" for the world); None where nothing is known of it on that day."""
    row = PlaceDay.objects.filter(day=as_of, code=code).first()
    if row is None and as_of == (today or as_of):
        row = next((one for one in _supply(as_of) if one.code == code), None)
    return None if row is None else of_row(row)


def of_row(row: PlaceDay) -> PlaceFigures:
    """A stored row without what it withholds."""
    shown: dict[str, Any] = {"hotels": row.hotels, "organizations": row.organizations}
    if row.is_power_public:
        shown |= {"free_kw": row.free_kw, "total_kw": row.total_kw}
    if row.is_price_public:
        shown |= {
            "low_price_micros": row.low_price_micros,
            "median_price_micros": row.median_price_micros,
            "high_price_micros": row.high_price_micros,
        }
    if row.is_need_public:
        shown |= {"open_requests": row.open_requests, "needed_kw": row.needed_kw}
    return PlaceFigures(**shown)


def refresh(*, as_of: date, now: datetime) -> int:
    """Store the day for the world and every place, over what was stored of it. Gives how many rows.

    A fixed number of queries. The world's row is locked first, so that of two at a time the later one reads
    later, too.
    """
    empty = dict.fromkeys(FIGURES, 0) | dict.fromkeys(_PRICES) | {"updated_at": now}
    with transaction.atomic():
        PlaceDay.objects.bulk_create([PlaceDay(day=as_of, code=WORLD, **empty)], ignore_conflicts=True)
        PlaceDay.objects.select_for_update(no_key=True).get(day=as_of, code=WORLD)
        rows = _supply(as_of)
        _add_demand(rows, now)
        for row in rows:
            row.updated_at = now
        PlaceDay.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["day", "code"], update_fields=FIGURES, batch_size=500
        )
    return len(rows)


_PRICES = ("low_price_micros", "median_price_micros", "high_price_micros")


@dataclass(frozen=True, slots=True)
class _Hotel:
    place: str
    host: str
    total_kw: int
    free_kw: int
    price_micros: int | None


def _supply(as_of: date) -> list[PlaceDay]:
    """Unsaved rows of the world and of every place. Reads what is live now, as of the day."""
    parents = _parents()
    hotels: dict[str, list[_Hotel]] = defaultdict(list)
    for hotel in _hotels(as_of):
        for code in law.chain(parents, hotel.place):
            hotels[code].append(hotel)
        hotels[WORLD].append(hotel)
    everything = hotels[WORLD]
    with_power = public(parents, ((one.place, one.host) for one in everything))
    priced = [one for one in everything if one.price_micros is not None]
    with_prices = public(parents, ((one.place, one.host) for one in priced))
    return [_row(as_of, code, hotels[code], with_power, with_prices) for code in (WORLD, *parents)]


def _row(day: date, code: str, hotels: list[_Hotel], powered: set[str], priced: set[str]) -> PlaceDay:
    prices = sorted(one.price_micros for one in hotels if one.price_micros is not None)
    low, median, high = (_quantile(prices, quarters) for quarters in (1, 2, 3))
    return PlaceDay(
        day=day,
        code=code,
        hotels=len(hotels),
        organizations=len({one.host for one in hotels}),
        total_kw=sum(one.total_kw for one in hotels),
        free_kw=sum(one.free_kw for one in hotels),
        is_power_public=code in powered,
        low_price_micros=low,
        median_price_micros=median,
        high_price_micros=high,
        is_price_public=code in priced,
        open_requests=0,
        needed_kw=0,
        is_need_public=False,
    )


def _hotels(as_of: date) -> list[_Hotel]:
    """The live offers, sanctioned places left out as the engine does, with their power on the day."""
    sanctioned = places.sanctioned_codes(as_of)
    covers = Q(ends_on__isnull=True) | Q(ends_on__gt=as_of)
    phases = CapacityPhase.objects.filter(covers, starts_on__lte=as_of, offer=OuterRef("pk")).order_by()
    built_kw = phases.values("offer").annotate(total=Sum("available_kw")).values("total")
    live = Offer.objects.live(as_of).exclude(site__jurisdiction__in=sanctioned).order_by()
    rows = live.annotate(
        host=_as_text("site__host"), total_kw=Coalesce(Subquery(built_kw), 0), free_kw=free_kw_on(as_of)
    )
    return [
        _Hotel(place=place, host=host, total_kw=total_kw, free_kw=max(free_kw, 0), price_micros=price)
        for place, host, total_kw, free_kw, price in rows.values_list(
            "site__jurisdiction", "host", "total_kw", "free_kw", "list_price_micros"
        )
    ]


def _as_text(field: str) -> Cast:
    """Only compared: ten thousand UUIDs take longer to make than all the rest."""
    return Cast(field, CharField(max_length=36))


def _add_demand(rows: list[PlaceDay], now: datetime) -> None:
    """The open requests by where their machines are, in those rows; an origin we do not know counts in the
    world alone."""
    parents = _parents()
    row_of = {row.code: row for row in rows}
    asked = open_needs(now)
    for origin, _owner, need_kw in asked:
        for code in (WORLD, *(law.chain(parents, origin) if origin in parents else ())):
            row_of[code].open_requests += 1
            row_of[code].needed_kw += need_kw
    for code in public(parents, ((origin, owner) for origin, owner, _kw in asked)):
        row_of[code].is_need_public = True


def open_needs(now: datetime) -> list[tuple[str, str, int]]:
    """(where the machines are, whose, kW) of every open request. One query."""
    rows = CapacityRequest.objects.open(now).order_by().annotate(whose=_as_text("owner"))
    return list(rows.values_list("origin", "whose", "need_kw"))


def public(parents: Parents, members: Iterable[tuple[str, Hashable]]) -> set[str]:
    """The places (the world among them) whose sums may be shown: see the module.

    members: (place, organization) of everything that is summed; a place that is not in `parents` counts in
    the world alone.
    """
    direct: dict[str, set[Hashable]] = defaultdict(set)
    for place, organization in members:
        direct[place if place in parents else WORLD].add(organization)
    # Outwards from the place; the world is around everything.
    around = {place: [*law.chain(parents, place), WORLD] if place != WORLD else [WORLD] for place in direct}
    whole: dict[str, set[Hashable]] = defaultdict(set)
    for place, organizations in direct.items():
        for code in around[place]:
            whole[code] |= organizations
    shown = {code for code, organizations in whole.items() if len(organizations) >= FEWEST_ORGANIZATIONS}
    depth = {code: len(law.chain(parents, code)) if code else 0 for code in shown}
    for code in sorted(shown, key=lambda one: (-depth[one], one)):
        while True:
            left, outermost = _less(code, direct, around, shown)
            if not left or len(left) >= FEWEST_ORGANIZATIONS:
                break
            shown.remove(min(outermost, key=lambda one: (len(whole[one]), one)))
    return shown


def _less(
    code: str, direct: dict[str, set[Hashable]], around: dict[str, list[str]], shown: set[str]
) -> tuple[set[Hashable], set[str]]:
    """Who is left of a place when the shown places in it are taken away, and the outermost of those."""
    left: set[Hashable] = set()
    outermost: set[str] = set()
    for place, outwards in around.items():
        if code not in outwards:
            continue
        within = [one for one in outwards[: outwards.index(code)] if one in shown]
        if within:
            outermost.add(within[-1])
        else:
            left |= direct[place]
    return left, outermost


def _quantile(ordered: list[int], quarters: int) -> int | None:
    """Between the two nearest values, in proportion, rounded down; None of nothing."""
    if not ordered:
        return None
    at, rest = divmod((len(ordered) - 1) * quarters, 4)
    if not rest:
        return ordered[at]
    return ordered[at] + (ordered[at + 1] - ordered[at]) * rest // 4


def _parents() -> Parents:
    return dict(Jurisdiction.objects.values_list("code", "parent_id"))
