"""The book: every offer of the market as columns, with all that depends only on the run's day worked out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

import numpy as np

from hosting.matching.records import REQUIRING_EFFECTS, Fact, Licence, Need, Offer, Place, Rate, Rule
from tests.bench.brute import columns, law, money, scoring
from tests.bench.brute.columns import Scale
from tests.bench.brute.windows import Timeline, day_of


@dataclass(frozen=True, slots=True)
class PlaceLaw:
    """A place on the day of the run: where it lies, how it stands, what that scores, and its rules."""

    code: str
    chain: tuple[str, ...]
    standing: law.Standing
    value: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class LawGroup:
    """Offers that every rule treats alike: one place, the same rules by age of site, the same licences."""

    place: int
    rules: tuple[Rule, ...]
    licences: tuple[Licence, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Columns over offers, in the order given. Money in micro-USD; -1 in a column of words is an empty field.

    `peaks` are the largest absolute values of the columns that get multiplied.
    """

    as_of: date
    offers: tuple[Offer, ...]
    position: Mapping[UUID, int]
    places: tuple[PlaceLaw, ...]
    groups: tuple[LawGroup, ...]
    scales: Mapping[str, Scale]
    hashprice_micros: int
    rates: Mapping[tuple[str, str | None], money.Ratio]
    timeline: Timeline
    columns: Mapping[str, np.ndarray]
    amounts: Mapping[str, np.ndarray]
    tier_row: np.ndarray
    tier_kw: np.ndarray
    tier_price: np.ndarray
    tier_needs_rate: np.ndarray
    peaks: Mapping[str, int]

    @classmethod
    def build(
        cls,
        *,
        places: Iterable[Place],
        facts: Iterable[Fact],
        rules: Iterable[Rule],
        rates: Iterable[Rate],
        offers: Iterable[Offer],
        as_of: date,
        rate_max_age_days: int = 35,
    ) -> Self:
        """Build the columns for the run of `as_of`.

        `rules` are published ones (those of low confidence are dropped here); commitments are live ones.
        ValueError for figures out of bounds, two offers with one id, or two rules with one id.
        """
        offers = tuple(offers)
        rules = tuple(rules)
        position = {offer.id: at for at, offer in enumerate(offers)}
        if len(position) != len(offers) or len({rule.id for rule in rules}) != len(rules):
            raise ValueError("two offers, or two rules, share an id")
        usable = money.latest(rates, as_of, rate_max_age_days)
        parents = law.parents_of(places)
        codes = {code: at for at, code in enumerate(sorted({offer.jurisdiction for offer in offers}))}
        place_laws = _place_laws(codes, parents, facts, rules, as_of)
        groups, group = _groups(offers, codes, place_laws)
        amounts = {name: columns.amounts_of(offers, name, usable) for name in columns.MONEY}
        tier_row, tier_kw, tier_price, tier_needs_rate = columns.tiers_of(offers, usable)
        scales = {rule.id: columns.scale_of(rule, usable) for rule in rules if rule.effect == "levy_per_kwh"}
        plain = columns.plain(offers, usable)
        plain["group"] = group
        plain["place"] = np.array([codes[offer.jurisdiction] for offer in offers], dtype=np.int64)
        plain["tier_row"] = tier_row
        peaks = {name: columns.peak(column) for name, column in amounts.items()}
        peaks |= {name: columns.peak(plain[name]) for name in ("factor", "revenue_share_bp")}
        peaks["tier"] = columns.peak(tier_price)
        peaks["levy"] = sum(scale.peak for scale in scales.values())
        return cls(
            as_of=as_of,
            offers=offers,
            position=position,
            places=place_laws,
            groups=groups,
            scales=scales,
            hashprice_micros=money.hashprice_micros(usable.get(("hashprice", None))),
            rates=usable,
            timeline=Timeline.build(offers),
            columns=plain,
            amounts=amounts,
            tier_row=tier_row,
            tier_kw=tier_kw,
            tier_price=tier_price,
            tier_needs_rate=tier_needs_rate,
            peaks=peaks,
        )


def _place_laws(
    codes: Mapping[str, int],
    parents: Mapping[str, str | None],
    facts: Iterable[Fact],
    rules: tuple[Rule, ...],
    as_of: date,
) -> tuple[PlaceLaw, ...]:
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


def _groups(
    offers: tuple[Offer, ...], codes: Mapping[str, int], places: tuple[PlaceLaw, ...]
) -> tuple[tuple[LawGroup, ...], np.ndarray]:
    asked = [
        {
            rule.licence_type
            for rule in place.rules
            if rule.subject == "host" and rule.effect in REQUIRING_EFFECTS
        }
        for place in places
    ]
    known: dict[tuple, int] = {}
    groups: list[LawGroup] = []
    group = []
    for offer in offers:
        at = codes[offer.jurisdiction]
        rules = tuple(rule for rule in places[at].rules if law.touches_site(rule, offer.connected_on))
        licences = frozenset(licence for licence in offer.host_licences if licence.type in asked[at])
        key = (at, tuple(rule.id for rule in rules), licences)
        if key not in known:
            known[key] = len(groups)
            groups.append(LawGroup(at, rules, tuple(licences)))
        group.append(known[key])
    return tuple(groups), np.array(group, dtype=np.int64)


def first_day(book: Book, need: Need) -> int:
    """The first day a start is looked for: the later of earliest_start and as_of."""
    return max(day_of(need.earliest_start), day_of(book.as_of))
