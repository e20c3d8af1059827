"""What moved in 2021, when China closed its mines: dated, sourced figures of the shipped file, read once."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from django.db.models import QuerySet

from hosting.models import Confidence, RegulationEvent
from hosting.services import reading, seeding

FILE = "exodus_2021.csv"
YEAR = 2021
COLUMNS = (
    *("id", "series", "jurisdiction", "as_of", "value", "unit", "source", "source_url", "confidence", "note"),
)


class Series(StrEnum):
    """What a figure measures."""

    NETWORK = "network_hashrate"
    NETWORK_WEEK = "network_hashrate_7d"
    SHARE = "hashrate_share"
    FLEET_LEFT = "fleet_in_china"
    FLEET_ARRIVED = "fleet_to_kazakhstan"
    FREIGHT = "air_freight"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its source; `on` is the first day of what the source dates, code its place or ""."""

    id: str
    series: Series
    code: str
    as_of: str
    on: date
    value: Decimal
    unit: str
    source: str
    url: str
    confidence: str
    note: str


def figures(*series: Series, folder: Path | None = None) -> list[Figure]:
    """The figures of these series, or all, in the order of the file. Raises Malformed."""
    return [one for one in _read(folder or seeding.FOLDER) if not series or one.series in series]


def events() -> QuerySet[RegulationEvent]:
    """What the law did in that year, everywhere, oldest first. One query."""
    return RegulationEvent.objects.filter(date__year=YEAR).order_by("date", "jurisdiction", "id")


@lru_cache(maxsize=4)
def _read(folder: Path) -> tuple[Figure, ...]:
    return tuple(_figure_of(line) for line in reading.lines(folder / FILE, columns=COLUMNS))


def _figure_of(line: reading.Line) -> Figure:
    return Figure(
        id=line.text("id"),
        series=Series(line.choice("series", list(Series))),
        code=line.cells["jurisdiction"],
        as_of=line.text("as_of"),
        on=line.first_day("as_of")[0],
        value=line.decimal("value"),
        unit=line.text("unit"),
        source=line.text("source"),
        url=line.cells["source_url"],
        confidence=line.choice("confidence", Confidence.values),
        note=line.cells["note"],
    )
