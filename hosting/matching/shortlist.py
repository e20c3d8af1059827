"""The loop that finds the best of the market for each request, looking at few pairs. Compiled by the kernel.

Three sieves stand before a pair: maps of bits answer what only compares terms, a word for a block of 64
lanes; the bound of a block, and then that of a lane, says whether it could still enter the list. The blocks
left are visited best bound first. What passes is decided by pairs.fit alone.
"""

from typing import Any, NamedTuple

import numpy as np

from hosting.matching import gates, pairs, rules
from hosting.matching.blocks import POINT_SHIFT, SIZE
from hosting.matching.scoring import FULL
from hosting.matching.search import SCORE_SHIFT, SHARE_SHIFT, TERM_SHIFT, insert, scales_of
from hosting.matching.sieve import (
    BUCKETS,
    CLOSED,
    ENERGY,
    NOTHING,
    ONE,
    TRUST,
    UPTIME,
    bound_blocks,
    lane_of,
    sift,
    sort_blocks,
)


class Room(NamedTuple):
    """Arrays the loop works in. bans: see rules.find_blocks; seen, first and count are by group."""

    left: Any
    found: Any
    bound: Any
    value: Any
    order: Any
    heads: Any
    worth: Any
    bans: Any
    seen: Any
    first: Any
    count: Any

    @classmethod
    def of(cls, blocks: int, places: int, groups: int, bans: int) -> "Room":
        """As large as the market asks for; `bans` is the most stretches one need can be forbidden."""
        arrays = (
            np.zeros(blocks, np.uint64),
            *(np.zeros(blocks, np.int64) for _ in range(4)),
            np.zeros(BUCKETS + 2, np.int64),
            *(np.zeros(places, np.int64), np.zeros((bans, 3), np.int64)),
            *(np.zeros(groups, np.int64) for _ in range(3)),
        )
        return cls._make(arrays)


def rank(
    market,
    law,
    wants,
    lanes,
    rows,
    order,
    own_first,
    own_at,
    only,
    is_looked_at,
    least,
    room,
    keys,
    ats,
    starts,
):
    """Fill the list of each request: row i for the request at rows[i], keys downwards, 0 where there is none.

    The lists are made in this order: neighbours who are alike look at the same rows of memory.

    What the lists hold already takes part. only: a word for each block, the lanes to look at; is_looked_at:
    the same by offer (empty: all). least: by list, keys below it do not count. own_at: offers at which a
    request has a commitment of its own, own_first[i] : own_first[i + 1]. room: arrays to work in.
    """
    keep = keys.shape[1]
    seen = room.seen
    for group in range(len(seen)):
        seen[group] = -1
    # The stretch of blocks with anything to look at: all of them, or those of a place.
    low, high = 0, len(only)
    while low < high and only[low] == NOTHING:
        low += 1
    while high > low and only[high - 1] == NOTHING:
        high -= 1
    for number in order:
        if rows[number] < 0:
            continue
        need = wants.needs[rows[number]]
        day, stop = max(need.earliest, market.as_of), need.latest + 1
        if stop <= day:
            continue
        base = FULL * (need.w_price + need.w_start)
        for place in range(len(law.places)):
            if lanes.place_first[place + 1] <= low or lanes.place_first[place] >= high:
                room.worth[place] = CLOSED
                continue
            room.worth[place] = base + need.w_law * law.places[place].value
            if gates.place_fails(need, place, law, wants) != 0:
                room.worth[place] = CLOSED
        used = 0
        bar = max(keys[number, keep - 1], least[number] - 1)
        for own in range(own_first[number], own_first[number + 1]):
            at = own_at[own]
            if len(is_looked_at) == 0 or is_looked_at[at] != 0:
                used, bar = try_offer(
                    market,
                    law,
                    wants,
                    need,
                    room,
                    number,
                    at,
                    used,
                    day,
                    stop,
                    bar,
                    least,
                    keys,
                    ats,
                    starts,
                )
        share, term, points = scales_of(need, market.hashprice)
        is_usual = need.w_trust == TRUST and need.w_uptime == UPTIME and need.w_energy == ENERGY
        target = (bar >> SCORE_SHIFT) * need.w_sum
        sift(lanes, need, only, room.left, low, high)
        found = bound_blocks(
            lanes,
            need,
            room.worth,
            share,
            term,
            points,
            target,
            room.left,
            low,
            high,
            room.found,
            room.bound,
            room.value,
        )
        if found == 0:
            continue
        width = sort_blocks(found, room.bound, room.order, room.heads)
        for turn in range(found):
            best = room.order[turn]
            if room.bound[best] < target:
                if room.bound[best] + width <= target:
                    break
                continue
            block, value = room.found[best], room.value[best]
            word = room.left[block]
            while word != NOTHING:
                bit = word & (~word + ONE)
                word ^= bit
                lane = block * SIZE + lane_of(bit)
                dear = (
                    np.int64(lanes.price[lane])
                    + (np.int64(lanes.share[lane]) * share >> SHARE_SHIFT)
                    + (np.int64(lanes.setup[lane]) * term >> TERM_SHIFT)
                )
                most = np.int64(lanes.static[lane])
                if not is_usual:
                    most = (
                        need.w_trust * np.int64(lanes.trust[lane])
                        + need.w_uptime * np.int64(lanes.uptime[lane])
                        + need.w_energy * np.int64(lanes.energy[lane])
                    )
                most += value - (dear * points >> POINT_SHIFT)
                if dear > need.max_price or most < target:
                    continue
                used, bar = try_offer(
                    market,
                    law,
                    wants,
                    need,
                    room,
                    number,
                    np.int64(lanes.at[lane]),
                    used,
                    day,
                    stop,
                    bar,
                    least,
                    keys,
                    ats,
                    starts,
                )
                target = (bar >> SCORE_SHIFT) * need.w_sum


def try_offer(market, law, wants, need, room, number, at, used, day, stop, bar, least, keys, ats, starts):
    """Put the offer into list `number` if it fits and passes the bar: (bans known, the bar now)."""
    offer = market.offers[at]
    if room.worth[offer.place] == CLOSED:
        return used, bar
    used = know_bans(need, offer.group, law, wants, room, number, used, day, stop)
    first, bans = room.first[offer.group], room.count[offer.group]
    key, start = pairs.fit(offer, need, law, market, room.bans, first, bans, day, bar)
    if key > bar:
        keep = keys.shape[1]
        insert(keys, ats, starts, number, keep, key, at, start)
        bar = max(keys[number, keep - 1], least[number] - 1)
    return used, bar


def know_bans(need, group, law, wants, room, number, used, day, stop):
    """See that the stretches forbidden in a group are known for the request; how many there are in all."""
    if room.seen[group] != number:
        room.seen[group] = number
        room.first[group] = used
        used = rules.find_blocks(need, law.groups[group], law, wants, room.bans, used, day, stop)
        room.count[group] = used - room.first[group]
    return used
