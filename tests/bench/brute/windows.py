"""Days: when a term ends, what an offer has free and when, and the first day that nothing stands against.

Days are whole numbers since 1970-01-01. Everything is worked out on intervals; nothing walks over days.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

import numpy as np

from hosting.matching.records import Licence, Offer, Phase, Rule, Taken

EPOCH = date(1970, 1, 1).toordinal()
FAR = 10_000_000
PAST = -FAR
NEVER = -FAR - 1
LAST_DAY = date.max.toordinal() - EPOCH


def day_of(day: date) -> int:
    """A date as days since 1970-01-01."""
    return day.toordinal() - EPOCH


def date_of(day: int) -> date:
    """Days since 1970-01-01 as a date."""
    return date.fromordinal(int(day) + EPOCH)


def span(period: Rule | Licence) -> tuple[int, int]:
    """[first, end) of a rule or licence as day numbers; an open side is PAST or FAR."""
    return (
        PAST if period.valid_from is None else day_of(period.valid_from),
        FAR if period.valid_to is None else day_of(period.valid_to),
    )


def covers_day(period: Rule | Licence, day: int) -> bool:
    """Whether a rule is in force, or a licence valid, on a day number."""
    low, high = span(period)
    return low <= day < high


def _day_span(row: Phase | Taken) -> tuple[int, int]:
    return (
        PAST if row.starts_on is None else day_of(row.starts_on),
        FAR if row.ends_on is None else day_of(row.ends_on),
    )


def _months(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The month each day lies in, and the day's offset from that month's first day."""
    month = days.astype("datetime64[D]").astype("datetime64[M]")
    return month, days - _first_of(month)


def _first_of(month: np.ndarray) -> np.ndarray:
    return month.astype("datetime64[D]").astype(np.int64)


def term_ends(starts: np.ndarray, term_months: int) -> np.ndarray:
    """The first day after the term of each start: same day of the month, clipped to that month's last day."""
    month, offset = _months(starts)
    month = month + term_months
    first = _first_of(month)
    return first + np.minimum(offset, _first_of(month + 1) - first - 1)


def first_starts_past(days: np.ndarray, term_months: int) -> np.ndarray:
    """For each day, the first start whose term covers that day or begins after it.

    A start d with term [d, end) lies wholly before `day` when end <= day. `end` never falls as d grows, so
    these are all the days up to one: in the month `term_months` earlier, the same day of the month, or, when
    `day` is the last of its month (to which longer months are clipped), that month's last day.
    """
    month, offset = _months(days)
    is_last = offset == _first_of(month + 1) - _first_of(month) - 1
    earlier = month - term_months
    first = _first_of(earlier)
    length = _first_of(earlier + 1) - first
    return first + np.where(is_last, length - 1, np.minimum(offset, length - 1)) + 1


def first_gaps(
    row: np.ndarray, low: np.ndarray, high: np.ndarray, rows: int, first: int, stop: int
) -> np.ndarray:
    """For each of `rows` rows, the first day of [first, stop) that none of its intervals [low, high) covers.

    The intervals come in any order; NEVER where they cover every day. One sort and one running maximum.
    """
    if stop <= first:
        return np.full(rows, NEVER, dtype=np.int64)
    low = np.clip(low, first, stop)
    high = np.clip(high, first, stop)
    real = low < high
    every = np.arange(rows, dtype=np.int64)
    # An empty interval at the end of each row, so that the gap before it is seen like any other.
    row = np.concatenate([row[real], every])
    low = np.concatenate([low[real], np.full(rows, stop)]) - first
    high = np.concatenate([high[real], np.full(rows, stop)]) - first
    stride = stop - first + 1
    key = row * stride + low
    order = np.argsort(key, kind="stable")
    row, key = row[order], key[order]
    reach = np.maximum.accumulate(row * stride + high[order])
    covered = np.maximum(np.concatenate([[0], reach[:-1]]), row * stride)
    gap = np.flatnonzero(key > covered)
    gap_row = row[gap]
    leading = gap[np.concatenate([[True], gap_row[1:] != gap_row[:-1]])] if len(gap) else gap
    found = np.full(rows, NEVER, dtype=np.int64)
    found[row[leading]] = covered[leading] - row[leading] * stride + first
    return found


@dataclass(frozen=True, slots=True)
class Segments:
    """Stretches of days with one free capacity; they cover every day of every row exactly once."""

    row: np.ndarray
    low: np.ndarray
    high: np.ndarray
    free_kw: np.ndarray

    def on(self, day: np.ndarray) -> np.ndarray:
        """Free kW of each row on its own day."""
        here = (self.low <= day[self.row]) & (day[self.row] < self.high)
        free = np.zeros(len(day), dtype=np.int64)
        free[self.row[here]] = self.free_kw[here]
        return free


def _changes(at: int, offer: Offer, requests: dict[UUID, int]) -> Iterator[tuple[int, int, int, int]]:
    # (offer, day, change of free kW, number of the request whose commitment it is, or -1).
    yield at, PAST, 0, -1
    rows: list[tuple[Phase | Taken, int, UUID | None]] = [(phase, phase.kw, None) for phase in offer.phases]
    rows += [(taken, -taken.kw, taken.request) for taken in offer.commitments]
    for row, kw, asked_by in rows:
        low, high = _day_span(row)
        if low >= high:
            continue
        key = -1 if asked_by is None else requests.setdefault(asked_by, len(requests))
        yield at, low, kw, key
        if high != FAR:
            yield at, high, -kw, key


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every change of free capacity of every offer, sorted by offer and day."""

    offer: np.ndarray
    low: np.ndarray
    high: np.ndarray
    change_kw: np.ndarray
    request: np.ndarray
    requests: Mapping[UUID, int]
    first: np.ndarray

    @classmethod
    def build(cls, offers: Sequence[Offer]) -> Self:
        """Lay phases and commitments of all offers out as changes."""
        requests: dict[UUID, int] = {}
        changes = [change for at, offer in enumerate(offers) for change in _changes(at, offer, requests)]
        table = np.array(changes, dtype=np.int64).reshape(-1, 4)
        table = table[np.lexsort((table[:, 1], table[:, 0]))]
        number, low = table[:, 0], table[:, 1]
        is_last = np.append(number[1:] != number[:-1], True)[: len(number)]
        high = np.where(is_last, FAR, np.append(low[1:], FAR)[: len(low)])
        first = np.searchsorted(number, np.arange(len(offers)))
        return cls(number, low, high, table[:, 2].copy(), table[:, 3].copy(), requests, first)

    def segments(self, rows: np.ndarray, request: UUID | None) -> Segments:
        """Free capacity of the offers at `rows`, ascending, the own commitments of the request left out."""
        change = self.change_kw
        number = self.requests.get(request) if request is not None else None
        if number is not None:
            change = np.where(self.request == number, 0, change)
        total = np.cumsum(change)
        before = np.concatenate([[0], total])[self.first]
        free = total - before[self.offer]
        row_of = np.full(len(self.first), -1, dtype=np.int64)
        row_of[rows] = np.arange(len(rows))
        row = row_of[self.offer]
        keep = (row >= 0) & (self.low < self.high)
        return Segments(row[keep], self.low[keep], self.high[keep], free[keep])
