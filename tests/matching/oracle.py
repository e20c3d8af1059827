"""Matching a second time: plain loops and exact fractions, in the words and the order of the specification.

It reads what the API publishes (offers, jurisdictions, rates, machines, the body of a request) and shares
nothing with the engine: it is slow, obvious and there to be disagreed with. "Section" means a section of the
matching specification; sections 1 to 3 are in oracle_terms, section 4 is in oracle_law.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from tests.matching.oracle_law import (
    LEGAL_STATUS,
    chain,
    forbids,
    in_force,
    resolved,
    seasonal_stops,
    touches,
)
from tests.matching.oracle_terms import (
    Need,
    NotComparable,
    Rates,
    basis_points,
    covers,
    day,
    days,
    months_later,
    number,
    price,
    rounded,
    usd,
)

EVIDENCE = ("claimed", "documented", "verified")
DEFAULT_WEIGHTS = {"price": 40, "regulation": 20, "start": 15, "trust": 10, "uptime": 10, "energy": 5}
EASIEST_CURE_FIRST = (
    *("order_size", "price_ceiling", "window", "capacity", "term", "deposit", "price_model", "uptime"),
    *("curtailment", "renewable", "evidence", "cooling", "machine_age", "predictability"),
    *("price_comparable", "rules", "legal_status", "jurisdiction"),
)


@dataclass
class Pair:
    """One offer held against the need. price and components in micro-USD, None when not comparable."""

    offer: dict
    gates: dict  # name -> passed, in the order of section 6
    start: date | None
    read_on: date
    price: int | None
    components: dict | None
    curtailment: int  # basis points, with the seasonal stops
    free_kw: int  # on read_on
    score: int | None = None
    parts: list | None = None

    @property
    def failed(self):
        return [name for name, passed in self.gates.items() if not passed]

    def age(self):
        return datetime.fromisoformat(self.offer["published_at"]), UUID(self.offer["id"]).int


@dataclass
class Answer:
    """pairs: all looked at; matched: those that pass, best first; nearly: one gate fails, easiest first."""

    pairs: list
    matched: list
    nearly: list

    @property
    def results(self):
        return [
            {
                "offer": pair.offer["id"],
                "offer_version": pair.offer["version"],
                "score": f"{pair.score // 100}.{pair.score % 100:02}",
                "effective_price_usd": usd(pair.price),
                "components": {name: usd(value) for name, value in pair.components.items()},
                "parts": pair.parts,
                "start": pair.start.isoformat(),
            }
            for pair in self.matched[:20]
        ]

    @property
    def near(self):
        return [
            {
                "offer": pair.offer["id"],
                "effective_price_usd": None if pair.price is None else usd(pair.price),
                "gates": self.gates(pair.offer["id"]),
            }
            for pair in self.nearly[:20]
        ]

    def pair(self, offer_id):
        """The pair of one offer; StopIteration when the offer was not looked at."""
        return next(pair for pair in self.pairs if pair.offer["id"] == str(offer_id))

    def gates(self, offer_id):
        return [{"name": name, "passed": passed} for name, passed in self.pair(offer_id).gates.items()]


# Section 5: the start day.


def free_kw(offer, on):
    phases = sum(phase["available_kw"] for phase in offer["phases"] if covers(phase, on))
    return phases - sum(taken["kw"] for taken in offer["commitments"] if covers(taken, on, "start", "end"))


def days_with_capacity(offer, need, starts):
    """Of the start days, those from which enough is free on every day of the term."""
    if not starts:
        return []
    end_of_all = months_later(starts[-1], need.term)
    short = [on for on in days(starts[0], end_of_all) if free_kw(offer, on) < need.kw]
    terms = [(start, months_later(start, need.term)) for start in starts]
    return [start for start, end in terms if not any(start <= on < end for on in short)]


# Section 6: gates.


def judge(offer, need, places, rates, as_of):
    body = need.body
    place_and_parents = chain(places, offer["site"]["jurisdiction"])
    codes = [place["code"] for place in place_and_parents]
    rules = [rule for place in place_and_parents for rule in place["rules"] if touches(rule, offer, need)]

    first = max(need.earliest, as_of)
    all_days = days(first, need.latest + timedelta(1))
    lawful = [on for on in all_days if not any(forbids(rule, on, offer, need) for rule in rules)]
    roomy = days_with_capacity(offer, need, all_days)
    start = next((on for on in lawful if on in roomy), None)
    read_on = start or first

    curtailment = min(10000, basis_points(offer["curtailment"]) + seasonal_stops(rules, read_on, need))
    levies = [rule for rule in rules if rule["effect"] == "levy_per_kwh" and in_force(rule, read_on)]
    try:
        components = price(offer, need, rates, levies, curtailment)
    except NotComparable:
        components = None
    effective = None if components is None else sum(components.values())

    status, predictability = (
        resolved(place_and_parents, "legal_status"),
        resolved(place_and_parents, "predictability"),
    )
    statuses = [resolved(place_and_parents[n:], "legal_status") for n in range(len(place_and_parents))]
    is_banned = any(one and one["value"] == "banned" for one in statuses)
    status_is_known = status is not None and status["confidence"] != "low"
    least_status, least_predictability = body.get("min_legal_status"), body.get("min_predictability")
    has_room = not all_days or any(free_kw(offer, on) >= need.kw for on in all_days)

    def not_above(value, limit):
        return limit is None or value <= limit

    def not_below(value, limit):
        return limit is None or value >= limit

    gates = {
        "jurisdiction": (
            (
                not body.get("allowed_jurisdictions")
                or any(code in body["allowed_jurisdictions"] for code in codes)
            )
            and not any(code in (body.get("excluded_jurisdictions") or []) for code in codes)
        ),
        "legal_status": not is_banned
        and (
            not least_status
            or (status_is_known and LEGAL_STATUS.index(status["value"]) >= LEGAL_STATUS.index(least_status))
        ),
        "predictability": least_predictability is None
        or (predictability is not None and int(predictability["value"]) >= int(least_predictability)),
        "rules": not all_days or bool(lawful),
        "cooling": need.allows("cooling", offer["cooling"]),
        "machine_age": offer["max_j_per_th"] is None
        or (need.worst is not None and need.worst <= rounded(100 * number(offer["max_j_per_th"]))),
        "order_size": not_below(need.kw, offer["min_kw"]) and not_above(need.kw, offer["max_kw"]),
        "capacity": has_room,
        "window": bool(all_days)
        and not (has_room and not roomy)
        and not (lawful and roomy and not any(on in roomy for on in lawful)),
        "term": not_below(need.term, offer["min_term_months"])
        and not_above(need.term, offer["max_term_months"]),
        "price_model": need.allows("price_models", offer["price_model"]),
        "price_comparable": effective is not None,
        "price_ceiling": effective is None or effective <= need.max_price,
        "deposit": not_above(offer["deposit_months"] or 0, body.get("max_deposit_months")),
        "uptime": number(offer["uptime"]) >= number(body.get("min_uptime")),
        "curtailment": body.get("max_curtailment") is None
        or curtailment <= basis_points(body["max_curtailment"]),
        "renewable": number(offer["renewable"]) >= number(body.get("min_renewable")),
        "evidence": EVIDENCE.index(offer["evidence"])
        >= EVIDENCE.index(body.get("min_evidence") or "claimed"),
    }
    pair = Pair(offer, gates, start, read_on, effective, components, curtailment, free_kw(offer, read_on))
    if not pair.failed:
        values = part_values(offer, need, effective, status, predictability, start, first)
        pair.score, pair.parts = score(values, body.get("weights") or {})
    return pair


# Section 7: the score.


def part_values(offer, need, effective, status, predictability, start, first):
    """Six whole numbers 0-10000, rounded down and clipped."""
    legal = 0
    if status is not None:
        legal = LEGAL_STATUS.index(status["value"]) * (750 if status["confidence"] == "low" else 1500)
    predictable = 0 if predictability is None else 1000 * (int(predictability["value"]) - 1)
    span = (need.latest - first).days
    reputation = offer["host"]["reputation"]
    values = {
        "price": Fraction(10000 * (need.max_price - effective), need.max_price),
        "regulation": legal + predictable,
        "start": Fraction(10000 * (need.latest - start).days, span) if span else 10000,
        "trust": 2500 * EVIDENCE.index(offer["evidence"])
        + Fraction(5000 if reputation is None else reputation, 2),
        "uptime": 10 * (basis_points(offer["uptime"]) - 9000),
        "energy": basis_points(offer["renewable"]),
    }
    return {name: max(0, min(10000, math.floor(value))) for name, value in values.items()}


def score(values, weights):
    """The score 0-10000 and its parts, whose points add up to it."""
    weights = DEFAULT_WEIGHTS | {name: weight for name, weight in weights.items() if weight is not None}
    total = sum(weights.values())
    whole = sum(weights[name] * values[name] for name in values) // total
    parts = [
        {
            "name": name,
            "weight": weights[name],
            "value": values[name],
            "points": weights[name] * values[name] // total,
        }
        for name in DEFAULT_WEIGHTS
    ]
    by_remainder = sorted(
        parts, key=lambda part: -(part["weight"] * part["value"] % total)
    )  # stable: table order
    for part in by_remainder[: whole - sum(part["points"] for part in parts)]:
        part["points"] += 1
    return whole, parts


def is_looked_at(offer, as_of):
    """Section 2. The list of offers normally holds no others."""
    expires = day(offer.get("valid_until"))
    return offer.get("status", "published") == "published" and (expires is None or expires > as_of)


def match(offers, jurisdictions, rates, machines, body, as_of, rate_max_age_days=35):
    """Every offer against one need, as of a UTC day, from parsed JSON of the API's shapes."""
    need = Need(body, {machine["id"]: machine for machine in machines})
    places = {place["code"]: place for place in jurisdictions}
    rates = Rates(rates, as_of, rate_max_age_days)
    pairs = [judge(offer, need, places, rates, as_of) for offer in offers if is_looked_at(offer, as_of)]
    matched = sorted((p for p in pairs if not p.failed), key=lambda p: (-p.score, p.price, p.age()))
    nearly = sorted(
        (p for p in pairs if len(p.failed) == 1),
        key=lambda p: (EASIEST_CURE_FIRST.index(p.failed[0]), p.price is None, p.price or 0, p.age()),
    )
    return Answer(pairs, matched, nearly)
