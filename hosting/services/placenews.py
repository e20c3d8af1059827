"""What an Event says about the law of a place, for those who follow it: a code and parameters, no words.

Only what everybody may read becomes news: a rule once it is published, a fact that changes what holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from accounts.models import Event
from hosting.matching import law
from hosting.matching.records import LEGAL_STATUS, Fact
from hosting.models import Jurisdiction, JurisdictionFact, RegulationEvent, RegulationRule, RuleStatus
from hosting.services.places import DECIDING


@dataclass(frozen=True, slots=True)
class Said:
    """`kind` is one of newswords.KINDS; `place` the code it is about; `params` what its words need."""

    kind: str
    place: str
    params: dict[str, Any]


def of(event: Event) -> Said | None:
    """What the Event says, or None when it is no news of a place. A few queries."""
    reader = READERS.get(event.subject_kind)
    return reader(event) if reader is not None else None


def renewed(event: Event) -> Mapping[str, int]:
    """code -> how many of its rows a new version of the shipped data added or changed; empty for the first
    one ever loaded, which is news to nobody."""
    return event.params.get("places", {})


def _entered(event: Event) -> Said | None:
    if event.code != "entered":
        return None
    row = RegulationEvent.objects.filter(pk=event.subject_id).first()
    if row is None:
        return None
    return Said("place_news", row.jurisdiction, {"event": str(row.pk), "place": row.jurisdiction})


def _rule(event: Event) -> Said | None:
    """One that was published and superseded before anybody was told is told as superseded alone."""
    if event.status_to not in (RuleStatus.PUBLISHED, RuleStatus.SUPERSEDED):
        return None
    row = RegulationRule.objects.filter(pk=event.subject_id, status=event.status_to).first()
    if row is None:
        return None
    params = {"rule": str(row.pk), "place": row.jurisdiction_id, "became": event.status_to}
    return Said("place_rule", row.jurisdiction_id, params)


def _fact(event: Event) -> Said | None:
    """A status or rating that changes what holds on the first day it can: today, or the fact's own first day
    if that is to come."""
    row = JurisdictionFact.objects.filter(pk=event.subject_id, field__in=DECIDING).first()
    if row is None or event.code not in ("entered", "corrected"):
        return None
    changes = event.params.get("changes", {})
    if event.code == "corrected" and "value" not in changes:
        return None
    this = Fact(row.jurisdiction_id, row.field, event.params["value"], row.valid_from, row.confidence)
    former = [replace(this, value=changes["value"][0])] if changes else []
    day = max(event.at.date(), row.valid_from)
    was, became = _holding(row, former, day), _holding(row, [this], day)
    if was == became:
        return None
    params = {
        "place": row.jurisdiction_id,
        "fact": str(row.pk),
        "field": row.field,
        "was": was,
        "became": became,
        "from": row.valid_from.isoformat() if row.valid_from > event.at.date() else "",
    }
    return Said("place_status", row.jurisdiction_id, params)


def _holding(row: JurisdictionFact, instead: list[Fact], day: date) -> str | None:
    """What holds of the row's field in its place on the day, with `instead` in the place of the row."""
    parents = dict(Jurisdiction.objects.values_list("code", "parent_id"))
    code = row.jurisdiction_id
    others = JurisdictionFact.objects.on(day).filter(
        jurisdiction__in=law.chain(parents, code), field=row.field
    )
    columns = ("jurisdiction_id", "field", "value", "valid_from", "confidence")
    facts = [Fact(*one) for one in others.exclude(pk=row.pk).values_list(*columns)] + instead
    if row.field != "legal_status":
        found = law.resolve(facts, parents, code, row.field, day)
        return found[0].value if found else None
    standing = law.status_of(facts, parents, code, day)
    if standing.banned_by:
        return "banned"
    return None if standing.status is None else LEGAL_STATUS[standing.status]


READERS: dict[str, Callable[[Event], Said | None]] = {
    "hosting.regulationevent": _entered,
    "hosting.regulationrule": _rule,
    "hosting.jurisdictionfact": _fact,
}
