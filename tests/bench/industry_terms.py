"""What an offer of the benchmark's market costs and when it has power: prices, phases and commitments."""

import math
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hosting.matching.records import Phase, Taken
from tests.bench.industry_places import AS_OF, HASHPRICE, REGIONS

# kW of one machine, for what hosts ask or charge per machine.
MACHINE_KW = 3.4
HOURS = 730
# What a share of the revenue costs is read at this efficiency, in J/TH [A].
TYPICAL_J_PER_TH = 20
# One commitment in so many belongs to a request that is still open.
OPEN_REQUESTS = 0.02


def prices(drawn: dict[str, Any], code: str, kw: int, per_unit: dict[str, float]) -> dict[str, Any]:
    """The price fields: an all-in price of the region [E/D], split as the price model wants it [A]."""
    region = REGIONS[code]
    sigma = math.log(region.high / region.low) / 2.563
    usd = region.median * math.exp(sigma * drawn["z"])
    # Volume [E]: 3.5 % a doubling from 100 kW to 2 MW.
    usd *= 1 - 0.035 * math.log2(min(max(kw, 100), 2_000) / 100) + 0.075
    usd = min(0.14, max(0.02, usd))
    if drawn["is_tidy"]:
        usd = round(usd * 2_000) / 2_000
    currency = region.currency if drawn["is_local"] else "USD"
    rate = per_unit.get(currency, 1.0)

    def per_kwh(amount: float) -> Decimal:
        return Decimal(f"{amount / rate:.6f}")

    model = drawn["retail_model"] if drawn["is_retail"] else drawn["industrial_model"]
    energy, rest = usd * drawn["energy_part"], usd * (1 - drawn["energy_part"])
    setup = drawn["setup_unit"]
    fields: dict[str, Any] = {
        "price_model": model,
        "currency": currency,
        "setup_fee_kw": None if setup is None else Decimal(f"{setup / MACHINE_KW / rate:.2f}"),
    }
    if model == "all_in":
        return fields | {"energy_price": per_kwh(usd)}
    if model == "tiered":
        steps = ((1, 1.0), (500, 0.89), (2_000, 0.78))
        return fields | {"tiers": tuple((least, per_kwh(usd * less)) for least, less in steps)}
    if model == "base_plus_metered":
        base = Decimal(f"{rest * HOURS / rate:.2f}")
        return fields | {"energy_price": per_kwh(energy), "base_fee_kw_month": base}
    if model == "revenue_share":
        share = drawn["share_bp"] / 10_000 * float(HASHPRICE) / (24 * TYPICAL_J_PER_TH)
        least = max(0.02, usd - share)
        return fields | {"energy_price": per_kwh(least), "revenue_share_bp": drawn["share_bp"]}
    # A host who passes power on at cost has no energy price of its own; an indexed one has a fixed part.
    fixed = 0.3 * energy if model == "indexed" else 0.0
    return fields | {
        "energy_price": per_kwh(fixed),
        "passthrough_estimate": per_kwh(energy - fixed),
        "hosting_fee": per_kwh(rest),
    }


def phases(drawn: dict[str, Any], kw: int) -> tuple[Phase, ...]:
    """One to three, each later than the one before; they may end with the power contract."""
    count, begins, ends = drawn["phase_count"], drawn["begins"], drawn["ends"]
    until = None if ends is None else AS_OF + timedelta(days=ends)
    found = []
    for number in range(count):
        part = kw - (count - 1) * (kw // count) if number == 0 else kw // count
        found.append(Phase(part, AS_OF + timedelta(days=begins + 240 * number), until))
    return tuple(found)


def commitments(drawn: dict[str, Any], kw: int, asking: list[UUID]) -> tuple[Taken, ...]:
    """What others have of it: signed, ending one after the other; few belong to a request."""
    first_kw = kw // drawn["phase_count"]
    taken = int(0.94 * first_kw * (1 - drawn["free"]))
    count = drawn["taken_count"]
    if drawn["begins"] > 0 or taken < 10 * count:
        return ()
    found = []
    for number in range(count):
        part = taken - (count - 1) * (taken // count) if number == 0 else taken // count
        begins = AS_OF + timedelta(days=drawn["begins"] + 30 * number)
        ends = AS_OF + timedelta(days=drawn["taken_days"] * (number + 1) // count)
        if begins < ends:
            found.append(Taken(part, begins, ends))
    if asking and drawn["asking"] < OPEN_REQUESTS:
        request = asking[int(drawn["asking"] / OPEN_REQUESTS * len(asking))]
        first = AS_OF + timedelta(days=10)
        found.append(Taken(min(first_kw // 20 + 1, 2_000), first, first + timedelta(days=365), request))
    return tuple(found)
