"""The charts of 2021 on the market page."""

from django.utils.translation import gettext as _

from hosting.services.exodus import Figure
from hosting.services.exodus import Series as Measure
from hosting.templatetags import market
from hosting.web import chartaxes, charts
from hosting.web.charts import SHAPES, Bars, Plot, Point, Series
from hosting.web.marketcharts import look_of
from hosting.web.markettoday import Today

HUNDRED = 100
CLOSE_DAYS = 3


def network(today: Today) -> Plot | None:
    """The seven-day average as a line, the two figures without a publisher as lone dots."""
    drawn = []
    week = today.figures(Measure.NETWORK_WEEK)
    numbered = _numbered([*reversed(week), *today.figures(Measure.NETWORK)])
    for measure, shape in ((Measure.NETWORK_WEEK, "circle"), (Measure.NETWORK, "diamond")):
        points = [
            Point(
                chartaxes.at(one.on),
                one.value,
                f"{market.day(one.on)}: {market.plain(one.value)} EH/s",
                look=look_of(one.confidence) if measure == Measure.NETWORK else "",
                number=market.plain(one.value) if one.id in numbered else "",
                row=one.id,
            )
            for one in today.figures(measure)
        ]
        drawn.append(Series("", points, 1, shape, is_line=measure == Measure.NETWORK_WEEK))
    days = [one.on for one in today.figures(Measure.NETWORK, Measure.NETWORK_WEEK)]
    return charts.plot(
        "network-hashrate-2021",
        title=_("Hashrate of the network, EH/s, May and June 2021"),
        words=_("The seven-day average falls from %(first)s to %(last)s. The table says the same.")
        % {"first": market.plain(week[0].value), "last": market.plain(week[-1].value)},
        series=drawn,
        x_ticks=chartaxes.calendar(min(days), max(days))[::7],
        unit="EH/s",
        key=[
            ("look-1", SHAPES["circle"], _("seven-day average")),
            ("unsure", SHAPES["diamond"], _("no publisher named: unverified")),
        ],
    )


def _numbered(figures: list[Figure]) -> set[str]:
    """Whose number has room beside it: nobody's within three days of one before it in the list."""
    shown: list[Figure] = []
    for figure in figures:
        if all(abs((figure.on - one.on).days) > CLOSE_DAYS for one in shown):
            shown.append(figure)
    return {figure.id for figure in shown}


def shares(today: Today) -> Bars:
    """Each place before and after."""
    figures = today.figures(Measure.SHARE)
    first = min(one.on for one in figures)
    return charts.bars(
        "hashrate-shares-2021",
        title=_("Share of the network's hashrate before and after"),
        words=_("Bars: the share of each place in April and in August 2021. The table says the same."),
        rows=[
            (
                f"{today.place(one.code)}, {market.month(one.on)}",
                market.percent(one.value),
                ((int(one.value * HUNDRED), "3" if one.on == first else "1"),),
                None,
            )
            for one in figures
        ],
        key=(("3", market.month(first)), ("1", market.month(max(one.on for one in figures)))),
    )


def drop_percent(today: Today) -> int:
    """By how much the seven-day average fell from its first to its last figure, in whole percent."""
    values = [one.value for one in today.figures(Measure.NETWORK_WEEK)]
    return int((100 * (1 - values[-1] / values[0])).to_integral_value()) if values else 0
