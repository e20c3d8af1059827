"""The picture of a place's history: where things stand on the axis, and how crowded news is told."""

from datetime import date

import pytest

from hosting.models import RegulationEvent, RegulationRule
from hosting.services.placehistory import History, News, Stretch
from hosting.web import placetimeline
from hosting.web.placetimeline import Axis
from tests import factories

DAY = date(2026, 11, 22)


def event(on, precision="day", **fields):
    values = {"jurisdiction": "KZ", "title": "News", "confidence": "high", **fields}
    return RegulationEvent(date=on, date_precision=precision, **values)


def rule(begins, ends=None, **fields):
    values = {"jurisdiction_id": "KZ", "effect": "prohibit", "title": "A rule", "confidence": "high"}
    return RegulationRule(valid_from=begins, valid_to=ends, **{**values, **fields})


UNKNOWN = Stretch(None, None, None, None)


def history(stretches=(UNKNOWN,), rules=(), news=(), as_of=DAY):
    told = tuple(News(one, None, "own") for one in news)
    return History(as_of, tuple(stretches), tuple(rules), told)


def test_where_nothing_is_dated_there_is_no_picture():
    assert placetimeline.picture(history()) is None


def test_the_axis_runs_over_whole_years():
    axis = Axis(date(2021, 1, 1), date(2023, 1, 1))
    assert [axis.at(day) for day in (date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1))] == [
        0,
        5000,
        10000,
    ]
    assert [axis.at(day) for day in (date(2019, 1, 1), date(2031, 1, 1))] == [0, 10000]
    assert placetimeline.percentage(5) == "0.05%"
    assert placetimeline.percentage(10_000) == "100.00%"


@pytest.mark.parametrize("years", [1, 2, 8, 9, 17, 92])
def test_there_are_never_more_years_written_than_fit(years):
    ticks = list(Axis(date(2009, 1, 1), date(2009 + years, 1, 1)).years())
    assert 1 <= len(ticks) <= placetimeline.MOST_TICKS
    assert ticks[0] == date(2009, 1, 1)


def test_a_month_is_a_bar_and_a_day_a_dot():
    told = [event(date(2021, 5, 21)), event(date(2021, 9, 1), "month"), event(date(2022, 1, 1), "year")]
    drawn = placetimeline.picture(history(news=told, as_of=date(2023, 1, 1)))
    assert [(mark.is_dot, mark.when) for mark in drawn.marks] == [
        (True, "21 May 2021"),
        (False, "Sep 2021"),
        (False, "2022"),
    ]
    assert drawn.marks[2].width == f"{10_000 * 365 // 1095 / 100:.2f}%"


def test_news_of_december_ends_with_the_year():
    drawn = placetimeline.picture(history(news=[event(date(2021, 12, 1), "month")], as_of=date(2021, 6, 1)))
    assert drawn.marks[0].end == "100.00%"


def test_news_of_one_day_does_not_stand_upon_each_other():
    told = [event(date(2021, 5, 21)) for _one in range(3)] + [event(date(2026, 1, 1))]
    drawn = placetimeline.picture(history(news=told))
    assert [mark.y for mark in drawn.marks] == [103, 116, 129, 103]
    assert drawn.rules_y > 129


def test_a_rule_without_an_end_goes_on_to_the_edge():
    drawn = placetimeline.picture(history(rules=[rule(date(2025, 1, 1))]))
    assert (drawn.bars[0].x, drawn.bars[0].width) == ("0.00%", "100.00%")


def test_each_rule_has_a_line_of_its_own_and_says_what_it_is():
    rules = [
        rule(date(2021, 1, 1), date(2022, 1, 1)),
        rule(date(2026, 1, 1), effect="require_licence", confidence="low"),
        rule(date(2027, 6, 1), effect="allow"),
    ]
    drawn = placetimeline.picture(history(rules=rules))
    assert [bar.looks for bar in drawn.bars] == ["rule-stops", "rule-asks", "rule-note"]
    assert [bar.is_unverified for bar in drawn.bars] == [False, True, False]
    assert [bar.is_turned for bar in drawn.bars] == [False, True, True]
    assert len({bar.y for bar in drawn.bars}) == 3
    assert drawn.bars[-1].y < drawn.height


def test_a_stretch_begins_where_the_one_before_it_ends():
    facts = [
        factories.JurisdictionFact(
            value=status, valid_from=day, dated_by="effective", confidence=confidence, valid_from_text=""
        )
        for status, day, confidence in (
            ("tolerated", date(2021, 1, 1), "low"),
            ("banned", date(2022, 1, 1), "high"),
        )
    ]
    stretches = [
        Stretch(None, date(2021, 1, 1), None, None),
        Stretch(date(2021, 1, 1), date(2022, 1, 1), facts[0], None),
        Stretch(date(2022, 1, 1), None, facts[1], "CN"),
    ]
    drawn = placetimeline.picture(history(stretches, as_of=date(2022, 6, 1)))
    assert [(one.x, one.width, one.looks) for one in drawn.band] == [
        ("0.00%", "50.00%", "law-tolerated"),
        ("50.00%", "50.00%", "law-banned law-above"),
    ]
    assert [one.is_unverified for one in drawn.band] == [True, False]


def test_the_table_has_the_newest_first_and_marks_what_is_to_come_and_of_whom():
    told = [event(date(2021, 5, 21))]
    rules = [rule(date(2030, 1, 1)), rule(date(2023, 1, 1), jurisdiction_id="RU")]
    found = placetimeline.entries(history(rules=rules, news=told), code="KZ")
    assert [(one.kind, one.day.year, one.is_coming, one.origin) for one in found] == [
        ("rule", 2030, True, ""),
        ("rule", 2023, False, "RU"),
        ("event", 2021, False, ""),
    ]
