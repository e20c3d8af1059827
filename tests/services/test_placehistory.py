"""How the law of a place came to be: the status over time, rules of every day, news of it and around it."""

from datetime import date

import pytest

from hosting.models import RegulationEvent
from hosting.services import placehistory, places
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = factories.TODAY


def history(code, as_of=TODAY):
    return placehistory.of(places.law_of(code, as_of=as_of, today=TODAY), today=TODAY)


def event(code, on=date(2021, 5, 25), title="", **fields):
    values = {"date_precision": "day", "kind": "ban", "confidence": "high", "updated_at": factories.NOW}
    return RegulationEvent.objects.create(
        date=on, jurisdiction=code, title=title or f"News of {code}", **{**values, **fields}
    )


def stretches(code):
    return [
        (one.starts_on, one.ends_on, one.status and one.status.value, one.inherited_from)
        for one in history(code).stretches
    ]


def test_a_place_nobody_knows_is_unknown_from_the_beginning_to_the_end():
    factories.jurisdiction("MN")
    assert stretches("MN") == [(None, None, None, None)]


def test_each_fact_holds_until_the_next_one():
    factories.fact("RU", "legal_status", "tolerated", valid_from=date(2020, 1, 1))
    factories.fact("RU", "legal_status", "legal_licensed", valid_from=date(2024, 11, 1))
    assert stretches("RU") == [
        (None, date(2020, 1, 1), None, None),
        (date(2020, 1, 1), date(2024, 11, 1), "tolerated", None),
        (date(2024, 11, 1), None, "legal_licensed", None),
    ]


def test_the_status_of_the_parent_holds_until_there_is_an_own_one():
    factories.jurisdiction("RU-IRK")
    factories.fact("RU", "legal_status", "legal_licensed", valid_from=date(2024, 11, 1))
    factories.fact("RU-IRK", "legal_status", "restricted", valid_from=date(2025, 4, 7))
    assert stretches("RU-IRK")[1:] == [
        (date(2024, 11, 1), date(2025, 4, 7), "legal_licensed", "RU"),
        (date(2025, 4, 7), None, "restricted", None),
    ]


def test_a_fact_of_the_parent_changes_nothing_where_there_is_an_own_one():
    factories.fact("RU-IRK", "legal_status", "restricted", valid_from=date(2020, 1, 1))
    factories.fact("RU", "legal_status", "legal_licensed", valid_from=date(2024, 11, 1))
    assert stretches("RU-IRK")[1:] == [(date(2020, 1, 1), None, "restricted", None)]


def test_a_ban_of_the_parent_is_told_by_the_fact_that_bans():
    factories.fact("CN-SC", "legal_status", "tolerated", valid_from=date(2020, 1, 1))
    factories.fact("CN", "legal_status", "banned", valid_from=date(2021, 9, 24))
    assert stretches("CN-SC")[1:] == [
        (date(2020, 1, 1), date(2021, 9, 24), "tolerated", None),
        (date(2021, 9, 24), None, "banned", "CN"),
    ]
    law = places.law_of("CN-SC", as_of=TODAY)
    assert (law.deciding.fact.value, law.deciding.inherited_from) == ("banned", "CN")


def test_facts_dated_later_are_there_too():
    factories.fact("NO", "legal_status", "tolerated", valid_from=date(2025, 1, 1))
    factories.fact("NO", "legal_status", "banned", valid_from=date(2028, 1, 1))
    assert stretches("NO")[-1] == (date(2028, 1, 1), None, "banned", None)


def test_rules_that_are_over_are_part_of_the_history_but_drafts_and_superseded_ones_are_not():
    factories.rule("KZ", "allow", title="over", valid_to=date(2024, 1, 1))
    factories.rule("KZ", "allow", title="expired", valid_to=date(2025, 1, 1), status="expired")
    factories.rule("KZ", "allow", title="coming", valid_from=date(2030, 1, 1))
    for status in ("draft", "reviewed", "superseded"):
        factories.rule("KZ", "allow", title=status, status=status)
    assert {rule.title for rule in history("KZ").rules} == {"over", "expired", "coming"}


def test_a_rule_that_has_expired_was_in_force_on_its_days():
    factories.rule("KZ", "allow", title="expired", valid_to=date(2025, 1, 1), status="expired")

    def in_force(as_of):
        return [rule.title for rule in places.law_of("KZ", as_of=as_of, today=TODAY).in_force]

    assert in_force(date(2024, 12, 31)) == ["expired"]
    assert in_force(date(2025, 1, 1)) == []
    assert in_force(TODAY) == []


def test_a_rule_called_expired_before_its_end_is_no_law_today():
    factories.rule("KZ", "allow", valid_to=date(2030, 1, 1), status="expired")
    assert places.law_of("KZ", as_of=TODAY).in_force == ()


def test_news_of_the_place_its_parents_and_its_parts_is_marked():
    for code in ("RU-IRK", "RU-BU", "KZ"):
        factories.jurisdiction(code)
    for code in ("RU", "RU-IRK", "RU-BU", "KZ"):
        event(code)

    def told(code):
        return {(one.event.jurisdiction, one.reach) for one in history(code).news}

    assert told("RU-IRK") == {("RU-IRK", "own"), ("RU", "above")}
    assert told("RU") == {("RU", "own"), ("RU-IRK", "within"), ("RU-BU", "within")}


def test_what_the_union_decides_is_news_of_its_members_only():
    event("EU")
    for code, count in (("DE", 1), ("NO", 0)):
        factories.jurisdiction(code)
        found = history(code).news
        assert [(one.reach, one.place) for one in found] == [("above", None)] * count


def test_news_is_what_had_happened_by_the_day():
    factories.jurisdiction("CN")
    event("CN", date(2021, 5, 21), "the vow")
    event("CN", date(2021, 9, 24), "the ban")
    assert [one.event.title for one in history("CN").news] == ["the ban", "the vow"]
    assert [one.event.title for one in history("CN", date(2021, 5, 25)).news] == ["the vow"]


def test_a_longer_history_takes_the_same_few_queries(django_assert_num_queries):
    factories.jurisdiction("KZ")
    law = places.law_of("KZ", as_of=TODAY)
    for number in range(5):
        factories.rule("KZ", "allow", title=f"note {number}")
        factories.fact("KZ", "legal_status", "tolerated", valid_from=date(2020 + number, 1, 1))
        event("KZ", date(2020 + number, 1, 1))
    with django_assert_num_queries(4):
        found = placehistory.of(law, today=TODAY)
        assert {rule.jurisdiction.name for rule in found.rules} == {"Place KZ"}
        assert {one.place.name for one in found.news} == {"Place KZ"}
