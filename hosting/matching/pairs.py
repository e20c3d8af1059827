"""One need and one offer: start, price, gates and score put together. Compiled by the kernel.

`fit` is for lists: it stops at the first gate that fails. `judge` is for people: it answers everything. Both
are made of the same functions.
"""

from hosting.matching import gates, pricing, rules, scoring, windows
from hosting.matching.tables import AGE_BITS, PRICE_BITS
from hosting.matching.windows import NEVER

AGES, PRICES = 1 << AGE_BITS, 1 << PRICE_BITS
# What `judge` writes for each offer: six components after the free kW, six values after the score.
JUDGED = (
    *("mask", "start", "read_on", "curtailment", "has_run", "most_free", "free_on_start"),
    *("energy", "passthrough", "hosting_fee", "levy", "revenue_share", "setup", "total"),
    *("score", "price", "regulation", "start_value", "trust", "uptime", "renewable"),
)


def key_of(score, price, age):
    """Score, price and age in one number: the larger, the further up in a list. Never 0."""
    return (score * PRICES + (PRICES - 1 - price)) * AGES + (AGES - 1 - age)


def curtailed(offer, need, group, law, read_on):
    """Basis points of the term without power: the offer's own and the law's stops, at most 10000."""
    if group.stops == 0:
        return offer.curtailment
    end = windows.term_end(read_on, need.term)
    return min(10_000, offer.curtailment + rules.stopped_share(need, group, law, read_on, end))


def score_pair(offer, need, value, start, total, day):
    """The score of a pair that fits; `value` is what its place scores."""
    return scoring.score_of(
        need,
        scoring.price_value(total, need.max_price),
        value,
        scoring.start_value(start, day, need.latest),
        offer.trust,
        scoring.uptime_value(offer.uptime),
        offer.renewable,
    )


def fit(offer, need, law, market, blocks, first, count, day, bar):
    """(key, start) of a pair whose place passes, or (0, 0): it fails a gate. A key not above `bar` is only
    known not to be above it."""
    if gates.terms_fail(offer, need) != 0:
        return 0, 0
    group = law.groups[offer.group]
    stop = need.latest + 1
    # Without stops and levies a pair costs the same whenever it begins: the price can come first.
    is_steady = group.stops == 0 and group.levies == 0
    start = day
    if not is_steady:
        start = windows.first_start(offer, need, market, blocks, first, count, day, stop)
        if start == NEVER:
            return 0, 0
    curtailment = curtailed(offer, need, group, law, start)
    parts = pricing.price(offer, need, group, law, market, start, curtailment)
    total = parts[1] + parts[2] + parts[3] + parts[4] + parts[5] + parts[6]
    if not parts[0] or total > need.max_price or curtailment > need.max_curtailment:
        return 0, 0
    value = law.places[offer.place].value
    key = key_of(score_pair(offer, need, value, start, total, day), total, offer.age)
    if is_steady and key > bar:
        start = windows.first_start(offer, need, market, blocks, first, count, day, stop)
        if start == NEVER:
            return 0, 0
        if start != day:
            key = key_of(score_pair(offer, need, value, start, total, day), total, offer.age)
    return key, start


def judge(market, law, wants, row, rows, blocks, out):
    """Everything about one need and the offers at `rows`, into the columns of out (see JUDGED)."""
    need = wants.needs[row]
    day, stop = max(need.earliest, market.as_of), need.latest + 1
    is_empty = stop <= day
    # Offers come sorted by group: what law does is found once for each.
    at_group, count, lawful, place_mask = -1, 0, True, 0
    for number in range(len(rows)):
        offer = market.offers[rows[number]]
        if offer.group != at_group:
            at_group = offer.group
            group = law.groups[at_group]
            count = rules.find_blocks(need, group, law, wants, blocks, 0, day, stop)
            lawful = is_empty or windows.past_blocks(blocks, 0, count, day) < stop
            place_mask = gates.place_fails(need, group.place, law, wants)
        start = windows.first_start(offer, need, market, blocks, 0, count, day, stop)
        read_on = day if start == NEVER else start
        group = law.groups[offer.group]
        curtailment = curtailed(offer, need, group, law, read_on)
        parts = pricing.price(offer, need, group, law, market, read_on, curtailment)
        mask = place_mask | gates.terms_fail(offer, need)
        has_room, has_run = False, False
        if not is_empty:
            has_room = windows.most_free(offer, need, market, day, stop) >= need.kw
            has_run = windows.first_run(offer, need, market, day, stop) != NEVER
            if not lawful:
                mask |= gates.RULES
            if not has_room:
                mask |= gates.CAPACITY
        if is_empty or (has_room and not has_run) or (lawful and has_run and start == NEVER):
            mask |= gates.WINDOW
        total = parts[1] + parts[2] + parts[3] + parts[4] + parts[5] + parts[6]
        if not parts[0]:
            mask |= gates.COMPARABLE
        elif total > need.max_price:
            mask |= gates.CEILING
        if curtailment > need.max_curtailment:
            mask |= gates.CURTAILMENT
        out[number, 0] = mask
        out[number, 1] = start
        out[number, 2] = read_on
        out[number, 3] = curtailment
        out[number, 4] = 1 if has_run else 0
        out[number, 5] = windows.most_free(offer, need, market, day, max(stop, day + 1))
        out[number, 6] = windows.most_free(offer, need, market, read_on, read_on + 1)
        _is_comparable, energy, passthrough, fee, levy, share, setup = parts
        out[number, 7] = energy
        out[number, 8] = passthrough
        out[number, 9] = fee
        out[number, 10] = levy
        out[number, 11] = share
        out[number, 12] = setup
        out[number, 13] = total
        out[number, 14] = -1
        if mask == 0:
            value = law.places[offer.place].value
            out[number, 14] = score_pair(offer, need, value, start, total, day)
            out[number, 15] = scoring.price_value(total, need.max_price)
            out[number, 16] = value
            out[number, 17] = scoring.start_value(start, day, need.latest)
            out[number, 18] = offer.trust
            out[number, 19] = scoring.uptime_value(offer.uptime)
            out[number, 20] = offer.renewable
