"""The law of a small market: places, dated facts and dated rules, begun and ended around days that matter."""

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.matching.markets_need import iso, often
from tests.matching.oracle_terms import months_later

EFFECTS = (
    *("allow", "levy_per_kwh", "levy_per_kwh", "curtail", "require_licence", "require_registration"),
    *("cap_kw", "cap_kw", "moratorium_new", "prohibit", "prohibit"),
)
PAIRED = (
    *(("curtail", "host"), ("levy_per_kwh", "miner"), ("levy_per_kwh", "host")),
    *(("prohibit", "import"), ("curtail", "miner")),
)
CODES = ("KZ", "KZ-10", "US", "US-TX", "US-NY", "NO", "CN", "CN-SC")
CURRENCIES = ("EUR", "KZT", "XAU")


def days_that_matter(body, as_of):
    """First and last start, ends of their terms, the days beside them, and some far away, pivots thrice."""
    first = max(as_of, date.fromisoformat(body["earliest_start"]))
    last = max(as_of, date.fromisoformat(body["latest_start"]))
    months = int(body["term_months"])
    pivots = (first, last, *(months_later(day, months) for day in (first, last)))
    near = {pivot + timedelta(n) for pivot in pivots for n in (-1, 0, 1, 2)}
    far = {as_of + timedelta(n) for n in (-700, -30, 45, 100, 900)}
    return [iso(day) for day in sorted((*(near | far), *pivots, *pivots))]


@st.composite
def periods(draw, pool, *, open_end=True):
    """Two days of the pool in order, half-open, never empty; the end may be open."""
    first, second = sorted(draw(st.lists(st.sampled_from(pool), min_size=2, max_size=2, unique=True)))
    return first, draw(st.sampled_from((second, None, second))) if open_end else second


@st.composite
def rules(draw, number, pool, kw):
    """Any rule, with the filters that may keep it from the pair."""
    rule = draw(plain_rules(number, pool, kw, draw(st.sampled_from(EFFECTS))))
    return rule | {
        "subject": draw(often("host", "miner", "import")),
        "min_kw": draw(often(None, kw, kw + 1)),
        "max_kw": draw(often(None, kw, max(kw - 1, 0))),
        "new_only": draw(often(False, False, True)),
        "confidence": draw(often("high", "medium", "low")),
    }


@st.composite
def plain_rules(draw, number, pool, kw, effect, subject="host"):
    """A rule without filters; what its effect does not use is empty."""
    valid_from, valid_to = draw(periods(pool))
    rule = {
        "id": f"00000000-0000-4000-9000-{number:012}",
        "subject": subject,
        "effect": effect,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "min_kw": None,
        "max_kw": None,
        "new_only": False,
        "licence_type": None,
        "cap_kw": None,
        "levy": None,
        "levy_currency": None,
        "title": f"Rule {number}",
        "confidence": "high",
    }
    if effect == "cap_kw":
        rule["cap_kw"] = draw(st.sampled_from((kw, max(kw - 1, 0), kw + 1)))
    if effect in ("require_licence", "require_registration"):
        rule["licence_type"] = draw(st.sampled_from(("mining", "register")))
    if effect == "levy_per_kwh":
        row = st.tuples(
            st.sampled_from(("0", "0.05", "0.050001", "0.060000", "24")),
            st.sampled_from(("0.001", "0", "0.0224", "1", "0.000001")),
        )
        scale = draw(st.lists(row, min_size=1, max_size=3, unique_by=lambda pair: pair[0]))
        rule["levy"] = [{"from": threshold, "amount": amount} for threshold, amount in scale]
        rule["levy_currency"] = draw(often("USD", *CURRENCIES))
        if draw(st.booleans()):
            rule |= {"valid_from": pool[0], "valid_to": None}
    return rule


@st.composite
def pairs_of_rules(draw, number, pool, kw):
    """Often none; else two seasons that may overlap, two levies that may add up, or two import bans."""
    effect, subject = draw(st.sampled_from((*(None,) * 8, *PAIRED))) or (None, None)
    if effect == "curtail":
        pool = pool[len(pool) // 2 :]  # seldom on a start day, so that days of the term are left to count
    return [draw(plain_rules(number + n, pool, kw, effect, subject)) for n in range(2)] if effect else []


@st.composite
def places(draw, as_of, pool, kw):
    """2 to 8 places, subdivisions with their country, and the dated facts that do not hold today."""
    chosen = draw(st.lists(st.sampled_from(CODES), min_size=2, max_size=5, unique=True))
    codes = sorted({*chosen, *(code.split("-")[0] for code in chosen)})
    status = often("legal_licensed", "legal_unregulated", "tolerated", "restricted", "banned")
    values = {"legal_status": status, "predictability": st.sampled_from((4, 1, 3, 5))}
    found, other_facts = [], []
    for code in codes:
        place = {"code": code, "parent": code[:2] if "-" in code else None}
        for field, value in values.items():
            place[field] = None
            if draw(often(True, False)):
                place[field] = {
                    "value": draw(value),
                    "valid_from": iso(as_of - timedelta(draw(st.sampled_from((0, 1, 400))))),
                    "confidence": draw(often("high", "medium", "low")),
                }
            moved = draw(often(None, -401, 1))
            if moved == 1 or (moved and place[field]):
                on = {"valid_from": iso(as_of + timedelta(moved)), "confidence": "high"}
                other_facts.append({"jurisdiction": code, "field": field, "value": draw(value), **on})
        count = draw(st.sampled_from((0, 0, 1, 1, 2, 3)))
        first_id = len(found) * 10
        place["rules"] = [draw(rules(first_id + n, pool, kw)) for n in range(count)]
        place["rules"] += draw(pairs_of_rules(first_id + 5, pool, kw))
        found.append(place)
    return found, other_facts
