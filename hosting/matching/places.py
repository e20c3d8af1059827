"""Law as tables: the offers' places on one day, groups of sites that every rule treats alike, the rules."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

import numpy as np

from hosting.matching import law, money, scoring
from hosting.matching.records import (
    EFFECTS,
    NUMBER_LIMIT,
    REQUIRING_EFFECTS,
    SUBJECTS,
    Fact,
    Licence,
    Offer,
    Place,
    Rule,
)
from hosting.matching.tables import AMOUNT_LIMIT, GROUP_TYPE, PLACE_TYPE, RULE_TYPE, Law, plain
from hosting.matching.windows import span

BANS = ("prohibit", "moratorium_new", "cap_kw", *REQUIRING_EFFECTS, "curtail")


@dataclass(frozen=True, slots=True)
class PlaceLaw:
    """A place on the day of the run: where it lies, how it stands, what that scores, and its rules."""

    code: str
    chain: tuple[str, ...]
    standing: law.Standing
    value: int
    rules: tuple[Rule, ...]

    def knows_age(self) -> list[date]:
        """The days at which a site's own age begins to matter, ascending."""
        return sorted({rule.valid_from for rule in self.rules if rule.valid_from and law.spares_old(rule)})

    def asks_for(self) -> frozenset[str]:
        """The licence types that rules here ask of a host."""
        asking = (r for r in self.rules if r.subject == "host" and r.effect in REQUIRING_EFFECTS)
        return frozenset(rule.licence_type for rule in asking if rule.licence_type)


@dataclass(frozen=True, slots=True)
class LawGroup:
    """Offers that every rule treats alike: one place, the same rules by age of site, the same licences."""

    place: int
    rules: tuple[Rule, ...]
    licences: tuple[Licence, ...]


@dataclass(frozen=True, slots=True)
class Statute:
    """Everything law says of the offers' places on one day.

    `rules` lists each rule once, by its position in the tables. `is_odd` are the groups that a levy beyond
    the kernel's numbers (or below zero) reaches.
    """

    places: tuple[PlaceLaw, ...]
    number: Mapping[str, int]
    groups: tuple[LawGroup, ...]
    rules: tuple[Rule, ...]
    unpriced: frozenset[str]
    table: Law
    odd: dict[str, dict[int, Any]]
    is_odd: np.ndarray
    countries: Mapping[str, int]
    licence_types: Mapping[str, int]
    known: dict[tuple, int]
    _twin: list = field(default_factory=list, compare=False, repr=False)

    @property
    def twin(self) -> Law:
        """The table for code that is not compiled."""
        if not self._twin:
            self._twin.append(plain(self.table, self.odd))
        return self._twin[0]

    @classmethod
    def of(
        cls,
        offers: Sequence[Offer],
        places: Iterable[Place],
        facts: Iterable[Fact],
        rules: tuple[Rule, ...],
        as_of: date,
        usable: Mapping,
    ) -> tuple[Self, np.ndarray]:
        """The law of these offers' places, and the group of each offer."""
        if len({rule.id for rule in rules}) != len(rules):
            raise ValueError("two rules share an id")
        codes = sorted({offer.jurisdiction for offer in offers})
        found = place_laws(codes, law.parents_of(places), facts, rules, as_of)
        number = {code: at for at, code in enumerate(codes)}
        known: dict[tuple, int] = {}
        groups, group = groups_of(offers, found, number, known, [])
        return cls.with_groups(found, number, groups, known, usable), group

    def with_more(self, offers: Sequence[Offer], usable: Mapping) -> tuple[Self, np.ndarray] | None:
        """The law with the groups of these offers, too, and their groups; None for a place it has not."""
        if any(offer.jurisdiction not in self.number for offer in offers):
            return None
        known = dict(self.known)
        groups, group = groups_of(offers, self.places, self.number, known, list(self.groups))
        if len(groups) == len(self.groups):
            return self, group
        return type(self).with_groups(self.places, self.number, groups, known, usable), group

    @classmethod
    def with_groups(
        cls,
        places: tuple[PlaceLaw, ...],
        number: Mapping,
        groups: tuple[LawGroup, ...],
        known: dict[tuple, int],
        usable: Mapping,
    ) -> Self:
        """The tables of these places and groups."""
        countries: dict[str, int] = {}
        kinds: dict[str, int] = {}
        rows = []
        for place in places:
            standing = place.standing
            country = countries.setdefault(law.country_of(place.code), len(countries))
            standard = (standing.banned_by is not None, standing.status or 0, standing.is_unsure)
            rows.append((*standard, standing.rating or 0, place.value, country))
        every = list({rule.id: rule for place in places for rule in place.rules}.values())
        listed = {rule.id: at for at, rule in enumerate(every)}
        scales = Scales(usable)
        rule_rows = [_rule_row(rule, kinds, scales) for rule in every]
        group_rules: list[int] = []
        held: list[tuple[int, int, int]] = []
        group_rows, is_odd = [], []
        for group in groups:
            bans = [rule for rule in group.rules if rule.effect in BANS]
            stops = [r for r in group.rules if r.effect == "curtail" and r.subject != "import"]
            stops.sort(key=lambda rule: (span(rule), rule.id))
            levies = [r for r in group.rules if r.effect == "levy_per_kwh" and r.subject != "import"]
            row = [group.place]
            for some in (bans, stops, levies):
                row += [len(group_rules), len(some)]
                group_rules += [listed[rule.id] for rule in some]
            known_kinds = sorted((*span(one), kinds[one.type]) for one in group.licences if one.type in kinds)
            row += [len(held), len(known_kinds)]
            held += [(kind, low, high) for low, high, kind in known_kinds]
            group_rows.append(tuple(row))
            is_odd.append(any(rule.id in scales.odd for rule in levies))
        licences = np.array(held, dtype=np.int64).reshape(-1, 3)
        table = Law(
            np.array(rows, dtype=PLACE_TYPE),
            np.array(group_rows, dtype=GROUP_TYPE),
            np.array(group_rules, dtype=np.int64),
            np.array(rule_rows, dtype=RULE_TYPE),
            *(np.ascontiguousarray(licences[:, column]) for column in range(3)),
            *scales.columns(),
        )
        odd = {"scale_from": scales.wide_froms, "scale_amount": scales.wide_amounts}
        return cls(
            *(places, number, groups, tuple(every), frozenset(scales.unpriced), table, odd),
            *(np.array(is_odd, dtype=bool), countries, kinds, known),
        )


class Scales:
    """The levy scales of the rules, converted at the rates to use, rows ascending by "from"."""

    def __init__(self, usable: Mapping) -> None:
        self.usable = usable
        self.first, self.froms, self.amounts, self.priced = [0], [], [], []  # type: ignore[var-annotated]
        self.wide_froms: dict[int, int] = {}
        self.wide_amounts: dict[int, int] = {}
        self.odd: set[str] = set()
        self.unpriced: set[str] = set()

    def add(self, rule: Rule) -> int:
        """Keep the rule's scale; its number."""
        rows = sorted(rule.levy or ())
        rate = self.usable.get(("fx", rule.levy_currency))
        is_priced = rate is not None or not any(start or amount for start, amount in rows)
        for start, amount in rows:
            if rate is None:
                break
            from_micros, micros = money.micros(start, rate), money.micros(amount, rate)
            if not 0 <= from_micros < NUMBER_LIMIT:
                self.odd.add(rule.id)
                self.wide_froms[len(self.froms)] = from_micros
            if not 0 <= micros < AMOUNT_LIMIT:
                self.odd.add(rule.id)
                self.wide_amounts[len(self.amounts)] = micros
            self.froms.append(min(max(from_micros, 0), NUMBER_LIMIT))
            self.amounts.append(min(max(micros, 0), AMOUNT_LIMIT))
        if not is_priced:
            self.unpriced.add(rule.id)
        self.first.append(len(self.froms))
        self.priced.append(int(is_priced))
        return len(self.priced) - 1

    def columns(self) -> tuple[np.ndarray, ...]:
        """first, from, amount, is_priced."""
        lists = (self.first, self.froms, self.amounts, self.priced)
        return tuple(np.array(values, dtype=np.int64) for values in lists)


def _rule_row(rule: Rule, kinds: dict[str, int], scales: Scales) -> tuple[int, ...]:
    low, high = span(rule)
    return (
        *(EFFECTS.index(rule.effect), SUBJECTS.index(rule.subject), low, high),
        0 if rule.min_kw is None else min(rule.min_kw, NUMBER_LIMIT),
        NUMBER_LIMIT if rule.max_kw is None else min(rule.max_kw, NUMBER_LIMIT),
        NUMBER_LIMIT if rule.cap_kw is None else min(rule.cap_kw, NUMBER_LIMIT),
        kinds.setdefault(rule.licence_type or "", len(kinds)),
        scales.add(rule) if rule.effect == "levy_per_kwh" else -1,
    )


def place_laws(
    codes: Iterable[str],
    parents: Mapping[str, str | None],
    facts: Iterable[Fact],
    rules: tuple[Rule, ...],
    as_of: date,
) -> tuple[PlaceLaw, ...]:
    """Each place with its standing and rules on a day."""
    facts_of: dict[str, list[Fact]] = {}
    for fact in facts:
        facts_of.setdefault(fact.jurisdiction, []).append(fact)
    found = []
    for code in codes:
        above = law.chain(parents, code)
        own_facts = [fact for place in above for fact in facts_of.get(place, ())]
        standing = law.status_of(own_facts, parents, code, as_of)
        is_low = standing.legal is not None and standing.legal.confidence == "low"
        value = scoring.law_value(standing.status, is_low, standing.rating)
        found.append(PlaceLaw(code, above, standing, value, tuple(law.rules_of(rules, parents, code))))
    return tuple(found)


def groups_of(
    offers: Iterable[Offer],
    places: tuple[PlaceLaw, ...],
    number: Mapping[str, int],
    known: dict[tuple, int],
    groups: list[LawGroup],
) -> tuple[tuple[LawGroup, ...], np.ndarray]:
    """The groups, those known already first, and each offer's."""
    ages = [place.knows_age() for place in places]
    asked = [place.asks_for() for place in places]
    group = []
    for offer in offers:
        at = number[offer.jurisdiction]
        # An unknown day counts as new: later than any.
        age = -1
        if ages[at] and offer.connected_on is not None:
            age = bisect_right(ages[at], offer.connected_on)
        licences: frozenset[Licence] = frozenset()
        if asked[at] and offer.host_licences:
            licences = frozenset(one for one in offer.host_licences if one.type in asked[at])
        key = (at, age, licences)
        if key not in known:
            rules = tuple(rule for rule in places[at].rules if law.touches_site(rule, offer.connected_on))
            known[key] = len(groups)
            groups.append(LawGroup(at, rules, tuple(licences)))
        group.append(known[key])
    return tuple(groups), np.array(group, dtype=np.int64)
