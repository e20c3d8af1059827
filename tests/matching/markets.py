"""Whole small markets in the API's own shapes, for the engine and the oracle to disagree about.

Values come from small pools around the need's own numbers and days, so that ties, equal prices and boundaries
(one day, one kW, one micro-USD, one basis point) turn up often. Most fields mostly take a harmless value:
otherwise nothing would ever pass eighteen gates at once.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.matching.markets_law import days_that_matter, places
from tests.matching.markets_need import (
    EVIDENCE,
    LEGAL_STATUS,
    MACHINES,
    PRICE_MODELS,
    WEIGHTS,
    need_kw_of,
    needs,
)
from tests.matching.markets_offers import IDS, PUBLISHED_AT, commitments, offers, rates

# The day before a clipped month's end, a leap year's and a year's end among them.
RUN_DAYS = (
    *(date(2026, 11, 22), date(2027, 1, 29), date(2027, 1, 31), date(2028, 1, 29)),
    *(date(2028, 2, 28), date(2026, 12, 31)),
)


@dataclass(frozen=True)
class Market:
    """What the API shows, and what it does not: facts of other days, and the asker's own commitments."""

    as_of: date
    body: dict
    jurisdictions: list
    rates: list
    offers: list
    other_facts: list  # superseded or still to come: {jurisdiction, field, value, valid_from, confidence}
    own_commitments: dict  # offer id -> commitments of the request itself
    machines: list


@st.composite
def markets(draw, *, max_offers=12):
    as_of = draw(st.sampled_from(RUN_DAYS))
    body = draw(needs(as_of))
    kw, term = need_kw_of(body), body["term_months"]
    pool = days_that_matter(body, as_of)
    jurisdictions, other_facts = draw(places(as_of, pool, kw))
    codes = [place["code"] for place in jurisdictions]
    found, own_commitments = [], {}
    for id_ in draw(st.lists(st.sampled_from(IDS), max_size=max_offers, unique=True)):
        if found and draw(st.integers(0, 4)) == 4:
            twin = draw(st.sampled_from(found))
            found.append(twin | {"id": id_, "published_at": draw(st.sampled_from(PUBLISHED_AT))})
        else:
            found.append(draw(offers(id_, codes, as_of, pool, kw, term)))
        if draw(st.integers(0, 9)) == 9:
            own_commitments[id_] = draw(commitments(pool, kw))
    return Market(
        as_of=as_of,
        body=body,
        jurisdictions=jurisdictions,
        rates=draw(rates(as_of)),
        offers=found,
        other_facts=other_facts,
        own_commitments=own_commitments,
        machines=MACHINES,
    )


def random_need(rng, jurisdictions, machines, as_of):
    """The body of a valid request, as POST matches/preview/ takes it; rng is a seeded random.Random.

    Half of them name a fleet from the machine catalogue, half a power. Optional bounds are left out, null or
    set; codes are never allowed and excluded at once.
    """
    codes = [place["code"] for place in jurisdictions]
    kinds = sorted(
        {rule["licence_type"] for p in jurisdictions for rule in p["rules"] if rule["licence_type"]}
    )
    usable = [m for m in machines if "SHA" in m["algorithm"].upper() and m["power_w"] and m["hashrate_th_s"]]

    def maybe(chance, value):
        return value if rng.random() < chance else None

    def hundredths(low, high):
        value = rng.randint(low * 100, high * 100)
        return f"{value // 100}.{value % 100:02}"

    def licence(kind):
        first = earliest + timedelta(rng.randint(-300, 5))
        end = max(first, earliest) + timedelta(rng.randint(1, 900))
        dated = {"valid_from": maybe(0.5, first.isoformat()), "valid_to": maybe(0.5, end.isoformat())}
        return {"type": kind, **dated}

    earliest = as_of + timedelta(rng.choice((0, 0, 1, 10, 45, 120)))
    latest = earliest + timedelta(rng.choice((0, 1, 14, 60, 90)))
    restricted = rng.random()
    body = {
        "earliest_start": earliest.isoformat(),
        "latest_start": latest.isoformat(),
        "term_months": rng.choice((1, 3, 6, 12, 12, 24, 36)),
        "max_price_usd": f"0.{rng.randint(40_000, 140_000):06}",
        "origin": maybe(0.5, rng.choice((*codes, "US", "CN", "KZ"))),
        "max_deposit_months": maybe(0.3, rng.randint(0, 4)),
        "min_uptime": maybe(0.3, hundredths(90, 99)),
        "max_curtailment": maybe(0.3, hundredths(1, 40)),
        "min_renewable": maybe(0.2, hundredths(0, 90)),
        "cooling": maybe(0.3, rng.sample(("air", "hydro", "immersion"), rng.randint(1, 3))) or [],
        "price_models": maybe(0.2, rng.sample(PRICE_MODELS, rng.randint(2, 6))) or [],
        "allowed_jurisdictions": rng.sample(codes, min(len(codes), 12)) if restricted < 0.2 else [],
        "excluded_jurisdictions": rng.sample(codes, min(len(codes), 4)) if restricted > 0.8 else [],
        "min_legal_status": maybe(0.3, rng.choice(LEGAL_STATUS)),
        "min_predictability": maybe(0.3, rng.randint(1, 5)),
        "licences": [licence(kind) for kind in kinds if rng.random() < 0.4],
        "min_evidence": maybe(0.3, rng.choice(EVIDENCE)),
        "weights": maybe(0.4, {name: rng.randint(0, 100) for name in WEIGHTS}),
    }
    if body["weights"]:
        body["weights"]["price"] += not any(body["weights"].values())
    for name in [name for name, value in body.items() if value is None]:
        if rng.random() < 0.5:
            del body[name]
    if rng.random() < 0.5:
        lines = rng.sample(usable, rng.randint(1, min(3, len(usable))))
        return body | {"fleet": [{"machine": m["id"], "quantity": rng.randint(1, 900)} for m in lines]}
    return body | {
        "need_kw": rng.choice((rng.randint(5, 400), rng.randint(400, 5_000), rng.randint(5_000, 60_000))),
        "efficiency_j_th": maybe(0.8, hundredths(12, 30)),
        "worst_j_th": maybe(0.8, hundredths(30, 40)),
    }
