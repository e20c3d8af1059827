"""The loops over blocks and requests that find lists without looking at most pairs. Compiled by the kernel.

A pair is passed over only on a bound that no pair behind it can beat; what is left is decided by pairs.fit.
Sums of bounds are int32 (products narrowed at once), so that the compiler can take eight lanes at a time.
"""

import numpy as np

from hosting.matching import gates, pairs, rules
from hosting.matching.blocks import POINT_SHIFT
from hosting.matching.scoring import FULL

# Fixed points: a share by price in 2**-4 micro-USD, a term's reciprocal in 2**-12.
SHARE_SHIFT, TERM_SHIFT = 4, 12
SHARE_TOP = 2**16
SCORE_SHIFT = pairs.AGE_BITS + pairs.PRICE_BITS


def scales_of(need, hashprice):
    """What the bounds of lanes are multiplied with: (share, term, points), rounded down."""
    share = 0
    if need.efficiency > 0:
        share = min(hashprice * 10 * (1 << SHARE_SHIFT) // (24 * need.efficiency), SHARE_TOP)
    points = need.w_price * FULL * (1 << POINT_SHIFT) // need.max_price
    return share, (1 << TERM_SHIFT) // need.term, points


def insert(keys, ats, starts, row, keep, key, at, start):
    """Put an offer into a list sorted downwards, unless it is there already."""
    place = keep - 1
    while place > 0 and keys[row, place - 1] < key:
        place -= 1
    if place > 0 and keys[row, place - 1] == key or keys[row, place] >= key:
        return
    for behind in range(keep - 1, place, -1):
        keys[row, behind] = keys[row, behind - 1]
        ats[row, behind] = ats[row, behind - 1]
        starts[row, behind] = starts[row, behind - 1]
    keys[row, place] = key
    ats[row, place] = at
    starts[row, place] = start


def lowest_price(offer, market):
    """The least any fleet pays, without share, setup, levies and stops."""
    energy = offer.energy
    for at in range(offer.tier_first, offer.tier_first + offer.tiers):
        tier = pairs.pricing.metered(market.tier_rate[at], offer.factor)
        if at == offer.tier_first or tier < energy:
            energy = tier
    return energy + offer.passthrough + offer.fee


def reach(
    market, law, wants, seekers, offers, own_first, own_row, last_score, last_price, is_full, bans, mask, out
):
    """Mark in out (one per request) whose list one of these offers would enter now, or tie with its last.

    last_score and last_price: of each list's last row, where is_full says that it has all its rows. own_row:
    requests with a commitment of their own at offer i, own_first[i] : own_first[i + 1]. bans and mask: room
    for the stretches that rules forbid, and for a mark per request.
    """
    count = len(seekers.kw)
    for number in range(len(offers)):
        offer = market.offers[offers[number]]
        if offer.is_complete == 0 or offer.load <= 0 or offer.tiers < 0:
            continue
        cheapest = min(lowest_price(offer, market), 2**30)
        kw_min, kw_max = (
            np.int32(min(offer.kw_min, 2**31 - 1)),
            np.int32(min(offer.kw_max, offer.peak_kw, 2**31 - 1)),
        )
        term_min, term_max = (
            np.int32(min(offer.term_min, 2**31 - 1)),
            np.int32(min(offer.term_max, 2**31 - 1)),
        )
        price32, opens32, uptime32 = np.int32(cheapest), np.int32(offer.opens), np.int32(offer.uptime)
        for at in range(count):
            mask[at] = (
                (seekers.kw[at] >= kw_min)
                & (seekers.kw[at] <= kw_max)
                & (seekers.max_price[at] >= price32)
                & (seekers.term[at] >= term_min)
                & (seekers.term[at] <= term_max)
                & (seekers.latest[at] >= opens32)
                & (seekers.min_uptime[at] <= uptime32)
            )
        for own in range(own_first[number], own_first[number + 1]):
            mask[own_row[own]] = 1
        place = law.places[offer.place]
        group = law.groups[offer.group]
        for row in range(count):
            if mask[row] == 0 or out[row] != 0:
                continue
            need = wants.needs[row]
            if gates.terms_fail(offer, need) & ~gates.ORDER_SIZE != 0:
                continue
            day = max(need.earliest, market.as_of)
            if need.latest < day:
                continue
            if is_full[row] != 0:
                share, term, points = scales_of(need, market.hashprice)
                dear = cheapest + ((min(offer.share, 2**20) * share) >> SHARE_SHIFT)
                if dear > need.max_price:
                    continue
                most = pairs.score_pair(offer, need, place.value, day, dear, day)
                if most < last_score[row] or (most == last_score[row] and dear > last_price[row]):
                    continue
            if gates.place_fails(need, offer.place, law, wants) != 0:
                continue
            banned = rules.find_blocks(need, group, law, wants, bans, 0, day, need.latest + 1)
            key, _start = pairs.fit(offer, need, law, market, bans, 0, banned, day, 0)
            if key != 0:
                last = 0
                if is_full[row] != 0:
                    last = pairs.key_of(last_score[row], last_price[row], pairs.AGES - 1)
                if key >= last:
                    out[row] = 1
