"""What would let a near miss fit, in words. One sentence a gate; the parameters are the engine's."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from hosting.matching.reasons import GateResult
from hosting.services.wording import FIELD_NAMES, day, j_th, kw, percent, usd, word

Params = dict[str, Any]


def words(gate: GateResult) -> str:
    """The cure of a failed gate."""
    return CURES[gate.name](gate.code, gate.params)


def _order_size(code: str, params: Params) -> str:
    if code == "below_minimum":
        return _("Bring %(more)s more, or team up with others: it begins at %(bound)s.") % {
            "more": kw(params["short_by_kw"]),
            "bound": kw(params["min_kw"]),
        }
    return _("Split the fleet: %(more)s less would fit.") % {"more": kw(params["over_by_kw"])}


def _price_ceiling(code: str, params: Params) -> str:
    return _("Raise your ceiling by %(more)s, to %(price)s.") % {
        "more": usd(params["over_by_micros"]),
        "price": usd(params["price_micros"]),
    }


def _later(params: Params) -> str:
    if "earliest" in params:
        return _("A start on %(day)s would do, %(days)s days after your latest.") % {
            "day": day(params["earliest"]),
            "days": params["days_later"],
        }
    return _("No later start within two years would do either.")


def _window(code: str, params: Params) -> str:
    return _later(params)


def _capacity(code: str, params: Params) -> str:
    if "earliest" in params or params["free_kw"] <= 0:
        return _later(params)
    return _("Send only %(free)s there for now.") % {"free": kw(params["free_kw"])}


def _rules(code: str, params: Params) -> str:
    if "earliest" in params:
        return _later(params)
    if params["others"]:
        return _("No licence mends it: choose another place.")
    if params["host_lacks"]:
        return _("Ask the host for its papers; it lacks: %(types)s.") % {
            "types": ", ".join(params["host_lacks"])
        }
    return _("Hold, and state among your licences: %(types)s.") % {"types": ", ".join(params["miner_lacks"])}


def _term(code: str, params: Params) -> str:
    if code == "below_minimum":
        return _("Stay %(more)s months longer: %(months)s in all.") % {
            "more": params["short_by_months"],
            "months": params["min_term_months"],
        }
    return _("Sign for %(months)s months and renew later.") % {"months": params["max_term_months"]}


def _deposit(code: str, params: Params) -> str:
    return _("Accept a deposit of %(months)s months.") % {"months": params["deposit_months"]}


def _accept(code: str, params: Params) -> str:
    return _("Accept %(value)s as well.") % {"value": word(params["value"])}


def _share(value: str) -> Callable[[str, Params], str]:
    def sentence(code: str, params: Params) -> str:
        return _("Accept %(value)s.") % {"value": percent(params[value])}

    return sentence


def _evidence(code: str, params: Params) -> str:
    return _("Accept what is only %(value)s, or ask the host for papers.") % {"value": word(params["value"])}


def _machine_age(code: str, params: Params) -> str:
    if code == "unknown":
        return _("Say what your worst machines need, in J/TH.")
    return _("Leave out the machines above %(limit)s.") % {"limit": j_th(params["max_j_per_th"])}


def _predictability(code: str, params: Params) -> str:
    if code == "unknown":
        return _("Ask for no minimum of predictability.")
    return _("Accept a predictability of %(value)s.") % params


def _legal_status(code: str, params: Params) -> str:
    if code == "banned":
        return _("Nothing you can change: choose another place.")
    if code == "unknown":
        return _("Ask for no minimum of legal status, and check the law there yourself.")
    return _("Accept the status “%(value)s”.") % {"value": word(params["value"])}


def _jurisdiction(code: str, params: Params) -> str:
    return _("Allow %(code)s.") % params


def _comparable(code: str, params: Params) -> str:
    if code == "missing_field":
        return _("Ask the host to state: %(field)s.") % {
            "field": FIELD_NAMES.get(params["field"], params["field"])
        }
    if code == "no_tier" and params["min_kw"] is not None:
        return _("Bring at least %(bound)s.") % {"bound": kw(params["min_kw"])}
    if code == "missing_efficiency":
        return _("Say what your machines need, in J/TH.")
    if code in ("missing_rate", "missing_hashprice"):
        return _("Come back when a current rate is published.")
    return _("Ask the host for an uptime it stands by.")


CURES: dict[str, Callable[[str, Params], str]] = {
    "jurisdiction": _jurisdiction,
    "legal_status": _legal_status,
    "predictability": _predictability,
    "rules": _rules,
    "cooling": _accept,
    "machine_age": _machine_age,
    "order_size": _order_size,
    "capacity": _capacity,
    "window": _window,
    "term": _term,
    "price_model": _accept,
    "price_comparable": _comparable,
    "price_ceiling": _price_ceiling,
    "deposit": _deposit,
    "uptime": _share("uptime_bp"),
    "curtailment": _share("curtailment_bp"),
    "renewable": _share("renewable_bp"),
    "evidence": _evidence,
}
