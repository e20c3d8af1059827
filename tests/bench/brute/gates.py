"""The gates: eighteen yes-or-no questions about a pair, all of them answered, for every offer at once."""

from collections.abc import Iterable

import numpy as np

from hosting.matching.records import COOLINGS, EVIDENCE, LEGAL_STATUS, PRICE_MODELS, Need
from tests.bench.brute.book import Book, PlaceLaw
from tests.bench.brute.pricing import Prices
from tests.bench.brute.starts import Starts
from tests.bench.brute.windows import NEVER

GATES = (
    "jurisdiction",
    "legal_status",
    "predictability",
    "rules",
    "cooling",
    "machine_age",
    "order_size",
    "capacity",
    "window",
    "term",
    "price_model",
    "price_comparable",
    "price_ceiling",
    "deposit",
    "uptime",
    "curtailment",
    "renewable",
    "evidence",
)


def barred_by(need: Need, place: PlaceLaw) -> str | None:
    """The excluded code the place lies within, if any. A country covers its subdivisions; excluded wins."""
    return next((code for code in place.chain if code in (need.excluded or ())), None)


def is_allowed(need: Need, place: PlaceLaw) -> bool:
    """Whether the place lies within an allowed code; with none named, every place does."""
    return not need.allowed or any(code in need.allowed for code in place.chain)


def fails_status(need: Need, place: PlaceLaw) -> bool:
    """Banned, or below the minimum, or unknown or of low confidence when a minimum is set."""
    standing = place.standing
    if standing.banned_by is not None:
        return True
    if need.min_legal_status is None:
        return False
    return standing.is_unsure or (standing.status or 0) < LEGAL_STATUS.index(need.min_legal_status)


def fails_predictability(need: Need, place: PlaceLaw) -> bool:
    """Below the minimum, or unknown when a minimum is set."""
    if need.min_predictability is None:
        return False
    rating = place.standing.rating
    return rating is None or rating < need.min_predictability


def failures(
    book: Book, need: Need, at: np.ndarray, starts: Starts, prices: Prices, curtailment_bp: np.ndarray
) -> np.ndarray:
    """A (gates, rows) table of booleans: which gate each offer at the positions `at` fails."""
    never = np.zeros(len(at), dtype=bool)
    column = {name: values[at] for name, values in book.columns.items()}

    def of_place(fails: Iterable[bool]) -> np.ndarray:
        return np.array(list(fails), dtype=bool)[column["place"]]

    def above(values: np.ndarray, bound: int | None) -> np.ndarray:
        return never if bound is None else values > bound

    def below(values: np.ndarray, bound: int | None) -> np.ndarray:
        return never if bound is None else values < bound

    def outside(values: np.ndarray, accepted: frozenset[str] | None, words: tuple[str, ...]) -> np.ndarray:
        if not accepted:
            return never
        is_accepted = np.array([word in accepted for word in words] + [False], dtype=bool)
        return ~is_accepted[values]

    too_old = column["max_j_per_th"] < (need.worst_j_th or 0)
    if need.worst_j_th is None:
        too_old = book.columns["has_age_limit"][at]
    has_room, has_start = starts.has_room, starts.start != NEVER
    if starts.is_empty:
        no_rule_day = no_room = never
        no_window = ~never
    else:
        no_rule_day = ~starts.is_lawful
        no_room = ~has_room
        no_window = (has_room & ~starts.has_run) | (starts.is_lawful & starts.has_run & ~has_start)
    min_evidence = None if need.min_evidence is None else EVIDENCE.index(need.min_evidence)
    too_dear = prices.is_comparable & (prices.total > need.max_price_micros).astype(bool)
    failed = {
        "jurisdiction": of_place(
            barred_by(need, place) is not None or not is_allowed(need, place) for place in book.places
        ),
        "legal_status": of_place(fails_status(need, place) for place in book.places),
        "predictability": of_place(fails_predictability(need, place) for place in book.places),
        "rules": no_rule_day,
        "cooling": outside(column["cooling"], need.cooling, COOLINGS),
        "machine_age": too_old,
        "order_size": (need.need_kw < column["min_kw"]) | (need.need_kw > column["max_kw"]),
        "capacity": no_room,
        "window": no_window,
        "term": (need.term_months < column["min_term_months"])
        | (need.term_months > column["max_term_months"]),
        "price_model": outside(column["price_model"], need.price_models, PRICE_MODELS),
        "price_comparable": ~prices.is_comparable,
        "price_ceiling": too_dear,
        "deposit": above(column["deposit_months"], need.max_deposit_months),
        "uptime": below(column["uptime_bp"], need.min_uptime_bp),
        "curtailment": above(curtailment_bp, need.max_curtailment_bp),
        "renewable": below(column["renewable_bp"], need.min_renewable_bp),
        "evidence": below(column["evidence"], min_evidence),
    }
    return np.array([failed[gate] for gate in GATES], dtype=bool).reshape(len(GATES), len(at))
