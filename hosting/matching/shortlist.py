"""The loop that finds the best of the market for each request, looking at few pairs. Compiled by the kernel.

Three sieves stand before a pair: maps of bits answer what only compares terms, a word for a block of 64
lanes; the bound of a block, and then that of a lane, says whether it could still enter the list. The blocks
left are visited best bound first. What passes is decided by pairs.fit alone.
"""

from typing import Any, NamedTuple

import numpy as np

from hosting.matching import gates, pairs, rules
from hosting.matching.blocks import POINT_SHIFT, SIZE, STEP_BITS
from hosting.matching.scoring import DEFAULT_WEIGHTS, FULL
from hosting.matching.search import SCORE_SHIFT, SHARE_SHIFT, TERM_SHIFT, insert, scales_of

TRUST, UPTIME, ENERGY = (DEFAULT_WEIGHTS[part] for part in ("trust", "uptime", "energy"))
BUCKETS = 64
EVERY_COOLING = 15
CLOSED = -1
NOTHING, ONE = np.uint64(0), np.uint64(1)
PAIRS, QUADS, BYTES = (
    np.uint64(0x5555555555555555),
    np.uint64(0x3333333333333333),
    np.uint64(0x0F0F0F0F0F0F0F0F),
)
SUM_BYTES = np.uint64(0x0101010101010101)


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


def map_of(lanes, question, figure):
    """Which row of bits has the lanes whose figure may be at most this one."""
    low, high = lanes.steps_first[question], lanes.steps_first[question + 1]
    first = low
    while low < high:
        middle = (low + high) >> 1
        if lanes.steps[middle] <= figure:
            low = middle + 1
        else:
            high = middle
    return lanes.bits_first[question] + low - first


def sift(lanes, need, only, left, low, high):
    """Leave in `left` the lanes whose terms may fit the need, a word for each block."""
    worst = gates.NO_LIMIT if need.worst_j_th == gates.NONE else need.worst_j_th
    bits = lanes.bits
    smallest, largest = bits[map_of(lanes, 0, need.kw)], bits[map_of(lanes, 1, -need.kw)]
    shortest, longest = bits[map_of(lanes, 2, need.term)], bits[map_of(lanes, 3, -need.term)]
    aged, deposit = bits[map_of(lanes, 4, -worst)], bits[map_of(lanes, 5, need.max_deposit)]
    uptime, renewable = bits[map_of(lanes, 6, -need.min_uptime)], bits[map_of(lanes, 7, -need.min_renewable)]
    evidence, curtailed = (
        bits[map_of(lanes, 8, -need.min_evidence)],
        bits[map_of(lanes, 9, need.max_curtailment)],
    )
    price, opens = bits[map_of(lanes, 10, need.max_price)], bits[map_of(lanes, 11, need.latest)]
    cooling = bits[lanes.bits_first[12] + (need.coolings & EVERY_COOLING)]
    model = bits[lanes.bits_first[13] + need.models]
    for at in range(low, high):
        left[at] = (
            (only[at] & smallest[at] & largest[at] & shortest[at] & longest[at])
            & (aged[at] & deposit[at] & uptime[at] & renewable[at] & evidence[at])
            & (curtailed[at] & price[at] & opens[at] & cooling[at] & model[at])
        )


def bound_blocks(lanes, need, worth, share, term, points, target, left, low, high, found, bound, value):
    """Note the blocks with anything left whose best lane may reach the target, their bounds and what their
    place is worth; how many."""
    count = 0
    is_usual = need.w_trust == TRUST and need.w_uptime == UPTIME and need.w_energy == ENERGY
    step = 0
    while step + 2 < len(lanes.slopes) and lanes.slopes[step + 1] <= points:
        step += 1
    flat, steep = lanes.slopes[step], lanes.slopes[step + 1]
    part = ((min(points, steep) - flat) << STEP_BITS) // (steep - flat)
    for place in range(len(worth)):
        if worth[place] == CLOSED:
            continue
        for block in range(max(low, lanes.place_first[place]), min(high, lanes.place_first[place + 1])):
            extra = (lanes.block_share[block] * share >> SHARE_SHIFT) + (
                lanes.block_setup[block] * term >> TERM_SHIFT
            )
            if is_usual:
                upper = lanes.joint[step, block]
                most = upper - ((upper - lanes.joint[step + 1, block]) * part >> STEP_BITS) + 1
            else:
                extra += lanes.block_price[block]
                most = (
                    need.w_trust * lanes.block_trust[block]
                    + need.w_uptime * lanes.block_uptime[block]
                    + need.w_energy * lanes.block_energy[block]
                )
            most += worth[place] - (extra * points >> POINT_SHIFT)
            found[count] = block
            bound[count] = most
            value[count] = worth[place]
            count += 1 if (left[block] != NOTHING) & (most >= target) else 0
    return count


def sort_blocks(count, bound, order, heads):
    """Put the places 0 to count into order, the best bound first, as far as 64 steps tell; the step."""
    highest, lowest = bound[0], bound[0]
    for at in range(count):
        highest, lowest = max(highest, bound[at]), min(lowest, bound[at])
    shift = 0
    while (highest - lowest) >> shift >= BUCKETS:
        shift += 1
    for at in range(len(heads)):
        heads[at] = 0
    for at in range(count):
        heads[((highest - bound[at]) >> shift) + 1] += 1
    for at in range(BUCKETS):
        heads[at + 1] += heads[at]
    for at in range(count):
        bucket = (highest - bound[at]) >> shift
        order[heads[bucket]] = at
        heads[bucket] += 1
    return 1 << shift


def lane_of(bit):
    """Which bit of a word it is: the number of bits below it."""
    below = bit - ONE
    below = below - ((below >> np.uint64(1)) & PAIRS)
    below = (below & QUADS) + ((below >> np.uint64(2)) & QUADS)
    below = (below + (below >> np.uint64(4))) & BYTES
    return np.int64((below * SUM_BYTES) >> np.uint64(56))


def rank(
    market, law, wants, lanes, rows, own_first, own_at, only, is_looked_at, least, room, keys, ats, starts
):
    """Fill the list of each request: row i for the request at rows[i], keys downwards, 0 where there is none.

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
    for number in range(len(rows)):
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
            offer = market.offers[at]
            if room.worth[offer.place] == CLOSED or (len(is_looked_at) != 0 and is_looked_at[at] == 0):
                continue
            used = know_bans(need, offer.group, law, wants, room, number, used, day, stop)
            first, bans = room.first[offer.group], room.count[offer.group]
            key, start = pairs.fit(offer, need, law, market, room.bans, first, bans, day, bar)
            if key > bar:
                insert(keys, ats, starts, number, keep, key, at, start)
                bar = max(keys[number, keep - 1], least[number] - 1)
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
                at = np.int64(lanes.at[lane])
                offer = market.offers[at]
                used = know_bans(need, offer.group, law, wants, room, number, used, day, stop)
                first, bans = room.first[offer.group], room.count[offer.group]
                key, start = pairs.fit(offer, need, law, market, room.bans, first, bans, day, bar)
                if key > bar:
                    insert(keys, ats, starts, number, keep, key, at, start)
                    bar = max(keys[number, keep - 1], least[number] - 1)
                    target = (bar >> SCORE_SHIFT) * need.w_sum


def know_bans(need, group, law, wants, room, number, used, day, stop):
    """See that the stretches forbidden in a group are known for the request; how many there are in all."""
    if room.seen[group] != number:
        room.seen[group] = number
        room.first[group] = used
        used = rules.find_blocks(need, law.groups[group], law, wants, room.bans, used, day, stop)
        room.count[group] = used - room.first[group]
    return used
