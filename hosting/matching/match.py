"""One need against the whole book: who fits, in which order and why, and who would fit but for one thing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import numpy as np

from hosting.matching import gates, kernel, pairs, reasons, rules, scoring
from hosting.matching.asked import Asked
from hosting.matching.book import Book, first_day
from hosting.matching.pricing import COMPONENTS
from hosting.matching.reasons import GateResult, Pair
from hosting.matching.records import Need
from hosting.matching.rules import Reach
from hosting.matching.scoring import Part
from hosting.matching.tables import AGE_BITS
from hosting.matching.windows import LAST_DAY, NEVER, date_of, day_of, term_end

# How far past the window a cure is looked for.
CURE_DAYS = 730
TOTAL, SCORE = pairs.JUDGED.index("total"), pairs.JUDGED.index("score")
UNPRICED = gates.GATES.index("price_comparable")
LIST_KW, LIST_EFFICIENCY, LIST_MONTHS = 1000, 2000, 12


@dataclass(frozen=True, slots=True)
class Warning_:
    """Something dated that a person should know and no gate judges."""

    code: str
    params: dict


@dataclass(frozen=True, slots=True)
class Match:
    """All there is to say of one need and one offer. `offer` is its id.

    `score` is None and `parts` empty for a pair that fails a gate. `price_micros` and `components` (micro-USD
    per kWh) are None when the price is not comparable. `read_on` is the start, or the day everything was read
    as if it began on. `total_curtailment_bp` has the seasonal stops of law in it.
    """

    offer: UUID
    version: int
    score: int | None
    price_micros: int | None
    components: dict[str, int] | None
    parts: tuple[Part, ...]
    start: date | None
    read_on: date
    gates: tuple[GateResult, ...]
    warnings: tuple[Warning_, ...]
    total_curtailment_bp: int
    free_kw_on_start: int

    @property
    def failed(self) -> tuple[GateResult, ...]:
        """The gates this pair fails."""
        return tuple(gate for gate in self.gates if not gate.passed)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one need over the offers looked at; explanations are worked out when asked for.

    `at`: their positions in the book, ascending. `table`: what pairs.judge says of each, in its columns;
    Python's integers where one of the offers, or the need, is beyond the kernel's numbers. `fitting`: rows
    that fail no gate.
    """

    book: Book
    need: Need
    asked: Asked
    weights: tuple[int, ...]
    at: np.ndarray
    table: np.ndarray
    fitting: np.ndarray

    @property
    def matched_count(self) -> int:
        """How many offers fail no gate."""
        return len(self.fitting)

    @property
    def failed(self) -> np.ndarray:
        """A (gates, rows) table of booleans: which gate each offer fails."""
        mask = self.table[:, 0].astype(np.int64)
        return (mask[None, :] >> np.arange(len(gates.GATES))[:, None]) & 1 == 1

    def said(self, row: int, name: str) -> int:
        """What pairs.judge says of one row under one of its names."""
        return int(self.table[row, pairs.JUDGED.index(name)])

    def best(self, limit: int | None) -> list[int]:
        """Rows of the matches: score down, effective price up, then the older offer, then the smaller id."""
        fitting = self.fitting
        price = _ranks(self.table[fitting, TOTAL])
        age = self.book.market.offers["age"][self.at[fitting]]
        order = np.lexsort((age, price, -self.table[fitting, SCORE].astype(np.int64)))
        return fitting[order[:limit]].tolist()

    def ranked(self, limit: int | None = 20) -> list[Match]:
        """The matches, best first."""
        return [self._match(row) for row in self.best(limit)]

    def near_misses(self, limit: int | None = 20) -> list[Match]:
        """The offers that fail exactly one gate, the easiest to cure first."""
        failed = self.failed
        near = np.flatnonzero(failed.sum(axis=0) == 1)
        gate = failed[:, near].argmax(axis=0)
        price = np.where(gate == UNPRICED, len(near), _ranks(self.table[near, TOTAL]))
        age = self.book.market.offers["age"][self.at[near]]
        easiest = np.lexsort((age, price, gates.CURE_RANK[gate]))[:limit]
        return [self._match(row) for row in near[easiest].tolist()]

    def explain(self, offer_id: UUID) -> Match | None:
        """Everything about one offer, whether it fits or not; None when it was not looked at."""
        at = self.book.position.get(offer_id)
        if at is None:
            return None
        row = int(np.searchsorted(self.at, at))
        if row == len(self.at) or self.at[row] != at:
            return None
        return self._match(row)

    def _match(self, row: int) -> Match:
        pair = self._pair(row)
        mask = self.said(row, "mask")
        total = None
        if not mask & gates.COMPARABLE:
            total = {name: self.said(row, name) for name in COMPONENTS}
        score: int | None = None
        parts: tuple[Part, ...] = ()
        if mask == 0:
            score = self.said(row, "score")
            parts = scoring.parts(tuple(int(value) for value in self.table[row, SCORE + 1 :]), self.weights)
        return Match(
            offer=pair.offer.id,
            version=pair.offer.version,
            score=score,
            price_micros=pair.price_micros,
            components=total,
            parts=parts,
            start=None if pair.start is None else date_of(pair.start),
            read_on=date_of(pair.read_on),
            gates=reasons.results(self.book, self.need, pair, tuple(self.failed[:, row].tolist())),
            warnings=tuple(
                Warning_(*found)
                for found in rules.warnings(
                    pair.reach, pair.read_on, term_end(pair.read_on, self.need.term_months)
                )
            ),
            total_curtailment_bp=pair.curtailment_bp,
            free_kw_on_start=self.said(row, "free_on_start"),
        )

    def _pair(self, row: int) -> Pair:
        at = int(self.at[row])
        start, first = self.said(row, "start"), first_day(self.book, self.need)
        place = int(self.book.market.offers["place"][at])
        is_comparable = not self.said(row, "mask") & gates.COMPARABLE
        return Pair(
            offer=self.book.offers[at],
            place=self.book.places[place],
            reach=self._reach(at),
            first=first,
            latest=day_of(self.need.latest_start),
            start=None if start == NEVER else start,
            read_on=self.said(row, "read_on"),
            most_free_kw=self.said(row, "most_free"),
            has_run=bool(self.said(row, "has_run")),
            price_micros=self.said(row, "total") if is_comparable else None,
            curtailment_bp=self.said(row, "curtailment"),
            earliest=self._later_start(at) if start == NEVER else None,
        )

    def _reach(self, at: int) -> Reach:
        group = self.book.statute.groups[int(self.book.market.offers["group"][at])]
        first, stop = first_day(self.book, self.need), day_of(self.need.latest_start) + 1
        every = self.book.statute.rules
        blocks = [(every[row[2]], row[0], row[1]) for row in _blocks(self, at, first, stop).tolist()]
        return Reach.of(group.rules, self.need, blocks)

    def _later_start(self, at: int) -> int | None:
        first = max(first_day(self.book, self.need), day_of(self.need.latest_start) + 1)
        latest = min(first + CURE_DAYS - 1, LAST_DAY)
        later = replace(self.need, earliest_start=date_of(first), latest_start=date_of(latest))
        found = judged(self.book, Asked.one(later), np.array([at], dtype=np.int64))
        start = int(found[0, 1])
        return None if start == NEVER else start


def _blocks(verdict: Verdict, at: int, first: int, stop: int) -> np.ndarray:
    """The stretches that rules forbid to the need at one offer, (low, high, rule's position)."""
    statute, asked = verdict.book.statute, verdict.asked
    found = np.zeros((kernel.room(statute, asked.meet(statute)), 3), dtype=np.int64)
    wants = asked.twin(statute)
    group = statute.twin.groups[int(verdict.book.market.offers["group"][at])]
    count = rules.find_blocks(wants.needs[0], group, statute.twin, wants, found, 0, first, stop)
    return found[:count]


def judged(book: Book, asked: Asked, at: np.ndarray) -> np.ndarray:
    """What pairs.judge says of the first need and the offers at these positions, row by row."""
    statute = book.statute
    by_group = np.argsort(book.market.offers["group"][at], kind="stable")
    is_slow = np.zeros(len(at), dtype=bool)
    if len(asked.wide) or not kernel.IS_COMPILED or len(book.offers) >= 1 << AGE_BITS:
        is_slow[:] = True
    elif len(book.odd):
        is_slow = np.isin(at, book.odd)
    wants = asked.meet(statute)
    room = kernel.room(statute, wants)
    table = np.zeros((len(at), len(pairs.JUDGED)), dtype=object if is_slow.any() else np.int64)
    quick, slow = by_group[~is_slow[by_group]], by_group[is_slow[by_group]]
    if len(quick):
        out = np.zeros((len(quick), len(pairs.JUDGED)), dtype=np.int64)
        kernel.judge(
            book.market, statute.table, wants, 0, at[quick], np.zeros((room, 3), dtype=np.int64), out
        )
        table[quick] = out
    if len(slow):
        exact = np.zeros((len(slow), len(pairs.JUDGED)), dtype=object)
        blocks = np.zeros((room, 3), dtype=object)
        pairs.judge(book.twin, statute.twin, asked.twin(statute), 0, at[slow].tolist(), blocks, exact)
        table[slow] = exact
    return table


def evaluate(book: Book, need: Need, *, only: Iterable[int] | None = None) -> Verdict:
    """Answer one need over all offers of the book, or over those at the positions `only`.

    ValueError for weights that are no weights. Nothing here depends on the order in which rows were given.
    """
    at = np.arange(len(book.offers)) if only is None else np.unique(np.array(list(only), dtype=np.int64))
    asked = Asked.one(need)
    table = judged(book, asked, at)
    fitting = np.flatnonzero(table[:, 0] == 0)
    return Verdict(book, need, asked, scoring.weights_of(need.weights), at, table, fitting)


def prices_at(book: Book, offer_id: UUID, need: Need) -> Match | None:
    """One offer's price and gates for a typical fleet; None when the book does not have it."""
    at = book.position.get(offer_id)
    return None if at is None else evaluate(book, need, only=[at]).explain(offer_id)


def list_prices(book: Book) -> list[int | None]:
    """Every offer's list price: micro-USD per kWh at 1 MW, 20 J/TH, 12 months from as_of, or None.

    Read as if it began on as_of, whoever asks: free capacity and anybody's licences have no part in it.
    """
    need = Need(
        need_kw=LIST_KW,
        efficiency=LIST_EFFICIENCY,
        # A window of no day at all: everything is read on as_of.
        earliest_start=book.as_of,
        latest_start=book.as_of - timedelta(days=1),
        term_months=LIST_MONTHS,
        max_price_micros=1,
    )
    table = judged(book, Asked.one(need), np.arange(len(book.offers)))
    is_priced = table[:, 0] & gates.COMPARABLE == 0
    pairs_ = zip(table[:, TOTAL].tolist(), is_priced.tolist(), strict=True)
    return [total if is_comparable else None for total, is_comparable in pairs_]


def free_kw(book: Book, on: date) -> list[int]:
    """Free capacity of every offer on a day: its phases less its live commitments."""
    return book.rows.free_on(day_of(on)).tolist()


def _ranks(price: np.ndarray) -> np.ndarray:
    # Prices may be Python integers beyond int64, which cannot be sorted with other keys: their ranks can.
    return np.unique(price, return_inverse=True)[1]
