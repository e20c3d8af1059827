"""The stored lists that a worker keeps in mind, as far as they decide whose list an offer can reach."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import numpy as np
from django.db.models import CharField
from django.db.models.functions import Cast

from hosting.matching.asked import Asked
from hosting.matching.book import Book
from hosting.models import MatchList
from hosting.services import marketrows
from hosting.services.matches import BEST

# In a column of positions: the list ends before; the offer is no longer in the book.
NONE, LEFT = -1, -2


@dataclass(frozen=True, slots=True)
class Stored:
    """Every stored list: that of a request is row at[request], stored by run runs[id as text].

    `offers`: [rows, 20] numbers of the offers in order, NONE beyond the end; ids[n] is such an offer. `days`
    are ordinals; the row of a list that is gone has the day NONE.
    """

    runs: Mapping[str, int] = field(default_factory=dict)
    at: Mapping[uuid.UUID, int] = field(default_factory=dict)
    offers: np.ndarray = field(default_factory=lambda: np.empty((0, BEST), dtype=np.int32))
    last_score: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    last_price: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    days: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    ids: tuple[uuid.UUID, ...] = ()
    number_of: Mapping[str, int] = field(default_factory=dict)

    def are_all_of(self, day: date) -> bool:
        """Whether every list is of this day."""
        return bool(((self.days == day.toordinal()) | (self.days == NONE)).all())


@dataclass(frozen=True, slots=True)
class Reading:
    """What one snapshot holds: the lists that differ, and those it was compared with."""

    held: Stored
    runs: Mapping[str, int]
    changed: list[tuple[uuid.UUID, list[dict[str, Any]], date]]


def read(held: Stored) -> Reading:
    """Within a snapshot: the lists that a run has stored since (a run stores a list once). Two queries."""
    runs = dict(MatchList.objects.order_by().values_list(Cast("request", CharField()), "run"))
    changed = marketrows.differing(held.runs, runs)
    rows = marketrows.named(MatchList.objects.order_by(), "request", changed)
    return Reading(held, runs, list(rows.values_list("request", "rows", "as_of")) if changed else [])


def made(reading: Reading) -> Stored:
    """Outside of it: what is held, with what was read put over it."""
    held = reading.held
    gone = held.runs.keys() - reading.runs.keys()
    if not reading.changed and not gone:
        return held
    at = dict(held.at)
    # The rows of lists that are gone stay where they are, and take up new ones.
    empty = [at.pop(uuid.UUID(key)) for key in gone] + np.flatnonzero(held.days == NONE).tolist()
    new = [request for request, _rows, _day in reading.changed if request not in at]
    more = max(len(new) - len(empty), 0)
    at |= dict(zip(new, [*empty, *range(len(held.days), len(held.days) + more)], strict=False))
    offers = np.concatenate([held.offers, np.full((more, BEST), NONE, dtype=np.int32)])
    score, price, days = (
        np.concatenate([column, np.full(more, NONE, dtype=np.int64)])
        for column in (held.last_score, held.last_price, held.days)
    )
    days[empty] = NONE
    number_of = dict(held.number_of)
    for request, rows, day in reading.changed:
        row = at[request]
        numbers = [number_of.setdefault(one["offer"], len(number_of)) for one in rows]
        offers[row] = numbers + [NONE] * (BEST - len(numbers))
        days[row] = day.toordinal()
        if rows:
            score[row], price[row] = rows[-1]["score"], rows[-1]["price_micros"]
    ids = (*held.ids, *map(uuid.UUID, list(number_of)[len(held.ids) :]))
    return Stored(reading.runs, at, offers, score, price, days, ids, number_of)


@dataclass(frozen=True, slots=True)
class Aligned:
    """The stored lists in the order of the requests asked, their offers as positions in a book; `is_there` is
    false for a request that has no list."""

    held: np.ndarray
    last_score: np.ndarray
    last_price: np.ndarray
    is_there: np.ndarray


def aligned(stored: Stored, asked: Asked, book: Book) -> Aligned:
    """The lists beside the requests."""
    keys = cast(tuple[uuid.UUID, ...], asked.keys)
    row = np.array([stored.at.get(key, NONE) for key in keys], dtype=np.int64)
    is_there = row != NONE
    positions = np.array([book.position.get(one, LEFT) for one in stored.ids] + [NONE], dtype=np.int32)
    # The number NONE, -1, takes the last position, which is NONE.
    held = np.full((len(row), BEST), NONE, dtype=np.int32)
    held[is_there] = positions[stored.offers[row[is_there]]]
    score, price = (np.zeros(len(row), dtype=np.int64) for _ in range(2))
    score[is_there] = stored.last_score[row[is_there]]
    price[is_there] = stored.last_price[row[is_there]]
    return Aligned(held, score, price, is_there)
