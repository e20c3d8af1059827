"""The benchmark's market: an industry's worth of offers and requests, skewed like the real one, from a seed.

`market()` has the full spec in it: six price models, tiers, shares, fees, currencies, phases, commitments,
and the shipped places with their facts and rules. `flat()` is the market PostgreSQL can answer too.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from hosting.matching.records import Fact, Need, Offer, Phase, Place, Rate, Rule
from tests.bench import industry_needs, industry_offers, industry_places
from tests.bench.industry_offers import Host, Site
from tests.bench.industry_places import AS_OF

SEED = 20_261_122


@dataclass(frozen=True)
class Market:
    """Everything a run is given. Offer i stands at `sites[site_of[i]]`, whose host is `hosts[site.host]`."""

    places: list[Place]
    facts: list[Fact]
    rules: list[Rule]
    rates: list[Rate]
    offers: list[Offer]
    needs: list[tuple[UUID, Need]]
    hosts: list[Host]
    sites: list[Site]
    site_of: list[int]
    as_of: date = AS_OF

    def for_book(self) -> dict[str, Any]:
        """What Book.build asks for, the engine's and the baseline's."""
        return {
            "places": self.places,
            "facts": self.facts,
            "rules": self.rules,
            "rates": self.rates,
            "offers": self.offers,
            "as_of": self.as_of,
        }


def market(offer_count: int, request_count: int, seed: int = SEED) -> Market:
    """So many offers and requests with the whole spec in play; always the same ones for a seed."""
    rng = np.random.default_rng(seed)
    rules, rates = industry_places.rules(), industry_places.rates()
    asking = industry_needs.ids(rng, request_count)
    supply = industry_offers.supply(rng, offer_count, rules, rates, asking)
    return Market(
        places=industry_places.places(),
        facts=industry_places.facts(),
        rules=rules,
        rates=rates,
        offers=supply.offers,
        needs=industry_needs.needs(rng, asking),
        hosts=supply.hosts,
        sites=supply.sites,
        site_of=supply.site_of,
    )


def flat(offer_count: int, request_count: int, seed: int = SEED) -> Market:
    """The same offers and requests with what a query can answer: flat prices in USD, one open-ended phase
    without commitments, no rules; the facts, bounds, sets and weights stay."""
    full = market(offer_count, request_count, seed)
    return replace(
        full,
        rules=[],
        offers=[_flat_offer(offer, at) for at, offer in enumerate(full.offers)],
        needs=[(request, replace(need, licences=(), request=None)) for request, need in full.needs],
    )


def _flat_offer(offer: Offer, at: int) -> Offer:
    # Between 3 and 12 US cents as drawn for the first price there is, in steps of a hundredth of a cent.
    drawn = offer.energy_price or (offer.tiers[0][1] if offer.tiers else None) or offer.passthrough_estimate
    usd = drawn if drawn and Decimal("0.03") < drawn < Decimal("0.12") else Decimal(400 + at % 400) / 10_000
    return replace(
        offer,
        price_model="all_in",
        currency="USD",
        energy_price=usd.quantize(Decimal("0.0001")),
        passthrough_estimate=None,
        hosting_fee=None,
        base_fee_kw_month=None,
        revenue_share_bp=None,
        setup_fee_kw=None,
        metering="plug",
        pue_e4=None,
        metering_uplift_bp=None,
        tiers=(),
        uptime_bp=offer.uptime_bp or 9_000,
        phases=(_whole(offer),),
        commitments=(),
        host_licences=(),
    )


def _whole(offer: Offer) -> Phase:
    """What is left beside the commitments, from the first phase's first day on."""
    free = sum(phase.kw for phase in offer.phases) - sum(taken.kw for taken in offer.commitments)
    begins = offer.phases[0].starts_on or AS_OF
    return Phase(max(free, 0), max(begins, AS_OF - timedelta(days=1_000)))
