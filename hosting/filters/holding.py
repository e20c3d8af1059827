"""What holds in each place on a day, for filters that compare it: inherited where a place has none."""

from collections import defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation

from hosting.matching import law
from hosting.matching.records import Fact
from hosting.models import Jurisdiction, JurisdictionFact

LOWEST_POWER_PRICE = "industrial_power_price_low_usd_kwh"
HIGHEST_POWER_PRICE = "industrial_power_price_high_usd_kwh"


def by_place(field: str, *, today: date) -> dict[str, Fact]:
    """code -> the fact that holds there; a place of which nobody knows is left out. Two queries."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    rows = JurisdictionFact.objects.on(today).filter(field=field)
    for row in rows.values_list("jurisdiction_id", "field", "value", "valid_from", "confidence"):
        facts[row[0]].append(Fact(*row))
    parents = dict(Jurisdiction.objects.values_list("code", "parent_id"))
    found = {}
    for code in parents:
        own = [fact for place in law.chain(parents, code) for fact in facts[place]]
        held = law.resolve(own, parents, code, field, today)
        if held is not None:
            found[code] = held[0]
    return found


def number(text: str) -> Decimal | None:
    """A value as a number from 0 up, None where it is none: facts are text, as their source has them."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value >= 0 else None
