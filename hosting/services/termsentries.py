"""What a host types or sends about an offer's terms, turned into columns, with a sentence for what can't be
used. Which fields a price model asks for is data here, and forms read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pycountry
from django.utils.translation import gettext as _

from accounts.services.errors import Invalid
from hosting.models import Cooling, Firmware, Metering, PriceModel, Side
from hosting.services.entries import Entries

# What each price model asks for: (required, may be left empty). Tiers are a table of their own.
PRICE_FIELDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    PriceModel.ALL_IN: (("energy_price",), ()),
    PriceModel.BASE_PLUS_METERED: (("energy_price", "base_fee_kw_month"), ("hosting_fee",)),
    PriceModel.PASS_THROUGH: (
        ("energy_price", "passthrough_estimate"),
        ("passthrough_cap", "hosting_fee", "base_fee_kw_month"),
    ),
    PriceModel.INDEXED: (
        ("energy_price", "passthrough_estimate"),
        ("passthrough_cap", "hosting_fee", "base_fee_kw_month"),
    ),
    PriceModel.REVENUE_SHARE: (("energy_price", "revenue_share"), ("hosting_fee",)),
    PriceModel.TIERED: ((), ("hosting_fee", "base_fee_kw_month")),
}
# Fees that count in every model: where stored terms have one that the model does not ask for, a form asks.
FEES = ("hosting_fee", "base_fee_kw_month", "revenue_share")
PRICES = ("energy_price", "passthrough_estimate", "passthrough_cap", "hosting_fee")
AMOUNTS = ("base_fee_kw_month", "setup_fee_kw")
# name: (lowest, highest)
WHOLE = {
    "deposit_months": ("0", "36"),
    "min_kw": ("1", "10000000"),
    "max_kw": ("1", "10000000"),
    "min_term_months": ("1", "240"),
    "max_term_months": ("1", "240"),
    "host_notice_days": ("0", "730"),
    "miner_notice_days": ("0", "730"),
    "curtailment_notice_hours": ("0", "720"),
    "return_days": ("0", "365"),
    "rate_lock_months": ("0", "240"),
}
PERCENTAGES = ("revenue_share", "metering_uplift", "uptime", "curtailment", "renewable")
CHOICES = {
    "curtailment_credits": Side.values,
    "firmware": Firmware.values,
    "return_paid_by": Side.values,
}
YES_NO = ("allows_low_power_mode", "host_may_move_machines", "has_cross_default")
TEXTS = ("uptime_remedy", "accepted_machines")
TEXT_LENGTH = 300
MOST_TIERS = 20
# A dollar or a euro per kWh is a hundred times what anybody pays; other currencies are smaller.
HIGHEST = {"USD": "2", "EUR": "2", "GBP": "2", "CHF": "2"}
HORIZON = timedelta(days=3660)
# What a price is made of: enough to show one while the rest is still being typed.
PRICED = frozenset(
    {*PRICES, *AMOUNTS, "price_model", "currency", "metering", "pue", "metering_uplift", "tiers"}
    | {"revenue_share", "uptime", "curtailment", "levies_included", "cooling"}
)


@dataclass(frozen=True)
class Entered:
    """Columns of OfferTerms and tiers (kW, price), and what is wrong, by field ("tiers.0.min_kw")."""

    values: dict[str, Any]
    tiers: list[tuple[int, Decimal]]
    wrong: dict[str, list[str]]

    @property
    def wrong_prices(self) -> dict[str, list[str]]:
        """What keeps a price from being worked out."""
        return {name: said for name, said in self.wrong.items() if name.partition(".")[0] in PRICED}


def read(raw: Mapping[str, Any], *, today: date) -> Entered:
    """The terms as they can be stored. Raises Invalid with everything that is wrong."""
    entered = entered_so_far(raw, today=today)
    if entered.wrong:
        raise Invalid(dict(entered.wrong))
    return entered


def entered_so_far(raw: Mapping[str, Any], *, today: date) -> Entered:
    """What can be read of the terms, with what can't beside it."""
    entries = Entries(raw)
    values: dict[str, Any] = {"currency": _currency(entries), "price_model": _required_word(entries)}
    values |= _prices(entries, values["price_model"], values["currency"])
    values |= _metering(entries)
    for name, (low, high) in WHOLE.items():
        values[name] = entries.whole(name, low=low, high=high)
    for name in ("uptime", "curtailment", "renewable"):
        values[name] = _percent(entries, name, required=name == "uptime")
    for name, among in CHOICES.items():
        values[name] = entries.word(name, among=among)
    for name in YES_NO:
        values[name] = {"yes": True, "no": False}.get(entries.word(name, among=("yes", "no")))
    for name in TEXTS:
        values[name] = _text(entries, name)
    values["cooling"] = entries.word("cooling", among=Cooling.values)
    if not values["cooling"] and "cooling" not in entries.wrong:
        entries.refuse("cooling", _("Choose how machines are cooled."))
    values["max_j_per_th"] = entries.number("max_j_per_th", places=2, low="1", high="100000", unit="J/TH")
    values["valid_until"] = _valid_until(entries, today)
    _in_order(entries, values)
    return Entered(values, _tiers(entries, values), entries.wrong)


def _required_word(entries: Entries) -> str:
    model = entries.word("price_model", among=PriceModel.values)
    if not model and "price_model" not in entries.wrong:
        entries.refuse("price_model", _("Choose a price model."))
    return model


def _currency(entries: Entries) -> str:
    value = entries.given("currency")
    code = value.upper() if isinstance(value, str) else ""
    if len(code) != 3 or pycountry.currencies.get(alpha_3=code) is None:
        entries.refuse("currency", _("Choose a currency."))
        return ""
    return code


def _prices(entries: Entries, model: str, currency: str) -> dict[str, Any]:
    required = PRICE_FIELDS[model][0] if model else ()
    highest = HIGHEST.get(currency, "100000")
    values: dict[str, Any] = {
        name: entries.number(
            name,
            places=6,
            low="0",
            high=highest,
            unit=_("%(currency)s per kWh") % {"currency": currency},
            required=name in required,
        )
        for name in PRICES
    }
    for name in AMOUNTS:
        values[name] = entries.number(
            name, places=2, low="0", high="100000000", unit=currency, required=name in required
        )
    values["revenue_share"] = _percent(entries, "revenue_share", required="revenue_share" in required)
    values["levies_included"] = entries.word("levies_included", among=("yes", "no")) == "yes"
    return values


def _metering(entries: Entries) -> dict[str, Any]:
    """The factor of the metering is read only where that metering uses it."""
    metering = entries.word("metering", among=Metering.values)
    if not metering and "metering" not in entries.wrong:
        entries.refuse("metering", _("Choose where the power is metered."))
    is_site, is_nameplate = metering == Metering.SITE, metering == Metering.NAMEPLATE
    return {
        "metering": metering,
        "pue": entries.number("pue", places=4, low="1", high="3", required=True) if is_site else None,
        "metering_uplift": _percent(entries, "metering_uplift", required=True) if is_nameplate else None,
    }


def _percent(entries: Entries, name: str, *, required: bool = False) -> Decimal | None:
    return entries.number(name, places=2, low="0", high="100", unit="%", required=required)


def _text(entries: Entries, name: str) -> str:
    value = entries.given(name)
    if value is None:
        return ""
    if not isinstance(value, str) or "\x00" in value:
        entries.refuse(name, _("Enter text."))
        return ""
    if len(value) > TEXT_LENGTH:
        entries.refuse(
            name,
            _("Use at most %(longest)s characters; these are %(count)s.")
            % {"longest": TEXT_LENGTH, "count": len(value)},
        )
    return value


def _valid_until(entries: Entries, today: date) -> date | None:
    """The first day on which the offer no longer holds."""
    day = entries.day("valid_until")
    if day is not None and day <= today:
        entries.refuse("valid_until", _("The offer must hold today at least."))
    elif day is not None and day > today + HORIZON:
        entries.refuse("valid_until", _("That is more than ten years away; please check the year."))
    return day


def _in_order(entries: Entries, values: Mapping[str, Any]) -> None:
    for low, high in (("min_kw", "max_kw"), ("min_term_months", "max_term_months")):
        least, most = values[low], values[high]
        if least is not None and most is not None and most < least:
            entries.refuse(high, _("The largest lies below the smallest."))
    estimate, cap = values["passthrough_estimate"], values["passthrough_cap"]
    if estimate is not None and cap is not None and cap < estimate:
        entries.refuse("passthrough_cap", _("The cap lies below the estimate."))


def _tiers(entries: Entries, values: Mapping[str, Any]) -> list[tuple[int, Decimal]]:
    if values["price_model"] != PriceModel.TIERED:
        return []
    given = entries.listed("tiers")
    if not given:
        entries.refuse("tiers", _("A tiered price has at least one tier."))
    if len(given) > MOST_TIERS:
        entries.refuse("tiers", _("At most %(lines)s lines.") % {"lines": MOST_TIERS})
        return []
    tiers: dict[int, Decimal] = {}
    for number, one in enumerate(given):
        name = f"tiers.{number}"
        if not isinstance(one, Mapping):
            entries.refuse(name, _("Send a power and a price."))
            continue
        min_kw = entries.whole(
            f"{name}.min_kw", low="0", high="10000000", unit="kW", required=True, raw=one.get("min_kw")
        )
        price = entries.number(
            f"{name}.energy_price",
            places=6,
            low="0",
            high=HIGHEST.get(values["currency"], "100000"),
            required=True,
            raw=one.get("energy_price"),
        )
        if min_kw is not None and min_kw in tiers:
            entries.refuse(f"{name}.min_kw", _("Each tier begins at another kW."))
        elif min_kw is not None and price is not None:
            tiers[min_kw] = price
    return sorted(tiers.items())
