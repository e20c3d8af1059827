"""How a place's page writes down what a row says.

It is written once more here, by hand, so that the page can't agree with itself only.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from hosting.models import (
    Commitment,
    Effect,
    Jurisdiction,
    JurisdictionFact,
    LegalStatus,
    Offer,
    RegulationEvent,
    RegulationRule,
)
from hosting.services import places
from tests import factories
from tests.web.tracing import Traced

UNITS = {
    "import_duty_on_asics_pct": " %",
    "vat_pct": " %",
    "industrial_power_price_low_usd_kwh": " USD/kWh",
    "industrial_power_price_high_usd_kwh": " USD/kWh",
    "grid_carbon_gco2_per_kwh": " g CO₂/kWh",
    "typical_summer_max_c": " °C",
}
WORDS = {"general_tax": "general tax", "all_in_tariff": "all-in tariff"}
WHOM = {"host": "the host", "miner": "the miner", "import": "the import of machines"}


def day(value: date) -> str:
    return f"{value.day} {value:%b} {value.year}"


def partly(text: str, fallback: date) -> str:
    """2023 -> 2023, 2023-04 -> Apr 2023, 2023-04-01 -> 1 Apr 2023."""
    if re.fullmatch(r"\d{4}", text):
        return text
    if re.fullmatch(r"\d{4}-\d{2}", text):
        return f"{date.fromisoformat(f'{text}-01'):%b %Y}"
    return day(date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else fallback)


def power(kw: int) -> str:
    if kw < 1000:
        return f"{kw} kW"
    whole = f"{Decimal(kw) / 1000:.3f}".rstrip("0")
    return f"{whole}0 MW" if whole.endswith(".") else f"{whole} MW"


def price(micros: int) -> str:
    return str((Decimal(micros) / 1_000_000).quantize(Decimal("0.0001"), rounding="ROUND_HALF_UP"))


def since(fact: JurisdictionFact) -> str:
    if fact.dated_by == "effective":
        return f"since {partly(fact.valid_from_text, fact.valid_from)}"
    if fact.dated_by == "as_of":
        return f"as reported, {partly(fact.as_of, fact.valid_from)}"
    return f"undated; counted from {day(fact.valid_from)}, when this was compiled"


def of_fact(fact: JurisdictionFact, field: str) -> str:
    if fact.field == "legal_status":
        value = str(LegalStatus(fact.value).label)
    else:
        value = WORDS.get(fact.value, f"{fact.value}{UNITS.get(fact.field, '')}")
    made = {
        "value": value,
        "since": since(fact),
        "when": since(fact),
        "since_value": f"{since(fact)}: {value}",
    }
    return made[field] if field in made else getattr(fact, field)


def period(rule: RegulationRule) -> str:
    if rule.valid_to is None:
        return f"from {day(rule.valid_from)}"
    return f"{day(rule.valid_from)} to {day(rule.valid_to - timedelta(days=1))}"


def size(rule: RegulationRule) -> str:
    if rule.min_kw is not None and rule.max_kw is not None:
        return f"from {power(rule.min_kw)} to {power(rule.max_kw)}"
    if rule.min_kw is not None:
        return f"from {power(rule.min_kw)} up"
    return f"up to {power(rule.max_kw)}" if rule.max_kw is not None else "every size"


def levy(rule: RegulationRule) -> str:
    def two(text: str) -> str:
        places_ = max(2, -Decimal(text).normalize().as_tuple().exponent)
        return f"{Decimal(text):.{places_}f}"

    rows = sorted(rule.levy, key=lambda row: Decimal(row["from"]))
    if len(rows) == 1 and Decimal(rows[0]["from"]) == 0:
        return f"{two(rows[0]['amount'])} {rule.levy_currency}"
    return "; ".join(
        f"{two(row['amount'])} {rule.levy_currency} where energy costs {two(row['from'])} or more"
        for row in rows
    )


def sentence(rule: RegulationRule) -> str:
    who = "The miner" if rule.subject == "miner" else "The host"
    deed = {
        "prohibit": "Machines may not be imported." if rule.subject == "import" else "Mining is prohibited.",
        "moratorium_new": "No new site may start.",
        "cap_kw": f"No more than {power(rule.cap_kw or 0)} may be taken.",
        "require_licence": f"{who} needs the licence {rule.licence_type}.",
        "require_registration": f"{who} must be registered: {rule.licence_type}.",
        "levy_per_kwh": f"A levy per kWh: {levy(rule) if rule.levy else ''}.",
        "curtail": "A seasonal stop: no mining, and no start, in these days.",
        "allow": "A note; it bars nothing.",
    }[rule.effect]
    reach = "" if size(rule) == "every size" else f" Orders {size(rule)}."
    return deed + reach + (" New sites only." if rule.new_only else "")


def of_rule(rule: RegulationRule, field: str) -> str:
    made: dict[str, Callable[[RegulationRule], str]] = {
        "effect": lambda one: str(Effect(one.effect).label),
        "when": period,
        "period": period,
        "period_title": lambda one: f"{period(one)}: {one.title}",
        "sentence": sentence,
        "subject": lambda one: WHOM[one.subject],
        "cap_kw": lambda one: power(one.cap_kw),
        "levy": levy,
        "size": size,
        "new_only": lambda one: "new ones only" if one.new_only or one.effect == "moratorium_new" else "all",
    }
    return made[field](rule) if field in made else getattr(rule, field)


def of_event(event: RegulationEvent, field: str) -> str:
    when = {"day": day(event.date), "month": f"{event.date:%b %Y}", "year": str(event.date.year)}
    made = {
        "when": when[event.date_precision],
        "when_title": f"{when[event.date_precision]}: {event.title}",
        "effect_on_legal_status": str(dict(LegalStatus.choices).get(event.effect_on_legal_status, "")),
    }
    return made[field] if field in made else getattr(event, field)


def free_kw(offer: Offer) -> int:
    on = factories.TODAY
    built = sum(
        phase.available_kw
        for phase in offer.phases.all()
        if phase.starts_on <= on and (phase.ends_on is None or on < phase.ends_on)
    )
    taken = Commitment.objects.filter(offer=offer, state__in=("held", "confirmed"))
    return built - sum(one.kw for one in taken if one.starts_on <= on < one.ends_on)


def of_offer(offer: Offer, field: str) -> str:
    made = {
        "site": lambda: offer.site.name,
        "title": lambda: offer.title,
        "list_price_micros": lambda: (
            "unknown" if offer.list_price_micros is None else price(offer.list_price_micros)
        ),
        "free_kw": lambda: power(free_kw(offer)),
    }
    return made[field]()


def of_figures(code: str, field: str) -> str:
    offers = [
        offer
        for offer in Offer.objects.filter(status="published").select_related("site")
        if offer.site.jurisdiction_id == code or offer.site.jurisdiction_id.startswith(f"{code}-")
    ]
    hosts = {offer.site.host_id for offer in offers}
    if field in ("hotels", "organizations"):
        return str(len(offers if field == "hotels" else hosts))
    assert len(hosts) >= 3, "a figure behind which there are fewer than three hosts"
    if field == "median_price_micros":
        return price(int(median(offer.list_price_micros for offer in offers)))
    kw = sum(free_kw(offer) for offer in offers)
    assert field in ("free_kw", "total_kw")
    return power(kw)


def expected(traced: Traced, as_of: date) -> str:
    """What the row says, in words. Fails for a row or a column that there is not."""
    rows: dict[str, tuple[Any, Callable[[Any, str], str]]] = {
        "fact": (JurisdictionFact, of_fact),
        "rule": (RegulationRule, of_rule),
        "event": (RegulationEvent, of_event),
        "offer": (Offer, of_offer),
    }
    if traced.kind in rows:
        model, words = rows[traced.kind]
        return words(model.objects.get(pk=traced.key), traced.field)
    if traced.kind == "place":
        place = Jurisdiction.objects.get(pk=traced.key)
        if traced.field == "legal_status":
            status = places.statuses(as_of)[place.pk]
            return str(LegalStatus(status).label) if status else ""
        return {"code": place.pk}[traced.field]
    if traced.kind == "figures":
        return of_figures(traced.key, traced.field)
    if traced.kind == "day":
        assert date.fromisoformat(traced.key) == as_of
        return day(as_of)
    assert traced.kind == "scale", f"nobody knows rows like {traced.row}"
    if traced.key == "year":
        return str(date.fromisoformat(traced.field).year)
    return str(LegalStatus(traced.field).label)
