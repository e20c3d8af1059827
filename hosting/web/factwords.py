"""Facts of a place in words: what each field is called, its value with its unit, and from when it counts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from hosting.models import Confidence, DatedBy, JurisdictionFact
from hosting.services.places import Held
from hosting.templatetags import market

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
    "climate_note": (_("Climate in words"), ""),
    "sanctions_comprehensive": (_("Comprehensive sanctions"), ""),
    "sanctions_note": (_("About sanctions"), ""),
}
PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
LAW = ("licence_required", "foreign_ownership_allowed")
POWER = ("industrial_power_price_low_usd_kwh", "industrial_power_price_high_usd_kwh")
SURCHARGE = tuple(
    f"mining_power_surcharge_{name}" for name in ("kind", "value", "low", "high", "currency", "unit", "note")
)
DUTIES = ("vat_pct", "import_duty_on_asics_pct")
CARBON = ("grid_carbon_gco2_per_kwh",)
CLIMATE = ("typical_summer_max_c", "climate_note")
SANCTIONS = ("sanctions_comprehensive", "sanctions_note")
# Sections of a page and their fields; the second list is asked everywhere: "unknown" where nobody knows.
GROUPS: tuple[tuple[str, Any, tuple[str, ...], tuple[str, ...]], ...] = (
    ("law", _("Law"), LAW, LAW),
    ("power", _("Power"), POWER, POWER),
    ("tax", _("Taxes, surcharges and import"), (*SURCHARGE, "notable_tax", *DUTIES), (SURCHARGE[1], *DUTIES)),
    ("carbon", _("Carbon of the grid"), CARBON, CARBON),
    ("climate", _("Climate"), CLIMATE, CLIMATE[:1]),
    ("sanctions", _("Sanctions"), SANCTIONS, SANCTIONS[:1]),
)
ORDER = list(NAMES)
VALUES = {
    "yes": _("yes"),
    "no": _("no"),
    "none": _("none"),
    "restricted": _("restricted"),
    "licence": _("licence"),
    "registration": _("registration"),
    "levy": _("levy"),
    "general_tax": _("general tax"),
    "all_in_tariff": _("all-in tariff"),
    "multiplier": _("multiplier"),
}


@dataclass(frozen=True)
class Row:
    """A fact as the page shows it; `fact` is None where nobody knows."""

    name: Any
    value: Any
    fact: JurisdictionFact | None
    inherited_from: str | None

    @property
    def is_unverified(self) -> bool:
        return self.fact is not None and self.fact.confidence == Confidence.LOW

    @property
    def since(self) -> str:
        """From when it counts."""
        return since(self.fact) if self.fact else ""


@dataclass(frozen=True)
class Group:
    """A section of a page: its facts, and what nobody knows."""

    key: str
    name: Any
    rows: tuple[Row, ...]


def rows(facts: Iterable[Held]) -> list[Row]:
    """Facts in the order of NAMES."""
    ordered = sorted(facts, key=lambda held: (_rank(held.fact.field), held.fact.field))
    return [_row(held) for held in ordered]


def groups(facts: Iterable[Held]) -> list[Group]:
    """Facts by section; fields that no section names stand in one at the end, if there are any."""
    held = {one.fact.field: one for one in facts}
    found = []
    for key, name, fields, asked in GROUPS:
        shown = [field for field in fields if field in held or field in asked]
        found.append(
            Group(key, name, tuple(_row_or_unknown(field, held.pop(field, None)) for field in shown))
        )
    if held:
        found.append(Group("other", _("Other"), tuple(rows(held.values()))))
    return found


def value(fact: JurisdictionFact) -> Any:
    """The value with its unit, words translated."""
    _name, unit = NAMES.get(fact.field, ("", ""))
    return VALUES.get(fact.value, f"{fact.value}{unit}")


def since(fact: JurisdictionFact) -> str:
    """From when it holds, as precisely as its source says: "since Apr 2023", "as reported on 27 Jun 2026"."""
    day = fact.valid_from
    if fact.dated_by == DatedBy.EFFECTIVE:
        return _now("since %(date)s") % {"date": partial(fact.valid_from_text, day)}
    if fact.dated_by == DatedBy.AS_OF:
        return _now("as reported, %(date)s") % {"date": partial(fact.as_of, day)}
    return _now("undated; counted from %(date)s, when this was compiled") % {"date": market.day(day)}


def partial(text: str, day: date) -> str:
    """A date as precise as `text` has it (2023, 2023-04 or 2023-04-01); `day` is shown for other words."""
    found = PARTIAL.fullmatch(text.strip())
    if not found:
        return market.day(day)
    year, month, whole = int(found[1]), int(found[2] or 1), found[3]
    if whole:
        return market.day(date(year, month, int(whole)))
    return market.month(date(year, month, 1)) if found[2] else f"{year:04}"


def _rank(field: str) -> int:
    return ORDER.index(field) if field in NAMES else len(ORDER)


def _name(field: str) -> Any:
    return NAMES[field][0] if field in NAMES else field.replace("_", " ")


def _row(held: Held) -> Row:
    return Row(_name(held.fact.field), value(held.fact), held.fact, held.inherited_from)


def _row_or_unknown(field: str, held: Held | None) -> Row:
    return _row(held) if held else Row(_name(field), None, None, None)
