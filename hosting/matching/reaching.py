"""Whose list a change of some offers reaches: one offer against all requests."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hosting.matching import kernel, match
from hosting.matching.asked import Asked
from hosting.matching.book import Book

NO_ROWS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Holders:
    """Stored lists by the offers that stand in them, for asking again and again.

    `held`: positions in the book, a row for each request, -1 beyond a list's end.
    """

    held: np.ndarray
    first: np.ndarray
    row: np.ndarray
    is_full: np.ndarray

    @classmethod
    def of(cls, held: np.ndarray, offers: int) -> "Holders":
        """Turn lists of requests into lists of offers, of which the book has so many."""
        row, place = np.nonzero(held >= 0)
        at = held[row, place]
        order = np.argsort(at, kind="stable")
        first = np.searchsorted(at[order], np.arange(offers + 1))
        return cls(held, first, row[order], (held[:, -1] != -1).astype(np.int64))

    def mark(self, offers: np.ndarray, out: np.ndarray) -> None:
        """Mark the requests that hold one of these offers."""
        for at in offers.tolist():
            out[self.row[self.first[at] : self.first[at + 1]]] = 1


def reached(
    book: Book,
    asked: Asked,
    *,
    held: np.ndarray | Holders,
    last_score: np.ndarray,
    last_price: np.ndarray,
    offers: Iterable[int],
) -> np.ndarray:
    """Positions of the requests whose list these offers enter, leave or change, ascending.

    `held`: each request's stored list as positions in the book, -1 beyond its end, -2 for an offer that left
    the book; or the Holders made of one without -2. last_score and last_price (int64): those of a list's last
    row. May name a list that a tie leaves as it is.
    """
    changed = np.unique(np.array(list(offers), dtype=np.int64))
    out = np.zeros(len(asked.keys), dtype=np.int64)
    if isinstance(held, Holders):
        held.mark(changed, out)
        is_full = held.is_full
    else:
        marked = np.zeros(len(book.offers) + 2, dtype=bool)
        marked[changed] = True
        # Positions -1 and -2 fall on the last two places.
        marked[-2] = True
        out[marked[held].any(axis=1)] = 1
        is_full = (held[:, -1] != -1).astype(np.int64)
    if not len(changed):
        return np.flatnonzero(out)
    is_odd = np.isin(changed, book.odd) | (not kernel.IS_COMPILED or book.has_no_keys)
    normal, slow = changed[~is_odd], changed[is_odd]
    if len(normal):
        first, own = _askers(book, asked, normal)
        kernel.reach(
            *(book.market, book.statute.table, asked.meet(book.statute), asked.seekers, normal, first, own),
            *(last_score, last_price, is_full),
            np.zeros((kernel.room(book.statute, asked.meet(book.statute)), 3), dtype=np.int64),
            *(np.zeros(len(out), dtype=np.uint8), out),
        )
    if len(slow) or len(asked.wide):
        every = slow if len(slow) else changed
        ask = np.flatnonzero(out == 0) if len(slow) else asked.wide
        for row in ask.tolist():
            some = changed if row in asked.wide else every
            out[row] = out[row] or _would_enter(
                book, asked, row, some, bool(is_full[row]), int(last_score[row]), int(last_price[row])
            )
    return np.flatnonzero(out)


def _would_enter(
    book: Book, asked: Asked, row: int, offers: np.ndarray, is_full: bool, score: int, price: int
) -> bool:
    verdict = match.evaluate(book, asked.needs[row], only=offers.tolist())
    for found in verdict.best(1):
        rank = (-verdict.said(found, "score"), verdict.said(found, "total"))
        return not is_full or rank <= (-score, price)
    return False


def _askers(book: Book, asked: Asked, offers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Requests with a commitment of their own at each of these offers: CSR over `offers`."""
    first = np.zeros(len(offers) + 1, dtype=np.int64)
    rows: list[np.ndarray] = [NO_ROWS]
    for number, at in enumerate(offers.tolist()):
        own = {taken.request for taken in book.offers[at].commitments if taken.request is not None}
        found = [asked.rows_of(request) for request in own]
        rows += found
        first[number + 1] = first[number] + sum(map(len, found))
    return first, np.concatenate(rows)
