"""What a host is told of a gate between its offer and a request: no ceiling, no weight, in its own words."""

from typing import Any

from django.utils.translation import gettext as _

from hosting.matching.reasons import GateResult
from hosting.services.fitting import NearMisses
from hosting.services.wording import FIELD_NAMES, j_th, kw, listed, percent, word


def sentence(gate: GateResult) -> str:
    """Why the pair fails this gate, in the host's words; "" when it passes."""
    if gate.passed:
        return ""
    params = gate.params
    match gate.name, gate.code:
        case "order_size", "below_minimum":
            return _("It needs %(need)s; your smallest order is %(bound)s.") % {
                "need": kw(params["need_kw"]),
                "bound": kw(params["min_kw"]),
            }
        case "order_size", _code:
            return _("It needs %(need)s; your largest order is %(bound)s.") % {
                "need": kw(params["need_kw"]),
                "bound": kw(params["max_kw"]),
            }
        case "capacity", _code:
            return _("It needs %(need)s; at most %(free)s are free in its window.") % {
                "need": kw(params["need_kw"]),
                "free": kw(max(params["free_kw"], 0)),
            }
        case "window", "past":
            return _("Its window has passed.")
        case "window", _code if "days_later" in params:
            return _("You could begin %(days)s days after its latest start.") % {"days": params["days_later"]}
        case "window", _code:
            return _("No day in its window is free for the whole term.")
        case "term", "below_minimum":
            return (
                _("It asks for %(term_months)s months; your shortest term is %(min_term_months)s.") % params
            )
        case "term", _code:
            return _("It asks for %(term_months)s months; your longest term is %(max_term_months)s.") % params
        case "cooling" | "price_model", _code:
            return _("It takes %(accepted)s; you offer %(value)s.") % {
                "accepted": listed(params["accepted"]),
                "value": word(params["value"]),
            }
        case "machine_age", "unknown":
            return _("It does not say how old its machines are.")
        case "machine_age", _code:
            return _("Its oldest machines need %(worst)s; you take up to %(limit)s.") % {
                "worst": j_th(params["worst_j_th"]),
                "limit": j_th(params["max_j_per_th"]),
            }
        case "uptime", _code:
            return _asks(params["min_uptime_bp"], params["uptime_bp"])
        case "renewable", _code:
            return _asks(params["min_renewable_bp"], params["renewable_bp"])
        case "curtailment", _code:
            return _("It accepts %(bound)s; yours is %(value)s, with the seasonal stops of law.") % {
                "bound": percent(params["max_curtailment_bp"]),
                "value": percent(params["curtailment_bp"]),
            }
        case "evidence", _code:
            return _("It asks for at least: %(minimum)s; yours is %(value)s.") % {
                "minimum": word(params["minimum"]),
                "value": word(params["value"]),
            }
        case "rules", _code:
            return _("No day in its window is allowed by: %(titles)s.") % {
                "titles": "; ".join(params["titles"])
            }
        case "price_comparable", "missing_field":
            return _("You have not stated: %(field)s.") % {
                "field": FIELD_NAMES.get(params["field"], params["field"])
            }
        case "price_comparable", _code:
            return _("Your price can’t be worked out for this request.")
        case "price_ceiling", _code:
            return _("Your price lies above what it would pay.")
        case "deposit", _code:
            return _("Your deposit lies above what it accepts.")
        case "jurisdiction", _code:
            return _("It does not allow your place, %(code)s.") % {"code": params["code"]}
        case "legal_status", "banned":
            return _("Mining is banned in your place.")
        case "predictability", _code:
            return _("It asks for a place that is rated as more predictable.")
    return _("It asks for a better legal status than that of your place.")


def _asks(bound: int, value: int) -> str:
    return _("It asks for %(bound)s; yours is %(value)s.") % {
        "bound": percent(bound),
        "value": percent(value),
    }


def cure(near: NearMisses) -> str:
    """What would let these requests in: the end of "… would fit"."""
    bound: Any = near.bound
    match near.gate, near.code:
        case "order_size", "below_minimum":
            return _("with a smallest order of %(bound)s") % {"bound": kw(bound)}
        case "order_size", _code:
            return _("with a largest order of %(bound)s") % {"bound": kw(bound)}
        case "capacity", _code:
            return _("with %(bound)s more free in time") % {"bound": kw(bound)}
        case "window", _code:
            if bound is None:
                return _("if the capacity were free for the whole term")
            return _("if you could begin %(days)s days sooner") % {"days": bound}
        case "term", "below_minimum":
            return _("with a shortest term of %(months)s months") % {"months": bound}
        case "term", _code:
            return _("with a longest term of %(months)s months") % {"months": bound}
        case "cooling" | "price_model", _code:
            return _("with %(words)s") % {"words": listed(bound)}
        case "machine_age", "above_maximum":
            return _("if you took machines up to %(limit)s") % {"limit": j_th(bound)}
        case "machine_age", _code:
            return _("if they stated the J/TH of their machines, or you took any")
        case "uptime", _code:
            return _("with an uptime of %(share)s") % {"share": percent(bound)}
        case "curtailment", _code:
            return _("with curtailment of at most %(share)s") % {"share": percent(bound)}
        case "renewable", _code:
            return _("with a renewable share of %(share)s") % {"share": percent(bound)}
        case "evidence", _code:
            return _("with evidence that is %(level)s") % {"level": word(bound)}
        case "price_comparable", "missing_field":
            return _("if you stated: %(fields)s") % {
                "fields": ", ".join(str(FIELD_NAMES.get(one, one)) for one in bound)
            }
        case "price_comparable", _code:
            return _("if your price could be worked out for them")
        case "price_ceiling", _code:
            return _("at a lower price")
        case "deposit", _code:
            return _("with a lower deposit")
        case "jurisdiction", _code:
            return _("in a place that they allow")
        case "legal_status", _code:
            return _("in a place with the legal status they ask for")
        case "predictability", _code:
            return _("in a place as predictable as they ask for")
    return _("if the rules of the place allowed their start")
