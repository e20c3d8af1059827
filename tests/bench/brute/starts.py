"""The start day of each pair: what is free, what the law allows, and the first day on which both hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from hosting.matching.records import Need
from tests.bench.brute.book import Book
from tests.bench.brute.rules import Reach, has_gap
from tests.bench.brute.windows import NEVER, Segments, first_gaps, first_starts_past, term_ends


@dataclass(frozen=True, slots=True)
class Starts:
    """What was found in S, the days [first, latest].

    Per row: is there room on some day of S; is C not empty (room for a whole term), is R not empty (a day
    that breaks no rule); and the start, the first day in both C and R, else NEVER.
    """

    first: int
    latest: int
    segments: Segments
    has_room: np.ndarray
    has_run: np.ndarray
    is_lawful: np.ndarray
    start: np.ndarray

    @property
    def is_empty(self) -> bool:
        """Whether S has no day at all."""
        return self.latest < self.first

    @property
    def read_on(self) -> np.ndarray:
        """The day on which prices, levies, licences and curtailment are read."""
        return np.where(self.start == NEVER, self.first, self.start)


@dataclass(frozen=True, slots=True)
class Rows:
    """The offers looked at: ascending positions in the book, sorted into groups of one law."""

    at: np.ndarray
    groups: np.ndarray
    order: np.ndarray
    bounds: np.ndarray

    @classmethod
    def of(cls, book: Book, at: np.ndarray) -> Self:
        """Sort the offers at these positions by group."""
        group = book.columns["group"][at]
        order = np.argsort(group, kind="stable")
        groups, first = np.unique(group[order], return_index=True)
        return cls(at, groups, order, np.append(first, len(at)))

    def by_group(self) -> Iterator[tuple[int, np.ndarray]]:
        """(group, its rows)."""
        for number, group in enumerate(self.groups.tolist()):
            yield group, self.order[self.bounds[number] : self.bounds[number + 1]]


def find(
    book: Book, need: Need, rows: Rows, reach_of: Mapping[int, Reach], first: int, latest: int
) -> Starts:
    """Look for a start within [first, latest] for every row."""
    count, stop = len(rows.at), latest + 1
    segments = book.timeline.segments(rows.at, need.request)
    is_short = segments.free_kw < need.need_kw
    is_room = ~is_short & (segments.low < stop) & (segments.high > first)
    # A start meets a short stretch when its term reaches it: from the first such start until it ends.
    row, high = segments.row[is_short], segments.high[is_short]
    low = first_starts_past(segments.low[is_short], need.term_months)
    run = first_gaps(row, low, high, count, first, stop)
    start = run.copy()
    is_lawful = np.ones(count, dtype=bool)
    is_blocked = np.zeros(count, dtype=bool)
    blocked: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for group, members in rows.by_group():
        blocks = reach_of[group].blocks_within(first, stop)
        if not blocks:
            continue
        is_lawful[members] = has_gap(blocks, first, stop)
        is_blocked[members] = True
        lows = np.array([block[1] for block in blocks], dtype=np.int64)
        highs = np.array([block[2] for block in blocks], dtype=np.int64)
        size = len(members)
        blocked.append((np.repeat(members, len(blocks)), np.tile(lows, size), np.tile(highs, size)))
    if blocked:
        again = np.flatnonzero(is_blocked)
        number = np.cumsum(is_blocked) - 1
        kept = is_blocked[row]
        start[again] = first_gaps(
            number[np.concatenate([row[kept], *(part[0] for part in blocked)])],
            np.concatenate([low[kept], *(part[1] for part in blocked)]),
            np.concatenate([high[kept], *(part[2] for part in blocked)]),
            len(again),
            first,
            stop,
        )
    has_room = np.bincount(segments.row[is_room], minlength=count) > 0
    return Starts(first, latest, segments, has_room, run != NEVER, is_lawful, start)


def curtailment(
    book: Book, need: Need, rows: Rows, reach_of: Mapping[int, Reach], read_on: np.ndarray
) -> np.ndarray:
    """Basis points of each term without power: the offer's own plus the law's stops, at most 10000."""
    total = book.columns["curtailment_bp"][rows.at].copy()
    for group, members in rows.by_group():
        if reach_of[group].stops:
            begin = read_on[members]
            end = term_ends(begin, need.term_months)
            total[members] += reach_of[group].stopped_days(begin, end) * 10_000 // (end - begin)
    return np.minimum(total, 10_000)
