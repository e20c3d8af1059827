"""Facts of a place in words: what each field is called, and its value with its unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from hosting.models import JurisdictionFact
from hosting.services.places import Held

# In the order in which a miner asks; a field that is not here stands at the end under its own name.
NAMES = {
    "licence_required": (_("Licence or registration"), ""),
    "foreign_ownership_allowed": (_("Foreign ownership"), ""),
    "mining_power_surcharge_kind": (_("Surcharge on power for mining, kind"), ""),
    "mining_power_surcharge_value": (_("Surcharge on power for mining"), ""),
    "mining_power_surcharge_low": (_("Surcharge on power for mining, lowest"), ""),
    "mining_power_surcharge_high": (_("Surcharge on power for mining, highest"), ""),
    "mining_power_surcharge_currency": (_("Currency of the surcharge"), ""),
    "mining_power_surcharge_unit": (_("Unit of the surcharge"), ""),
    "mining_power_surcharge_note": (_("About the surcharge"), ""),
    "notable_tax": (_("Tax and law to note"), ""),
    "import_duty_on_asics_pct": (_("Import duty on mining machines"), " %"),
    "vat_pct": (_("VAT"), " %"),
    "industrial_power_price_low_usd_kwh": (_("Industrial power, lowest"), " USD/kWh"),
    "industrial_power_price_high_usd_kwh": (_("Industrial power, highest"), " USD/kWh"),
    "grid_carbon_gco2_per_kwh": (_("Carbon of the grid"), " g CO₂/kWh"),
    "typical_summer_max_c": (_("Typical summer maximum"), " °C"),
    "climate_note": (_("Climate"), ""),
    "sanctions_comprehensive": (_("Comprehensive sanctions"), ""),
    "sanctions_note": (_("About sanctions"), ""),
}
ORDER = list(NAMES)
VALUES = {
    "yes": _("yes"),
    "no": _("no"),
    "none": _("none"),
    "restricted": _("restricted"),
    "licence": _("licence"),
    "registration": _("registration"),
}


@dataclass(frozen=True)
class Row:
    """A fact as the page shows it."""

    name: Any
    value: Any
    fact: JurisdictionFact
    inherited_from: str | None


def rows(facts: Iterable[Held]) -> list[Row]:
    """Facts in the order of NAMES."""
    ordered = sorted(facts, key=lambda held: (_rank(held.fact.field), held.fact.field))
    return [_row(held) for held in ordered]


def _rank(field: str) -> int:
    return ORDER.index(field) if field in NAMES else len(ORDER)


def _row(held: Held) -> Row:
    name, unit = NAMES.get(held.fact.field, (held.fact.field.replace("_", " "), ""))
    value = VALUES.get(held.fact.value, f"{held.fact.value}{unit}")
    return Row(name, value, held.fact, held.inherited_from)
