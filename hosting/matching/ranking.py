"""The best 20 of one request, of all, and whose list a change of some offers reaches."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np

from hosting.matching import gates, kernel, match, pairs, rules, search, shortlist
from hosting.matching.asked import Asked
from hosting.matching.blocks import SIZE
from hosting.matching.book import Book
from hosting.matching.pairs import PRICES
from hosting.matching.reaching import Holders, reached
from hosting.matching.records import Need, Offer
from hosting.matching.search import SCORE_SHIFT
from hosting.matching.tables import AGE_BITS
from hosting.matching.windows import date_of

__all__ = ["BEST", "Holders", "Lists", "Ranked", "best", "best_of_all", "reached", "update_place", "warm"]

BEST = 20
NO_OFFERS = np.zeros(0, dtype=np.uint8)
NO_ROWS = np.zeros(0, dtype=np.int64)


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
        columns = (column[number].tolist() for column in (self.at, self.score, self.price, self.start))
        return [
            Ranked(self.book.offers[at].id, self.book.offers[at].version, score, price, date_of(start))
            for at, score, price, start in zip(*columns, strict=True)
            if at >= 0
        ]

    @classmethod
    def empty(cls, book: Book, rows: np.ndarray, limit: int) -> "Lists":
        """Lists with nothing in them."""
        return cls(book, rows, *(np.full((len(rows), limit), -1, dtype=np.int64) for _ in range(4)))

    def keys(self) -> np.ndarray:
        """Score, price and age of each row as one number, 0 beyond the end."""
        age = np.ascontiguousarray(self.book.market.offers["age"])[self.at] if len(self.book.offers) else 0
        return np.where(self.at >= 0, pairs.key_of(self.score, self.price, age), 0)


def best(book: Book, need: Need, limit: int = BEST) -> list[Ranked]:
    """The first of evaluate().ranked(), without the words."""
    return _rank(book, Asked.one(need), np.zeros(1, dtype=np.int64), limit=limit).of(0)


def best_of_all(book: Book, asked: Asked, rows: Iterable[int] | None = None, threads: int = 1) -> Lists:
    """The best 20 of every request, or of those at the positions `rows`.

    With `threads` the requests are shared among so many; the kernel holds no lock while it works.
    """
    chosen = np.arange(len(asked.keys)) if rows is None else np.array(list(rows), dtype=np.int64)
    if threads == 1 or len(chosen) < 2 * threads:
        return _rank(book, asked, chosen)
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(lambda part: _rank(book, asked, part), np.array_split(chosen, threads * 4)))
    columns = ((getattr(part, name) for part in parts) for name in ("at", "score", "price", "start"))
    return Lists(book, chosen, *(np.concatenate(list(column)) for column in columns))


def _rank(
    book: Book,
    asked: Asked,
    rows: np.ndarray,
    *,
    limit: int = BEST,
    held: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
    only: np.ndarray = NO_OFFERS,
    least: np.ndarray | None = None,
) -> Lists:
    """The lists of these requests: keys, offers and starts `held` already, and the offers marked in `only`
    (empty: all), as far as their keys are not below `least`."""
    shape = (len(rows), limit)
    if held is None:
        held = (np.zeros(shape, np.int64), np.full(shape, -1, np.int64), np.full(shape, -1, np.int64))
    keys, ats, starts = held
    least = np.zeros(len(rows), np.int64) if least is None else least
    normal = rows
    is_wide = np.isin(rows, asked.wide) | book.has_no_keys
    if is_wide.any():
        normal = np.where(is_wide, -1, rows)
        keys[is_wide], ats[is_wide], starts[is_wide] = 0, -1, -1
    wants = asked.meet(book.statute)
    if kernel.IS_COMPILED:
        own_first, own_at = _own(book, asked, rows)
        lanes, law = book.blocks, book.statute.table
        words = np.full(len(lanes.at) // SIZE, 2**64 - 1, dtype=np.uint64)
        if len(only):
            marked = (only[lanes.at] != 0) & (lanes.at >= 0)
            words = np.packbits(marked, bitorder="little").view(np.uint64)
        bans = kernel.room(book.statute, wants)
        room = shortlist.Room.of(len(words), len(law.places), len(law.groups), bans)
        kernel.rank(
            *(book.market, law, wants, lanes, normal, _alike(asked, rows), own_first, own_at),
            *(words, only, least, room),
            *(keys, ats, starts),
        )
        slow = book.odd
    else:
        slow = np.arange(len(book.offers))
    if len(only):
        slow = slow[only[slow] != 0]
    if len(slow):
        for number, row in enumerate(normal.tolist()):
            if row >= 0:
                _add(book, asked, row, slow, least, held, number)
    lists = Lists(
        *(book, rows, ats),
        np.where(ats >= 0, keys >> SCORE_SHIFT, -1),
        np.where(ats >= 0, PRICES - 1 - ((keys >> AGE_BITS) & (PRICES - 1)), -1),
        starts,
    )
    for number in np.flatnonzero(is_wide).tolist():
        _answer_wide(lists, number, asked.needs[int(rows[number])])
    return lists


def _alike(asked: Asked, rows: np.ndarray) -> np.ndarray:
    """An order in which neighbours are alike: they look at the same blocks and rows of memory."""
    return np.lexsort((asked.table["kw"][rows], asked.table["term"][rows]))


def _own(book: Book, asked: Asked, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Offers at which each request has a commitment of its own: CSR over `rows`."""
    if not len(book.rows.owned):
        return np.zeros(len(rows) + 1, dtype=np.int64), NO_ROWS
    first, at = book.rows.offers_of(asked.table["request_high"][rows], asked.table["request_low"][rows])
    if len(book.odd):
        # Those are held against everybody by other means.
        kept = ~np.isin(at, book.odd)
        first, at = np.concatenate([[0], np.cumsum(kept)])[first], at[kept]
    return first, at


def _add(
    book: Book, asked: Asked, row: int, slow: np.ndarray, least: np.ndarray, held: tuple, number: int
) -> None:
    """Hold these offers against one request without the compiled kernel."""
    market, law, wants = book.twin, book.statute.twin, asked.twin(book.statute)
    need = wants.needs[row]
    day = max(need.earliest, market.as_of)
    if need.latest < day:
        return
    blocks = np.zeros((kernel.room(book.statute, asked.meet(book.statute)), 3), dtype=object)
    keys, ats, starts = held
    for at in slow.tolist():
        offer = market.offers[at]
        if gates.terms_fail(offer, need) or gates.place_fails(need, offer.place, law, wants):
            continue
        group = law.groups[offer.group]
        count = rules.find_blocks(need, group, law, wants, blocks, 0, day, need.latest + 1)
        key, start = pairs.fit(offer, need, law, market, blocks, 0, count, day, 0)
        if key >= max(int(least[number]), 1):
            search.insert(keys, ats, starts, number, keys.shape[1], key, at, start)


def _answer_wide(lists: Lists, number: int, need: Need) -> None:
    """A need beyond the kernel's numbers, answered as evaluate does."""
    verdict = match.evaluate(lists.book, need)
    for place, row in enumerate(verdict.best(lists.at.shape[1])):
        lists.at[number, place] = verdict.at[row]
        lists.score[number, place] = verdict.said(row, "score")
        lists.price[number, place] = verdict.said(row, "total")
        lists.start[number, place] = verdict.said(row, "start")


def update_place(book: Book, asked: Asked, lists: Lists, offers: Iterable[int]) -> Lists:
    """best_of_all(book, asked), when only these offers changed since `lists` (of all requests, with the same
    positions of offers) were made."""
    only = np.zeros(len(book.offers), dtype=np.uint8)
    only[np.unique(np.array(list(offers), dtype=np.int64))] = 1
    keys = replace(lists, book=book).keys()
    is_full = keys[:, -1] != 0
    # Whatever is not in a full list and did not change lies below its last key.
    floor = np.where(is_full, keys[:, -1], 0)
    ats, starts = lists.at.copy(), lists.start.copy()
    is_changed = (np.append(only, 0)[ats] != 0) & (ats >= 0)
    hit = np.flatnonzero(is_changed.any(axis=1))
    order = np.argsort(is_changed[hit], axis=1, kind="stable")
    for column, empty in ((keys, 0), (ats, -1), (starts, -1)):
        kept = np.where(is_changed[hit], empty, column[hit])
        column[hit] = np.take_along_axis(kept, order, axis=1)
    rows = np.arange(len(asked.keys))
    after = _rank(book, asked, rows, held=(keys, ats, starts), only=only, least=floor)
    short = is_full & (after.at[:, -1] < 0)
    short[asked.wide] = False
    if book.has_no_keys:
        short[:] = False
    again = np.flatnonzero(short)
    if len(again):
        found = _rank(book, asked, again, held=(keys[again], ats[again], starts[again]))
        for name in ("at", "score", "price", "start"):
            getattr(after, name)[again] = getattr(found, name)
    return after


def warm() -> None:
    """Have the kernel compiled, or loaded from its cache, before anybody waits for it."""
    need = Need(
        need_kw=1,
        earliest_start=date(2026, 1, 1),
        latest_start=date(2026, 1, 2),
        term_months=1,
        max_price_micros=1,
    )
    offer = Offer(
        id=UUID(int=1),
        version=1,
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
        jurisdiction="AA",
        price_model="all_in",
        currency="USD",
    )
    book = Book.build(places=(), facts=(), rules=(), rates=(), offers=(offer,), as_of=date(2026, 1, 1))
    lists = best_of_all(book, Asked.one(need))
    match.evaluate(book, need)
    zeros = np.zeros(1, dtype=np.int64)
    reached(book, Asked.one(need), held=lists.at, last_score=zeros, last_price=zeros, offers=[0])
