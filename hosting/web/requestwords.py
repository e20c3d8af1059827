"""A request in words: what it needs, field by field, as far as the reader may see it."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries

from accounts.services.acting import Viewer
from hosting.models import CapacityRequest, Cooling, Evidence, LegalStatus, PriceModel
from hosting.services import reasons, visibility
from hosting.templatetags import market
from hosting.web import needfields

LABELS = {
    **{name: ask.label for name, ask in needfields.ASKS.items()},
    # Read by hosts too: nobody is "you" here.
    "need_kw": gettext_lazy("Power"),
    "origin": gettext_lazy("Machines are now in"),
    "max_price_usd": gettext_lazy("Price ceiling"),
    "cooling": gettext_lazy("Cooling"),
    "price_models": gettext_lazy("Price models"),
    "fleet": gettext_lazy("Machines"),
    "licences": gettext_lazy("Licences held"),
    "weights": gettext_lazy("Weights of the score"),
    "is_anonymous": gettext_lazy("Anonymous"),
    "expires_at": gettext_lazy("Open until"),
}


def _months(count: int) -> str:
    return ngettext("%(n)s month", "%(n)s months", count) % {"n": count}


def _labelled(choices: Any, values: Iterable[str]) -> str:
    return ", ".join(str(choices(value).label) for value in values)


def _fleet(request: CapacityRequest) -> str:
    return ", ".join(f"{line.quantity} × {line.machine}" for line in request.fleet.all())


def _licences(request: CapacityRequest) -> str:
    return ", ".join(one["type"] for one in request.licences)


def _weights(request: CapacityRequest) -> str:
    return ", ".join(
        f"{reasons.part_name(name)} {weight}" for name, weight in (request.weights or {}).items()
    )


# Each gives text, or "" for what the request leaves out. `fleet__machine` is to be prefetched.
WORDS: dict[str, Callable[[CapacityRequest], Any]] = {
    "need_kw": lambda one: market.power(one.need_kw),
    "fleet": _fleet,
    "efficiency_j_th": lambda one: one.efficiency_j_th and market.efficiency(one.efficiency_j_th),
    "worst_j_th": lambda one: one.worst_j_th and market.efficiency(one.worst_j_th),
    "origin": lambda one: countries.name(one.origin) or one.origin,
    "earliest_start": lambda one: market.day(one.earliest_start),
    "latest_start": lambda one: market.day(one.latest_start),
    "term_months": lambda one: _months(one.term_months),
    "max_price_usd": lambda one: f"{market.amount(one.max_price_usd)} USD/kWh",
    "max_deposit_months": lambda one: (
        "" if one.max_deposit_months is None else _months(one.max_deposit_months)
    ),
    "min_uptime": lambda one: "" if one.min_uptime is None else market.percent(one.min_uptime),
    "max_curtailment": lambda one: "" if one.max_curtailment is None else market.percent(one.max_curtailment),
    "min_renewable": lambda one: "" if one.min_renewable is None else market.percent(one.min_renewable),
    "cooling": lambda one: _labelled(Cooling, one.cooling),
    "price_models": lambda one: _labelled(PriceModel, one.price_models),
    "allowed_jurisdictions": lambda one: ", ".join(one.allowed_jurisdictions),
    "excluded_jurisdictions": lambda one: ", ".join(one.excluded_jurisdictions),
    "min_legal_status": lambda one: one.min_legal_status and LegalStatus(one.min_legal_status).label,
    "min_predictability": lambda one: one.min_predictability and f"{one.min_predictability} {_('of 5')}",
    "licences": _licences,
    "min_evidence": lambda one: one.min_evidence and Evidence(one.min_evidence).label,
    "weights": _weights,
    "is_anonymous": lambda one: _("yes") if one.is_anonymous else _("no"),
    "expires_at": lambda one: market.day((one.expires_at - timedelta(microseconds=1)).date()),
}


def of(request: CapacityRequest, name: str) -> Any:
    """One field in words; "not stated" for what the request leaves out."""
    return WORDS[name](request) or _("not stated")


def facts(request: CapacityRequest, viewer: Viewer) -> list[tuple[Any, Any]]:
    """(label, words) of every field that is stated and that this viewer may see, in the form's order."""
    return [
        (LABELS[name], words)
        for name, in_words in WORDS.items()
        if visibility.may_see(viewer, request, name) and (words := in_words(request))
    ]


def headline(request: CapacityRequest) -> str:
    """A request in one line: how much, from when, for how long."""
    return _("%(kw)s from %(first)s to %(last)s, %(months)s") % {
        "kw": market.power(request.need_kw),
        "first": market.day(request.earliest_start),
        "last": market.day(request.latest_start),
        "months": _months(request.term_months),
    }
