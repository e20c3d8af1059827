"""Lanes and blocks: what lets the kernel pass over most of the market without looking at it.

A lane is an offer at one size of fleet: an offer has one, a tiered one has one per tier. Lanes lie in blocks
of 64, each of one place, sorted so that a block's bounds are tight. A bound is never on the wrong side: a
price is never above, a score and a capacity never below what any pair of the lane can have.
"""

from typing import Any, NamedTuple

import numpy as np

from hosting.matching.gates import NO_LIMIT
from hosting.matching.places import Statute
from hosting.matching.pricing import HOURS, UNIT, metered
from hosting.matching.records import COOLINGS, PRICE_MODELS
from hosting.matching.scoring import DEFAULT_WEIGHTS, FULL
from hosting.matching.tables import Market

SIZE = 64
TOP = 2**31 - 1
# A bound on the price leaves room for what share and setup add to it.
PRICE_TOP, SHARE_TOP, SETUP_TOP = 2**30, 2**14, 2**18
# What a request is ready to pay, when it is sorted for nobody in particular.
TYPICAL_PRICE = 70_000


class Blocks(NamedTuple):
    """Columns of lanes in int32, bounds of blocks, and the sieve; a block is 64 lanes.

    price: without share, setup and levies. share: basis points. setup: micro-USD per kWh were the term one
    month. static: the points of trust, uptime and energy under the default weights, times their sum.

    place_first[p] : place_first[p + 1] are the blocks of place p. joint[k]: for each block the most that
    static - price * slopes[k] comes to in one lane; it is convex in the slope, so that a chord is a bound.
    bits: maps with a word for each block. Those of question q ("is its figure at most the need's?") begin at
    row bits_first[q], one for each of the steps steps[steps_first[q] : steps_first[q + 1]]: the lanes below
    that step; then all lanes. Those of the two sets (cooling, price model) have one row for each mask.
    """

    at: Any
    price: Any
    share: Any
    setup: Any
    kw_min: Any
    kw_max: Any
    term_min: Any
    term_max: Any
    opens: Any
    static: Any
    trust: Any
    uptime: Any
    energy: Any
    block_price: Any
    block_share: Any
    block_setup: Any
    block_trust: Any
    block_uptime: Any
    block_energy: Any
    place_first: Any
    joint: Any
    slopes: Any
    bits: Any
    bits_first: Any
    steps: Any
    steps_first: Any


LANES = Blocks._fields[1:13]
# An empty lane fits nobody.
EMPTY = {"price": TOP // 2, "kw_min": TOP, "kw_max": -1, "term_min": TOP, "term_max": -1, "opens": TOP}
LOWEST, HIGHEST = ("price", "share", "setup"), ("trust", "uptime", "energy")
# More steps than these make a map no finer: a figure between two of them is decided pair by pair.
STEPS = 64
# Points (times the sum of weights) a micro-USD costs, in 2**-10: a default request's are 3 to 20.
POINT_SHIFT = 10
# Between two slopes a bound is taken in so many (as bits) steps.
STEP_BITS = 12
SLOPES = np.array(
    [0, 1_536, 2_560, 3_584, 4_608, 5_632, 6_656, 8_192, 10_240, 12_800, 16_384, 22_528, 40_960]
)
WORST = -(2**40)


def blocks_of(market: Market, statute: Statute, skip: np.ndarray) -> Blocks:
    """Lay the offers out. `skip`: those that are not to be found here (odd ones)."""
    lanes = _lanes(market, skip)
    place = market.offers["place"][lanes["at"]]
    law = statute.table.places["value"][place]
    worth = lanes["static"] + DEFAULT_WEIGHTS["regulation"] * law
    per_micro = DEFAULT_WEIGHTS["price"] * FULL // TYPICAL_PRICE
    typical = worth - lanes["price"].astype(np.int64) * per_micro
    order = np.lexsort((-typical, place))
    starts, counts = np.unique(place[order], return_index=True)[1], np.bincount(place)
    counts = counts[counts > 0]
    blocks = -(-counts // SIZE)
    first = np.concatenate([[0], np.cumsum(blocks)])[:-1] * SIZE
    total = int(blocks.sum()) * SIZE
    goes = np.repeat(first - starts, counts) + np.arange(len(order))
    columns = []
    for name in ("at", *LANES):
        column = np.full(total, -1 if name == "at" else EMPTY.get(name, 0), dtype=np.int32)
        column[goes] = lanes[name][order]
        columns.append(column)
    table = dict(zip(("at", *LANES), columns, strict=True))
    is_lane = table["at"] >= 0
    bounds = [np.where(is_lane, table[name], TOP).reshape(-1, SIZE).min(axis=1) for name in LOWEST]
    bounds += [table[name].reshape(-1, SIZE).max(axis=1) for name in HIGHEST]
    place_first = np.zeros(len(statute.places) + 1, dtype=np.int64)
    np.cumsum(-(-np.bincount(place, minlength=len(statute.places)) // SIZE), out=place_first[1:])
    parts = (
        *columns,
        *(np.ascontiguousarray(bound, dtype=np.int64) for bound in bounds),
        place_first,
        _joint(table, is_lane),
        SLOPES.astype(np.int64),
        *_maps(table, is_lane, market.offers[np.maximum(table["at"], 0)]),
    )
    return Blocks._make(parts)


def _joint(lanes: dict[str, np.ndarray], is_lane: np.ndarray) -> np.ndarray:
    static, price = lanes["static"].astype(np.int64), lanes["price"].astype(np.int64)
    rows = []
    for slope in SLOPES.tolist():
        worth = np.where(is_lane, static - (price * slope >> POINT_SHIFT), WORST)
        rows.append(worth.reshape(-1, SIZE).max(axis=1))
    return np.array(rows, dtype=np.int64).reshape(len(SLOPES), -1)


def _maps(lanes: dict[str, np.ndarray], is_lane: np.ndarray, offers: np.ndarray) -> tuple[np.ndarray, ...]:
    """The bit maps: (bits, bits_first, steps, steps_first)."""
    questions = (
        lanes["kw_min"],
        -lanes["kw_max"],
        lanes["term_min"],
        -lanes["term_max"],
        -offers["max_j_th"],
        offers["deposit"],
        -offers["uptime"],
        -offers["renewable"],
        -offers["evidence"],
        offers["curtailment"],
        lanes["price"],
        lanes["opens"],
    )
    maps: list[np.ndarray] = []
    bits_first: list[int] = []
    steps: list[int] = []
    steps_first = [0]
    for figure in questions:
        known = np.unique(figure[is_lane])
        if len(known) > STEPS:
            at = np.linspace(0, is_lane.sum() - 1, STEPS).astype(np.int64)
            known = np.unique(np.sort(figure[is_lane])[at])
        bits_first.append(len(maps))
        maps += [is_lane & (figure < step) for step in known] + [is_lane]
        steps += known.tolist()
        steps_first.append(len(steps))
    for word, words in ((offers["cooling"], len(COOLINGS) + 1), (offers["model"], len(PRICE_MODELS))):
        bits_first.append(len(maps))
        maps += [is_lane & ((mask >> word & 1) != 0) for mask in range(1 << words)]
    packed = np.packbits(np.array(maps).reshape(len(maps), -1), axis=1, bitorder="little")
    return (
        packed.view(np.uint64),
        np.array(bits_first, dtype=np.int64),
        np.array(steps, dtype=np.int64),
        np.array(steps_first, dtype=np.int64),
    )


def _lanes(market: Market, skip: np.ndarray) -> dict[str, np.ndarray]:
    offers = market.offers
    usable = (offers["is_complete"] != 0) & (offers["load"] > 0) & ~skip & (offers["tiers"] >= 0)
    one = np.flatnonzero(usable & (offers["tiers"] == 0))
    many = np.flatnonzero(usable & (offers["tiers"] > 0))
    count = offers["tiers"][many]
    tiered = np.repeat(many, count)
    tier = np.arange(len(tiered)) - np.repeat(np.cumsum(count) - count, count)
    number = tier + offers["tier_first"][tiered]
    is_last = tier == offers["tiers"][tiered] - 1
    above = np.where(
        is_last,
        NO_LIMIT,
        market.tier_kw[np.minimum(number + 1, max(len(market.tier_kw) - 1, 0))] if len(number) else NO_LIMIT,
    )
    tier_kw = market.tier_kw[number] if len(number) else number
    tier_rate = market.tier_rate[number] if len(number) else number
    at = np.concatenate([one, tiered])
    rows = offers[at]
    energy = np.concatenate([offers["energy"][one], metered(tier_rate, offers["factor"][tiered])])
    low = np.concatenate([np.zeros(len(one), dtype=np.int64), tier_kw])
    high = np.concatenate([np.full(len(one), NO_LIMIT), above - 1])
    weight = DEFAULT_WEIGHTS
    uptime = np.clip(10 * (rows["uptime"] - 9000), 0, FULL)
    return {
        "at": at,
        "price": np.minimum(energy + rows["passthrough"] + rows["fee"], PRICE_TOP),
        "share": np.minimum(rows["share"], SHARE_TOP),
        "setup": np.minimum(rows["setup_fee"] * UNIT // (HOURS * np.maximum(rows["load"], 1)), SETUP_TOP),
        "kw_min": np.minimum(np.maximum(rows["kw_min"], low), TOP),
        "kw_max": np.minimum(np.minimum(np.minimum(rows["kw_max"], high), rows["peak_kw"]), TOP),
        "term_min": np.minimum(rows["term_min"], TOP),
        "term_max": np.minimum(rows["term_max"], TOP),
        "opens": rows["opens"],
        "static": weight["trust"] * rows["trust"]
        + weight["uptime"] * uptime
        + weight["energy"] * rows["renewable"],
        "trust": rows["trust"],
        "uptime": uptime,
        "energy": rows["renewable"],
    }
