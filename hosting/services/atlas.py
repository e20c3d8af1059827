"""Places side by side: what the list, the map and the comparison show of each, all read on one day.

Values are resolved as the matching does: a place's own fact, else its parent's, and a banned parent bans its
places. Nothing is filled in: what nobody knows is None.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.services.errors import Invalid
from hosting.filters import holding
from hosting.matching import law, money
from hosting.matching.records import LEGAL_STATUS, Fact
from hosting.models import Jurisdiction, JurisdictionFact, Rate, RegulationRule
from hosting.services import placefigures, places, rates
from hosting.services.placefigures import PlaceFigures
from hosting.services.places import Held

LOWEST_POWER, HIGHEST_POWER = holding.LOWEST_POWER_PRICE, holding.HIGHEST_POWER_PRICE
# What the list and the map read of each place; a comparison reads every field.
LISTED = (*places.DECIDING, LOWEST_POWER, HIGHEST_POWER)
MOST_COMPARED = 5
NO_HOTEL = PlaceFigures(hotels=0, organizations=0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A place on a day. `held`: field -> what holds there. `banned_by`: the code that bans it (itself or a
    parent), or None."""

    place: Jurisdiction
    held: Mapping[str, Held]
    banned_by: str | None
    figures: PlaceFigures

    @property
    def status(self) -> str | None:
        """The legal status that counts, or None where nobody knows."""
        fact = self.fact("legal_status")
        return fact.value if fact else None

    @property
    def rating(self) -> int | None:
        """Our own rating of how predictable the place is, 1 to 5."""
        fact = self.fact("predictability")
        return int(fact.value) if fact else None

    @property
    def power(self) -> tuple[Decimal | None, Decimal | None]:
        """Industrial power, the lowest and the highest price known, in USD per kWh; no VAT, as reported."""
        return self._number(LOWEST_POWER), self._number(HIGHEST_POWER)

    def _number(self, field: str) -> Decimal | None:
        fact = self.fact(field)
        return None if fact is None else holding.number(fact.value)

    def fact(self, field: str) -> JurisdictionFact | None:
        """The row behind a value; of a banned place's status the row that bans it."""
        return self.held[field].fact if field in self.held else None

    def inherited_from(self, field: str) -> str | None:
        """The code of the parent that a value comes from; None for the place's own, and for none at all."""
        return self.held[field].inherited_from if field in self.held else None


@dataclass(frozen=True, slots=True)
class Compared:
    """A place with its rules: published, own and inherited, in force on the day and coming."""

    entry: Entry
    in_force: tuple[RegulationRule, ...]
    coming: tuple[RegulationRule, ...]


def entries(*, as_of: date) -> list[Entry]:
    """Every place with what the list and the map show, country by country. Three queries and the figures'."""
    known = _places()
    return _entries(known, known, fields=LISTED, as_of=as_of)


def compared(*, codes: Sequence[str], as_of: date) -> list[Compared]:
    """These places, each once and in this order, with every fact and their rules.

    Invalid for more than MOST_COMPARED. Jurisdiction.DoesNotExist for a code we do not have.
    """
    wanted = list(dict.fromkeys(code.upper() for code in codes))
    if len(wanted) > MOST_COMPARED:
        most = {"most": MOST_COMPARED}
        raise Invalid({"place": [_("At most %(most)s places are compared at a time.") % most]})
    known = _places()
    if unknown := [code for code in wanted if code not in known]:
        raise Jurisdiction.DoesNotExist(", ".join(unknown))
    parents = _parents(known)
    rules = _rules({one for code in wanted for one in law.chain(parents, code)}, as_of)
    found = []
    for entry in _entries(known, wanted, fields=None, as_of=as_of):
        lineage = law.chain(parents, entry.place.code)
        own = [rule for rule in rules if rule.jurisdiction_id in lineage]
        in_force = tuple(rule for rule in own if rule.valid_from <= as_of)
        found.append(Compared(entry, in_force, tuple(rule for rule in own if rule.valid_from > as_of)))
    return found


@dataclass(frozen=True, slots=True)
class InDollars:
    """A levy in micro-USD per kWh at a dated rate."""

    micros: int
    rate: Rate


def in_dollars(rules: Iterable[RegulationRule], *, as_of: date) -> dict[UUID, InDollars]:
    """rule's id -> its levy in dollars, of levies of one amount in another currency that has a usable rate on
    the day. Nothing is converted without a rate. One query."""
    usable = rates.latest(as_of)
    return {
        rule.pk: InDollars(money.micros(Decimal(rule.levy[0]["amount"]), money.ratio(rate.value)), rate)
        for rule in rules
        if len(rule.levy) == 1 and (rate := usable.get(rule.levy_currency)) is not None
    }


def ordered(rows: Iterable[Entry], *, by: str) -> list[Entry]:
    """Rows as a name of the page's filter says, "-" from the highest down; what has no value goes last, and
    equals go by country and name."""
    name, is_falling = by.removeprefix("-"), by.startswith("-")
    rows = sorted(rows, key=lambda row: _alphabetical(row.place))
    if name == "name":
        return rows
    valued = [(value, row) for row in rows if (value := _value(row, name)) is not None]
    valued.sort(key=lambda pair: -pair[0] if is_falling else pair[0])
    return [row for _of, row in valued] + [row for row in rows if _value(row, name) is None]


def _value(row: Entry, name: str) -> Any:
    if name == "legal_status":
        return None if row.status is None else LEGAL_STATUS.index(row.status)
    if name == "power_price":
        low, high = row.power
        return high if low is None else low
    return row.rating if name == "predictability" else getattr(row.figures, name)


def _alphabetical(place: Jurisdiction) -> tuple[str, bool, str]:
    return (place.parent or place).name, place.parent is not None, place.name


def _places() -> dict[str, Jurisdiction]:
    rows = sorted(Jurisdiction.objects.select_related("parent"), key=_alphabetical)
    return {place.code: place for place in rows}


def _parents(known: Mapping[str, Jurisdiction]) -> dict[str, str | None]:
    return {place.code: place.parent_id for place in known.values()}


def _rules(codes: Iterable[str], as_of: date) -> list[RegulationRule]:
    rules = RegulationRule.objects.published().not_over(as_of).filter(jurisdiction__in=codes)
    return list(rules.select_related("jurisdiction").order_by("valid_from", "id"))


def _entries(
    known: Mapping[str, Jurisdiction], codes: Iterable[str], *, fields: Iterable[str] | None, as_of: date
) -> list[Entry]:
    """These places; `fields` None: all there are."""
    parents = _parents(known)
    rows = _facts(parents, codes, fields, as_of)
    figures = placefigures.by_place(as_of=as_of)
    found = []
    for code in codes:
        held = {
            field: _held(rows, parents, code, field, as_of)
            for field in dict.fromkeys(field for place in law.chain(parents, code) for field in rows[place])
        }
        banned_by = _ban(rows, parents, code, as_of)
        if banned_by and banned_by != code:
            ban = _held(rows, parents, banned_by, "legal_status", as_of)
            held["legal_status"] = Held(ban.fact, banned_by)
        found.append(Entry(known[code], held, banned_by, figures.get(code, NO_HOTEL)))
    return found


# place -> field -> the facts of that field that had begun on the day.
Facts = dict[str, dict[str, list[JurisdictionFact]]]


def _facts(
    parents: dict[str, str | None], codes: Iterable[str], fields: Iterable[str] | None, as_of: date
) -> Facts:
    lineages = {one for code in codes for one in law.chain(parents, code)}
    rows = JurisdictionFact.objects.on(as_of).filter(jurisdiction__in=lineages)
    if fields is not None:
        rows = rows.filter(field__in=fields)
    found: Facts = {code: defaultdict(list) for code in lineages}
    for row in rows:
        found[row.jurisdiction_id][row.field].append(row)
    return found


def _held(rows: Facts, parents: dict[str, str | None], code: str, field: str, as_of: date) -> Held:
    """What holds there of a field that the place or a parent has a fact of."""
    row_of = {
        Fact(row.jurisdiction_id, row.field, row.value, row.valid_from, row.confidence): row
        for place in law.chain(parents, code)
        for row in rows[place].get(field, ())
    }
    resolved = law.resolve(row_of, parents, code, field, as_of)
    if resolved is None:
        raise LookupError(f"{code} has no {field} on {as_of}")
    fact, place = resolved
    return Held(row_of[fact], None if place == code else place)


def _ban(rows: Facts, parents: dict[str, str | None], code: str, as_of: date) -> str | None:
    facts = [
        Fact(row.jurisdiction_id, row.field, row.value, row.valid_from, row.confidence)
        for place in law.chain(parents, code)
        for row in rows[place].get("legal_status", ())
    ]
    return law.status_of(facts, parents, code, as_of).banned_by
