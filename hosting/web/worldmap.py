"""The map of the world as SVG: a shape or a dot for each place, a link in each, and its legend.

The outline is drawn once and shipped (hosting/reference/world/); a page only fills it. Coordinates are whole
units of that outline.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from hosting.services.atlas import Entry
from hosting.web import maplooks
from hosting.web.maplooks import Look

FILE = settings.BASE_DIR / "hosting" / "reference" / "world" / "outline.json"
# Dots stand at least this far from each other, and this far from the edge.
GAP, EDGE = 46, 30
ROUNDS = 60
# Room above and beneath; the words of the place that is pointed at stand in the latter.
MARGIN, FOOT, WORDS_AT = 40, 110, 75


@dataclass(frozen=True, slots=True)
class Outline:
    """paths: code -> SVG path of a country; points: code -> (x, y) of a place that has no shape."""

    width: int
    height: int
    paths: Mapping[str, str]
    points: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map: `path` of a shape, or `x` and `y` of a dot."""

    entry: Entry
    look: Look
    path: str = ""
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class LegendLine:
    """What a look means, and how many places have it."""

    key: str
    words: Any
    count: int


@dataclass(frozen=True, slots=True)
class WorldMap:
    """shapes and dots: country by country. land: the path of all that is not in our list. missing: places
    that the outline does not have."""

    by: str
    outline: Outline
    shapes: tuple[Spot, ...]
    dots: tuple[Spot, ...]
    land: str
    legend: tuple[LegendLine, ...]
    unverified: int
    missing: tuple[Entry, ...]

    @property
    def view_box(self) -> str:
        """The part of the plane that is shown, as SVG has it."""
        return f"0 {-MARGIN} {self.outline.width} {self.outline.height + MARGIN + FOOT}"

    @property
    def words_y(self) -> int:
        return self.outline.height + WORDS_AT


@cache
def outline() -> Outline:
    """The outline that is shipped, read once."""
    read = json.loads(FILE.read_text(encoding="utf-8"))
    points = {code: (int(x), int(y)) for code, at in read["dots"].items() for x, y in [at.split()]}
    return Outline(read["width"], read["height"], read["shapes"], points)


def of_places(entries: Iterable[Entry], *, by: str) -> WorldMap:
    """The map of these places, coloured by a name of maplooks.WAYS."""
    look_of, lines = maplooks.WAYS[by]
    drawn, looks = outline(), {entry.place.code: (entry, look_of(entry)) for entry in entries}
    points = apart(tuple((code, drawn.points[code]) for code in looks if code in drawn.points))
    spots = {
        code: Spot(entry, look, drawn.paths.get(code, ""), *points.get(code, (0, 0)))
        for code, (entry, look) in looks.items()
    }
    counts = Counter(look.key for _entry, look in looks.values())
    return WorldMap(
        by=by,
        outline=drawn,
        shapes=tuple(spot for spot in spots.values() if spot.path),
        dots=tuple(spot for code, spot in spots.items() if code in points),
        land="".join(path for code, path in drawn.paths.items() if code not in looks),
        legend=tuple(LegendLine(key, words, counts[key]) for key, words in lines.items()),
        unverified=sum(look.is_unverified for _entry, look in looks.values()),
        missing=tuple(spot.entry for code, spot in spots.items() if not spot.path and code not in points),
    )


@cache
def apart(points: tuple[tuple[str, tuple[int, int]], ...]) -> dict[str, tuple[int, int]]:
    """The dots pushed from each other until none hides another; the same input gives the same map."""
    places = {code: (float(x), float(y)) for code, (x, y) in points}
    codes = sorted(places)
    for _round in range(ROUNDS):
        for number, one in enumerate(codes):
            for other in codes[number + 1 :]:
                places[one], places[other] = _pushed(places[one], places[other])
    return {code: _inside(*places[code]) for code, _at in points}


def _pushed(
    one: tuple[float, float], other: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    distance = math.dist(one, other)
    if distance >= GAP:
        return one, other
    # Two dots on one point part sideways.
    right, down = (1.0, 0.0)
    if distance:
        right, down = (other[0] - one[0]) / distance, (other[1] - one[1]) / distance
    step = (GAP - distance) / 2
    return (one[0] - right * step, one[1] - down * step), (other[0] + right * step, other[1] + down * step)


def _inside(x: float, y: float) -> tuple[int, int]:
    drawn = outline()
    return (
        round(min(max(x, EDGE), drawn.width - EDGE)),
        round(min(max(y, EDGE), drawn.height - EDGE)),
    )
