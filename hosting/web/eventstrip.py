"""Events per year as a strip of bars, each a link that shows its year. Whole numbers, drawn by the server."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

# Height of the drawing in pixels: room for a count above, the year beneath.
TOP, BOTTOM = 18, 78
# More years than this do not find room for their names on a telephone: every second or third is named then.
MOST_NAMES = 10
# Fewer years than this do not fill the width: a bar is no wall.
FEWEST_PLACES = 8


@dataclass(frozen=True)
class Bar:
    """A year. `href` shows it alone, or all years again if it is shown alone now."""

    year: int
    count: int
    href: str
    is_chosen: bool
    has_name: bool
    x: str
    middle: str
    width: str
    y: int
    height: int

    @property
    def count_y(self) -> int:
        return self.y - 5


def bars(
    counts: Iterable[tuple[int, int]], *, chosen: int | None, address: Callable[[int | None], str]
) -> list[Bar]:
    """One bar a year, the highest as high as there is room. `address` gives the page with a year, or with
    all of them."""
    counts = list(counts)
    top = max([count for _year, count in counts] + [1])
    step = -(-len(counts) // MOST_NAMES) or 1
    places = max(len(counts), FEWEST_PLACES)
    found = []
    for place, (year, count) in enumerate(counts):
        left, right = (10_000 * at // places for at in (place, place + 1))
        gap = (right - left) // 8
        height = (BOTTOM - TOP) * count // top
        found.append(
            Bar(
                year=year,
                count=count,
                href=address(None if year == chosen else year),
                is_chosen=year == chosen,
                has_name=(len(counts) - 1 - place) % step == 0,
                x=_percentage(left + gap),
                middle=_percentage((left + right) // 2),
                width=_percentage(right - left - 2 * gap),
                y=BOTTOM - height,
                height=height,
            )
        )
    return found


def _percentage(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}%"
