"""Which blocks and lanes are worth a look for one request. Compiled by the kernel.

Maps of bits answer what only compares terms, a word for a block of 64 lanes; the bound of a block says
whether its best lane could still enter the list. Both only ever let too much through.
"""

import numpy as np

from hosting.matching import gates
from hosting.matching.blocks import POINT_SHIFT, STEP_BITS
from hosting.matching.scoring import DEFAULT_WEIGHTS
from hosting.matching.search import SHARE_SHIFT, TERM_SHIFT

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
