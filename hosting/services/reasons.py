"""Why a gate failed, in words made where they are read, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from hosting.matching.match import Warning_
from hosting.matching.reasons import GateResult
from hosting.services import cures
from hosting.services.wording import (
    COMPONENT_NAMES,
    FIELD_NAMES,
    GATE_NAMES,
    PART_NAMES,
    day,
    j_th,
    kw,
    listed,
    percent,
    usd,
    word,
)


def gate_name(name: str) -> str:
    return str(GATE_NAMES[name])


def part_name(name: str) -> str:
    return str(PART_NAMES[name])


def component_name(name: str) -> str:
    return str(COMPONENT_NAMES[name])


def sentence(gate: GateResult) -> str:
    """Why the gate failed; "" when it passed."""
    return "" if gate.passed else SENTENCES[gate.name](gate.code, gate.params)


def cure(gate: GateResult) -> str:
    """What would have to change for the gate to pass; "" when it passed, or nothing would cure it."""
    return "" if gate.passed else cures.words(gate)


def warning(found: Warning_) -> str:
    """A dated warning in words."""
    if found.code == "rule_begins_within_term":
        return _("From %(day)s, within the term, a rule begins: %(title)s.") % {
            "day": day(found.params["on"]),
            "title": found.params["title"],
        }
    return _("Seasonal stops are known only until %(day)s (%(title)s); the term goes on beyond that.") % {
        "day": day(found.params["last_day_exclusive"]),
        "title": found.params["title"],
    }


def _jurisdiction(code: str, params: dict[str, Any]) -> str:
    if code == "excluded":
        return _("%(code)s lies within %(excluded)s, which you exclude.") % params
    return _("%(code)s is not among the places you allow.") % params


def _legal_status(code: str, params: dict[str, Any]) -> str:
    if code == "banned":
        return _("Mining is banned in %(banned_by)s.") % params
    if code == "unknown":
        return _("The legal status there is unknown or unverified; you ask for at least: %(minimum)s.") % {
            "minimum": word(params["minimum"])
        }
    return _("The legal status is “%(value)s”; you ask for at least: %(minimum)s.") % {
        "value": word(params["value"]),
        "minimum": word(params["minimum"]),
    }


def _predictability(code: str, params: dict[str, Any]) -> str:
    if code == "unknown":
        return (
            _("We have no rating of how predictable the place is; you ask for at least %(minimum)s.") % params
        )
    return _("Our rating of its predictability is %(value)s of 5; you ask for at least %(minimum)s.") % params


def _rules(code: str, params: dict[str, Any]) -> str:
    return _("No day in your window is allowed by: %(titles)s.") % {"titles": "; ".join(params["titles"])}


def _choice(code: str, params: dict[str, Any]) -> str:
    return _("It is %(value)s; you accept: %(accepted)s.") % {
        "value": word(params["value"]),
        "accepted": listed(params["accepted"]),
    }


def _machine_age(code: str, params: dict[str, Any]) -> str:
    limit = j_th(params["max_j_per_th"])
    if code == "unknown":
        return _("The host takes machines up to %(limit)s; you have not said what yours need.") % {
            "limit": limit
        }
    return _("Your oldest machines need %(worst)s; the host takes up to %(limit)s.") % {
        "worst": j_th(params["worst_j_th"]),
        "limit": limit,
    }


def _order_size(code: str, params: dict[str, Any]) -> str:
    if code == "below_minimum":
        return _("The smallest order is %(bound)s; you need %(need)s.") % {
            "bound": kw(params["min_kw"]),
            "need": kw(params["need_kw"]),
        }
    return _("The largest order is %(bound)s; you need %(need)s.") % {
        "bound": kw(params["max_kw"]),
        "need": kw(params["need_kw"]),
    }


def _capacity(code: str, params: dict[str, Any]) -> str:
    return _("At most %(free)s are free on a day of your window; you need %(need)s.") % {
        "free": kw(max(params["free_kw"], 0)),
        "need": kw(params["need_kw"]),
    }


def _window(code: str, params: dict[str, Any]) -> str:
    if code == "past":
        return _("Your window has passed.")
    if code == "not_for_whole_term":
        return _("The capacity is free on some day, but not for the whole term.")
    return _("No day in your window is both free for the whole term and allowed by the rules of the place.")


def _term(code: str, params: dict[str, Any]) -> str:
    if code == "below_minimum":
        return _("The shortest term is %(min_term_months)s months; you ask for %(term_months)s.") % params
    return _("The longest term is %(max_term_months)s months; you ask for %(term_months)s.") % params


def _comparable(code: str, params: dict[str, Any]) -> str:
    sentences = {
        "missing_field": _("The host has not stated: %(field)s."),
        "no_tier": _("Its price begins at %(min)s; you need %(need)s."),
        "missing_rate": _("There is no current exchange rate for %(currency)s."),
        "missing_hashprice": _("There is no current hashprice to work out the share of revenue."),
        "missing_efficiency": _("Its price depends on your machines: say their J/TH."),
        "no_load": _("It promises no running time, so a price per kWh can't be worked out."),
    }
    return sentences[code] % {
        "field": FIELD_NAMES.get(params.get("field", ""), params.get("field", "")),
        "min": kw(params.get("min_kw") or 0),
        "need": kw(params.get("need_kw") or 0),
        "currency": params.get("currency", ""),
    }


def _price_ceiling(code: str, params: dict[str, Any]) -> str:
    return _("It costs %(price)s in all; your ceiling is %(ceiling)s.") % {
        "price": usd(params["price_micros"]),
        "ceiling": usd(params["max_price_micros"]),
    }


def _deposit(code: str, params: dict[str, Any]) -> str:
    return _("The deposit is %(deposit_months)s months; you accept %(max_deposit_months)s.") % params


def _share(sentence_text: Callable[[], str], value: str, bound: str) -> Callable[[str, dict[str, Any]], str]:
    def words(code: str, params: dict[str, Any]) -> str:
        return sentence_text() % {"value": percent(params[value]), "bound": percent(params[bound])}

    return words


def _evidence(code: str, params: dict[str, Any]) -> str:
    return _("What the host says is %(value)s; you ask for at least: %(minimum)s.") % {
        "value": word(params["value"]),
        "minimum": word(params["minimum"]),
    }


SENTENCES: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "jurisdiction": _jurisdiction,
    "legal_status": _legal_status,
    "predictability": _predictability,
    "rules": _rules,
    "cooling": _choice,
    "machine_age": _machine_age,
    "order_size": _order_size,
    "capacity": _capacity,
    "window": _window,
    "term": _term,
    "price_model": _choice,
    "price_comparable": _comparable,
    "price_ceiling": _price_ceiling,
    "deposit": _deposit,
    "uptime": _share(lambda: _("Uptime is %(value)s; you ask for %(bound)s."), "uptime_bp", "min_uptime_bp"),
    "curtailment": _share(
        lambda: _("Curtailment, with the seasonal stops of law, is %(value)s; you accept %(bound)s."),
        "curtailment_bp",
        "max_curtailment_bp",
    ),
    "renewable": _share(
        lambda: _("The renewable share is %(value)s; you ask for %(bound)s."),
        "renewable_bp",
        "min_renewable_bp",
    ),
    "evidence": _evidence,
}
