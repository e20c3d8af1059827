"""The best 20 of one request, of all, and whose list a change of some offers reaches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

import numpy as np

from hosting.matching.asked import Asked
from hosting.matching.book import Book
from hosting.matching.match import evaluate
from hosting.matching.records import Need
from hosting.matching.windows import date_of, day_of

BEST = 20


class Ranked(NamedTuple):
    """One line of a list: price in micro-USD per kWh, score 0-10000."""

    offer: UUID
    version: int
    score: int
    price_micros: int
    start: date


@dataclass(frozen=True, slots=True)
class Lists:
    """The best offers of many requests: row i belongs to position rows[i] of the Asked they were made for.

    `at` are positions in the book, -1 beyond the end of a list; start in days since 1970.
    """

    book: Book
    rows: np.ndarray
    at: np.ndarray
    score: np.ndarray
    price: np.ndarray
    start: np.ndarray

    def of(self, number: int) -> list[Ranked]:
        """The list of one row, best first."""
        found = []
        columns = (self.at, self.score, self.price, self.start)
        for at, score, price, start in zip(*(column[number].tolist() for column in columns), strict=True):
            if at >= 0:
                offer = self.book.offers[at]
                found.append(Ranked(offer.id, offer.version, score, price, date_of(start)))
        return found


def best(book: Book, need: Need, limit: int = BEST) -> list[Ranked]:
    """The first of evaluate().ranked(), without the words."""
    return [
        Ranked(one.offer, one.version, one.score, one.price_micros, one.start)
        for one in evaluate(book, need).ranked(limit)
    ]


def best_of_all(book: Book, asked: Asked, rows: Iterable[int] | None = None, threads: int = 1) -> Lists:
    """The best 20 of every request, or of those at the positions `rows`."""
    chosen = np.arange(len(asked.keys)) if rows is None else np.array(list(rows), dtype=np.int64)
    shape = (len(chosen), BEST)
    lists = Lists(book, chosen, *(np.full(shape, -1, dtype=np.int64) for _ in range(4)))
    for number, row in enumerate(chosen.tolist()):
        for place, one in enumerate(best(book, asked.needs[row])):
            lists.at[number, place] = book.position[one.offer]
            lists.score[number, place] = one.score
            lists.price[number, place] = one.price_micros
            lists.start[number, place] = day_of(one.start)
    return lists


def reached(
    book: Book,
    asked: Asked,
    *,
    held: np.ndarray,
    last_score: np.ndarray,
    last_price: np.ndarray,
    offers: Iterable[int],
) -> np.ndarray:
    """Positions of the requests whose list these offers enter, leave or change, ascending.

    `held`: each request's stored list as positions in the book, -1 beyond its end, -2 for an offer that left
    the book; last_score and last_price: those of its last row. May name a list that a tie leaves as it is.
    """
    changed = np.unique(np.array(list(offers), dtype=np.int64))
    touched = (held == -2).any(axis=1) | np.isin(held, changed).any(axis=1)
    is_full = held[:, -1] != -1
    for row in np.flatnonzero(~touched).tolist():
        for one in evaluate(book, asked.needs[row], only=changed.tolist()).ranked(1):
            rank = (-(one.score or 0), one.price_micros)
            touched[row] |= not is_full[row] or rank <= (-last_score[row], last_price[row])
    return np.flatnonzero(touched)


def update_place(book: Book, asked: Asked, lists: Lists, offers: Iterable[int]) -> Lists:
    """best_of_all(book, asked), when only these offers changed since `lists` (of all requests) were made."""
    return best_of_all(book, asked)
