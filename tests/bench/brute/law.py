"""The law of a place on a day: which dated fact holds, and whom a dated rule touches. Pages read this too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hosting.matching.records import CONFIDENCES, LEGAL_STATUS, Fact, Licence, Place, Rule, check


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a place on one day. `banned_by` is the code whose status bans it, else None."""

    legal: Fact | None
    legal_from: str | None
    predictability: Fact | None
    predictability_from: str | None
    banned_by: str | None

    @property
    def status(self) -> int | None:
        """Place in LEGAL_STATUS of the resolved value, or None where nobody knows."""
        return None if self.legal is None else LEGAL_STATUS.index(self.legal.value)

    @property
    def is_unsure(self) -> bool:
        """Whether the status is unknown or rests on a source of low confidence."""
        return self.legal is None or self.legal.confidence == "low"

    @property
    def rating(self) -> int | None:
        """Our own rating of how predictable the place is, 1 to 5, or None."""
        return None if self.predictability is None else int(self.predictability.value)


def parents_of(places: Iterable[Place]) -> dict[str, str | None]:
    """code -> parent's code, as the other functions here want it."""
    return {place.code: place.parent for place in places}


def chain(parents: Mapping[str, str | None], code: str) -> tuple[str, ...]:
    """The place itself, then its parents upwards. ValueError when the parents form a ring."""
    codes = [code]
    while (above := parents.get(codes[-1])) is not None:
        if above in codes:
            raise ValueError(f"{code} is its own ancestor")
        codes.append(above)
    return tuple(codes)


def country_of(code: str) -> str:
    """The ISO 3166-1 part of a code: "RU" of "RU-IRK"."""
    return code.partition("-")[0]


def resolve(
    facts: Iterable[Fact], parents: Mapping[str, str | None], code: str, field: str, as_of: date
) -> tuple[Fact, str] | None:
    """The fact that holds for `field` on `as_of`, and its place: the code's own latest, else its parent's.

    Two facts of one place from the same day: the more cautious value counts (the lower one), so that the
    order in which rows arrive decides nothing.
    """
    dated = [fact for fact in facts if fact.field == field and fact.valid_from <= as_of]
    for place in chain(parents, code):
        own = [fact for fact in dated if fact.jurisdiction == place]
        if own:
            latest = max(fact.valid_from for fact in own)
            return min((fact for fact in own if fact.valid_from == latest), key=_caution), place
    return None


def _caution(fact: Fact) -> tuple[int, str, int]:
    rank = LEGAL_STATUS.index(fact.value) if fact.field == "legal_status" else 0
    return rank, fact.value, CONFIDENCES.index(fact.confidence)


def status_of(facts: Iterable[Fact], parents: Mapping[str, str | None], code: str, as_of: date) -> Standing:
    """Legal status and predictability of a place on a day. A banned parent bans its places."""
    facts = [fact for fact in facts if fact.field in ("legal_status", "predictability")]
    for fact in facts:
        if fact.field == "predictability":
            check(f"predictability of {fact.jurisdiction}", int(fact.value), 1, 5)
        elif fact.value not in LEGAL_STATUS:
            raise ValueError(f"unknown legal status {fact.value} of {fact.jurisdiction}")
    legal = resolve(facts, parents, code, "legal_status", as_of)
    rating = resolve(facts, parents, code, "predictability", as_of)
    banned_by = None
    for place in chain(parents, code):
        found = resolve(facts, parents, place, "legal_status", as_of)
        if found is not None and found[0].value == "banned":
            banned_by = found[1]
            break
    legal_fact, legal_from = legal or (None, None)
    rating_fact, rating_from = rating or (None, None)
    return Standing(legal_fact, legal_from, rating_fact, rating_from, banned_by)


def counts(rule: Rule) -> bool:
    """Whether a published rule can act: confidence above low; of import rules only a prohibition."""
    return rule.confidence != "low" and (rule.subject != "import" or rule.effect == "prohibit")


def touches_site(rule: Rule, connected_on: date | None) -> bool:
    """Whether a rule reaches a site connected on that day (None = unknown, which counts as new)."""
    spares_old = rule.new_only or rule.effect == "moratorium_new"
    if not spares_old or connected_on is None or rule.valid_from is None:
        return True
    return connected_on >= rule.valid_from


def touches_size(rule: Rule, need_kw: int) -> bool:
    """Whether a rule reaches a fleet of that size; both bounds are inclusive."""
    return (rule.min_kw is None or rule.min_kw <= need_kw) and (rule.max_kw is None or need_kw <= rule.max_kw)


def covers(period: Rule | Licence, day: date) -> bool:
    """Whether a rule is in force, or a licence valid, on a day: [valid_from, valid_to), None open."""
    return (period.valid_from is None or period.valid_from <= day) and (
        period.valid_to is None or day < period.valid_to
    )


def rules_of(rules: Iterable[Rule], parents: Mapping[str, str | None], code: str) -> list[Rule]:
    """The rules that count for a place: its own and its parents', together, ordered by id."""
    codes = chain(parents, code)
    found = (rule for rule in rules if rule.jurisdiction in codes and counts(rule))
    return sorted(found, key=lambda rule: rule.id)
