"""What dated rules do to one need at one kind of site: days it may not start, stops, levies, warnings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from hosting.matching.records import REQUIRING_EFFECTS, Licence, Need, Rule
from tests.bench.brute import law
from tests.bench.brute.book import Book, LawGroup
from tests.bench.brute.windows import first_starts_past, span

Block = tuple[Rule, int, int]


@dataclass(frozen=True, slots=True)
class Reach:
    """The rules of one group of sites that touch one need.

    `blocks` are stretches [low, high) of days on which a start would break a rule; `stops` are the seasonal
    stops, merged, ascending; `levies` and `rules` are the levy rules, and all rules but imports.
    """

    rules: tuple[Rule, ...]
    blocks: tuple[Block, ...]
    stops: tuple[tuple[int, int], ...]
    levies: tuple[Rule, ...]

    def blocks_within(self, first: int, stop: int) -> list[Block]:
        """The blocks that cover at least one day of [first, stop)."""
        return [block for block in self.blocks if block[1] < stop and block[2] > first and first < stop]

    def stopped_days(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """How many days of each term [start, end) lie in a seasonal stop, each day counted once."""
        lows = np.array([low for low, _high in self.stops], dtype=np.int64)
        highs = np.array([high for _low, high in self.stops], dtype=np.int64)
        before = np.concatenate([[0], np.cumsum(highs - lows)])

        def until(day: np.ndarray) -> np.ndarray:
            at = np.searchsorted(lows, day, side="right") - 1
            begun = at >= 0
            at = np.maximum(at, 0)
            return np.where(begun, before[at] + np.minimum(day, highs[at]) - lows[at], 0)

        return until(ends) - until(starts)


def has_gap(blocks: Iterable[Block], first: int, stop: int) -> bool:
    """Whether some day of [first, stop) lies in none of the blocks."""
    covered = first
    for _rule, low, high in sorted(blocks, key=lambda block: block[1]):
        if low > covered:
            break
        covered = max(covered, high)
    return covered < stop


def reaches(book: Book, need: Need, groups: Iterable[int]) -> dict[int, Reach]:
    """What the rules do to this need, for each of the book's groups named."""
    wanted = {int(group): book.groups[int(group)] for group in groups}
    began = sorted(
        {span(rule)[0] for group in wanted.values() for rule in group.rules if rule.effect == "prohibit"}
    )
    reaching = first_starts_past(np.array(began, dtype=np.int64), need.term_months)
    first_touched = dict(zip(began, reaching.tolist(), strict=True))
    return {at: _reach(book, need, group, first_touched) for at, group in wanted.items()}


def _reach(book: Book, need: Need, group: LawGroup, first_touched: Mapping[int, int]) -> Reach:
    touching = [rule for rule in group.rules if law.touches_size(rule, need.need_kw)]
    country = law.country_of(book.places[group.place].code)
    is_imported = need.origin is not None and law.country_of(need.origin) != country
    blocks: list[Block] = []
    for rule in touching:
        low, high = span(rule)
        if low >= high:
            continue
        if rule.subject == "import":
            blocks += [(rule, low, high)] if is_imported else []
        elif rule.effect == "prohibit":
            blocks.append((rule, first_touched[low], high))
        elif rule.effect in ("moratorium_new", "curtail"):
            blocks.append((rule, low, high))
        elif rule.effect == "cap_kw":
            blocks += [(rule, low, high)] if need.need_kw > (rule.cap_kw or 0) else []
        elif rule.effect in REQUIRING_EFFECTS:
            held = need.licences if rule.subject == "miner" else group.licences
            blocks += [(rule, *gap) for gap in _unlicensed(rule, held)]
    rules = tuple(rule for rule in touching if rule.subject != "import")
    return Reach(
        rules=rules,
        blocks=tuple(blocks),
        stops=_merged(span(rule) for rule in rules if rule.effect == "curtail"),
        levies=tuple(rule for rule in rules if rule.effect == "levy_per_kwh"),
    )


def _unlicensed(rule: Rule, held: Iterable[Licence]) -> list[tuple[int, int]]:
    """The days of a rule on which no licence of its type is valid."""
    at, stop = span(rule)
    gaps = []
    for low, high in sorted(span(licence) for licence in held if licence.type == rule.licence_type):
        if low > at:
            gaps.append((at, min(low, stop)))
        at = max(at, high)
        if at >= stop:
            break
    if at < stop:
        gaps.append((at, stop))
    return [gap for gap in gaps if gap[0] < gap[1]]


def _merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for low, high in sorted((low, high) for low, high in spans if low < high):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)
