"""The two bars of a result: what the price is made of, and what the score is made of.

Only geometry and words: widths are text in percent with two decimals, worked out in whole numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hosting.matching.scoring import Part
from hosting.services import reasons
from hosting.templatetags import market

# Which of the six looks (colour, pattern, letter) a segment has, and the letter that stands in it.
PRICE_LOOKS = {"energy": 1, "passthrough": 2, "hosting_fee": 3, "levy": 4, "revenue_share": 5, "setup": 6}
SCORE_LOOKS = {"price": 1, "regulation": 4, "start": 2, "trust": 3, "uptime": 5, "energy": 6}
PRICE_LETTERS = {
    "energy": "E",
    "passthrough": "P",
    "hosting_fee": "F",
    "levy": "L",
    "revenue_share": "S",
    "setup": "U",
}
SCORE_LETTERS = {"price": "P", "regulation": "L", "start": "S", "trust": "T", "uptime": "U", "energy": "E"}
# A letter needs this much of the bar, in hundredths of a percent.
LETTER_FROM = 500


@dataclass(frozen=True)
class Segment:
    """One piece: `x`, `width` and `middle` are percentages of the bar; `number` is its value in words."""

    look: int
    letter: str
    label: str
    number: str
    x: str
    width: str
    middle: str
    has_letter: bool


@dataclass(frozen=True)
class Bar:
    """Segments from left to right; `ceiling` is where the highest price lies, if it lies within the bar."""

    kind: str
    segments: tuple[Segment, ...]
    ceiling: str = ""

    @property
    def words(self) -> str:
        """The whole bar as one line, for those who can't see it."""
        return "; ".join(f"{one.label} {one.number}" for one in self.segments)


def _percentage(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def _laid_out(kind: str, pieces: Iterable[tuple[int, str, str, int, str]], full: int, ceiling: str) -> Bar:
    segments = []
    reached = 0
    for look, letter, label, size, number in pieces:
        left, right = 10_000 * reached // full, 10_000 * (reached + size) // full
        reached += size
        segments.append(
            Segment(
                look=look,
                letter=letter,
                label=label,
                number=number,
                x=_percentage(left),
                width=_percentage(right - left),
                middle=_percentage((left + right) // 2),
                has_letter=right - left >= LETTER_FROM,
            )
        )
    return Bar(kind, tuple(segments), ceiling)


def of_price(components: Mapping[str, int] | None, *, ceiling_micros: int, full_micros: int) -> Bar | None:
    """The price's components in micro-USD; the bar's end is `full_micros`. None when not comparable."""
    if components is None:
        return None
    pieces = [
        (
            PRICE_LOOKS[name],
            PRICE_LETTERS[name],
            str(reasons.component_name(name)),
            size,
            market.price(size),
        )
        for name, size in components.items()
        if size > 0
    ]
    full = max(full_micros, sum(piece[3] for piece in pieces), 1)
    ceiling = _percentage(10_000 * ceiling_micros // full) if ceiling_micros < full else ""
    return _laid_out("price", pieces, full, ceiling)


def of_score(parts: Iterable[Part]) -> Bar:
    """The parts' points, of 10000."""
    pieces = [
        (
            SCORE_LOOKS[part.name],
            SCORE_LETTERS[part.name],
            str(reasons.part_name(part.name)),
            part.points,
            market.score(part.points),
        )
        for part in parts
    ]
    return _laid_out("score", [piece for piece in pieces if piece[3]], 10_000, "")


def key(kind: str) -> list[tuple[int, str, str]]:
    """(look, letter, words) of every segment a bar can have, for the line that explains the bars."""
    looks, letters = (PRICE_LOOKS, PRICE_LETTERS) if kind == "price" else (SCORE_LOOKS, SCORE_LETTERS)
    named = reasons.component_name if kind == "price" else reasons.part_name
    return [(look, letters[name], str(named(name))) for name, look in looks.items()]


def named(components: Mapping[str, int] | None) -> list[tuple[str, int]]:
    """(component in words, micro-USD per kWh), the zeros too; empty when not comparable."""
    return [(str(reasons.component_name(name)), micros) for name, micros in (components or {}).items()]
