"""The sheets of 2021 on the market page: the network, who had it, what was moved, and what the law did."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hosting.models import DatePrecision, LegalStatus, RegulationEvent
from hosting.services.exodus import Figure, Series
from hosting.templatetags import market
from hosting.web.marketsheets import CODE, CONFIDENCE, DATED, NOTE, SOURCE, URL
from hosting.web.markettoday import Today
from hosting.web.sheets import Column, Linked, Sheet, unbroken

NETWORK = (Series.NETWORK_WEEK, Series.NETWORK)
MOVED = (Series.FLEET_LEFT, Series.FLEET_ARRIVED, Series.FREIGHT)
SERIES = {
    Series.NETWORK: gettext_lazy("whole network, no publisher named"),
    Series.NETWORK_WEEK: gettext_lazy("whole network, seven-day average"),
    Series.SHARE: gettext_lazy("share of the network"),
    Series.FLEET_LEFT: gettext_lazy("machines of one listed miner still in China"),
    Series.FLEET_ARRIVED: gettext_lazy("first machines of another one in Kazakhstan"),
    Series.FREIGHT: gettext_lazy("air freight out of China"),
}
MEASURED: tuple[Column, ...] = (
    Column("value", gettext_lazy("Value"), show=market.plain, write=market.plain, is_number=True),
    Column("unit", gettext_lazy("Unit")),
    SOURCE,
    URL,
    CONFIDENCE,
    NOTE,
)


def _measured(figure: Figure) -> tuple[Any, ...]:
    source = Linked(figure.source, figure.url)
    return figure.value, figure.unit, source, figure.url, figure.confidence, figure.note


def _sheet(name: str, title: Any, today: Today, *series: Series) -> Sheet:
    columns = [Column("id"), DATED]
    columns += [Column("series", gettext_lazy("What"), show=SERIES.__getitem__), CODE]
    columns += [Column("place", gettext_lazy("Where")), *MEASURED]
    figures = sorted(today.figures(*series), key=lambda one: (one.on, one.id))
    rows = [
        (one.id, one.as_of, one.series, one.code, _where(today, one.code), *_measured(one)) for one in figures
    ]
    return Sheet(name, title, columns, rows, [one.id for one in figures])


def _where(today: Today, code: str) -> Any:
    if not code:
        return _("World")
    return Linked(today.place(code), reverse("place", args=[code]) if code in today.names else "")


def network(today: Today) -> Sheet:
    return _sheet("network-hashrate-2021", _("Hashrate of the network in 2021"), today, *NETWORK)


def shares(today: Today) -> Sheet:
    return _sheet("hashrate-shares-2021", _("Shares of the network in 2021"), today, Series.SHARE)


def moved(today: Today) -> Sheet:
    return _sheet("machines-moved-2021", _("Machines on the move in 2021"), today, *MOVED)


def events(today: Today) -> Sheet:
    """What the law did in 2021, from the reference data of this market."""
    columns = [
        Column("date"),
        Column("date_precision"),
        Column("day", gettext_lazy("Day"), show=unbroken(str)),
    ]
    columns += [CODE, Column("place", gettext_lazy("Place")), Column("event", gettext_lazy("What happened"))]
    columns += [
        Column("effect_on_legal_status", gettext_lazy("Legal status"), show=_status),
        *(SOURCE, URL, CONFIDENCE, NOTE),
    ]
    rows = [
        (
            *(one.date, one.date_precision, dated(one), one.jurisdiction, _where(today, one.jurisdiction)),
            *(one.title, one.effect_on_legal_status, Linked(one.source, one.url), one.url),
            *(one.confidence, one.note),
        )
        for one in today.events
    ]
    return Sheet("law-in-2021", _("What the law did in 2021"), columns, rows)


def _status(value: str) -> Any:
    return LegalStatus(value).label if value else "—"


def dated(event: RegulationEvent) -> Any:
    """The day of an event as exactly as it is known."""
    if event.date_precision == DatePrecision.DAY:
        return market.day(event.date)
    return market.month(event.date) if event.date_precision == DatePrecision.MONTH else str(event.date.year)
