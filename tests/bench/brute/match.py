"""One need against the whole book: which gates each offer fails, and who of those that fit comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

import numpy as np

from hosting.matching.records import Need
from tests.bench.brute import gates, pricing, rules, scoring, starts
from tests.bench.brute.book import Book, first_day
from tests.bench.brute.pricing import Prices
from tests.bench.brute.starts import Rows, Starts
from tests.bench.brute.windows import date_of, day_of


class Ranked(NamedTuple):
    """One row of an answer; the fields the engine's own rows have, so that the two compare for equality."""

    offer: UUID
    version: int
    score: int
    price_micros: int
    start: date


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one need over all offers of the book, or those at `rows.at`."""

    book: Book
    rows: Rows
    starts: Starts
    curtailment_bp: np.ndarray
    prices: Prices
    failed: np.ndarray
    fitting: np.ndarray
    scores: np.ndarray

    def ranked(self, limit: int | None = 20) -> list[Ranked]:
        """The matches: score down, effective price up, then the older offer, then the smaller id."""
        price = _ranks(self.prices.total[self.fitting])
        age = self.book.columns["age_rank"][self.rows.at[self.fitting]]
        found = []
        for place in np.lexsort((age, price, -self.scores))[:limit].tolist():
            row = int(self.fitting[place])
            offer = self.book.offers[int(self.rows.at[row])]
            total, start = int(self.prices.total[row]), date_of(int(self.starts.start[row]))
            found.append(Ranked(offer.id, offer.version, int(self.scores[place]), total, start))
        return found


def evaluate(book: Book, need: Need, *, only: Iterable[int] | None = None) -> Verdict:
    """Answer one need over all offers of the book, or over those at the positions `only`."""
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
        book, rows, found, curtailment_bp, prices, failed, fitting, scoring.totals(values, weights)
    )


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
