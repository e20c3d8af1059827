"""One plain market to vary: a day, two countries, an offer that fits and a need, in the units people enter.

AA is licensed and predictable (4), AA-1 lies in it, BB is unknown. The offer takes 0.05 USD per kWh all in,
runs 98 % of the time and has 5 MW from the first day of 2026. The need is 1 MW of 20 J/TH machines for twelve
months, to start between 1 December 2026 and 31 January 2027, at 0.08 USD at most.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from hosting.matching import match
from hosting.matching.book import Book, Fact, Licence, Need, Offer, Phase, Place, Rate, Rule, Taken

TODAY = date(2026, 11, 22)
PLACES = (Place("AA"), Place("AA-1", "AA"), Place("AA-1-X", "AA-1"), Place("BB"))
LICENSED = Fact("AA", "legal_status", "legal_licensed", date(2024, 1, 1), "high")
PREDICTABLE = Fact("AA", "predictability", "4", date(2024, 1, 1), "medium")
HASHPRICE = Rate("hashprice", None, Decimal("50"), TODAY)
TENGE = Rate("fx", "KZT", Decimal("0.0019"), TODAY)
EURO = Rate("fx", "EUR", Decimal("1.25"), TODAY)
RATES = (HASHPRICE, TENGE, EURO)
FACTS = (LICENSED, PREDICTABLE)


def day(text):
    """A date from "2027-01-31", or from "01-31" in 2027."""
    return date.fromisoformat(text if len(text) == 10 else f"2027-{text}")


def money(text):
    return Decimal(text)


def offer(number=1, **terms):
    """The plain offer with some terms changed."""
    plain = {
        "id": UUID(int=number),
        "version": 1,
        "published_at": datetime(2026, 10, 1, 8, tzinfo=UTC),
        "jurisdiction": "AA",
        "price_model": "all_in",
        "currency": "USD",
        "energy_price": Decimal("0.05"),
        "uptime_bp": 9800,
        "renewable_bp": 4000,
        "cooling": "air",
        "phases": (Phase(5000, date(2026, 1, 1)),),
    }
    return Offer(**plain | terms)


def need(**wishes):
    """The plain need with some wishes changed."""
    plain = {
        "need_kw": 1000,
        "efficiency": 2000,
        "worst_j_th": 2500,
        "earliest_start": date(2026, 12, 1),
        "latest_start": date(2027, 1, 31),
        "term_months": 12,
        "max_price_micros": 80_000,
    }
    return Need(**plain | wishes)


def rule(effect, valid_from="2024-01-01", valid_to=None, *, number=1, **fields):
    """A rule of AA on its hosts, of high confidence."""
    plain = {
        "id": f"rule-{number}",
        "jurisdiction": "AA",
        "subject": "host",
        "effect": effect,
        "valid_from": None if valid_from is None else day(valid_from),
        "valid_to": None if valid_to is None else day(valid_to),
        "title": f"Title {number}",
    }
    return Rule(**plain | fields)


def scale(*rows, **fields):
    """A levy rule; rows are ("from", "amount") per kWh in tenge."""
    levy = tuple((Decimal(start), Decimal(amount)) for start, amount in rows)
    return rule("levy_per_kwh", levy=levy, **{"levy_currency": "KZT"} | fields)


def phase(kw, starts_on, ends_on=None):
    return Phase(kw, day(starts_on), None if ends_on is None else day(ends_on))


def taken(kw, starts_on, ends_on=None, request=None):
    return Taken(kw, day(starts_on), None if ends_on is None else day(ends_on), request)


def licence(kind, valid_from=None, valid_to=None):
    return Licence(kind, valid_from and day(valid_from), valid_to and day(valid_to))


def book(*offers, rules=(), facts=FACTS, rates=RATES, as_of=TODAY, places=PLACES):
    return Book.build(places=places, facts=facts, rules=rules, rates=rates, offers=offers, as_of=as_of)


def judge(one, wish, **market):
    """Everything the engine says of one offer for one need."""
    return match.evaluate(book(one, **market), wish).explain(one.id)


def failing(found):
    """The names of the gates that fail."""
    return [gate.name for gate in found.gates if not gate.passed]


def gate(found, name):
    return next(gate for gate in found.gates if gate.name == name)
