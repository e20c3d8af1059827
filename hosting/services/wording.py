"""The market's words and figures as people read them: names of gates, power, prices, shares, days."""

from datetime import date
from decimal import Decimal

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hosting.models import Cooling, Evidence, LegalStatus, PriceModel

Text = str | Promise

# Day, month and year in the order each language writes them.
DAY_FORMATS = {"zh": "Y年n月j日", "ru": "j b Y"}
MONTH_FORMATS = {"zh": "Y年n月", "ru": "b Y"}

GATE_NAMES: dict[str, Text] = {
    "jurisdiction": gettext_lazy("jurisdiction"),
    "legal_status": gettext_lazy("legal status"),
    "predictability": gettext_lazy("predictability"),
    "rules": gettext_lazy("rules of the place"),
    "cooling": gettext_lazy("cooling"),
    "machine_age": gettext_lazy("age of the machines"),
    "order_size": gettext_lazy("size of the order"),
    "capacity": gettext_lazy("free capacity"),
    "window": gettext_lazy("start"),
    "term": gettext_lazy("term"),
    "price_model": gettext_lazy("price model"),
    "price_comparable": gettext_lazy("comparable price"),
    "price_ceiling": gettext_lazy("price ceiling"),
    "deposit": gettext_lazy("deposit"),
    "uptime": gettext_lazy("uptime"),
    "curtailment": gettext_lazy("curtailment"),
    "renewable": gettext_lazy("renewable share"),
    "evidence": gettext_lazy("evidence"),
}
PART_NAMES: dict[str, Text] = {
    "price": gettext_lazy("price"),
    "regulation": gettext_lazy("law"),
    "start": gettext_lazy("start"),
    "trust": gettext_lazy("trust"),
    "uptime": gettext_lazy("uptime"),
    "energy": gettext_lazy("renewable energy"),
}
COMPONENT_NAMES: dict[str, Text] = {
    "energy": gettext_lazy("energy"),
    "passthrough": gettext_lazy("pass-through"),
    "hosting_fee": gettext_lazy("hosting fee"),
    "levy": gettext_lazy("levy"),
    "revenue_share": gettext_lazy("revenue share"),
    "setup": gettext_lazy("setup"),
}
FIELD_NAMES: dict[str, Text] = {
    "energy_price": gettext_lazy("energy price"),
    "passthrough_estimate": gettext_lazy("pass-through estimate"),
    "pue_e4": gettext_lazy("PUE"),
    "metering_uplift_bp": gettext_lazy("metering uplift"),
    "revenue_share_bp": gettext_lazy("revenue share"),
}
WORDS: dict[str, Text] = {
    **{
        value: label
        for choices in (Cooling, PriceModel, LegalStatus, Evidence)
        for value, label in choices.choices
    }
}


def kw(value: int) -> str:
    """3,250 kW as 3.25 MW; below 1 MW in kW."""
    if value < 1000:
        return f"{value} kW"
    return f"{(Decimal(value) / 1000).quantize(Decimal('0.01'))} MW"


def usd(micros: int) -> str:
    """Micro-USD per kWh as 0.0613 USD/kWh; six places where four would hide something."""
    exact = Decimal(micros) / 1_000_000
    places = "0.0001" if exact == exact.quantize(Decimal("0.0001")) else "0.000001"
    return f"{exact.quantize(Decimal(places))} USD/kWh"


def percent(bp: int) -> str:
    exact = Decimal(bp) / 100
    return f"{_trimmed(exact)} %"


def j_th(hundredths: int) -> str:
    return f"{_trimmed(Decimal(hundredths) / 100)} J/TH"


def _trimmed(number: Decimal) -> Decimal:
    """Without zeros at the end: 18 for 18.00, 17.5 for 17.50. The point stays a point, as everywhere here."""
    return number.to_integral() if number == number.to_integral() else number.normalize()


def day_format() -> str:
    """How a day is written in the active language: 14 Jan 2027."""
    return DAY_FORMATS.get((get_language() or "en")[:2], "j M Y")


def month_format() -> str:
    """How a month is written in the active language: Jan 2027."""
    return MONTH_FORMATS.get((get_language() or "en")[:2], "M Y")


def day(iso: str) -> str:
    return formats.date_format(date.fromisoformat(iso), day_format())


def word(value: str | None) -> str:
    return _("unknown") if value is None else str(WORDS.get(value, value))


def listed(values: list[str]) -> str:
    return ", ".join(word(value) for value in values)
