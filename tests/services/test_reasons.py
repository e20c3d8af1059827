"""Every failure the engine knows has its sentence and its cure, in words a miner understands."""

import pytest

from hosting.matching import gates
from hosting.matching import reasons as codes
from hosting.matching.match import Warning_
from hosting.matching.reasons import GateResult
from hosting.services import reasons

# Parameters as the engine gives them, enough for any sentence of the gate.
PARAMS = {
    "jurisdiction": {"code": "US-NY", "excluded": "US", "allowed": ["KZ"]},
    "legal_status": {
        "value": "restricted",
        "confidence": "high",
        "from": "KZ",
        "minimum": "tolerated",
        "banned_by": "CN",
    },
    "predictability": {"value": 2, "from": "KZ", "minimum": 3},
    "rules": {
        "rules": ["1"],
        "titles": ["Winter stop"],
        "miner_lacks": ["ru-fns-miner-register"],
        "host_lacks": [],
        "others": [],
    },
    "cooling": {"value": "air", "accepted": ["hydro"]},
    "machine_age": {"worst_j_th": 3200, "max_j_per_th": 2500, "over_by": 700},
    "order_size": {"need_kw": 80, "min_kw": 100, "max_kw": 5000, "short_by_kw": 20, "over_by_kw": 20},
    "capacity": {"need_kw": 900, "free_kw": 500, "short_by_kw": 400},
    "window": {"first": "2027-01-01", "latest": "2027-02-01", "earliest": "2027-03-01", "days_later": 28},
    "term": {
        "term_months": 6,
        "min_term_months": 12,
        "max_term_months": 24,
        "short_by_months": 6,
        "over_by_months": 6,
    },
    "price_model": {"value": "tiered", "accepted": ["all_in"]},
    "price_comparable": {"field": "pue_e4", "currency": "KZT", "need_kw": 80, "min_kw": 100},
    "price_ceiling": {"price_micros": 81_300, "max_price_micros": 80_000, "over_by_micros": 1300},
    "deposit": {"deposit_months": 3, "max_deposit_months": 1, "over_by_months": 2},
    "uptime": {"uptime_bp": 9550, "min_uptime_bp": 9700, "short_by_bp": 150},
    "curtailment": {"curtailment_bp": 824, "max_curtailment_bp": 500, "over_by_bp": 324},
    "renewable": {"renewable_bp": 3500, "min_renewable_bp": 5000, "short_by_bp": 1500},
    "evidence": {"value": "claimed", "minimum": "documented"},
}


@pytest.mark.parametrize(
    ("gate", "code"), [(gate, code) for gate in gates.GATES for code in codes.CODES[gate]]
)
def test_every_code_of_every_gate_has_a_sentence_and_a_cure(gate, code):
    failed = GateResult(gate, False, code, PARAMS[gate])
    for words in (reasons.sentence(failed), reasons.cure(failed)):
        assert words.endswith(".")
        assert "%(" not in words
        assert "_" not in words


def test_a_gate_that_passes_says_nothing():
    passed = GateResult("term", True, "", {})
    assert reasons.sentence(passed) == reasons.cure(passed) == ""


@pytest.mark.parametrize(
    ("gate", "code", "sentence", "cure"),
    [
        (
            "order_size",
            "below_minimum",
            "The smallest order is 100 kW; you need 80 kW.",
            "Bring 20 kW more, or team up with others: it begins at 100 kW.",
        ),
        (
            "price_ceiling",
            "above_maximum",
            "It costs 0.0813 USD/kWh in all; your ceiling is 0.0800 USD/kWh.",
            "Raise your ceiling by 0.0013 USD/kWh, to 0.0813 USD/kWh.",
        ),
        (
            "rules",
            "no_lawful_day",
            "No day in your window is allowed by: Winter stop.",
            "Hold, and state among your licences: ru-fns-miner-register.",
        ),
    ],
)
def test_words_name_the_figures(gate, code, sentence, cure):
    failed = GateResult(gate, False, code, PARAMS[gate])
    assert (reasons.sentence(failed), reasons.cure(failed)) == (sentence, cure)


@pytest.mark.parametrize(
    ("lacks", "words"),
    [
        ({"others": ["Year-round ban"]}, "No licence mends it: choose another place."),
        ({"host_lacks": ["la-permit"]}, "Ask the host for its papers; it lacks: la-permit."),
        (
            {"earliest": "2027-03-16", "days_later": 43},
            "A start on 16 Mar 2027 would do, 43 days after your latest.",
        ),
    ],
)
def test_what_mends_a_rule_depends_on_who_lacks_what(lacks, words):
    failed = GateResult("rules", False, "no_lawful_day", PARAMS["rules"] | lacks)
    assert reasons.cure(failed) == words


def test_warnings_are_dated():
    begins = Warning_("rule_begins_within_term", {"rule": "1", "title": "New levy", "on": "2027-07-01"})
    season = Warning_(
        "term_outlasts_season", {"rule": "1", "title": "Winter stop", "last_day_exclusive": "2028-03-16"}
    )
    assert reasons.warning(begins) == "From 1 Jul 2027, within the term, a rule begins: New levy."
    assert "16 Mar 2028" in reasons.warning(season)
