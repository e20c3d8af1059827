"""The effective price: six components in micro-USD per kWh, each exact and rounded once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hosting.matching.records import NUMBER_LIMIT, Need
from tests.bench.brute.book import Book
from tests.bench.brute.money import half_up
from tests.bench.brute.rules import Reach
from tests.bench.brute.starts import Rows
from tests.bench.brute.windows import span

COMPONENTS = ("energy", "passthrough", "hosting_fee", "levy", "revenue_share", "setup")
HOURS = 730
UNIT = 10_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Per row: the components in the order of COMPONENTS, their sum, and whether they mean anything."""

    components: tuple[np.ndarray, ...]
    total: np.ndarray
    is_comparable: np.ndarray


def is_wide(book: Book, need: Need) -> bool:
    """Whether a product could pass 2**62, so that exact Python integers are needed instead of int64."""
    peaks = book.peaks
    factor = peaks["factor"]
    rate = max(peaks["energy_price"], peaks["tier"])
    fee = peaks["hosting_fee"] * factor * HOURS * UNIT + peaks["base_fee_kw_month"] * UNIT * UNIT
    share = peaks["revenue_share_bp"] * book.hashprice_micros * 10
    setup = peaks["setup_fee_kw"] * UNIT
    products = [
        rate * factor,
        peaks["passthrough_estimate"] * factor,
        fee,
        peaks["levy"] * factor,
        share,
        setup,
    ]
    # The components themselves are smaller than these products; the score multiplies their sum once more.
    total = sum(
        (
            (rate + peaks["passthrough_estimate"] + peaks["hosting_fee"] + peaks["levy"]) * factor // UNIT,
            (peaks["base_fee_kw_month"] + peaks["setup_fee_kw"]) * UNIT // HOURS,
            share // 24,
            len(COMPONENTS),
        )
    )
    divisors = [UNIT * HOURS * UNIT, HOURS * need.term_months * UNIT, 24 * (need.efficiency or 0)]
    largest = 2 * max(products) + max(divisors)
    return max(largest, UNIT * (total + need.max_price_micros)) >= NUMBER_LIMIT


def price(
    book: Book,
    need: Need,
    rows: Rows,
    reach_of: Mapping[int, Reach],
    read_on: np.ndarray,
    curtailment_bp: np.ndarray,
) -> Prices:
    """Price every row as if it began on its day `read_on`."""
    wide = is_wide(book, need)
    at = rows.at

    def column(values: np.ndarray) -> np.ndarray:
        return values[at].astype(object) if wide else values[at]

    factor = column(book.columns["factor"])
    rate = column(book.amounts["energy_price"])
    estimate = np.where(book.columns["reads_estimate"][at], column(book.amounts["passthrough_estimate"]), 0)
    is_comparable = book.columns["is_complete"][at].copy()
    rate, fits = _tier_rates(book, need, at, rate)
    is_comparable &= fits

    load = book.columns["uptime_bp"][at] * (UNIT - curtailment_bp) // UNIT
    is_comparable &= load > 0
    load = np.maximum(load, 1)

    share = column(book.columns["revenue_share_bp"])
    efficiency = need.efficiency or 0
    has_yield = book.hashprice_micros > 0 and efficiency > 0
    if not has_yield:
        is_comparable &= share == 0
    levy, is_priced = _levies(book, rows, reach_of, read_on, rate + estimate)
    is_comparable &= is_priced

    fee = column(book.amounts["hosting_fee"]) * factor * (HOURS * load)
    base = column(book.amounts["base_fee_kw_month"]) * (UNIT * UNIT)
    hours = HOURS * need.term_months
    components = (
        half_up(rate * factor, UNIT),
        half_up(estimate * factor, UNIT),
        half_up(fee + base, UNIT * HOURS * load),
        half_up(levy * factor, UNIT),
        half_up(share * book.hashprice_micros * 10, 24 * efficiency) if has_yield else share * 0,
        half_up(column(book.amounts["setup_fee_kw"]) * UNIT, hours * load),
    )
    total = np.sum(np.stack(components), axis=0)
    return Prices(components, total, is_comparable.astype(bool))


def _tier_rates(book: Book, need: Need, at: np.ndarray, rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Energy rates with those of tiered offers put in, and whether a tier with a known price fits."""
    tier_row = book.tier_row[at]
    tiered = np.flatnonzero(tier_row >= 0)
    fits = np.ones(len(at), dtype=bool)
    if not len(tiered):
        return rate, fits
    row = tier_row[tiered]
    if not book.tier_kw.shape[1]:
        fits[tiered] = False
        return rate, fits
    level = (book.tier_kw[row] <= need.need_kw).sum(axis=1) - 1
    known = np.maximum(level, 0)
    rate = rate.astype(object) if book.tier_price.dtype == object else rate.copy()
    rate[tiered] = book.tier_price[row, known]
    fits[tiered] = (level >= 0) & ~book.tier_needs_rate[row, known]
    return rate, fits


def _levies(
    book: Book, rows: Rows, reach_of: Mapping[int, Reach], read_on: np.ndarray, compared: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The sum of the levies in force for each row, and whether each of them could be converted."""
    total = np.zeros(len(rows.at), dtype=compared.dtype)
    is_priced = np.ones(len(rows.at), dtype=bool)
    is_due = ~book.columns["levies_included"][rows.at]
    for group, members in rows.by_group():
        for rule in reach_of[group].levies:
            low, high = span(rule)
            day = read_on[members]
            due = members[(low <= day) & (day < high) & is_due[members]]
            scale = book.scales[rule.id]
            if not scale.is_priced:
                is_priced[due] = False
            else:
                total[due] += scale.amounts[np.searchsorted(scale.froms, compared[due], side="right")]
    return total, is_priced
