"""One need against the whole book: who fits, in which order and why, and who would fit but for one thing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from hosting.matching import gates, pricing, reasons, rules, scoring, starts
from hosting.matching.book import Book, first_day
from hosting.matching.pricing import COMPONENTS, Prices
from hosting.matching.reasons import GateResult, Pair
from hosting.matching.records import Need
from hosting.matching.rules import Reach
from hosting.matching.scoring import Part
from hosting.matching.starts import Rows, Starts
from hosting.matching.windows import LAST_DAY, NEVER, date_of, day_of, term_ends

# How far past the window a cure is looked for.
CURE_DAYS = 730
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
    """The answer to one need over the offers looked at; explanations are worked out when asked for."""

    book: Book
    need: Need
    weights: tuple[int, ...]
    rows: Rows
    reach_of: Mapping[int, Reach]
    starts: Starts
    curtailment_bp: np.ndarray
    prices: Prices
    failed: np.ndarray
    fitting: np.ndarray
    values: np.ndarray
    scores: np.ndarray

    @property
    def matched_count(self) -> int:
        """How many offers fail no gate."""
        return len(self.fitting)

    def ranked(self, limit: int | None = 20) -> list[Match]:
        """The matches: score down, effective price up, then the older offer, then the smaller id."""
        price = _ranks(self.prices.total[self.fitting])
        age = self.book.columns["age_rank"][self.rows.at[self.fitting]]
        best = np.lexsort((age, price, -self.scores))[:limit]
        return [self._match(row) for row in self.fitting[best].tolist()]

    def near_misses(self, limit: int | None = 20) -> list[Match]:
        """The offers that fail exactly one gate, the easiest to cure first."""
        near = np.flatnonzero(self.failed.sum(axis=0) == 1)
        cure = gates.CURE_RANK[self.failed[:, near].argmax(axis=0)]
        price = _ranks(self.prices.total[near])
        age = self.book.columns["age_rank"][self.rows.at[near]]
        easiest = np.lexsort((age, np.where(self.prices.is_comparable[near], price, len(price)), cure))[
            :limit
        ]
        return [self._match(row) for row in near[easiest].tolist()]

    def explain(self, offer_id: UUID) -> Match | None:
        """Everything about one offer, whether it fits or not; None when it was not looked at."""
        at = self.book.position.get(offer_id)
        if at is None:
            return None
        row = int(np.searchsorted(self.rows.at, at))
        if row == len(self.rows.at) or self.rows.at[row] != at:
            return None
        return self._match(row)

    def _match(self, row: int) -> Match:
        pair = self._pair(row)
        total = None
        if self.prices.is_comparable[row]:
            total = {
                name: int(part[row]) for name, part in zip(COMPONENTS, self.prices.components, strict=True)
            }
        score: int | None = None
        parts: tuple[Part, ...] = ()
        failed = tuple(self.failed[:, row].tolist())
        if not any(failed):
            at = int(np.searchsorted(self.fitting, row))
            score = int(self.scores[at])
            parts = scoring.parts(tuple(self.values[at].tolist()), self.weights)
        read_on = np.array([pair.read_on], dtype=np.int64)
        end = int(term_ends(read_on, self.need.term_months)[0])
        return Match(
            offer=pair.offer.id,
            version=pair.offer.version,
            score=score,
            price_micros=pair.price_micros,
            components=total,
            parts=parts,
            start=None if pair.start is None else date_of(pair.start),
            read_on=date_of(pair.read_on),
            gates=reasons.results(self.book, self.need, pair, failed),
            warnings=tuple(Warning_(*found) for found in rules.warnings(pair.reach, pair.read_on, end)),
            total_curtailment_bp=pair.curtailment_bp,
            free_kw_on_start=self._free_kw(row, pair.read_on, pair.read_on + 1),
        )

    def _pair(self, row: int) -> Pair:
        at = int(self.rows.at[row])
        offer = self.book.offers[at]
        start = int(self.starts.start[row])
        first, latest = self.starts.first, self.starts.latest
        is_comparable = bool(self.prices.is_comparable[row])
        return Pair(
            offer=offer,
            place=self.book.places[int(self.book.columns["place"][at])],
            reach=self.reach_of[int(self.book.columns["group"][at])],
            first=first,
            latest=latest,
            start=None if start == NEVER else start,
            read_on=first if start == NEVER else start,
            most_free_kw=self._free_kw(row, first, max(latest, first) + 1),
            has_run=bool(self.starts.has_run[row]),
            price_micros=int(self.prices.total[row]) if is_comparable else None,
            curtailment_bp=int(self.curtailment_bp[row]),
            earliest=self._later_start(at) if start == NEVER else None,
        )

    def _free_kw(self, row: int, low: int, stop: int) -> int:
        stretches = self.starts.segments
        here = (stretches.row == row) & (stretches.low < stop) & (stretches.high > low)
        return int(stretches.free_kw[here].max())

    def _later_start(self, at: int) -> int | None:
        first = max(self.starts.first, self.starts.latest + 1)
        latest = min(first + CURE_DAYS - 1, LAST_DAY)
        rows = Rows.of(self.book, np.array([at], dtype=np.int64))
        found = int(starts.find(self.book, self.need, rows, self.reach_of, first, latest).start[0])
        return None if found == NEVER else found


def evaluate(book: Book, need: Need, *, only: Iterable[int] | None = None) -> Verdict:
    """Answer one need over all offers of the book, or over those at the positions `only`.

    ValueError for weights that are no weights. Nothing here depends on the order in which rows were given.
    """
    weights = scoring.weights_of(need.weights)
    at = np.arange(len(book.offers)) if only is None else np.unique(np.array(list(only), dtype=np.int64))
    rows = Rows.of(book, at)
    reach_of = rules.reaches(book, need, rows.groups)
    found = starts.find(book, need, rows, reach_of, first_day(book, need), day_of(need.latest_start))
    curtailment_bp = starts.curtailment(book, need, rows, reach_of, found.read_on)
    prices = pricing.price(book, need, rows, reach_of, found.read_on, curtailment_bp)
    failed = gates.failures(book, need, at, found, prices, curtailment_bp)
    fitting = np.flatnonzero(~failed.any(axis=0))
    values = _values(book, need, at[fitting], found.start[fitting], prices.total[fitting], found)
    return Verdict(
        book=book,
        need=need,
        weights=weights,
        rows=rows,
        reach_of=reach_of,
        starts=found,
        curtailment_bp=curtailment_bp,
        prices=prices,
        failed=failed,
        fitting=fitting,
        values=values,
        scores=scoring.totals(values, weights),
    )


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
        earliest_start=book.as_of,
        latest_start=book.as_of,
        term_months=LIST_MONTHS,
        max_price_micros=1,
    )
    rows = Rows.of(book, np.arange(len(book.offers)))
    reach_of = rules.reaches(book, need, rows.groups)
    read_on = np.full(len(book.offers), day_of(book.as_of))
    curtailment_bp = starts.curtailment(book, need, rows, reach_of, read_on)
    prices = pricing.price(book, need, rows, reach_of, read_on, curtailment_bp)
    pairs = zip(prices.total.tolist(), prices.is_comparable.tolist(), strict=True)
    return [total if is_comparable else None for total, is_comparable in pairs]


def free_kw(book: Book, on: date) -> list[int]:
    """Free capacity of every offer on a day: its phases less its live commitments."""
    at = np.arange(len(book.offers))
    return book.timeline.segments(at, None).on(np.full(len(at), day_of(on))).tolist()


def _ranks(price: np.ndarray) -> np.ndarray:
    # Prices may be Python integers beyond int64, which cannot be sorted with other keys: their ranks can.
    return np.unique(price, return_inverse=True)[1]


def _values(
    book: Book, need: Need, at: np.ndarray, start: np.ndarray, price: np.ndarray, found: Starts
) -> np.ndarray:
    law = np.array([place.value for place in book.places], dtype=np.int64)
    columns = (
        scoring.price_values(price, need.max_price_micros),
        law[book.columns["place"][at]],
        scoring.start_values(start, found.first, found.latest),
        book.columns["trust_value"][at],
        scoring.uptime_values(book.columns["uptime_bp"][at]),
        book.columns["renewable_bp"][at],
    )
    return np.stack(columns, axis=1)
