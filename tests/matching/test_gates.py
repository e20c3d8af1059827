"""Each gate at its boundary, from both sides. A row: what is offered, what is asked, the gate that may fail.

An empty code means that every gate passes; otherwise the named gate, and no other, fails with that code and
says what would cure it.
"""

from datetime import date
from decimal import Decimal

import pytest

from hosting.matching import match
from hosting.matching.book import Fact, Phase
from hosting.matching.gates import CURE_ORDER, GATES
from hosting.matching.reasons import CODES
from tests.matching.scene import FACTS, PREDICTABLE, TODAY, book, failing, gate, judge, need, offer

JAN = date(2027, 1, 1)


def status(value, confidence="high", code="AA"):
    return (Fact(code, "legal_status", value, date(2024, 1, 1), confidence), PREDICTABLE)


UNRATED = (FACTS[0],)
AIR, HYDRO = frozenset({"air"}), frozenset({"hydro", "immersion"})
ROOM = {"phases": (Phase(1000, date(2026, 1, 1)),)}

# offered, asked, facts (None: the plain ones), gate, code, some of its parameters
CASES = [
    # jurisdiction
    ({}, {"allowed": frozenset({"AA"})}, None, "jurisdiction", "", {"code": "AA"}),
    ({}, {"allowed": frozenset()}, None, "jurisdiction", "", {}),
    ({"jurisdiction": "AA-1"}, {"allowed": frozenset({"AA"})}, None, "jurisdiction", "", {"code": "AA-1"}),
    ({"jurisdiction": "AA-1-X"}, {"allowed": frozenset({"AA"})}, None, "jurisdiction", "", {}),
    ({}, {"allowed": frozenset({"AA-1"})}, None, "jurisdiction", "not_allowed", {"code": "AA"}),
    ({}, {"allowed": frozenset({"BB"})}, None, "jurisdiction", "not_allowed", {"allowed": ["BB"]}),
    (
        {"jurisdiction": "AA-1"},
        {"excluded": frozenset({"AA"})},
        None,
        "jurisdiction",
        "excluded",
        {"excluded": "AA"},
    ),
    ({}, {"excluded": frozenset({"AA-1"})}, None, "jurisdiction", "", {}),
    (
        {"jurisdiction": "AA-1"},
        {"allowed": frozenset({"AA-1"}), "excluded": frozenset({"AA"})},
        None,
        "jurisdiction",
        "excluded",
        {"code": "AA-1"},
    ),
    # legal_status
    ({}, {"min_legal_status": "legal_licensed"}, None, "legal_status", "", {"value": "legal_licensed"}),
    ({}, {"min_legal_status": "tolerated"}, status("tolerated"), "legal_status", "", {}),
    (
        {},
        {"min_legal_status": "tolerated"},
        status("restricted"),
        "legal_status",
        "below_minimum",
        {"value": "restricted", "minimum": "tolerated"},
    ),
    ({}, {}, status("restricted"), "legal_status", "", {}),
    ({}, {}, status("banned"), "legal_status", "banned", {"banned_by": "AA"}),
    ({}, {}, status("banned", "low"), "legal_status", "banned", {}),
    ({"jurisdiction": "AA-1"}, {}, status("banned"), "legal_status", "banned", {"banned_by": "AA"}),
    ({}, {"min_legal_status": "restricted"}, status("legal_licensed", "low"), "legal_status", "unknown", {}),
    ({}, {}, status("legal_licensed", "low"), "legal_status", "", {"confidence": "low"}),
    ({}, {"min_legal_status": "banned"}, (PREDICTABLE,), "legal_status", "unknown", {"value": None}),
    ({}, {}, (), "legal_status", "", {"value": None}),
    # predictability
    ({}, {"min_predictability": 4}, None, "predictability", "", {"value": 4}),
    ({}, {"min_predictability": 5}, None, "predictability", "below_minimum", {"value": 4, "minimum": 5}),
    ({}, {"min_predictability": 1}, UNRATED, "predictability", "unknown", {"value": None}),
    ({}, {}, UNRATED, "predictability", "", {}),
    (
        {},
        {"min_predictability": 4},
        (FACTS[0], Fact("AA", "predictability", "4", TODAY, "low")),
        "predictability",
        "",
        {},
    ),
    # cooling and price model
    ({}, {"cooling": AIR}, None, "cooling", "", {"value": "air"}),
    ({}, {"cooling": HYDRO}, None, "cooling", "not_in_set", {"accepted": ["hydro", "immersion"]}),
    ({}, {"cooling": frozenset()}, None, "cooling", "", {}),
    ({"cooling": None}, {"cooling": AIR}, None, "cooling", "not_in_set", {"value": None}),
    ({}, {"price_models": frozenset({"all_in"})}, None, "price_model", "", {}),
    ({}, {"price_models": frozenset({"tiered"})}, None, "price_model", "not_in_set", {"value": "all_in"}),
    # machine_age, in hundredths of J/TH
    ({"max_j_per_th": 2500}, {}, None, "machine_age", "", {"worst_j_th": 2500}),
    ({"max_j_per_th": 2499}, {}, None, "machine_age", "above_maximum", {"over_by": 1}),
    ({"max_j_per_th": 2499}, {"worst_j_th": None}, None, "machine_age", "unknown", {"max_j_per_th": 2499}),
    ({}, {"worst_j_th": None}, None, "machine_age", "", {}),
    # order_size
    ({"min_kw": 1000}, {}, None, "order_size", "", {}),
    ({"min_kw": 1120}, {}, None, "order_size", "below_minimum", {"short_by_kw": 120, "min_kw": 1120}),
    ({"min_kw": 1001}, {}, None, "order_size", "below_minimum", {"short_by_kw": 1}),
    ({"max_kw": 1000}, {}, None, "order_size", "", {}),
    ({"max_kw": 999}, {}, None, "order_size", "above_maximum", {"over_by_kw": 1}),
    # capacity
    (ROOM, {}, None, "capacity", "", {"free_kw": 1000}),
    (ROOM, {"need_kw": 1001}, None, "capacity", "no_free_capacity", {"free_kw": 1000, "short_by_kw": 1}),
    ({"phases": ()}, {}, None, "capacity", "no_free_capacity", {"free_kw": 0, "short_by_kw": 1000}),
    ({"phases": (Phase(1000, date(2027, 1, 31)),)}, {}, None, "capacity", "", {}),
    (
        {"phases": (Phase(1000, date(2027, 2, 1)),)},
        {},
        None,
        "capacity",
        "no_free_capacity",
        {"days_later": 1},
    ),
    # window
    ({}, {"earliest_start": TODAY, "latest_start": TODAY}, None, "window", "", {"start": "2026-11-22"}),
    (
        {},
        {"earliest_start": date(2026, 11, 1), "latest_start": date(2026, 11, 21)},
        None,
        "window",
        "past",
        {"earliest": "2026-11-22", "days_later": 1},
    ),
    (
        {"phases": (Phase(1000, date(2026, 1, 1), date(2027, 12, 1)),)},
        {},
        None,
        "window",
        "",
        {"start": "2026-12-01"},
    ),
    (
        {"phases": (Phase(1000, date(2026, 1, 1), date(2027, 11, 30)),)},
        {},
        None,
        "window",
        "not_for_whole_term",
        {"latest": "2027-01-31"},
    ),
    # term
    ({"min_term_months": 12, "max_term_months": 12}, {}, None, "term", "", {}),
    ({"min_term_months": 13}, {}, None, "term", "below_minimum", {"short_by_months": 1}),
    ({"max_term_months": 11}, {}, None, "term", "above_maximum", {"over_by_months": 1}),
    # price_ceiling, to the micro-USD
    ({}, {"max_price_micros": 50_000}, None, "price_ceiling", "", {"price_micros": 50_000}),
    ({}, {"max_price_micros": 49_999}, None, "price_ceiling", "above_maximum", {"over_by_micros": 1}),
    # deposit, uptime, curtailment, renewable, evidence
    ({"deposit_months": 3}, {"max_deposit_months": 3}, None, "deposit", "", {}),
    (
        {"deposit_months": 3},
        {"max_deposit_months": 2},
        None,
        "deposit",
        "above_maximum",
        {"over_by_months": 1},
    ),
    ({}, {"max_deposit_months": 0}, None, "deposit", "", {"deposit_months": 0}),
    ({}, {"min_uptime_bp": 9800}, None, "uptime", "", {}),
    ({}, {"min_uptime_bp": 9801}, None, "uptime", "below_minimum", {"short_by_bp": 1}),
    ({"curtailment_bp": 500}, {"max_curtailment_bp": 500}, None, "curtailment", "", {}),
    (
        {"curtailment_bp": 501},
        {"max_curtailment_bp": 500},
        None,
        "curtailment",
        "above_maximum",
        {"over_by_bp": 1},
    ),
    ({}, {"min_renewable_bp": 4000}, None, "renewable", "", {}),
    ({}, {"min_renewable_bp": 4001}, None, "renewable", "below_minimum", {"short_by_bp": 1}),
    (
        {"renewable_bp": None},
        {"min_renewable_bp": 1},
        None,
        "renewable",
        "below_minimum",
        {"renewable_bp": 0},
    ),
    ({"evidence": "documented"}, {"min_evidence": "documented"}, None, "evidence", "", {}),
    (
        {"evidence": "claimed"},
        {"min_evidence": "documented"},
        None,
        "evidence",
        "below_minimum",
        {"value": "claimed", "minimum": "documented"},
    ),
    ({"evidence": "claimed"}, {"min_evidence": "claimed"}, None, "evidence", "", {}),
]


@pytest.mark.parametrize(("offered", "asked", "facts", "name", "code", "params"), CASES)
def test_a_gate_stands_exactly_at_its_boundary(offered, asked, facts, name, code, params):
    found = judge(offer(**offered), need(**asked), facts=FACTS if facts is None else facts)
    result = gate(found, name)
    assert (result.passed, result.code) == (not code, code)
    assert failing(found) == ([name] if code else [])
    assert params.items() <= result.params.items()


# The price gate: what makes a price not comparable. Each of these fails that gate alone.
NOT_COMPARABLE = [
    ({"energy_price": None}, {}, "missing_field", {"field": "energy_price"}),
    ({"price_model": "pass_through"}, {}, "missing_field", {"field": "passthrough_estimate"}),
    ({"price_model": "indexed"}, {}, "missing_field", {"field": "passthrough_estimate"}),
    ({"price_model": "revenue_share"}, {}, "missing_field", {"field": "revenue_share_bp"}),
    ({"metering": "site"}, {}, "missing_field", {"field": "pue_e4"}),
    ({"metering": "nameplate"}, {}, "missing_field", {"field": "metering_uplift_bp"}),
    ({"price_model": "tiered"}, {}, "no_tier", {"min_kw": None}),
    ({"price_model": "tiered", "tiers": ((1001, Decimal("0.05")),)}, {}, "no_tier", {"min_kw": 1001}),
    ({"currency": "XAF"}, {}, "missing_rate", {"currency": "XAF"}),
    ({"currency": "XAF", "energy_price": Decimal(0), "setup_fee_kw": Decimal(1)}, {}, "missing_rate", {}),
    (
        {"currency": "XAF", "price_model": "tiered", "tiers": ((1, Decimal("0.05")),)},
        {},
        "missing_rate",
        {"currency": "XAF"},
    ),
    ({"revenue_share_bp": 1}, {"efficiency": None}, "missing_efficiency", {}),
    ({"revenue_share_bp": 1}, {"efficiency": 0}, "missing_efficiency", {}),
    ({"uptime_bp": None}, {}, "no_load", {"uptime_bp": 0}),
    ({"curtailment_bp": 10_000}, {}, "no_load", {"curtailment_bp": 10_000}),
    ({"uptime_bp": 1, "curtailment_bp": 1}, {}, "no_load", {}),
]


@pytest.mark.parametrize(("offered", "asked", "code", "params"), NOT_COMPARABLE)
def test_a_price_that_cannot_be_compared_fails_one_gate_and_has_no_components(offered, asked, code, params):
    found = judge(offer(**offered), need(**asked, max_price_micros=1), facts=FACTS)
    assert failing(found) == ["price_comparable"]
    result = gate(found, "price_comparable")
    assert result.code == code
    assert params.items() <= result.params.items()
    assert (found.price_micros, found.components) == (None, None)


ZERO = Decimal(0)
COMPARABLE = [
    ({"currency": "XAF", "energy_price": ZERO}, {}),
    ({"currency": "XAF", "energy_price": ZERO, "passthrough_estimate": Decimal(1)}, {}),
    ({"currency": "XAF", "price_model": "tiered", "energy_price": Decimal(1), "tiers": ((1, ZERO),)}, {}),
    ({"revenue_share_bp": 0}, {"efficiency": None}),
    ({"price_model": "revenue_share", "revenue_share_bp": 0}, {"efficiency": None}),
    ({"pue_e4": None, "metering_uplift_bp": None}, {}),
    ({"uptime_bp": 1}, {}),
]


@pytest.mark.parametrize(("offered", "asked"), COMPARABLE)
def test_a_field_that_is_zero_or_not_read_needs_nothing(offered, asked):
    assert failing(judge(offer(**offered), need(**asked))) == []


def test_gates_stand_in_the_order_of_the_contract_and_every_one_can_be_cured():
    assert len(GATES) == 18
    assert sorted(GATES) == sorted(CURE_ORDER) == sorted(CODES)
    found = judge(offer(), need())
    assert tuple(result.name for result in found.gates) == GATES


def test_all_gates_are_judged_even_when_the_first_fails():
    found = judge(
        offer(jurisdiction="BB", min_kw=2000, deposit_months=9),
        need(allowed=frozenset({"AA"}), max_deposit_months=1),
    )
    assert failing(found) == ["jurisdiction", "order_size", "deposit"]
    assert (found.score, found.parts) == (None, ())


def test_codes_and_words_of_the_cases_are_those_the_package_declares():
    seen = {(name, code) for *_rest, name, code, _params in CASES if code}
    assert all(code in CODES[name] for name, code in seen)
    missing = {(name, code) for name, codes in CODES.items() for code in codes} - seen
    # Rules have tests of their own, and so do days that lie apart and hash prices that are missing.
    assert {name for name, _code in missing} == {"rules", "window", "price_comparable"}


def test_only_the_offers_asked_for_are_looked_at():
    market = book(offer(1), offer(2), offer(3))
    verdict = match.evaluate(market, need(), only=[2, 0])
    assert [found.offer.int for found in verdict.ranked()] == [1, 3]
    assert verdict.explain(offer(2).id) is None
    assert verdict.explain(offer(9).id) is None
    assert verdict.matched_count == 2
    assert match.evaluate(book(), need()).ranked() == []
