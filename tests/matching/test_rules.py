"""Dated rules: which day they leave for a start, what they add to curtailment, and what is only told.

S runs from 1 December 2026 to 31 January 2027 and a term is twelve months. A row: the rule, what is offered,
what is asked, and the start; None means that the gate `rules` fails, and no other.
"""

from datetime import date

import pytest

from tests.matching.scene import failing, gate, judge, licence, need, offer, phase, rule

FIRST = date(2026, 12, 1)
OLD, NEW = {"connected_on": date(2023, 12, 31)}, {"connected_on": date(2024, 1, 1)}
HELD = {"host_licences": (licence("mining"),)}
PERMIT = {"licence_type": "mining"}

CASES = [
    # prohibit: no day of the term may fall into its period
    (rule("prohibit"), {}, {}, None),
    (rule("prohibit", "2027-12-01"), {}, {}, FIRST),
    (rule("prohibit", "2027-11-30"), {}, {}, None),
    (rule("prohibit", "2027-12-20"), {}, {"earliest_start": date(2026, 12, 20)}, date(2026, 12, 20)),
    (rule("prohibit", "2027-12-20"), {}, {"earliest_start": date(2026, 12, 21)}, None),
    (rule("prohibit", valid_to="2026-12-05"), {}, {}, date(2026, 12, 5)),
    (rule("prohibit", valid_to="2027-01-31"), {}, {}, date(2027, 1, 31)),
    (rule("prohibit", valid_to="2027-02-01"), {}, {}, None),
    (rule("prohibit", "2027-03-01", "2027-03-02"), {}, {}, None),
    (rule("prohibit", "2027-03-01", "2027-03-01"), {}, {}, FIRST),
    (rule("prohibit", None), {}, {}, None),
    # a month's last day stands for the longer months before it: 31 January + 1 month ends on 28 February
    (
        rule("prohibit", "2027-02-28"),
        {},
        {"earliest_start": date(2027, 1, 31), "term_months": 1},
        date(2027, 1, 31),
    ),
    (rule("prohibit", "2027-02-27"), {}, {"earliest_start": date(2027, 1, 28), "term_months": 1}, None),
    # subject miner acts alike; import only on the start day, and only on machines from abroad
    (rule("prohibit", subject="miner"), {}, {}, None),
    (rule("prohibit", subject="import"), {}, {}, FIRST),
    (rule("prohibit", subject="import"), {}, {"origin": "AA"}, FIRST),
    (rule("prohibit", subject="import"), {"jurisdiction": "AA-1"}, {"origin": "AA"}, FIRST),
    (rule("prohibit", subject="import"), {}, {"origin": "BB"}, None),
    (rule("prohibit", subject="import", valid_to="2026-12-09"), {}, {"origin": "BB"}, date(2026, 12, 9)),
    (rule("prohibit", "2027-02-01", subject="import"), {}, {"origin": "BB"}, FIRST),
    (rule("moratorium_new", subject="import"), {}, {"origin": "BB"}, FIRST),
    # moratorium_new: the start, and new sites only, always
    (rule("moratorium_new"), OLD, {}, FIRST),
    (rule("moratorium_new"), NEW, {}, None),
    (rule("moratorium_new"), {}, {}, None),
    (rule("moratorium_new", "2027-02-01"), {}, {}, FIRST),
    (rule("moratorium_new", valid_to="2026-12-15"), {}, {}, date(2026, 12, 15)),
    # cap_kw
    (rule("cap_kw", cap_kw=1000), {}, {}, FIRST),
    (rule("cap_kw", cap_kw=999), {}, {}, None),
    (rule("cap_kw", cap_kw=999, valid_to="2026-12-15"), {}, {}, date(2026, 12, 15)),
    (rule("cap_kw", "2027-02-01", cap_kw=999), {}, {}, FIRST),
    (rule("cap_kw", cap_kw=0), {}, {"need_kw": 1}, None),
    # licences and registrations, of the host or, subject miner, of the miner
    (rule("require_licence", **PERMIT), {}, {}, None),
    (rule("require_licence", **PERMIT), HELD, {}, FIRST),
    (rule("require_registration", **PERMIT), HELD, {}, FIRST),
    (rule("require_registration", **PERMIT), {"host_licences": (licence("trading"),)}, {}, None),
    (rule("require_licence", **PERMIT), {}, {"licences": (licence("mining"),)}, None),
    (rule("require_licence", subject="miner", **PERMIT), HELD, {}, None),
    (rule("require_licence", subject="miner", **PERMIT), {}, {"licences": (licence("mining"),)}, FIRST),
    (rule("require_licence", "2027-02-01", **PERMIT), {}, {}, FIRST),
    (rule("require_licence", valid_to="2026-12-03", **PERMIT), {}, {}, date(2026, 12, 3)),
    (
        rule("require_licence", **PERMIT),
        {"host_licences": (licence("mining", "2026-12-10"),)},
        {},
        date(2026, 12, 10),
    ),
    (
        rule("require_licence", **PERMIT),
        {"host_licences": (licence("mining", None, "2026-12-02"),)},
        {},
        FIRST,
    ),
    (
        rule("require_licence", **PERMIT),
        {"host_licences": (licence("mining", None, "2026-12-01"),)},
        {},
        None,
    ),
    (
        rule("require_licence", **PERMIT),
        {"host_licences": (licence("mining", "2027-01-15"), licence("mining", None, "2026-12-01"))},
        {},
        date(2027, 1, 15),
    ),
    # curtail: no start within a season
    (rule("curtail", "2026-11-15", "2026-12-15"), {}, {}, date(2026, 12, 15)),
    (rule("curtail", "2026-11-15", "2027-02-01"), {}, {}, None),
    # notes, drafts of low confidence, other sizes, other places, older sites
    (rule("allow"), {}, {}, FIRST),
    (rule("levy_per_kwh"), {}, {}, FIRST),
    (rule("prohibit", confidence="low"), {}, {}, FIRST),
    (rule("prohibit", confidence="medium"), {}, {}, None),
    (rule("prohibit", min_kw=1001), {}, {}, FIRST),
    (rule("prohibit", min_kw=1000), {}, {}, None),
    (rule("prohibit", max_kw=999), {}, {}, FIRST),
    (rule("prohibit", max_kw=1000), {}, {}, None),
    (rule("prohibit", jurisdiction="BB"), {}, {}, FIRST),
    (rule("prohibit", jurisdiction="AA-1"), {}, {}, FIRST),
    (rule("prohibit"), {"jurisdiction": "AA-1-X"}, {}, None),
    (rule("prohibit", new_only=True), OLD, {}, FIRST),
    (rule("prohibit", new_only=True), NEW, {}, None),
    (rule("prohibit", new_only=True), {}, {}, None),
]


@pytest.mark.parametrize(("law", "offered", "asked", "start"), CASES)
def test_a_rule_leaves_exactly_the_days_it_does_not_forbid(law, offered, asked, start):
    found = judge(offer(**offered), need(**asked), rules=[law])
    assert found.start == start
    assert failing(found) == ([] if start else ["rules"])


def test_the_gate_names_every_rule_that_takes_a_day():
    laws = [
        rule("prohibit", valid_to="2027-01-10", number=2),
        rule("moratorium_new", "2027-01-10", number=1),
        rule("cap_kw", cap_kw=1000, number=3),
    ]
    result = gate(judge(offer(), need(), rules=laws), "rules")
    assert (result.code, result.params) == (
        "no_lawful_day",
        {
            "rules": ["rule-1", "rule-2"],
            "titles": ["Title 1", "Title 2"],
            "miner_lacks": [],
            "host_lacks": [],
            "others": ["Title 1", "Title 2"],
        },
    )


def test_a_rule_that_ends_soon_after_the_window_says_when_a_start_would_do():
    result = gate(judge(offer(), need(), rules=[rule("prohibit", valid_to="2027-02-10")]), "rules")
    assert (result.params["earliest"], result.params["days_later"]) == ("2027-02-10", 10)


def test_rules_of_a_place_and_its_parents_apply_together():
    laws = [
        rule("prohibit", valid_to="2026-12-10", number=1),
        rule("prohibit", valid_to="2026-12-20", number=2, jurisdiction="AA-1"),
    ]
    assert judge(offer(jurisdiction="AA-1"), need(), rules=laws).start == date(2026, 12, 20)
    assert judge(offer(), need(), rules=laws).start == date(2026, 12, 10)


# Seasonal stops: days of the term in them, each once, over the 365 days from 1 December 2026.
SEASONS = [
    ([("2027-06-01", "2027-07-01")], 0, 30 * 10_000 // 365),
    ([("2027-06-01", "2027-07-01"), ("2027-06-15", "2027-07-15")], 0, 44 * 10_000 // 365),
    ([("2027-06-01", "2027-07-01"), ("2027-06-10", "2027-06-20")], 0, 30 * 10_000 // 365),
    ([("2027-11-30", "2028-03-16")], 0, 1 * 10_000 // 365),
    ([("2027-12-01", "2028-03-16")], 0, 0),
    ([("2025-11-15", "2026-03-16"), ("2027-06-01", "2027-06-02")], 250, 250 + 27),
    ([("2026-12-02", "2027-12-01")], 9_000, 10_000),
]


@pytest.mark.parametrize(("seasons", "own", "total"), SEASONS)
def test_seasonal_stops_add_to_curtailment_each_day_once(seasons, own, total):
    laws = [rule("curtail", low, high, number=at) for at, (low, high) in enumerate(seasons)]
    found = judge(offer(curtailment_bp=own), need(), rules=laws)
    assert (found.total_curtailment_bp, found.start) == (total, date(2026, 12, 1))


def test_a_season_is_counted_from_the_start_that_was_found():
    laws = [
        rule("curtail", "2026-11-15", "2026-12-15", number=1),
        rule("curtail", "2027-12-01", "2028-02-01", number=2),
    ]
    # From 15 December 2026 to 14 December 2027: fourteen days of the next season.
    assert judge(offer(), need(), rules=laws).total_curtailment_bp == 14 * 10_000 // 365


def test_a_season_counts_at_the_gate_and_in_the_load():
    laws = [rule("curtail", "2027-06-01", "2027-07-01")]
    found = judge(offer(setup_fee_kw=20), need(max_curtailment_bp=821), rules=laws)
    # 98 % of 91.79 % is 8995 bp: 20 USD x 10000 / (730 x 12 x 8995) = 2538.2
    assert (failing(found), found.components["setup"]) == ([], 2_538)
    late = judge(offer(), need(max_curtailment_bp=820), rules=laws)
    assert failing(late) == ["curtailment"]
    assert gate(late, "curtailment").params["over_by_bp"] == 1


def test_without_a_start_everything_is_read_as_if_it_began_on_the_first_day():
    laws = [rule("prohibit", "2026-12-01", number=1), rule("curtail", "2026-12-01", "2027-03-01", number=2)]
    found = judge(offer(), need(), rules=laws)
    assert (found.start, found.read_on) == (None, date(2026, 12, 1))
    assert found.total_curtailment_bp == 90 * 10_000 // 365


def test_a_rule_that_begins_within_the_term_is_a_dated_warning():
    laws = [
        rule("moratorium_new", "2026-12-01", "2026-12-01", number=1),
        rule("require_licence", "2026-12-02", number=2, licence_type="mining"),
        rule("levy_per_kwh", "2027-11-30", number=3),
        rule("allow", "2027-12-01", number=4),
        rule("allow", "2027-05-01", number=5, confidence="low"),
        rule("allow", "2027-05-01", number=6, subject="import"),
        rule("allow", "2027-05-01", number=7, min_kw=1001),
        rule("prohibit", "2028-05-01", number=8),
    ]
    found = judge(offer(), need(latest_start=date(2026, 12, 1)), rules=laws)
    assert [(told.code, told.params) for told in found.warnings] == [
        ("rule_begins_within_term", {"rule": "rule-2", "title": "Title 2", "on": "2026-12-02"}),
        ("rule_begins_within_term", {"rule": "rule-3", "title": "Title 3", "on": "2027-11-30"}),
    ]


@pytest.mark.parametrize(("until", "told"), [("2027-12-01", False), ("2027-11-30", True)])
def test_a_term_that_outlasts_the_last_known_season_is_a_dated_warning(until, told):
    laws = [
        rule("curtail", "2027-11-15", until, number=1),
        rule("curtail", "2026-01-15", "2026-03-16", number=2),
    ]
    found = judge(offer(), need(), rules=laws)
    expected = {"rule": "rule-1", "title": "Title 1", "last_day_exclusive": until}
    assert [told.params for told in found.warnings] == ([expected] if told else [])
    open_ended = [*laws, rule("curtail", "2028-11-15", number=3)]
    assert judge(offer(), need(), rules=open_ended).warnings == ()


def test_rules_and_room_must_share_a_day():
    law = rule("curtail", "2026-11-01", "2027-01-15")
    found = judge(offer(phases=(phase(1000, "2026-01-01", "2028-01-14"),)), need(), rules=[law])
    assert (failing(found), gate(found, "window").code) == (["window"], "no_common_day")
    found = judge(offer(phases=(phase(1000, "2026-01-01", "2028-01-15"),)), need(), rules=[law])
    assert found.start == date(2027, 1, 15)
