"""What staff writes down of the law: facts and news at once, a rule in the hands of two.

Every change is an Event, so that what rests on it is matched again; nothing is ever deleted.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Event, User
from accounts.services import events, lifecycle, staff
from accounts.services.errors import Conflict, Invalid, NotAllowed
from hosting.models import (
    Effect,
    Jurisdiction,
    JurisdictionFact,
    LegalStatus,
    RegulationEvent,
    RegulationRule,
    RuleStatus,
)
from hosting.services import reading, referencerows
from hosting.services.places import SANCTIONS

FACT_KEY = ("jurisdiction", "field", "valid_from")
NEWS_KEY = ("date", "jurisdiction", "title")
CURRENCY = re.compile(r"[A-Z]{3}")
# Fields that decide something: a word beyond these would be read as something else.
SCALES: dict[str, tuple[str, ...]] = {
    "legal_status": tuple(LegalStatus.values),
    "predictability": ("1", "2", "3", "4", "5"),
    SANCTIONS: ("yes", "no"),
}
# Column -> the effects that need it; with any other effect it would be read by nobody.
NEEDED: dict[str, tuple[str, ...]] = {
    "cap_kw": (Effect.CAP_KW,),
    "levy": (Effect.LEVY_PER_KWH,),
    "levy_currency": (Effect.LEVY_PER_KWH,),
    "licence_type": (Effect.REQUIRE_LICENCE, Effect.REQUIRE_REGISTRATION),
}


class SameHands(NotAllowed):
    """Who reviewed a rule does not publish it."""

    code = "published_by_its_reviewer"
    message = _("You reviewed this rule yourself: somebody else of the staff has to publish it.")


class NoDraft(Conflict):
    """Only a draft is rewritten; what was reviewed stays as it was reviewed."""

    code = "rule_is_no_draft"
    message = _("Only a draft can be changed. Enter a new rule, and supersede this one.")


def save_fact(
    *,
    values: Mapping[str, Any],
    by: User,
    now: datetime,
    why: str = "",
    fact: JurisdictionFact | None = None,
) -> JurisdictionFact:
    """Enter a dated fact of a place, or correct the one given (not its place, field or first day: another
    day is another fact). Raises NotAllowed and Invalid."""
    scale = SCALES.get(values["field"])
    if scale and values["value"] not in scale:
        raise Invalid({"value": [_("This field is one of: %s.") % ", ".join(scale)]})
    place: Jurisdiction = values["jurisdiction"]
    told = {"jurisdiction": place.pk, "field": values["field"], "value": values["value"]}
    with transaction.atomic():
        if fact is None:
            row = JurisdictionFact()
            saved = referencerows.enter(row, values=values, by=by, why=why, now=now, params=told)
        else:
            saved = referencerows.correct(
                fact, values=values, key=FACT_KEY, by=by, why=why, now=now, params=told
            )
        events.touch(place, at=now)
    return saved


def save_news(
    *,
    values: Mapping[str, Any],
    by: User,
    now: datetime,
    why: str = "",
    news: RegulationEvent | None = None,
) -> RegulationEvent:
    """Enter dated news, or correct the one given. Raises NotAllowed and Invalid."""
    if news is None:
        return referencerows.enter(RegulationEvent(), values=values, by=by, why=why, now=now)
    return referencerows.correct(news, values=values, key=NEWS_KEY, by=by, why=why, now=now)


def draft(*, values: Mapping[str, Any], by: User, now: datetime, why: str = "") -> RegulationRule:
    """A new rule, which nobody but staff sees and nothing is matched against. Raises NotAllowed, Invalid."""
    _check_rule(values)
    told = {"jurisdiction": values["jurisdiction"].pk}
    return referencerows.enter(RegulationRule(), values=values, by=by, why=why, now=now, params=told)


def revise(
    *,
    rule: RegulationRule,
    values: Mapping[str, Any],
    by: User,
    why: str,
    now: datetime,
    version: int | None,
) -> RegulationRule:
    """Rewrite a draft. Raises NotAllowed, Invalid, NoDraft, and lifecycle.Stale for an older version."""
    with transaction.atomic():
        held = RegulationRule.objects.select_for_update(of=("self",), no_key=True).get(pk=rule.pk)
        lifecycle.check_version(held, version)
        if held.status != RuleStatus.DRAFT:
            raise NoDraft
        _check_rule(values)
        told = {"jurisdiction": held.jurisdiction_id}
        return referencerows.correct(held, values=values, key=(), by=by, why=why, now=now, params=told)


def review(*, rule: RegulationRule, by: User, why: str, now: datetime) -> None:
    """The draft says what its source says. Raises NotAllowed, Invalid, lifecycle.NoSuchMove."""
    staff.only(by)
    lifecycle.move(rule, to=RuleStatus.REVIEWED, at=now, by=by, why=staff.reason(why))


def publish(*, rule: RegulationRule, by: User, why: str, now: datetime) -> None:
    """The rule counts from now on: it is shown, and offers are held against it. By somebody else than its
    reviewer. Raises SameHands, NotAllowed, Invalid, lifecycle.NoSuchMove."""
    staff.only(by)
    if by.pk in _reviewers(rule):
        raise SameHands
    _move(rule, RuleStatus.PUBLISHED, by, why, now)


def supersede(*, rule: RegulationRule, by: User, why: str, now: datetime) -> None:
    """The rule counts no more, because another took its place or it was wrong. It stays to be read.
    Raises NotAllowed, Invalid, lifecycle.NoSuchMove."""
    staff.only(by)
    _move(rule, RuleStatus.SUPERSEDED, by, why, now)


def _move(rule: RegulationRule, to: str, by: User, why: str, now: datetime) -> None:
    with transaction.atomic():
        lifecycle.move(rule, to=to, at=now, by=by, why=staff.reason(why))
        # A place shows its rules: when they change, it has changed.
        events.touch(rule.jurisdiction, at=now)


def _reviewers(rule: RegulationRule) -> set[Any]:
    said = Event.objects.filter(
        subject_kind=events.kind_of(rule), subject_id=rule.pk, status_to=RuleStatus.REVIEWED
    )
    return set(said.values_list("by", flat=True))


def _check_rule(values: Mapping[str, Any]) -> None:
    """Refuse a rule that the matching could not apply."""
    wrong: dict[str, list[Any]] = {}
    ends, begins = values.get("valid_to"), values["valid_from"]
    if ends is not None and ends <= begins:
        wrong["valid_to"] = [_("The rule ends before it begins.")]
    low, high = values.get("min_kw"), values.get("max_kw")
    if low is not None and high is not None and high < low:
        wrong["max_kw"] = [_("This is below the smallest size.")]
    for column, effects in NEEDED.items():
        is_filled = values.get(column) not in (None, "", [])
        if values["effect"] in effects and not is_filled:
            wrong[column] = [_("This effect needs it.")]
        elif values["effect"] not in effects and is_filled:
            wrong[column] = [_("This effect does not use it.")]
    if values.get("levy") and not _is_scale(values["levy"]):
        wrong.setdefault("levy", []).append(_('This is no scale like [{"from": "0", "amount": "1"}].'))
    currency = values.get("levy_currency")
    if currency and not CURRENCY.fullmatch(currency):
        wrong.setdefault("levy_currency", []).append(_("This is no currency code."))
    if wrong:
        raise Invalid(wrong)


def _is_scale(scale: Any) -> bool:
    """Rows of {"from", "amount"}, decimal texts from 0 upwards, each "from" once."""
    if not isinstance(scale, list) or not all(isinstance(row, dict) for row in scale):
        return False
    if any(set(row) != {"from", "amount"} for row in scale):
        return False
    texts = [text for row in scale for text in row.values()]
    if not all(isinstance(text, str) and reading.DECIMAL.fullmatch(text) for text in texts):
        return False
    starts = {Decimal(row["from"]) for row in scale}
    return len(starts) == len(scale) and all(Decimal(text) >= 0 for text in texts)
