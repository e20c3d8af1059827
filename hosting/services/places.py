"""The law of a place on a day, as people read it: resolved as the matching does, with the rows behind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from hosting.matching import law
from hosting.matching.records import LEGAL_STATUS, Fact
from hosting.models import Confidence, Jurisdiction, JurisdictionFact, RegulationRule, RuleStatus
from hosting.models.places import RuleQuerySet

SANCTIONS = "sanctions_comprehensive"
# The two facts that are gates; whatever else is known of a place is shown beside them.
DECIDING = ("legal_status", "predictability")


@dataclass(frozen=True, slots=True)
class Held:
    """A fact that holds on the day; `inherited_from` is the code of the parent it comes from, or None."""

    fact: JurisdictionFact
    inherited_from: str | None


@dataclass(frozen=True, slots=True)
class Law:
    """All that is known of a place on `as_of`.

    lineage: the place, then its parents upwards. parts: the places right in it, by name. status and
    predictability: None where nobody knows. banned_by: the code of the place (itself or a parent) that bans
    it, and ban the fact that does. in_force and coming: published rules, own and inherited, by first day;
    each has its jurisdiction. facts: what holds of every other field.
    """

    place: Jurisdiction
    as_of: date
    lineage: tuple[Jurisdiction, ...]
    parts: tuple[Jurisdiction, ...]
    status: Held | None
    predictability: Held | None
    banned_by: str | None
    in_force: tuple[RegulationRule, ...]
    coming: tuple[RegulationRule, ...]
    facts: tuple[Held, ...]
    ban: Held | None = None

    @property
    def deciding(self) -> Held | None:
        """The fact that says what the status is: a ban, its own or a parent's, before anything else."""
        return self.ban or self.status

    @property
    def is_unsure(self) -> bool:
        """Whether the status is unknown or rests on a source of low confidence."""
        return self.status is None or self.status.fact.confidence == Confidence.LOW

    @property
    def is_sanctioned(self) -> bool:
        """Whether the fact that is shown says so; publishing asks is_sanctioned() of the module."""
        return any(held.fact.field == SANCTIONS and held.fact.value == "yes" for held in self.facts)


def law_of(code: str, *, as_of: date, today: date | None = None) -> Law:
    """The law of a place. Raises Jurisdiction.DoesNotExist.

    today: where `as_of` is a day that a reader chose. Rules that expired since then count for their days.
    """
    known = {place.code: place for place in Jurisdiction.objects.all()}
    if code not in known:
        raise Jurisdiction.DoesNotExist
    parents = {place.code: place.parent_id for place in known.values()}
    codes = law.chain(parents, code)
    rows = list(
        JurisdictionFact.objects.filter(jurisdiction__in=codes).on(as_of).select_related("jurisdiction")
    )
    held = _held(rows, parents, code, as_of)
    banned_by = law.status_of(_records(rows), parents, code, as_of).banned_by
    rules = list(
        rules_known_on(today or as_of)
        .not_over(as_of)
        .filter(jurisdiction__in=codes)
        .select_related("jurisdiction")
        .order_by("valid_from", "id")
    )
    parts = (place for place in known.values() if place.parent_id == code)
    return Law(
        place=known[code],
        as_of=as_of,
        lineage=tuple(known[one] for one in codes),
        parts=tuple(sorted(parts, key=lambda place: place.name)),
        status=held.get("legal_status"),
        predictability=held.get("predictability"),
        banned_by=banned_by,
        ban=_ban(rows, parents, code, banned_by, as_of) if banned_by else None,
        in_force=tuple(rule for rule in rules if rule.valid_from <= as_of),
        coming=tuple(rule for rule in rules if rule.valid_from > as_of),
        facts=tuple(one for field, one in sorted(held.items()) if field not in DECIDING),
    )


def rules_known_on(today: date) -> RuleQuerySet:
    """The rules that are law on some day: published ones, and expired ones whose period is over today. What
    was superseded is not there: another rule stands in its place, or it was wrong."""
    is_over = Q(status=RuleStatus.EXPIRED, valid_to__lte=today)
    return RegulationRule.objects.filter(Q(status=RuleStatus.PUBLISHED) | is_over)


def statuses(as_of: date) -> dict[str, str | None]:
    """code -> the legal status that counts there on the day: its own, else its parent's, else None; "banned"
    wherever a parent is."""
    parents = _parents()
    facts = _records(JurisdictionFact.objects.filter(field="legal_status").on(as_of))
    found = {code: law.status_of(facts, parents, code, as_of) for code in parents}
    return {
        code: "banned" if one.banned_by else None if one.status is None else LEGAL_STATUS[one.status]
        for code, one in found.items()
    }


def is_sanctioned(code: str, as_of: date) -> bool:
    """Whether the place or a parent of it is under comprehensive sanctions: nothing is published there."""
    return code in sanctioned_codes(as_of)


def sanctioned_codes(as_of: date) -> set[str]:
    """The places under comprehensive sanctions on the day, with all that lies in them."""
    return sanctioned_by(
        _records(JurisdictionFact.objects.filter(field=SANCTIONS).on(as_of)), _parents(), as_of
    )


def sanctioned_by(facts: Iterable[Fact], parents: Mapping[str, str | None], as_of: date) -> set[str]:
    """The places that these facts put under comprehensive sanctions, with all that lies in them."""
    facts = [fact for fact in facts if fact.field == SANCTIONS]
    found = {code: law.resolve(facts, parents, code, SANCTIONS, as_of) for code in parents}
    sanctioned = {code for code, held in found.items() if held is not None and held[0].value == "yes"}
    return {code for code in parents if sanctioned.intersection(law.chain(parents, code))}


def _ban(
    rows: list[JurisdictionFact], parents: dict[str, str | None], code: str, by: str, as_of: date
) -> Held:
    """The fact that bans a place, which may be a parent's."""
    return Held(_held(rows, parents, by, as_of)["legal_status"].fact, None if by == code else by)


def _parents() -> dict[str, str | None]:
    return dict(Jurisdiction.objects.values_list("code", "parent_id"))


def _records(rows: Iterable[JurisdictionFact]) -> list[Fact]:
    return [Fact(row.jurisdiction_id, row.field, row.value, row.valid_from, row.confidence) for row in rows]


def _held(
    rows: list[JurisdictionFact], parents: dict[str, str | None], code: str, as_of: date
) -> dict[str, Held]:
    facts = _records(rows)
    # A place has one fact of a field and first day: the record names its row.
    row_of = {(row.jurisdiction_id, row.field, row.valid_from): row for row in rows}
    held = {}
    for field in {row.field for row in rows}:
        found = law.resolve(facts, parents, code, field, as_of)
        if found is not None:
            fact, source = found
            row = row_of[(fact.jurisdiction, fact.field, fact.valid_from)]
            held[field] = Held(row, None if source == code else source)
    return held
