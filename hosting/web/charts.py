"""Charts as geometry: bars, and plots of lines and dots. The templates _bars.html and _plot.html draw them.

Widths are text in percent, heights pixels, so that words in a chart keep their size on a phone. Everything is
worked out in whole numbers and decimals: the same data gives the same picture to the last byte.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hosting.templatetags import market
from hosting.web import chartaxes

# Height of a row of bars, and where label and bar stand in it.
ROW, LABEL_AT, BAR_AT, BAR_HEIGHT = 40, 13, 19, 13
# A plot: room above, the drawing, room for the words beneath. Marks at either end stay whole.
TOP, BOTTOM, FOOT = 14, 214, 22
LEFT, RIGHT = 900, 9_600
# Words this short stand close together; of longer ones a phone has room for three.
SHORT, MOST_SHORT, MOST_LONG = 6, 6, 3
# A line has no more marks than this.
MOST_MARKS = 12
# Marks: what stands for a series or a group, apart from its colour.
SHAPES = {
    "circle": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "square": "M-4.5-4.5h9v9h-9z",
    "triangle": "M0-6L5.5 4.5h-11z",
    "diamond": "M0-6.5L6.5 0L0 6.5L-6.5 0z",
    "down": "M0 6L5.5-4.5h-11z",
    "cross": "M-5-2h3v-3h4v3h3v4h-3v3h-4v-3h-3z",
    "hexagon": "M-5.5 0L-2.75-5h5.5L5.5 0L2.75 5h-5.5z",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar; look: 1 to 6 as in the price bars, "taken" hatched."""

    x: str
    width: str
    look: str


@dataclass(frozen=True, slots=True)
class BarRow:
    label: Any
    value: Any
    y: int
    pieces: tuple[Piece, ...]
    # Where a mark stands on the bar (a median), "" for none.
    mark: str = ""

    @property
    def label_y(self) -> int:
        return self.y + LABEL_AT

    @property
    def bar_y(self) -> int:
        return self.y + BAR_AT

    @property
    def middle_y(self) -> int:
        return self.y + BAR_AT + BAR_HEIGHT // 2

    bar_height = BAR_HEIGHT


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, one under the other; key: (look, words) of the pieces."""

    name: str
    title: Any
    words: Any
    rows: tuple[BarRow, ...]
    key: tuple[tuple[str, Any], ...] = ()

    @property
    def height(self) -> int:
        return ROW * len(self.rows)


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a plot: at (a day's ordinal, or any number) and value; number: what stands beside it."""

    at: Decimal
    value: Decimal
    label: Any = ""
    shape: str = ""
    look: str = ""
    number: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together; a line joins them unless `is_line` is off. look: 1 to 4."""

    words: Any
    points: Sequence[Point]
    look: int = 1
    shape: str = "circle"
    is_line: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    x: str
    y: int
    path: str
    look: str
    label: Any
    number: str
    row: str


@dataclass(frozen=True, slots=True)
class Stroke:
    x1: str
    y1: int
    x2: str
    y2: int
    look: int


@dataclass(frozen=True, slots=True)
class Tick:
    at: Any
    words: Any
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines and dots over an axis; key: (look, path of the mark, words)."""

    name: str
    title: Any
    words: Any
    strokes: tuple[Stroke, ...]
    marks: tuple[Mark, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    key: tuple[tuple[str, str, Any], ...] = ()
    height: int = field(default=BOTTOM + FOOT)
    bottom: int = field(default=BOTTOM)
    foot: int = field(default=BOTTOM + 17)


def percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def bars(
    name: str,
    *,
    title: Any,
    words: Any,
    rows: Iterable[tuple[Any, Any, Sequence[tuple[int, str]], int | None]],
    key: Iterable[tuple[str, Any]] = (),
    start_at: Sequence[int] = (),
) -> Bars:
    """rows: (label, value in words, ((size, look), ...) laid end to end, where the mark stands or None).

    start_at: where each row's first piece begins, all at 0 when left out. All numbers 0 or more, in one unit.
    """
    given = list(rows)
    starts = list(start_at) or [0] * len(given)
    ends = [
        max(start + sum(size for size, _look in pieces), mark or 0)
        for start, (_label, _value, pieces, mark) in zip(starts, given, strict=True)
    ]
    full = max([*ends, 1])
    drawn = []
    for number, (start, (label, value, pieces, mark)) in enumerate(zip(starts, given, strict=True)):
        laid, reached = [], start
        for size, look in pieces:
            left, right = 10_000 * reached // full, 10_000 * (reached + size) // full
            laid.append(Piece(percent(left), percent(right - left), look))
            reached += size
        at = "" if mark is None else percent(10_000 * mark // full)
        drawn.append(BarRow(label, value, number * ROW, tuple(laid), at))
    return Bars(name, title, words, tuple(drawn), tuple(key))


def plot(
    name: str,
    *,
    title: Any,
    words: Any,
    series: Sequence[Series],
    x_ticks: Iterable[tuple[Decimal, Any]],
    unit: Any = "",
    is_log: bool = False,
    key: Iterable[tuple[str, str, Any]] | None = None,
) -> Plot | None:
    """Series over one axis, from 0 (on a log scale, from the step beneath the smallest). None of nothing."""
    points = [point for one in series for point in one.points]
    if not points:
        return None
    values = [point.value for point in points]
    first, last = min(point.at for point in points), max(point.at for point in points)
    steps = chartaxes.doublings(min(values), max(values)) if is_log else chartaxes.round_steps(max(values))
    low, high = chartaxes.height(steps[0], is_log), chartaxes.height(steps[-1], is_log)

    def x(at: Decimal) -> int:
        # A lone day stands in the middle.
        return LEFT + int(
            (RIGHT - LEFT) * ((at - first) / (last - first) if last > first else Decimal("0.5"))
        )

    def y(value: Decimal) -> int:
        return BOTTOM - int((BOTTOM - TOP) * (chartaxes.height(value, is_log) - low) / (high - low))

    strokes = [
        Stroke(percent(x(here.at)), y(here.value), percent(x(there.at)), y(there.value), one.look)
        for one in series
        if one.is_line
        for here, there in pairwise(one.points)
    ]
    marks = [
        Mark(
            x=percent(x(point.at)),
            y=y(point.value),
            path=SHAPES[point.shape or one.shape],
            look=point.look or f"look-{one.look}",
            label=point.label,
            number=point.number,
            row=point.row,
        )
        for one in series
        for point in _marked(one)
    ]
    if key is None:
        key = [(f"look-{one.look}", SHAPES[one.shape], one.words) for one in series]
    return Plot(
        name=name,
        title=title,
        words=words,
        strokes=tuple(strokes),
        marks=tuple(marks),
        x_ticks=tuple(_x_ticks([(x(at), label) for at, label in x_ticks if first <= at <= last])),
        y_ticks=tuple(_y_ticks([(y(step), step) for step in steps], unit)),
        key=tuple(key),
    )


def _marked(series: Series) -> Iterable[Point]:
    """Every point, but of a long line a few, its last among them: the line is there for the others."""
    every = -(-len(series.points) // MOST_MARKS) if series.is_line else 1
    last = len(series.points) - 1
    return [point for number, point in enumerate(series.points) if (last - number) % every == 0]


def _y_ticks(steps: list[tuple[int, Decimal]], unit: Any) -> Iterable[Tick]:
    """The unit stands beside the highest step."""
    for number, (at, step) in enumerate(steps, 1):
        figure = market.plain(step)
        yield Tick(at, f"{figure} {unit}" if unit and number == len(steps) else figure)


def _x_ticks(ticks: list[tuple[int, Any]]) -> Iterable[Tick]:
    """As many as have room, evenly taken; the outermost words stay within the picture."""
    most = MOST_SHORT if all(len(str(words)) <= SHORT for _at, words in ticks) else MOST_LONG
    every = -(-len(ticks) // most) or 1
    for at, words in ticks[::every]:
        anchor = "start" if at <= LEFT else "end" if at > 9_300 else "middle"
        yield Tick(percent(at), words, anchor)
