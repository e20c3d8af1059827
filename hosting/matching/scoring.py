"""The score: six parts of 0 to 10000, weighted, and points that always add up to it."""

from collections.abc import Mapping
from dataclasses import dataclass

PARTS = ("price", "regulation", "start", "trust", "uptime", "energy")
DEFAULT_WEIGHTS = {"price": 40, "regulation": 20, "start": 15, "trust": 10, "uptime": 10, "energy": 5}
FULL = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: its value 0-10000, and the points it brings to the score."""

    name: str
    weight: int
    value: int
    points: int


def weights_of(given: Mapping[str, int] | None) -> tuple[int, ...]:
    """Weights in the order of PARTS; one left out takes its default. ValueError outside 0-100 or all zero."""
    given = given or {}
    if unknown := set(given) - set(PARTS):
        raise ValueError(f"unknown weights: {sorted(unknown)}")
    weights = tuple(given.get(name, DEFAULT_WEIGHTS[name]) for name in PARTS)
    if not all(type(weight) is int and 0 <= weight <= 100 for weight in weights) or not any(weights):
        raise ValueError("weights are whole numbers from 0 to 100, not all zero")
    return weights


def price_value(price, max_price):
    """10000 at a price of 0, 0 at the ceiling."""
    return max(0, min(FULL, FULL * (max_price - price) // max_price))


def start_value(start, first, latest):
    """10000 on the first possible day, 0 on the latest; 10000 when they are the same day."""
    if latest <= first:
        return FULL
    return max(0, min(FULL, FULL * (latest - start) // (latest - first)))


def uptime_value(uptime):
    """0 at 90 % and below, 10000 at 100 %."""
    return max(0, min(FULL, 10 * (uptime - 9000)))


def score_of(need, price, law, start, trust, uptime, energy):
    """The score 0-10000 of six values under a need's weights, down."""
    weighed = need.w_price * price + need.w_law * law + need.w_start * start
    weighed += need.w_trust * trust + need.w_uptime * uptime + need.w_energy * energy
    return weighed // need.w_sum


def law_value(status: int | None, is_low: bool, rating: int | None) -> int:
    """1500 x status (750 x for a low confidence) + 1000 x (rating - 1); an unknown term counts 0."""
    return (0 if status is None else (750 if is_low else 1500) * status) + (
        0 if rating is None else 1000 * (rating - 1)
    )


def trust_value(evidence: int, reputation: int | None) -> int:
    """0, 2500 or 5000 for the evidence plus half the reputation; a host without reviews counts as 5000."""
    return 2500 * evidence + (5000 if reputation is None else reputation) // 2


def parts(values: tuple[int, ...], weights: tuple[int, ...]) -> tuple[Part, ...]:
    """The parts of one score. What the floors leave short goes one each to the largest remainders."""
    whole = sum(weights)
    products = [weight * value for weight, value in zip(weights, values, strict=True)]
    points = [product // whole for product in products]
    short = sum(products) // whole - sum(points)
    by_remainder = sorted(range(len(PARTS)), key=lambda at: (-(products[at] % whole), at))
    for at in by_remainder[:short]:
        points[at] += 1
    return tuple(Part(*row) for row in zip(PARTS, weights, values, points, strict=True))
