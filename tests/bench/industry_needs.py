"""The asking side of the benchmark's market: fleets as they are moved today, as the engine's needs.

Shares follow the distributions gathered for demo and benchmark markets: [E] from data, [D] derived from it,
[A] assumed. Most requests leave most bounds out, as people do.
"""

import math
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from hosting.matching.records import Licence, Need
from tests.bench.industry_offers import Draw
from tests.bench.industry_places import AS_OF, REGIONS
from tests.bench.industry_terms import MACHINE_KW

# Machines of a request (from, below) and their shares of the requests [A].
FLEETS = ((1, 10), (10, 100), (100, 1_000), (1_000, 5_000), (5_000, 40_000))
FLEET_SHARES = (38, 30, 19, 9, 4)
# Hundredths of J/TH of those who relocate: they lean old [A].
EFFICIENCIES = ((1_500, 1_900), (1_900, 2_500), (2_500, 3_800), (3_800, 9_800))
EFFICIENCY_SHARES = (15, 30, 45, 10)
# What pages offer as ready weights, beside the default that most keep [A].
WEIGHTS: tuple[dict[str, int] | None, ...] = (
    None,
    {"price": 70, "regulation": 10, "start": 10, "trust": 5, "uptime": 5, "energy": 0},
    {"price": 20, "regulation": 45, "start": 5, "trust": 20, "uptime": 10, "energy": 0},
    {"price": 20, "regulation": 10, "start": 55, "trust": 5, "uptime": 5, "energy": 5},
    {"price": 25, "regulation": 15, "start": 10, "trust": 10, "uptime": 10, "energy": 30},
    {"price": 100, "regulation": 0, "start": 0, "trust": 0, "uptime": 0, "energy": 0},
)
OWN_WEIGHTS = 0.06
MINER_LICENCES = ("ru-fns-miner-register", "kz-digital-mining-2", "uz-napp-mining-permit")
COUNTRIES = sorted({code[:2] for code in REGIONS})
COOLINGS = (None, ("air",), ("air", "hydro"), ("hydro",), ("immersion",), ("hydro", "immersion"))
PRICE_MODELS = (
    None,
    ("all_in", "tiered", "base_plus_metered"),
    ("all_in",),
    ("all_in", "base_plus_metered", "pass_through", "indexed", "tiered"),
    ("revenue_share", "pass_through"),
)


def ids(rng: np.random.Generator, count: int) -> list[UUID]:
    """So many ids of requests."""
    halves = rng.integers(0, 2**63, (count, 2)).tolist()
    return [UUID(int=(high << 64) | low, version=4) for high, low in halves]


def needs(rng: np.random.Generator, of: list[UUID]) -> list[tuple[UUID, Need]]:
    """One need for each of these requests."""
    draw = Draw(rng, len(of))
    columns = _columns(draw)
    chosen = _places(draw)
    names = list(columns)
    found = []
    for request, places, row in zip(of, chosen, zip(*columns.values(), strict=True), strict=True):
        found.append((request, _need(request, dict(zip(names, row, strict=True)), places)))
    return found


def _columns(draw: Draw) -> dict[str, list]:
    return {
        "fleet": draw.pick(FLEETS, FLEET_SHARES),
        "in_fleet": draw.part(),
        "class": draw.pick(EFFICIENCIES, EFFICIENCY_SHARES),
        "in_class": draw.part(),
        "older": draw.part(),
        "is_known": [part > 0.03 for part in draw.part()],
        "origin": draw.pick((None, "US", "CN", "KZ", "RU", "CA", "AE", "ET", "DE", "MY"),
                            (20, 28, 20, 7, 6, 5, 4, 4, 3, 3)),
        # Most want to move soon; one in fifty has let its window pass.
        "in_days": draw.pick((-40, 0, 1, 7, 14, 30, 45, 60, 90, 150, 240),
                             (2, 22, 6, 14, 14, 14, 6, 9, 7, 4, 2)),
        "window": draw.pick((0, 7, 14, 30, 60, 90, 180), (4, 8, 18, 30, 22, 13, 5)),
        "term_months": draw.pick((1, 3, 6, 12, 18, 24, 36, 60), (3, 4, 8, 42, 6, 24, 9, 4)),
        "z": draw.normal(),
        "steps": draw.pick((1, 100, 500, 1_000), (10, 20, 40, 30)),
        "max_deposit_months": draw.pick((None, 0, 1, 2, 3), (60, 1, 15, 16, 8)),
        "min_uptime_bp": draw.pick((None, 9_000, 9_500, 9_700, 9_900), (58, 10, 26, 5, 1)),
        "max_curtailment_bp": draw.pick((None, 100, 300, 500, 1_000), (74, 3, 6, 8, 9)),
        "min_renewable_bp": draw.pick((None, 3_000, 5_000, 8_000, 10_000), (88, 3, 4, 3, 2)),
        "cooling": draw.pick(COOLINGS, (55, 33, 4, 4, 3, 1)),
        "price_models": draw.pick(PRICE_MODELS, (80, 9, 6, 4, 1)),
        "min_legal_status": draw.pick((None, "restricted", "tolerated", "legal_unregulated",
                                       "legal_licensed"), (74, 2, 9, 12, 3)),
        "min_predictability": draw.pick((None, 2, 3, 4), (80, 8, 9, 3)),
        "min_evidence": draw.pick((None, "documented", "verified"), (77, 19, 4)),
        "licence": draw.pick((None, *MINER_LICENCES), (84, 6, 7, 3)),
        "licence_days": draw.whole(-20, 1_400),
        "ready_weights": draw.pick(WEIGHTS, (80, 5, 3, 3, 2, 1)),
        "has_own": [part < OWN_WEIGHTS for part in draw.part()],
        "own": draw.rng.integers(0, 101, (draw.size, 6)).tolist(),
    }  # fmt: skip


def _places(draw: Draw) -> list[tuple[frozenset[str] | None, frozenset[str] | None]]:
    """(allowed, excluded) of each request: 15 % name where they'd go, a quarter where they would not [A]."""
    share = np.array([region.sites for region in REGIONS.values()])
    codes = list(REGIONS)
    liked = draw.rng.choice(len(codes), (draw.size, 5), p=share / share.sum()).tolist()
    avoided = draw.rng.choice(len(COUNTRIES), (draw.size, 4)).tolist()
    found = []
    counts = zip(draw.part(), draw.part(), draw.whole(1, 6), draw.whole(1, 5), draw.part(), strict=True)
    for at, (names_some, bars_some, many, barred, by_country) in enumerate(counts):
        allowed = excluded = None
        if names_some < 0.15:
            named = [codes[code] for code in liked[at][:many]]
            allowed = frozenset(code[:2] if by_country < 0.6 else code for code in named)
        if bars_some < 0.25:
            excluded = frozenset({"CN", *(COUNTRIES[code] for code in avoided[at][:barred])})
        found.append((allowed, excluded))
    return found


def _need(request: UUID, drawn: dict[str, Any], places: tuple) -> Need:
    low, high = drawn["fleet"]
    machines = int(low * math.exp(drawn["in_fleet"] * math.log(high / low)))
    low, high = drawn["class"]
    efficiency = low + int(drawn["in_class"] * (high - low))
    worst = efficiency if machines < 10 else int(efficiency * (1 + 0.3 * drawn["older"]))
    # Around what region and size make of a price today, not what their machines still earn [A].
    price = 0.064 * math.exp(0.17 * drawn["z"])
    steps = drawn["steps"]
    earliest = AS_OF + timedelta(days=drawn["in_days"])
    allowed, excluded = places
    return Need(
        need_kw=max(1, math.ceil(machines * MACHINE_KW)),
        efficiency=efficiency if drawn["is_known"] else None,
        worst_j_th=worst if drawn["is_known"] else None,
        origin=drawn["origin"],
        earliest_start=earliest,
        latest_start=earliest + timedelta(days=drawn["window"]),
        term_months=drawn["term_months"],
        max_price_micros=max(20_000, round(price * 1_000_000 / steps) * steps),
        max_deposit_months=drawn["max_deposit_months"],
        min_uptime_bp=drawn["min_uptime_bp"],
        max_curtailment_bp=drawn["max_curtailment_bp"],
        min_renewable_bp=drawn["min_renewable_bp"],
        cooling=None if drawn["cooling"] is None else frozenset(drawn["cooling"]),
        price_models=None if drawn["price_models"] is None else frozenset(drawn["price_models"]),
        allowed=allowed,
        excluded=excluded,
        min_legal_status=drawn["min_legal_status"],
        min_predictability=drawn["min_predictability"],
        licences=_licences(drawn),
        min_evidence=drawn["min_evidence"],
        weights=_weights(drawn),
        request=request,
    )


def _licences(drawn: dict[str, Any]) -> tuple[Licence, ...]:
    if drawn["licence"] is None:
        return ()
    until: date | None = AS_OF + timedelta(days=drawn["licence_days"])
    return (Licence(drawn["licence"], AS_OF - timedelta(days=400), until),)


def _weights(drawn: dict[str, Any]) -> dict[str, int] | None:
    if not drawn["has_own"]:
        return drawn["ready_weights"]
    own = dict(zip(("price", "regulation", "start", "trust", "uptime", "energy"), drawn["own"], strict=True))
    return own if any(own.values()) else None
