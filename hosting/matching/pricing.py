"""The effective price: six components in micro-USD per kWh, each exact and rounded once.

The functions on numbers are compiled by the kernel, too; those on an offer's own amounts take arrays as well.
"""

from hosting.matching.money import half_up
from hosting.matching.rules import levies_on

COMPONENTS = ("energy", "passthrough", "hosting_fee", "levy", "revenue_share", "setup")
HOURS = 730
UNIT = 10_000


def metered(amount, factor):
    """An amount per kWh at the meter, per kWh at the plug."""
    return half_up(amount * factor, UNIT)


def fee_at(hosting_fee, base_fee, factor, load):
    """The hosting fee and the base fee spread over the hours that are run."""
    return half_up(hosting_fee * factor * (HOURS * load) + base_fee * (UNIT * UNIT), UNIT * HOURS * load)


def tier_of(offer, need, market):
    """Position of the tier that fits, or -1: the highest minimum not above the need."""
    found = -1
    for at in range(offer.tier_first, offer.tier_first + offer.tiers):
        if market.tier_kw[at] <= need.kw:
            found = at
    return found


def price(offer, need, group, law, market, read_on, curtailment):
    """(comparable, energy, passthrough, hosting fee, levy, share, setup) of a pair that begins on a day.

    Where it is not comparable the components mean nothing.
    """
    # A tiered offer has tiers or -1 for an empty scale; any other has none.
    rate, energy = offer.rate, offer.energy
    if offer.tiers != 0:
        tier = tier_of(offer, need, market)
        if tier < 0 or market.tier_is_priced[tier] == 0:
            return False, 0, 0, 0, 0, 0, 0
        rate = market.tier_rate[tier]
        energy = metered(rate, offer.factor)
    load = offer.uptime * (UNIT - curtailment) // UNIT
    if offer.is_complete == 0 or load <= 0:
        return False, 0, 0, 0, 0, 0, 0
    share = 0
    if offer.share != 0:
        if market.hashprice <= 0 or need.efficiency <= 0:
            return False, 0, 0, 0, 0, 0, 0
        share = half_up(offer.share * market.hashprice * 10, 24 * need.efficiency)
    levy = 0
    if group.levies != 0 and offer.levies_included == 0:
        levy, is_priced = levies_on(need, group, law, read_on, rate + offer.estimate)
        if not is_priced:
            return False, 0, 0, 0, 0, 0, 0
        levy = metered(levy, offer.factor)
    fee = offer.fee
    if load != offer.load:
        fee = fee_at(offer.hosting_fee, offer.base_fee, offer.factor, load)
    setup = 0
    if offer.setup_fee != 0:
        setup = half_up(offer.setup_fee * UNIT, HOURS * need.term * load)
    return True, energy, offer.passthrough, fee, levy, share, setup
