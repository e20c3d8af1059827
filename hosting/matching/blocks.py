"""Lanes and blocks: what lets the kernel pass over most of the market without looking at it.

A lane is an offer at one size of fleet: an offer has one, a tiered one has one per tier. Lanes lie in blocks of 64,
each of one place, sorted so that a block's bounds are tight. A bound is never on the wrong side: a price is
never above, a score and a capacity never below what any pair of the lane can have.
"""

from typing import Any, NamedTuple

import numpy as np

from hosting.matching.gates import NO_LIMIT
from hosting.matching.places import Statute
from hosting.matching.pricing import HOURS, UNIT, metered
from hosting.matching.scoring import DEFAULT_WEIGHTS, FULL
from hosting.matching.tables import Market

SIZE = 64
TOP = 2**31 - 1
# A bound on the price leaves room for what share and setup add to it.
PRICE_TOP, SHARE_TOP, SETUP_TOP = 2**30, 2**14, 2**18
# Where lanes are alike in everything but price they are sorted by it; these steps say what is alike.
STATIC_STEP = 40_000
TYPICAL_PRICE = 70_000


class Blocks(NamedTuple):
    """Columns of lanes, then the same bounds for blocks (64 lanes each), in int32.

    price: without share, setup and levies. share: basis points. setup: micro-USD per kWh were the term one
    month. static: the points of trust, uptime and energy under the default weights, times their sum.
    visit: blocks in the order that finds good offers early.
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
    block_kw_min: Any
    block_kw_max: Any
    block_term_min: Any
    block_term_max: Any
    block_opens: Any
    block_static: Any
    block_trust: Any
    block_uptime: Any
    block_energy: Any
    block_place: Any
    visit: Any


LANES = Blocks._fields[1:13]
# An empty lane fits nobody.
EMPTY = {"price": TOP // 2, "kw_min": TOP, "kw_max": -1, "term_min": TOP, "term_max": -1, "opens": TOP}
HIGHEST = ("kw_max", "term_max", "static", "trust", "uptime", "energy")


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
    bounds = []
    for name, column in zip(LANES, columns[1:], strict=True):
        table = column.reshape(-1, SIZE)
        if name in HIGHEST:
            bounds.append(table.max(axis=1, initial=-1))
        else:
            filled = np.where(columns[0].reshape(-1, SIZE) >= 0, table, TOP)
            bounds.append(filled.min(axis=1, initial=TOP))
    best = np.full(total, -TOP, dtype=np.int64)
    best[goes] = typical[order]
    visit = np.argsort(-best.reshape(-1, SIZE).max(axis=1, initial=-TOP), kind="stable")
    block_place = np.repeat(np.unique(place), blocks).astype(np.int32)
    return Blocks(
        *columns,
        *(np.ascontiguousarray(one, dtype=np.int32) for one in bounds),
        block_place,
        visit.astype(np.int32),
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
