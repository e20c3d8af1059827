"""The columns the engine works on, read from the database; and those that a process keeps.

This is the room where stored rows become the engine's records. `book` makes the columns of a day from
nothing; `current` brings those that this process keeps up to one snapshot and reads only what differs. Both
give the same answers.
"""

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings

from hosting.matching import records
from hosting.matching.book import Book
from hosting.models import Effect, Jurisdiction, JurisdictionFact, Rate, RegulationRule
from hosting.services import marketrows, places, snapshots
from hosting.services.marketrows import Rows

LAW_FIELDS = ("legal_status", "predictability")
# Today's columns, and those of the day before while lists of it are still looked at.
DAYS_KEPT = 2


@dataclass(frozen=True, slots=True)
class Law:
    """What holds of places and rates on the day; nothing is on the market where it is `sanctioned`."""

    places: tuple[records.Place, ...]
    facts: tuple[records.Fact, ...]
    rules: tuple[records.Rule, ...]
    rates: tuple[records.Rate, ...]
    sanctioned: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one snapshot holds of the market, and the columns it was compared with."""

    as_of: date
    rows: Rows
    law: Law
    held: "Columns | None"


@dataclass(frozen=True, slots=True)
class Columns:
    """The live market of a day as the engine's columns, with the rows they were made of.

    inputs_hash: of everything that went in; equal for equal markets of one day, in whatever order they were
    read. It is a sum over the offers, so that one that changes costs no look at the others.
    """

    as_of: date
    book: Book
    inputs_hash: str
    rows: Rows
    law: Law
    live: dict[str, records.Offer]
    offers_sum: int


def book(as_of: date) -> Book:
    """The live market as columns for a run of the day: published offers that hold, of verified hosts,
    sanctioned places left out. Made from nothing."""
    return afresh(as_of).book


def afresh(as_of: date) -> Columns:
    """The columns of the day made from nothing, kept by nobody."""
    with snapshots.taken():
        reading = _read(as_of, held=None)
    return _made(reading)


class Kept:
    """The columns of one process, by day. Threads share them: nothing in them is ever changed."""

    def __init__(self) -> None:
        self._days: dict[date, Columns] = {}
        # Only one thread fills empty columns; the others would do the same beside it.
        self._filling = threading.Lock()

    def current(self, as_of: date) -> Columns:
        """The columns of the day as the database is now: see read() and made()."""
        if as_of not in self._days:
            with self._filling:
                return self._current(as_of)
        return self._current(as_of)

    def _current(self, as_of: date) -> Columns:
        with snapshots.taken():
            reading = self.read(as_of)
        return self.made(reading)

    def read(self, as_of: date) -> Reading:
        """The first half, within a snapshot: read what differs from what is kept."""
        # Another day's rows are as good a beginning: what depends on the day is made anew.
        newest = next(reversed(self._days.values()), None)
        return _read(as_of, held=self._days.get(as_of) or newest)

    def made(self, reading: Reading) -> Columns:
        """The second half, outside: the columns of what was read; kept, unless it may be undone again."""
        columns = _made(reading)
        if snapshots.is_lasting():
            days = {day: one for day, one in self._days.items() if day != columns.as_of}
            self._days = dict([*days.items(), (columns.as_of, columns)][-DAYS_KEPT:])
        return columns

    def forget(self) -> None:
        """Begin with nothing."""
        self._days = {}


# One per process. A child of a fork has its own; rows are compared by id and version before every use.
kept = Kept()
current = kept.current


def _read(as_of: date, held: Columns | None) -> Reading:
    return Reading(as_of, marketrows.brought_up(held.rows if held else Rows()), law_on(as_of), held)


def _made(reading: Reading) -> Columns:
    held, rows, law, as_of = reading.held, reading.rows, reading.law, reading.as_of
    is_same_day = held is not None and held.as_of == as_of and held.law.rates == law.rates
    if held is None or not is_same_day or held.law.sanctioned != law.sanctioned:
        looked_at: Iterable[str] = rows.offers if held is None else rows.offers.keys() | held.live.keys()
    else:
        looked_at = rows.touched
    was = held.live if held else {}
    changed: dict[str, records.Offer] = {}
    gone: list[str] = []
    for key in looked_at:
        record = rows.offers[key].record if key in rows.offers and rows.is_live(key, as_of) else None
        if record is None or record.jurisdiction in law.sanctioned:
            if key in was:
                gone.append(key)
        elif record != was.get(key):
            changed[key] = record
    if held is not None and is_same_day and not changed and not gone and held.law == law:
        return Columns(as_of, held.book, held.inputs_hash, rows, law, was, held.offers_sum)
    live = {key: record for key, record in was.items() if key not in gone} if gone else dict(was)
    live |= changed
    total = held.offers_sum if held else 0
    total += sum(map(_digest, changed.values()))
    total -= sum(_digest(was[key]) for key in (*gone, *changed) if key in was)
    return Columns(
        as_of=as_of,
        book=_book(held if is_same_day else None, as_of, law, live, changed, [was[key].id for key in gone]),
        inputs_hash=_inputs_hash(as_of, law, total),
        rows=rows,
        law=law,
        live=live,
        offers_sum=total,
    )


def _book(
    held: Columns | None,
    as_of: date,
    law: Law,
    live: dict[str, records.Offer],
    changed: dict[str, records.Offer],
    gone: list,
) -> Book:
    if held is None or len(changed) + len(gone) > len(live) // 2:
        return Book.build(
            places=law.places,
            facts=law.facts,
            rules=law.rules,
            rates=law.rates,
            offers=live.values(),
            as_of=as_of,
            rate_max_age_days=settings.RATE_MAX_AGE,
        )
    made = held.book
    if (held.law.places, held.law.facts, held.law.rules) != (law.places, law.facts, law.rules):
        made = made.with_law(places=law.places, facts=law.facts, rules=law.rules)
    return made.with_offers(changed.values(), gone) if changed or gone else made


def _digest(row: object) -> int:
    return int.from_bytes(hashlib.sha256(repr(row).encode()).digest(), "big")


def _inputs_hash(as_of: date, law: Law, offers_sum: int) -> str:
    # A sum of hashes does not depend on the order; it may pass 256 bits, and below zero it never is.
    parts = [sum(map(_digest, rows)) for rows in (law.places, law.facts, law.rules, law.rates)]
    return hashlib.sha256(repr((as_of, *parts, offers_sum)).encode()).hexdigest()


def law_on(as_of: date) -> Law:
    """Places, facts, rules and rates of the day, read whole: they are short. A fixed number of queries."""
    found = tuple(place_records())
    facts = fact_records(as_of, (*LAW_FIELDS, places.SANCTIONS))
    parents = {place.code: place.parent for place in found}
    return Law(
        places=found,
        facts=tuple(fact for fact in facts if fact.field in LAW_FIELDS),
        rules=tuple(rule_records(as_of)),
        rates=tuple(rate_records(as_of)),
        sanctioned=frozenset(places.sanctioned_by(facts, parents, as_of)),
    )


def place_records() -> list[records.Place]:
    rows = Jurisdiction.objects.order_by("code").values_list("code", "parent")
    return [records.Place(code, parent) for code, parent in rows]


def fact_records(as_of: date, fields: Iterable[str] = LAW_FIELDS) -> list[records.Fact]:
    rows = JurisdictionFact.objects.on(as_of).filter(field__in=fields)
    return [
        records.Fact(*row)
        for row in rows.order_by("pk").values_list(
            "jurisdiction", "field", "value", "valid_from", "confidence"
        )
    ]


def rule_records(as_of: date) -> list[records.Rule]:
    """Published rules in force or coming; and seasons that are over, because a term that outlasts the last
    one that is known deserves a warning."""
    rows = RegulationRule.objects.published()
    rows = (rows.not_over(as_of) | rows.filter(effect=Effect.CURTAIL)).order_by("pk")
    return [rule_record(rule) for rule in rows]


def rule_record(rule: RegulationRule) -> records.Rule:
    return records.Rule(
        id=str(rule.pk),
        jurisdiction=rule.jurisdiction_id,
        subject=rule.subject,
        effect=rule.effect,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        min_kw=rule.min_kw,
        max_kw=rule.max_kw,
        new_only=rule.new_only,
        licence_type=rule.licence_type or None,
        cap_kw=rule.cap_kw,
        levy=tuple((Decimal(row["from"]), Decimal(row["amount"])) for row in rule.levy),
        levy_currency=rule.levy_currency or None,
        title=rule.title,
        confidence=rule.confidence,
    )


def rate_records(as_of: date) -> list[records.Rate]:
    oldest = as_of - timedelta(days=settings.RATE_MAX_AGE)
    rows = Rate.objects.filter(on__gte=oldest, on__lte=as_of).order_by("pk")
    return [
        records.Rate(kind, currency or None, value, on)
        for kind, currency, value, on in rows.values_list("kind", "currency", "value", "on")
    ]
