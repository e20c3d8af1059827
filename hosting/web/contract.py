"""The terms of an offer in the order a contract is read: price, metering, money, size, machines, exit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hosting.models import OfferTerms, PriceModel
from hosting.templatetags import market

NOT_STATED = _("not stated")


@dataclass(frozen=True)
class Clause:
    """One line: what it is about, and what the host says. `value` None: the host has not said."""

    name: Any
    value: Any


@dataclass(frozen=True)
class Section:
    title: Any
    clauses: list[Clause]


def _price(terms: OfferTerms, value: Decimal | None) -> str | None:
    return None if value is None else f"{market.amount(value)} {terms.currency}/kWh"


def _amount(terms: OfferTerms, value: Decimal | None, per: str) -> str | None:
    return None if value is None else f"{market.amount(value)} {terms.currency}{per}"


def _percent(value: Decimal | None) -> str | None:
    return None if value is None else market.percent(value)


def _power(kw: int | None) -> str | None:
    return None if kw is None else market.power(kw)


def _months(count: int | None) -> str | None:
    return None if count is None else ngettext("%(n)s month", "%(n)s months", count) % {"n": count}


def _days(count: int | None) -> str | None:
    return None if count is None else ngettext("%(n)s day", "%(n)s days", count) % {"n": count}


def _hours(count: int | None) -> str | None:
    return None if count is None else ngettext("%(n)s hour", "%(n)s hours", count) % {"n": count}


def _yes_no(value: bool | None) -> Any:
    return None if value is None else _("yes") if value else _("no")


def sections(terms: OfferTerms) -> list[Section]:
    """All terms. Reads `tiers` (prefetch them)."""
    return [
        Section(_("Price"), list(_of_price(terms))),
        Section(
            _("Metering"),
            [
                Clause(_("Metered"), terms.get_metering_display()),
                Clause(_("PUE"), None if terms.pue is None else market.plain(terms.pue)),
                Clause(_("Nameplate uplift"), _percent(terms.metering_uplift)),
            ],
        ),
        Section(
            _("Money up front"),
            [
                Clause(_("Deposit"), _months(terms.deposit_months)),
                Clause(_("Setup fee"), _amount(terms, terms.setup_fee_kw, "/kW")),
            ],
        ),
        Section(
            _("Size and term"),
            [
                Clause(_("Smallest order"), _power(terms.min_kw)),
                Clause(_("Largest order"), _power(terms.max_kw)),
                Clause(_("Shortest term"), _months(terms.min_term_months)),
                Clause(_("Longest term"), _months(terms.max_term_months)),
                Clause(_("Price fixed for"), _months(terms.rate_lock_months)),
            ],
        ),
        Section(
            _("Uptime and curtailment"),
            [
                Clause(_("Uptime"), _percent(terms.uptime)),
                Clause(_("If uptime falls short"), terms.uptime_remedy or None),
                Clause(_("Curtailment"), _percent(terms.curtailment)),
                Clause(_("Notice of curtailment"), _hours(terms.curtailment_notice_hours)),
                Clause(_("Curtailment credits go to"), terms.get_curtailment_credits_display() or None),
                Clause(_("Renewable share"), _percent(terms.renewable)),
            ],
        ),
        Section(_("Machines"), list(_of_machines(terms))),
        Section(
            _("Exit"),
            [
                Clause(_("Notice by the host"), _days(terms.host_notice_days)),
                Clause(_("Notice by the miner"), _days(terms.miner_notice_days)),
                Clause(_("Return of machines within"), _days(terms.return_days)),
                Clause(_("Return paid by"), terms.get_return_paid_by_display() or None),
                Clause(_("Cross-default"), _yes_no(terms.has_cross_default)),
                Clause(_("Offer holds until"), _last(terms.valid_until)),
            ],
        ),
    ]


def _last(end: date | None) -> str | None:
    return None if end is None else market.last_day(end)


def _of_price(terms: OfferTerms) -> Iterable[Clause]:
    yield Clause(_("Price model"), terms.get_price_model_display())
    if terms.price_model == PriceModel.TIERED:
        for tier in terms.tiers.all():
            name = _("Energy from %(kw)s") % {"kw": market.power(tier.min_kw)}
            yield Clause(name, _price(terms, tier.energy_price))
    else:
        yield Clause(_("Energy"), _price(terms, terms.energy_price))
    if terms.price_model in (PriceModel.PASS_THROUGH, PriceModel.INDEXED):
        yield Clause(_("Pass-through, estimate"), _price(terms, terms.passthrough_estimate))
        yield Clause(_("Pass-through, cap"), _price(terms, terms.passthrough_cap))
    yield Clause(_("Hosting fee"), _price(terms, terms.hosting_fee))
    yield Clause(_("Base fee"), _amount(terms, terms.base_fee_kw_month, str(_("/kW a month"))))
    yield Clause(_("Revenue share"), _percent(terms.revenue_share))
    yield Clause(
        _("Levies"), _("included in the price") if terms.levies_included else _("added to the price")
    )


def _of_machines(terms: OfferTerms) -> Iterable[Clause]:
    oldest = terms.max_j_per_th
    yield Clause(_("Cooling"), terms.get_cooling_display())
    yield Clause(_("Oldest machines taken"), None if oldest is None else market.efficiency(oldest))
    yield Clause(_("Accepted machines"), terms.accepted_machines or None)
    yield Clause(_("Firmware"), terms.get_firmware_display() or None)
    yield Clause(_("Low-power mode"), _yes_no(terms.allows_low_power_mode))
    yield Clause(_("Host may move machines"), _yes_no(terms.host_may_move_machines))
