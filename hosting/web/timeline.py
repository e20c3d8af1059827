"""Free capacity of a hotel over time: phases less commitments, as steps in a picture and in a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from hosting.models import CapacityPhase, Commitment, PhaseState

HORIZON = timedelta(days=730)
# Height of the drawing in pixels: room for a label above, months beneath.
TOP, BOTTOM = 18, 128
LABEL_FROM, LABEL_HEIGHT = 900, 18
# Nearer than this the month would stand upon the word "today".
TICK_FROM = timedelta(days=60)


@dataclass(frozen=True)
class Step:
    """Days [start, end) with the same capacity; `end` None when it goes on beyond what is drawn."""

    start: date
    end: date | None
    built_kw: int
    free_kw: int
    states: tuple[Any, ...]
    x: str
    width: str
    middle: str
    built_y: int
    built_height: int
    free_y: int
    free_height: int
    has_label: bool

    @property
    def is_label_inside(self) -> bool:
        """Whether the free part is high enough for a figure to stand in it."""
        return self.free_height > LABEL_HEIGHT

    @property
    def label_y(self) -> int:
        return BOTTOM - 8 if self.is_label_inside else self.built_y - 6

    @property
    def taken_kw(self) -> int:
        return self.built_kw - self.free_kw


@dataclass(frozen=True)
class Timeline:
    """Steps from today on, over two years; `ticks` are (x in percent, first day of a quarter)."""

    steps: tuple[Step, ...]
    ticks: tuple[tuple[str, date], ...]
    top_kw: int


def _covers(row: Any, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or day < row.ends_on)


def _hundredths(days: int) -> int:
    """Days from today as hundredths of a percent of the picture."""
    return 10_000 * days // HORIZON.days


def _percentage(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def of_offer(phases: Iterable[CapacityPhase], commitments: Iterable[Commitment], *, today: date) -> Timeline:
    """The next two years of an offer. `commitments` are the live ones."""
    phases, commitments = list(phases), list(commitments)
    last = today + HORIZON
    changes = {today} | {
        day
        for row in (*phases, *commitments)
        for day in (row.starts_on, row.ends_on)
        if day is not None and today < day < last
    }
    days = sorted(changes)
    measured = []
    for day in days:
        standing = [phase for phase in phases if _covers(phase, day)]
        built = sum(phase.available_kw for phase in standing)
        taken = sum(one.kw for one in commitments if _covers(one, day))
        states = tuple(state.label for state in PhaseState if any(one.state == state for one in standing))
        measured.append((day, built, built - taken, states))
    top = max([built for _day, built, _free, _states in measured] + [1])
    stops = [*days[1:], last]
    steps = tuple(_step(row, stop, today, last, top) for row, stop in zip(measured, stops, strict=True))
    return Timeline(steps, tuple(_ticks(today, last)), top)


def _step(row: tuple[date, int, int, tuple], stop: date, today: date, last: date, top: int) -> Step:
    start, built, free, states = row
    left, right = _hundredths((start - today).days), _hundredths((stop - today).days)
    scale = BOTTOM - TOP
    built_height, free_height = scale * built // top, scale * max(free, 0) // top
    return Step(
        start=start,
        end=None if stop == last else stop,
        built_kw=built,
        free_kw=free,
        states=states or (_("nothing built yet"),),
        x=_percentage(left),
        width=_percentage(right - left),
        middle=_percentage((left + right) // 2),
        built_y=BOTTOM - built_height,
        built_height=built_height,
        free_y=BOTTOM - free_height,
        free_height=free_height,
        has_label=right - left >= LABEL_FROM,
    )


def _ticks(today: date, last: date) -> Iterable[tuple[str, date]]:
    """The first day of every half year within the picture."""
    for year in range(today.year, last.year + 1):
        for month in (1, 7):
            day = date(year, month, 1)
            if TICK_FROM <= day - today < HORIZON:
                yield _percentage(_hundredths((day - today).days)), day
