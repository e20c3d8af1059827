"""A dated rule in one plain sentence, for pages. The rule's own title and comment stand beside it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hosting.models import Confidence, Effect, RegulationRule, Subject
from hosting.templatetags import market

# Effects that can stop a start; marked, so that nobody reads past them.
STOPPING = (Effect.PROHIBIT, Effect.MORATORIUM_NEW, Effect.CURTAIL)
WHOM: dict[Subject, Any] = {
    Subject.HOST: gettext_lazy("the host"),
    Subject.MINER: gettext_lazy("the miner"),
    Subject.IMPORT: gettext_lazy("the import of machines"),
}


@dataclass(frozen=True)
class Part:
    """One thing that a rule's scope says; `field` is the column it is read from."""

    field: str
    name: str
    text: str


def is_applied(rule: RegulationRule) -> bool:
    """Whether the matching counts it: not with a source of low confidence, and of import only a ban."""
    if rule.confidence == Confidence.LOW or rule.effect == Effect.ALLOW:
        return False
    return rule.subject != Subject.IMPORT or rule.effect == Effect.PROHIBIT


def scope(rule: RegulationRule) -> list[Part]:
    """Whom and what the rule touches, part by part. A moratorium touches new sites only, always."""
    parts = [Part("subject", _("Whom"), str(WHOM[Subject(rule.subject)]))]
    if rule.licence_type:
        parts.append(Part("licence_type", _("Licence type"), rule.licence_type))
    if rule.cap_kw is not None:
        parts.append(Part("cap_kw", _("Cap"), market.power(rule.cap_kw)))
    if rule.levy:
        parts.append(Part("levy", _("Levy per kWh"), scale(rule)))
    parts.append(Part("size", _("Size of the order"), _size(rule)))
    is_new_only = rule.new_only or rule.effect == Effect.MORATORIUM_NEW
    parts.append(Part("new_only", _("Sites"), _("new ones only") if is_new_only else _("all")))
    return parts


def _size(rule: RegulationRule) -> str:
    low, high = (None if kw is None else market.power(kw) for kw in (rule.min_kw, rule.max_kw))
    if low and high:
        return _("from %(low)s to %(high)s") % {"low": low, "high": high}
    if low:
        return _("from %(low)s up") % {"low": low}
    return _("up to %(high)s") % {"high": high} if high else _("every size")


def sentence(rule: RegulationRule) -> str:
    """What the rule does, to whom."""
    return " ".join(part for part in (_deed(rule), _reach(rule)) if part)


def _deed(rule: RegulationRule) -> str:
    effects: dict[str, Any] = {
        Effect.PROHIBIT: _("Machines may not be imported.")
        if rule.subject == Subject.IMPORT
        else _("Mining is prohibited."),
        Effect.MORATORIUM_NEW: _("No new site may start."),
        Effect.CAP_KW: _("No more than %(kw)s may be taken.") % {"kw": market.power(rule.cap_kw or 0)},
        Effect.REQUIRE_LICENCE: _("%(who)s needs the licence %(type)s.") % _held(rule),
        Effect.REQUIRE_REGISTRATION: _("%(who)s must be registered: %(type)s.") % _held(rule),
        Effect.LEVY_PER_KWH: _("A levy per kWh: %(scale)s.") % {"scale": scale(rule)},
        Effect.CURTAIL: _("A seasonal stop: no mining, and no start, in these days."),
        Effect.ALLOW: _("A note; it bars nothing."),
    }
    return str(effects[rule.effect])


def _held(rule: RegulationRule) -> dict[str, str]:
    who = _("The miner") if rule.subject == Subject.MINER else _("The host")
    return {"who": who, "type": rule.licence_type}


def _reach(rule: RegulationRule) -> str:
    words = []
    if rule.min_kw is not None and rule.max_kw is not None:
        sizes = {"low": market.power(rule.min_kw), "high": market.power(rule.max_kw)}
        words.append(_("Orders from %(low)s to %(high)s.") % sizes)
    elif rule.min_kw is not None:
        words.append(_("Orders from %(low)s up.") % {"low": market.power(rule.min_kw)})
    elif rule.max_kw is not None:
        words.append(_("Orders up to %(high)s.") % {"high": market.power(rule.max_kw)})
    if rule.new_only:
        words.append(_("New sites only."))
    return " ".join(words)


def scale(rule: RegulationRule) -> str:
    """The levy's rows: one amount, or amounts by the price of the energy."""
    currency = rule.levy_currency
    rows = sorted((Decimal(str(row["from"])), Decimal(str(row["amount"]))) for row in rule.levy)
    if len(rows) == 1 and not rows[0][0]:
        return f"{market.amount(rows[0][1])} {currency}"
    return "; ".join(
        _("%(amount)s %(currency)s where energy costs %(from)s or more")
        % {"amount": market.amount(amount), "currency": currency, "from": market.amount(start)}
        for start, amount in rows
    )
