"""A dated rule in one plain sentence, for pages. The rule's own title and comment stand beside it."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from hosting.models import Effect, RegulationRule, Subject
from hosting.templatetags import market

# Effects that can stop a start; marked, so that nobody reads past them.
STOPPING = (Effect.PROHIBIT, Effect.MORATORIUM_NEW, Effect.CURTAIL)


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
