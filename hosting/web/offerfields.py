"""The fields of an offer's terms as its form asks for them, grouped as a contract is read."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hosting.models import Cooling, Firmware, Metering, PriceModel, Side
from hosting.web.needfields import Ask

NOT_STATED = ("", _("not stated"))
YES_NO = [NOT_STATED, ("yes", _("yes")), ("no", _("no"))]
PER_KWH = _("per kWh")
MODEL_HINTS = {
    PriceModel.ALL_IN: _("One price per kWh, power and hosting together."),
    PriceModel.BASE_PLUS_METERED: _("A monthly fee per kW, and a price for each kWh."),
    PriceModel.PASS_THROUGH: _("The power bill as it comes, with your fee on top."),
    PriceModel.INDEXED: _("Power at the price of an index, with your fee on top."),
    PriceModel.REVENUE_SHARE: _("Power at cost, and a share of what the machines earn."),
    PriceModel.TIERED: _("The price per kWh depends on how much is ordered."),
}
ENERGY_LABELS = {
    PriceModel.ALL_IN: _("Price, all in"),
    PriceModel.PASS_THROUGH: _("Fixed part of the energy price"),
    PriceModel.INDEXED: _("Fixed part of the energy price"),
}


def _whole(name: str, label: Any, unit: Any, hint: Any = "") -> Ask:
    return Ask(name, label, unit=unit, hint=hint)


PRICE = (
    Ask("currency", _("Currency"), "select", is_required=True),
    Ask("energy_price", _("Energy price"), unit=PER_KWH, hint=_("0 if there is none."), is_required=True),
    Ask(
        "passthrough_estimate",
        _("Pass-through, your estimate"),
        unit=PER_KWH,
        hint=_("What the power has cost lately; staff looks at it."),
        is_required=True,
    ),
    Ask("passthrough_cap", _("Pass-through, at most"), unit=PER_KWH, hint=_("Empty: no cap.")),
    Ask("hosting_fee", _("Hosting fee"), unit=PER_KWH),
    Ask("base_fee_kw_month", _("Base fee"), unit=_("per kW and month")),
    Ask("revenue_share", _("Share of the revenue"), unit="%"),
    Ask("setup_fee_kw", _("Setup fee, once"), unit=_("per kW")),
    Ask(
        "levies_included",
        _("Levies on mining power"),
        "select",
        choices=[("no", _("added to the price")), ("yes", _("included in the price"))],
    ),
)
METERING = (
    Ask("metering", _("Metered"), "select", choices=Metering.choices, is_required=True),
    Ask("pue", _("PUE that is billed"), hint=_("Only where metered at the site.")),
    Ask("metering_uplift", _("Nameplate uplift"), unit="%", hint=_("Only where billed by nameplate.")),
)
UP_FRONT = (_whole("deposit_months", _("Deposit"), _("months")),)
SIZE = (
    _whole("min_kw", _("Smallest order"), "kW"),
    _whole("max_kw", _("Largest order"), "kW"),
    _whole("min_term_months", _("Shortest term"), _("months")),
    _whole("max_term_months", _("Longest term"), _("months")),
    _whole("rate_lock_months", _("Price fixed for"), _("months")),
)
UPTIME = (
    Ask("uptime", _("Uptime you promise"), unit="%", is_required=True),
    Ask("uptime_remedy", _("If uptime falls short"), "area"),
    Ask("curtailment", _("Curtailment"), unit="%", hint=_("Without the seasonal stops of law.")),
    _whole("curtailment_notice_hours", _("Notice of curtailment"), _("hours")),
    Ask(
        "curtailment_credits",
        _("Curtailment credits go to"),
        "select",
        choices=[NOT_STATED, *Side.choices],
    ),
    Ask("renewable", _("Renewable share"), unit="%"),
)
MACHINES = (
    Ask("cooling", _("Cooling"), "select", choices=Cooling.choices, is_required=True),
    Ask("max_j_per_th", _("Oldest machines taken"), unit="J/TH", hint=_("Empty: any.")),
    Ask("accepted_machines", _("Accepted machines"), "area"),
    Ask("firmware", _("Firmware"), "select", choices=[NOT_STATED, *Firmware.choices]),
    Ask("allows_low_power_mode", _("Low-power mode"), "select", choices=YES_NO),
    Ask("host_may_move_machines", _("Host may move machines"), "select", choices=YES_NO),
)
EXIT = (
    _whole("host_notice_days", _("Notice by the host"), _("days")),
    _whole("miner_notice_days", _("Notice by the miner"), _("days")),
    _whole("return_days", _("Return of machines within"), _("days")),
    Ask("return_paid_by", _("Return paid by"), "select", choices=[NOT_STATED, *Side.choices]),
    Ask("has_cross_default", _("Cross-default"), "select", choices=YES_NO),
    Ask("valid_until", _("Offer holds until"), "date", hint=_("The last day. Empty: until you end it.")),
)
GROUPS = (
    (_("Price"), PRICE),
    (_("Metering"), METERING),
    (_("Money up front"), UP_FRONT),
    (_("Size and term"), SIZE),
    (_("Uptime and curtailment"), UPTIME),
    (_("Machines"), MACHINES),
    (_("Exit"), EXIT),
)
TITLE = Ask(
    "title", _("Title of the offer"), "text", hint=_("For example: Firm power, all in."), is_required=True
)
MODEL = Ask("price_model", _("Price model"), "radio", choices=PriceModel.choices, is_required=True)
ASKS = {ask.name: ask for ask in (TITLE, MODEL, *(ask for _title, group in GROUPS for ask in group))}
