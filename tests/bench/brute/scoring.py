"""The score: six parts of 0 to 10000, weighted."""

from collections.abc import Mapping

import numpy as np

PARTS = ("price", "regulation", "start", "trust", "uptime", "energy")
DEFAULT_WEIGHTS = {"price": 40, "regulation": 20, "start": 15, "trust": 10, "uptime": 10, "energy": 5}
FULL = 10_000


def weights_of(given: Mapping[str, int] | None) -> tuple[int, ...]:
    """Weights in the order of PARTS; one left out takes its default. ValueError outside 0-100 or all zero."""
    given = given or {}
    if unknown := set(given) - set(PARTS):
        raise ValueError(f"unknown weights: {sorted(unknown)}")
    weights = tuple(given.get(name, DEFAULT_WEIGHTS[name]) for name in PARTS)
    if not all(type(weight) is int and 0 <= weight <= 100 for weight in weights) or not any(weights):
        raise ValueError("weights are whole numbers from 0 to 100, not all zero")
    return weights


def price_values(price: np.ndarray, max_price_micros: int) -> np.ndarray:
    """10000 at a price of 0, 0 at the ceiling. Works on int64 and on exact Python integers alike."""
    value = FULL * (max_price_micros - price) // max_price_micros
    return np.clip(value, 0, FULL).astype(np.int64)


def start_values(start: np.ndarray, first_day: int, latest_day: int) -> np.ndarray:
    """10000 on the first possible day, 0 on the latest; 10000 when they are the same day."""
    if latest_day <= first_day:
        return np.full(len(start), FULL, dtype=np.int64)
    return np.clip(FULL * (latest_day - start) // (latest_day - first_day), 0, FULL)


def law_value(status: int | None, is_low: bool, rating: int | None) -> int:
    """1500 x status (750 x for a low confidence) + 1000 x (rating - 1); an unknown term counts 0."""
    return (0 if status is None else (750 if is_low else 1500) * status) + (
        0 if rating is None else 1000 * (rating - 1)
    )


def trust_value(evidence: int, reputation: int | None) -> int:
    """0, 2500 or 5000 for the evidence plus half the reputation; a host without reviews counts as 5000."""
    return 2500 * evidence + (5000 if reputation is None else reputation) // 2


def uptime_values(uptime_bp: np.ndarray) -> np.ndarray:
    """0 at 90 % and below, 10000 at 100 %."""
    return np.clip(10 * (uptime_bp - 9000), 0, FULL)


def totals(values: np.ndarray, weights: tuple[int, ...]) -> np.ndarray:
    """Scores 0-10000 of a (rows, 6) table of values."""
    return values @ np.array(weights, dtype=np.int64) // sum(weights)
