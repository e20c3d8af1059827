"""The sheets of the market page: supply, need, prices and how they came about. Their names are public.

The file of each is /market/<name>.csv. A figure that may not be shown is empty there, and "fewer than three"
on the page.
"""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hosting.models import Confidence, PriceModel
from hosting.services.marketfigures import BANDS_KW, Need
from hosting.services.placefigures import WORLD, PlaceFigures
from hosting.templatetags import market
from hosting.web.markettoday import Today
from hosting.web.sheets import Column, Linked, Sheet, unbroken

# Days of the world in the table of the page.
SHOWN_DAYS = 31
OURS = "live offers and open requests of this market"


def _held(show: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: _("fewer than three") if value is None else show(value)


def _confidence(value: str) -> Any:
    return (
        _("unverified") if value == Confidence.LOW else Confidence(value).label if value else market.unknown()
    )


POWER: dict[str, Any] = {"show": _held(market.power), "is_number": True}
PRICE: dict[str, Any] = {"show": _held(market.price), "write": market.exact_price, "is_number": True}
COUNT: dict[str, Any] = {"is_number": True}
DAY: dict[str, Any] = {"show": unbroken(market.day)}
DATED = Column("as_of", gettext_lazy("As of"), show=unbroken(str))
CODE = Column("place_code")
PLACE = Column("place", gettext_lazy("Place"))
HOTELS = Column("hotels", gettext_lazy("Hotels"), **COUNT)
HOSTS = Column("hosts", gettext_lazy("Hosts"), **COUNT)
AS_OF = Column("as_of")
SOURCE = Column("source", gettext_lazy("Source"))
URL = Column("source_url")
CONFIDENCE = Column("confidence", gettext_lazy("Confidence"), show=_confidence)
NOTE = Column("note")


def _place(today: Today, code: str) -> Any:
    if code == WORLD:
        return _("World")
    return Linked(today.place(code), reverse("place", args=[code]) if code in today.names else "")


def _link(text: str, url: str) -> Any:
    return Linked(text, url if url.startswith(("https://", "http://")) else "")


def supply(today: Today) -> Sheet:
    """Hotels and power of every place that has one, the world first."""
    columns = [CODE, PLACE, HOTELS, HOSTS, Column("total_kw", gettext_lazy("In all"), **POWER)]
    columns += [Column("free_kw", gettext_lazy("Free"), **POWER), AS_OF, Column("source")]
    rows = [
        (
            *(row.code, _place(today, row.code), row.figures.hotels, row.figures.organizations),
            *(row.figures.total_kw, row.figures.free_kw, today.day, OURS),
        )
        for row in today.supply
    ]
    return Sheet("supply", _("Hotels and power by place"), columns, rows)


PRICE_COLUMNS = (
    Column("lower_quartile_usd_kwh", gettext_lazy("Lower quartile"), **PRICE),
    Column("median_usd_kwh", gettext_lazy("Median"), **PRICE),
    Column("upper_quartile_usd_kwh", gettext_lazy("Upper quartile"), **PRICE),
)


def _prices(figures: PlaceFigures) -> tuple[int | None, int | None, int | None]:
    return figures.low_price_micros, figures.median_price_micros, figures.high_price_micros


def prices(today: Today) -> Sheet:
    """The effective list price in every place that has three hosts with one."""
    rows = [
        (
            *(row.code, _place(today, row.code), row.figures.hotels, row.figures.organizations),
            *(*_prices(row.figures), today.day, OURS),
        )
        for row in today.supply
        if row.figures.median_price_micros is not None
    ]
    title = _("Effective list price by place, USD/kWh (1 MW, 20 J/TH, 12 months)")
    return Sheet("prices", title, [CODE, PLACE, HOTELS, HOSTS, *PRICE_COLUMNS, AS_OF, Column("source")], rows)


def band_words(first_kw: int) -> str:
    """A size band: under 100 kW, 100 kW to 1 MW, from 25 MW."""
    later = [kw for kw in BANDS_KW if kw > first_kw]
    words = {"first": market.power(first_kw), "last": market.power(later[0]) if later else ""}
    if not first_kw:
        return _("under %(last)s") % words
    return (_("%(first)s to under %(last)s") if later else _("from %(first)s")) % words


def origin_words(today: Today, code: str) -> str:
    """Where the machines of a need are."""
    return today.place(code) if code else _("not stated")


NEED_COLUMNS = (
    Column("open_requests", gettext_lazy("Open requests"), show=_held(market.known), is_number=True),
    Column("needed_kw", gettext_lazy("Power asked for"), **POWER),
    AS_OF,
    Column("source"),
)


def _need(today: Today, need: Need) -> tuple[Any, ...]:
    return need.requests, need.needed_kw, today.day, OURS


def demand_by_size(today: Today) -> Sheet:
    columns = [Column("from_kw"), Column("size", gettext_lazy("Size of the need")), *NEED_COLUMNS]
    rows = [(one.key, band_words(int(one.key)), *_need(today, one)) for one in today.demand.by_size]
    return Sheet("demand-by-size", _("Open requests by size"), columns, rows)


def demand_by_origin(today: Today) -> Sheet:
    columns = [CODE, Column("origin", gettext_lazy("Where the machines are")), *NEED_COLUMNS]
    rows = [(one.key, origin_words(today, one.key), *_need(today, one)) for one in today.demand.by_origin]
    return Sheet("demand-by-origin", _("Open requests by where the machines are"), columns, rows)


def history(today: Today, *, is_whole: bool = True) -> Sheet:
    """Every stored day of every place; on the page the world's last ones alone."""
    columns = [Column("day", gettext_lazy("Day"), **DAY), CODE, Column("place"), HOTELS, HOSTS]
    columns += [Column("total_kw", gettext_lazy("In all"), **POWER)]
    columns += [Column("free_kw", gettext_lazy("Free"), **POWER), *PRICE_COLUMNS]
    columns += [
        Column(
            "open_requests_of_machines_there",
            gettext_lazy("Requests"),
            show=_held(market.known),
            is_number=True,
        )
    ]
    columns += [Column("needed_kw", gettext_lazy("Asked for"), **POWER), Column("source")]
    rows = [
        (
            *(day, code, _place(today, code), one.hotels, one.organizations, one.total_kw, one.free_kw),
            *(*_prices(one), one.open_requests, one.needed_kw, OURS),
        )
        for day, code, one in (today.history if is_whole else today.world[: -SHOWN_DAYS - 1 : -1])
    ]
    return Sheet("history", _("The market day by day"), columns, rows)


def hashprice(today: Today) -> Sheet:
    value = Column(
        "usd_per_ph_s_and_day",
        gettext_lazy("USD per PH/s and day"),
        market.amount,
        market.plain,
        is_number=True,
    )
    columns = [Column("date", gettext_lazy("Day"), **DAY), value, SOURCE, URL, CONFIDENCE, NOTE]
    rows = [
        (one.on, one.value, _link(one.source, one.source_url), one.source_url, one.confidence, one.note)
        for one in reversed(today.hashprices)
    ]
    return Sheet("hashprice", _("Hashprice, single days"), columns, rows)


def exchange(today: Today) -> Sheet:
    """Every stored rate of exchange."""
    columns = [Column("date", gettext_lazy("Day"), **DAY), Column("currency", gettext_lazy("Currency"))]
    columns += [Column("usd_per_unit", gettext_lazy("USD per unit"), write=market.plain, is_number=True)]
    columns += [SOURCE, URL, CONFIDENCE, NOTE]
    rows = [
        (one.on, one.currency, one.value, one.source, one.source_url, one.confidence, one.note)
        for one in today.exchange
    ]
    return Sheet("fx", _("Rates of exchange"), columns, rows)


def break_even(today: Today) -> Sheet:
    columns = [
        Column("power_price_usd_kwh", gettext_lazy("Price, USD/kWh"), show=market.amount, is_number=True),
        Column(
            "hashprice_usd_per_ph_s_and_day",
            gettext_lazy("Hashprice"),
            market.amount,
            market.plain,
            is_number=True,
        ),
        Column("hashprice_on", gettext_lazy("Hashprice of"), **DAY),
        Column("break_even_j_per_th", gettext_lazy("Break-even, J/TH"), show=market.plain, is_number=True),
        SOURCE,
        URL,
    ]
    rows = [
        (
            *(one.price, one.rate.value, one.rate.on, one.j_th),
            *(_link(one.rate.source, one.rate.source_url), one.rate.source_url),
        )
        for one in today.break_even
    ]
    return Sheet("break-even", _("Break-even efficiency by price"), columns, rows)


def published(today: Today) -> Sheet:
    """Numbered as their dots are."""
    columns = [Column("number", "№", **COUNT), Column("id"), DATED, CODE]
    columns += [Column("region", gettext_lazy("Where")), Column("company", gettext_lazy("Whose price"))]
    columns += [
        Column("price_model", gettext_lazy("Price model")),
        Column("effective_usd_kwh", _("USD/kWh"), **COUNT),
    ]
    columns += [Column("basis", gettext_lazy("How it was found")), SOURCE, URL, CONFIDENCE, NOTE]
    rows = [
        (
            *(number, one.id, one.as_of, one.code, today.place(one.code) if one.code else _("not stated")),
            *(one.company, PriceModel(one.price_model).label, one.usd_kwh, one.basis),
            *(_link(one.publisher, one.url), one.url, one.confidence, one.note),
        )
        for number, one in enumerate(today.published, 1)
    ]
    ids = [one.id for one in today.published]
    return Sheet("published-prices", _("Published hosting prices, 2018 to 2026"), columns, rows, ids)
