"""Scores, points that add up, ties, and near misses in the order in which they are easiest to cure."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest

from hosting.matching import match, scoring
from hosting.matching.book import Fact
from hosting.matching.gates import CURE_ORDER
from tests.matching.scene import FACTS, PREDICTABLE, book, failing, judge, need, offer, phase, rule

PUBLISHED = datetime(2026, 10, 1, 8, tzinfo=UTC)


def value(found, name):
    return next(part.value for part in found.parts if part.name == name)


def known(status, confidence, rating):
    facts = [] if status is None else [Fact("AA", "legal_status", status, date(2024, 1, 1), confidence)]
    return facts + ([] if rating is None else [Fact("AA", "predictability", rating, date(2024, 1, 1), "low")])


JANUARY = {"phases": (phase(1000, "2027-01-01"),)}
# offered, asked, facts, part, its value
VALUES = [
    ({}, {}, FACTS, "price", 3_750),
    ({}, {"max_price_micros": 50_000}, FACTS, "price", 0),
    ({}, {"max_price_micros": 70_001}, FACTS, "price", 2_857),
    ({"energy_price": D(0)}, {}, FACTS, "price", 10_000),
    ({}, {}, FACTS, "regulation", 9_000),
    ({}, {}, known("legal_licensed", "high", "5"), "regulation", 10_000),
    ({}, {}, known("legal_licensed", "low", "5"), "regulation", 7_000),
    ({}, {}, known("tolerated", "medium", "1"), "regulation", 3_000),
    ({}, {}, known("tolerated", "low", None), "regulation", 1_500),
    ({}, {}, known(None, None, "3"), "regulation", 2_000),
    ({}, {}, (), "regulation", 0),
    ({"jurisdiction": "AA-1-X"}, {}, FACTS, "regulation", 9_000),
    ({}, {}, FACTS, "start", 10_000),
    (JANUARY, {}, FACTS, "start", 30 * 10_000 // 61),
    (JANUARY, {"latest_start": date(2027, 1, 1)}, FACTS, "start", 0),
    ({}, {"latest_start": date(2026, 12, 1)}, FACTS, "start", 10_000),
    ({}, {"earliest_start": date(2026, 1, 1)}, FACTS, "start", 10_000),
    ({}, {}, FACTS, "trust", 2_500),
    ({"evidence": "documented", "reputation": 0}, {}, FACTS, "trust", 2_500),
    ({"evidence": "verified", "reputation": 10_000}, {}, FACTS, "trust", 10_000),
    ({"evidence": "documented", "reputation": 8_765}, {}, FACTS, "trust", 6_882),
    ({}, {}, FACTS, "uptime", 8_000),
    ({"uptime_bp": 9_000}, {}, FACTS, "uptime", 0),
    ({"uptime_bp": 8_000}, {}, FACTS, "uptime", 0),
    ({"uptime_bp": 10_000}, {}, FACTS, "uptime", 10_000),
    ({}, {}, FACTS, "energy", 4_000),
    ({"renewable_bp": None}, {}, FACTS, "energy", 0),
]


@pytest.mark.parametrize(("offered", "asked", "facts", "part", "expected"), VALUES)
def test_a_part_of_the_score_has_the_value_of_the_contract(offered, asked, facts, part, expected):
    assert value(judge(offer(**offered), need(**asked), facts=facts), part) == expected


def test_a_score_is_the_weighted_mean_rounded_down():
    found = judge(offer(), need())
    # 40 x 3750 + 20 x 9000 + 15 x 10000 + 10 x 2500 + 10 x 8000 + 5 x 4000 = 605000
    assert found.score == 6_050
    assert [(part.name, part.weight, part.points) for part in found.parts] == [
        ("price", 40, 1_500),
        ("regulation", 20, 1_800),
        ("start", 15, 1_500),
        ("trust", 10, 250),
        ("uptime", 10, 800),
        ("energy", 5, 200),
    ]


def test_what_the_floors_leave_goes_to_the_largest_remainders_then_in_table_order():
    weights = {"price": 1, "regulation": 1, "start": 1, "trust": 0, "uptime": 0, "energy": 0}
    # 1 + 2 + 2 = 5 over 3 is 1; each floor is 0; remainders 1, 2, 2: the first of the twos gets it.
    parts = scoring.parts((1, 2, 2, 0, 0, 0), scoring.weights_of(weights))
    assert [part.points for part in parts] == [0, 1, 0, 0, 0, 0]
    # 2 + 2 + 1 = 5 again, and 2 + 2 + 2 = 6 over 3 is 2.
    assert [part.points for part in scoring.parts((2, 2, 1, 0, 0, 0), scoring.weights_of(weights))][:3] == [
        1,
        0,
        0,
    ]
    assert [part.points for part in scoring.parts((2, 2, 2, 0, 0, 0), scoring.weights_of(weights))][:3] == [
        1,
        1,
        0,
    ]


def test_points_always_add_up_to_the_score():
    draw = random.Random(7)
    for _round in range(300):
        weights = {name: draw.choice([0, 1, 3, 7, 40, 99, 100]) for name in scoring.PARTS}
        weights["trust"] = weights["trust"] or 1
        one = offer(
            energy_price=D(draw.randint(0, 80_000)) / 10**6,
            uptime_bp=draw.randint(8_900, 10_000),
            renewable_bp=draw.randint(0, 10_000),
            reputation=draw.randint(0, 10_000),
        )
        found = judge(one, need(weights=weights))
        assert found.score == sum(p.weight * p.value for p in found.parts) // sum(weights.values())
        assert found.score == sum(part.points for part in found.parts)
        assert all(part.points >= 0 for part in found.parts)


def test_weights_left_out_take_their_defaults():
    assert scoring.weights_of({"price": 0}) == (0, 20, 15, 10, 10, 5)
    assert scoring.weights_of(None) == scoring.weights_of({}) == (40, 20, 15, 10, 10, 5)


@pytest.mark.parametrize(
    "weights",
    [
        dict.fromkeys(scoring.PARTS, 0),
        {"price": 101},
        {"price": -1},
        {"price": 1.0},
        {"price": True},
        {"luck": 1},
    ],
)
def test_weights_that_are_no_weights_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        match.evaluate(book(offer()), need(weights=weights))


def ranked(*offers, wish=None, **market):
    return [found.offer.int for found in match.evaluate(book(*offers, **market), wish or need()).ranked()]


def test_matches_stand_by_score_then_price_then_age_then_id():
    only_law = need(weights=dict.fromkeys(scoring.PARTS, 0) | {"regulation": 1})
    offers = [
        offer(6, energy_price=D("0.04"), jurisdiction="BB"),
        offer(5, energy_price=D("0.051")),
        offer(4, published_at=PUBLISHED),
        offer(3, published_at=PUBLISHED),
        offer(9, published_at=PUBLISHED - timedelta(microseconds=1)),
        offer(2, energy_price=D("0.060")),
    ]
    expected = [9, 3, 4, 5, 2, 6]
    draw = random.Random(3)
    for _round in range(10):
        draw.shuffle(offers)
        assert ranked(*offers, wish=only_law) == expected


def test_the_order_of_rows_changes_nothing():
    draw = random.Random(11)
    laws = [rule("curtail", "2026-11-15", f"2026-12-{5 + n:02}", number=n) for n in range(6)]
    facts = [
        *FACTS,
        Fact("AA", "legal_status", "tolerated", date(2024, 1, 1), "low"),
        Fact("AA", "predictability", "2", date(2024, 1, 1), "medium"),
    ]
    offers = [offer(n, min_kw=1000 + n % 3, energy_price=D(50 + n % 2) / 1000) for n in range(12)]
    seen = set()
    for _round in range(8):
        for rows in (laws, facts, offers):
            draw.shuffle(rows)
        verdict = match.evaluate(book(*offers, rules=laws, facts=facts), need())
        seen.add(str((verdict.ranked(), verdict.near_misses())))
    assert len(seen) == 1


def test_the_best_twenty_are_shown():
    verdict = match.evaluate(book(*(offer(n) for n in range(30))), need())
    assert (verdict.matched_count, len(verdict.ranked()), len(verdict.ranked(limit=3))) == (30, 20, 3)
    verdict = match.evaluate(book(*(offer(n, min_kw=2000) for n in range(30))), need())
    assert (verdict.matched_count, len(verdict.near_misses())) == (0, 20)


# One offer for each gate, failing it alone.
WISH = {
    "excluded": frozenset({"BB"}),
    "cooling": frozenset({"air"}),
    "price_models": frozenset({"all_in"}),
    "max_deposit_months": 0,
    "min_uptime_bp": 9_800,
    "max_curtailment_bp": 0,
    "min_renewable_bp": 4_000,
    "min_evidence": "claimed",
    "min_predictability": 4,
}
ALONE = {
    "order_size": {"min_kw": 1001},
    "price_ceiling": {"energy_price": D("0.09")},
    "window": {"phases": (phase(1000, "2026-01-01", "2027-06-01"),)},
    "capacity": {"phases": ()},
    "term": {"min_term_months": 13},
    "deposit": {"deposit_months": 1},
    "price_model": {"price_model": "base_plus_metered"},
    "uptime": {"uptime_bp": 9_799},
    "curtailment": {"curtailment_bp": 1},
    "renewable": {"renewable_bp": 3_999},
    "evidence": {"evidence": "claimed"},
    "cooling": {"cooling": "hydro"},
    "machine_age": {"max_j_per_th": 2_499},
    "predictability": {"jurisdiction": "AA-1"},
    "price_comparable": {"energy_price": None},
    "rules": {"jurisdiction": "CC"},
    "legal_status": {"jurisdiction": "DD"},
    "jurisdiction": {"jurisdiction": "BB"},
}


def test_near_misses_come_the_easiest_to_cure_first():
    assert tuple(ALONE) == CURE_ORDER
    facts = [*FACTS, Fact("AA-1", "predictability", "3", date(2024, 1, 1), "high")]
    for code, status in (("BB", "tolerated"), ("CC", "tolerated"), ("DD", "banned")):
        facts.append(Fact(code, "legal_status", status, date(2024, 1, 1), "high"))
        facts.append(Fact(code, "predictability", "5", date(2024, 1, 1), "high"))
    offers = [
        offer(number, **{"evidence": "verified"} | terms)
        for number, terms in enumerate(ALONE.values(), start=1)
    ]
    offers += [offer(50, min_kw=1001, energy_price=D("0.09")), offer(51, evidence="verified")]
    random.Random(5).shuffle(offers)
    wish = need(**WISH | {"min_evidence": "documented"})
    market = book(*offers, rules=[rule("prohibit", jurisdiction="CC")], facts=facts)
    verdict = match.evaluate(market, wish)
    near = verdict.near_misses()
    assert [failing(found) for found in near] == [[name] for name in CURE_ORDER]
    assert [found.offer.int for found in near] == list(range(1, 19))
    assert [found.offer.int for found in verdict.ranked()] == [51]


def test_near_misses_of_one_gate_stand_by_price_then_age_then_id():
    offers = [
        offer(1, min_kw=1001, energy_price=D("0.06")),
        offer(4, min_kw=5000),
        offer(3, max_kw=999),
        offer(2, max_kw=999, published_at=PUBLISHED + timedelta(days=1)),
    ]
    near = match.evaluate(book(*offers), need()).near_misses()
    assert [found.offer.int for found in near] == [3, 4, 2, 1]


def test_near_misses_without_a_price_stand_by_age():
    offers = [
        offer(1, uptime_bp=None, energy_price=D("0.01"), published_at=PUBLISHED + timedelta(days=2)),
        offer(2, uptime_bp=None, energy_price=D("0.05"), published_at=PUBLISHED + timedelta(days=1)),
        offer(3, uptime_bp=None, energy_price=D("0.02")),
    ]
    near = match.evaluate(book(*offers), need()).near_misses()
    assert [(found.offer.int, found.price_micros) for found in near] == [(3, None), (2, None), (1, None)]


def test_a_price_that_cannot_be_compared_is_one_failure_not_two():
    one = offer(energy_price=None, setup_fee_kw=D("10000"))
    near = match.evaluate(book(one), need()).near_misses()
    assert [failing(found) for found in near] == [["price_comparable"]]


def test_near_misses_carry_no_score_and_their_cure():
    near = match.evaluate(book(offer(min_kw=1120)), need()).near_misses()
    assert (near[0].score, near[0].parts, near[0].price_micros) == (None, (), 50_000)
    (gate,) = near[0].failed
    assert (gate.name, gate.code, gate.params["short_by_kw"]) == ("order_size", "below_minimum", 120)


def test_a_match_says_what_is_free_on_its_start():
    found = judge(offer(version=7, phases=(phase(1500, "2026-12-15", "2028-01-01"),)), need())
    assert (found.version, found.start, found.free_kw_on_start) == (7, date(2026, 12, 15), 1500)


def test_predictability_of_low_confidence_still_counts():
    low = Fact("AA", "predictability", "4", PREDICTABLE.valid_from, "low")
    assert value(judge(offer(), need(), facts=[FACTS[0], low]), "regulation") == 9_000
