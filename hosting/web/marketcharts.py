"""The charts of the market page, drawn from the same reading as its sheets."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hosting.models import Confidence, Rate
from hosting.services.marketfigures import Need
from hosting.services.placefigures import WORLD
from hosting.templatetags import market
from hosting.web import chartaxes, charts, marketsheets
from hosting.web.charts import SHAPES, Bars, Plot, Point, Series
from hosting.web.markettoday import Today

MOST_BARS = 15
MICRO = Decimal(1_000_000)
THOUSAND = Decimal(1000)
# How sure a figure is: filled, hollow, dashed.
LOOKS = {Confidence.HIGH: "sure", Confidence.MEDIUM: "fair", Confidence.LOW: "unsure"}
REGIONS: dict[str, tuple[str, Any]] = {
    "US": ("circle", gettext_lazy("United States")),
    "CA": ("square", gettext_lazy("Canada")),
    "CN": ("triangle", gettext_lazy("China")),
    "KZ": ("diamond", gettext_lazy("Kazakhstan, Russia")),
    "RU": ("diamond", gettext_lazy("Kazakhstan, Russia")),
    "AR": ("down", gettext_lazy("South America")),
    "PY": ("down", gettext_lazy("South America")),
    "ET": ("cross", gettext_lazy("Africa")),
    "NG": ("cross", gettext_lazy("Africa")),
    "": ("hexagon", gettext_lazy("elsewhere or not stated")),
}


def look_of(confidence: str) -> str:
    """The look of a mark; whatever says nothing of its confidence is unsure."""
    return LOOKS.get(Confidence(confidence), "unsure") if confidence in Confidence.values else "unsure"


def confidence_key() -> list[tuple[str, str, Any]]:
    words = (_("high confidence"), _("medium"), _("low, or not stated: unverified"))
    return [(look, SHAPES["circle"], word) for look, word in zip(LOOKS.values(), words, strict=True)]


def supply(today: Today) -> Bars:
    """Free power of all there is, in the places that may be shown."""
    rows = [
        (
            today.place(row.code),
            _("%(free)s free of %(total)s")
            % {"free": market.power(row.figures.free_kw), "total": market.power(row.figures.total_kw)},
            ((row.figures.free_kw, "1"), ((row.figures.total_kw or 0) - row.figures.free_kw, "taken")),
            None,
        )
        for row in today.supply
        if row.code != WORLD and row.figures.free_kw is not None
    ][:MOST_BARS]
    return charts.bars(
        "supply",
        title=_("Free and taken power by place"),
        words=_("Bars: power that is free today, then power that is taken. The table says the same."),
        rows=rows,
        key=(("1", _("free")), ("taken", _("taken"))),
    )


def prices(today: Today) -> Bars:
    """From the lower to the upper quartile, with the median as a mark."""
    shown = [row for row in today.supply if row.figures.median_price_micros is not None]
    names = {row.code: _("World") if row.code == WORLD else today.place(row.code) for row in shown}
    figures = [(names[row.code], row.figures) for row in shown[: MOST_BARS + 1]]
    return charts.bars(
        "prices",
        title=_("Effective list price by place"),
        words=_("Bars from the lower to the upper quartile in USD/kWh, the mark is the median."),
        rows=[
            (
                name,
                _("%(median)s (%(low)s to %(high)s)")
                % {
                    "median": market.price(one.median_price_micros),
                    "low": market.price(one.low_price_micros),
                    "high": market.price(one.high_price_micros),
                },
                (((one.high_price_micros or 0) - (one.low_price_micros or 0), "3"),),
                one.median_price_micros,
            )
            for name, one in figures
        ],
        start_at=[one.low_price_micros or 0 for _name, one in figures],
        key=(("3", _("middle half of the hotels")), ("mark", _("median"))),
    )


def demand_by_size(today: Today) -> Bars:
    rows = [(marketsheets.band_words(int(one.key)), one) for one in today.demand.by_size]
    return _demand("demand-by-size", _("Power asked for, by size of the need"), rows)


def demand_by_origin(today: Today) -> Bars:
    rows = [(marketsheets.origin_words(today, one.key), one) for one in today.demand.by_origin]
    return _demand("demand-by-origin", _("Power asked for, by where the machines are"), rows)


def _demand(name: str, title: Any, rows: list[tuple[Any, Need]]) -> Bars:
    shown = [(words, need) for words, need in rows if need.needed_kw is not None][:MOST_BARS]
    return charts.bars(
        name,
        title=title,
        words=_("Bars: power that open requests ask for. The table says the same."),
        rows=[
            (words, market.power(need.needed_kw), ((need.needed_kw or 0, "2"),), None)
            for words, need in shown
        ],
    )


def power_over_time(today: Today) -> Plot | None:
    """Free and whole power of the world in MW, on the stored days."""
    days = [
        (day, one) for day, _code, one in today.world if one.free_kw is not None and one.total_kw is not None
    ]
    ticks = chartaxes.calendar(days[0][0], days[-1][0]) if days else []
    return charts.plot(
        "power-over-time",
        title=_("Power on the market day by day, MW"),
        words=_("Lines: all power and free power of the world. The table says the same."),
        series=[
            Series(
                _("in all"),
                [_dot(day, Decimal(one.total_kw or 0) / THOUSAND) for day, one in days],
                2,
                "square",
            ),
            Series(_("free"), [_dot(day, Decimal(one.free_kw or 0) / THOUSAND) for day, one in days], 1),
        ],
        x_ticks=ticks,
        unit=_("MW"),
    )


def price_over_time(today: Today) -> Plot | None:
    """Median and quartiles of the world's list prices on the stored days."""
    names = (
        ("high_price_micros", _("upper quartile"), 3, "down"),
        ("median_price_micros", _("median"), 1, "circle"),
        ("low_price_micros", _("lower quartile"), 3, "triangle"),
    )
    days = [(day, one) for day, _code, one in today.world if one.median_price_micros is not None]
    return charts.plot(
        "price-over-time",
        title=_("Effective list price day by day, USD/kWh"),
        words=_("Lines: median and quartiles of the world's list prices. The table says the same."),
        series=[
            Series(words, [_dot(day, Decimal(getattr(one, field)) / MICRO) for day, one in days], look, shape)
            for field, words, look, shape in names
        ],
        x_ticks=chartaxes.calendar(days[0][0], days[-1][0]) if days else [],
        unit=_("USD/kWh"),
    )


def places_over_time(today: Today) -> Plot | None:
    """The median of the leading places on the stored days."""
    days: dict[str, list[Point]] = {code: [] for code in today.leading}
    for day, code, one in today.lately:
        if code in days and one.median_price_micros is not None:
            days[code].append(_dot(day, Decimal(one.median_price_micros) / MICRO))
    ordinals = [int(point.at) for points in days.values() for point in points]
    ticks = [date.fromordinal(at) for at in (min(ordinals), max(ordinals))] if ordinals else []
    looks = zip(days.items(), ((1, "circle"), (2, "square"), (3, "triangle")), strict=False)
    return charts.plot(
        "places-over-time",
        title=_("Median effective list price of places day by day, USD/kWh"),
        words=_("Lines: the places with most hotels among those that may be shown. The file has them all."),
        series=[Series(today.place(code), points, look, shape) for (code, points), (look, shape) in looks],
        x_ticks=chartaxes.calendar(*ticks) if ticks else [],
        unit=_("USD/kWh"),
    )


def _dot(day: Any, value: Decimal, **more: Any) -> Point:
    return Point(chartaxes.at(day), value, f"{market.day(day)}: {market.plain(value)}", **more)


def hashprice(today: Today) -> Plot | None:
    """Single days as dots: between them nobody knows."""
    rates = [one for one in today.hashprices if one.value > 0]
    return charts.plot(
        "hashprice",
        title=_("Hashprice, USD per PH/s and day"),
        words=_("Dots: single days, on a scale of doublings. The table says the same."),
        series=[
            Series(
                "", [_dot(one.on, one.value, look=look_of(one.confidence)) for one in rates], is_line=False
            )
        ],
        x_ticks=chartaxes.calendar(rates[0].on, rates[-1].on) if rates else [],
        is_log=True,
        key=confidence_key(),
    )


def break_even(today: Today) -> Plot | None:
    """J/TH by price, a line for each hashprice."""
    series = []
    for number, (rate, found) in enumerate(groupby(today.break_even, key=lambda one: one.rate), 1):
        points = [
            Point(one.price, one.j_th, f"{market.amount(one.price)}: {market.plain(one.j_th)}")
            for one in found
        ]
        words = _("at %(hashprice)s of %(day)s") % {
            "hashprice": market.amount(rate.value),
            "day": market.day(rate.on),
        }
        series.append(Series(words, points, 2 * number - 1, ("circle", "square")[number - 1]))
    return charts.plot(
        "break-even",
        title=_("Machines that power at a price still pays for, J/TH"),
        words=_("Lines: the efficiency at which earnings equal the price of power. The table says the same."),
        series=series,
        x_ticks=[(point.at, market.amount(point.at)) for one in series[:1] for point in one.points],
        unit=_("J/TH"),
    )


def published(today: Today) -> Plot | None:
    """One dot for each row of the table, with its number."""
    points = [
        _dot(
            one.on,
            one.usd_kwh,
            shape=REGIONS.get(one.code.partition("-")[0], REGIONS[""])[0],
            look=look_of(one.confidence),
            number=str(number),
            row=one.id,
        )
        for number, one in enumerate(today.published, 1)
    ]
    shapes = dict(REGIONS.values())
    return charts.plot(
        "published-prices",
        title=_("Published hosting prices, USD/kWh"),
        words=_("Dots: one price each, numbered as in the table below; the shape says where."),
        series=[Series("", points, is_line=False)],
        x_ticks=chartaxes.calendar(today.published[0].on, today.published[-1].on) if points else [],
        unit=_("USD/kWh"),
        key=[*(("sure", SHAPES[shape], words) for shape, words in shapes.items()), *confidence_key()[1:]],
    )


@dataclass(frozen=True)
class Currency:
    """The stored rates of one currency; line: points "x,y" within 100 x 24, oldest first."""

    code: str
    oldest: Rate
    newest: Rate
    change: Decimal
    count: int
    line: str


def exchange(today: Today) -> list[Currency]:
    """Every currency with its newest rate and the way it came."""
    found = []
    for code, some in groupby(today.exchange, key=lambda one: one.currency):
        rates = list(some)
        oldest, newest = rates[0], rates[-1]
        line = _line([(one.on.toordinal(), one.value) for one in rates])
        change = (100 * (newest.value / oldest.value - 1)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
        found.append(Currency(code, oldest, newest, change, len(rates), line))
    return found


def _line(points: list[tuple[int, Decimal]]) -> str:
    first, span = points[0][0], max(points[-1][0] - points[0][0], 1)
    low, high = min(value for _at, value in points), max(value for _at, value in points)
    steps = [
        (100 * (at - first) // span, int(20 * (value - low) / ((high - low) or 1))) for at, value in points
    ]
    return " ".join(f"{across},{22 - up}" for across, up in steps)
