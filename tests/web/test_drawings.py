"""What is drawn: the two bars and the capacity over time, as whole numbers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from hosting.matching.scoring import Part
from hosting.web import bars, timeline

TODAY = date(2027, 1, 11)


def percent(text):
    return Decimal(text.rstrip("%"))


def test_segments_stand_side_by_side_without_gap_or_overlap():
    bar = bars.of_price(
        {
            "energy": 33_333,
            "passthrough": 0,
            "hosting_fee": 11_111,
            "levy": 7,
            "revenue_share": 0,
            "setup": 1,
        },
        ceiling_micros=80_000,
        full_micros=80_000,
    )
    assert [one.letter for one in bar.segments] == ["E", "F", "L", "U"]
    reached = Decimal(0)
    for one in bar.segments:
        assert percent(one.x) == reached
        reached += percent(one.width)
    assert reached == Decimal("55.56")


def test_a_price_above_the_ceiling_shows_where_the_ceiling_lies():
    bar = bars.of_price({"energy": 100_000}, ceiling_micros=80_000, full_micros=100_000)
    assert bar.ceiling == "80.00%"
    assert bars.of_price({"energy": 80_000}, ceiling_micros=80_000, full_micros=80_000).ceiling == ""


def test_a_price_that_is_not_comparable_has_no_bar():
    assert bars.of_price(None, ceiling_micros=1, full_micros=1) is None


def test_a_price_of_nothing_draws_nothing():
    assert bars.of_price({"energy": 0}, ceiling_micros=0, full_micros=0).segments == ()


def test_the_score_is_as_long_as_it_is_high():
    parts = (Part("price", 40, 2500, 1000), Part("regulation", 20, 0, 0), Part("start", 15, 9000, 1350))
    bar = bars.of_score(parts)
    assert [(one.letter, one.x, one.width) for one in bar.segments] == [
        ("P", "0.00%", "10.00%"),
        ("S", "10.00%", "13.50%"),
    ]
    assert bar.words == "price 10.00; start 13.50"


@pytest.mark.parametrize("kind", ["price", "score"])
def test_no_two_segments_of_a_bar_look_alike(kind):
    entries = bars.key(kind)
    assert len({look for look, _letter, _words in entries}) == 6
    assert len({letter for _look, letter, _words in entries}) == 6


@dataclass
class Row:
    kw: int
    starts_on: date
    ends_on: date | None = None
    state: str = "energised"

    @property
    def available_kw(self):
        return self.kw


def steps(phases, commitments=()):
    drawn = timeline.of_offer(phases, commitments, today=TODAY)
    return [(one.start, one.end, one.built_kw, one.free_kw) for one in drawn.steps]


def test_capacity_changes_on_the_days_phases_and_commitments_do():
    phases = [Row(5000, date(2026, 1, 1)), Row(2000, date(2027, 6, 1), date(2028, 6, 1))]
    taken = [Row(1000, date(2027, 3, 1), date(2027, 9, 1))]
    assert steps(phases, taken) == [
        (TODAY, date(2027, 3, 1), 5000, 5000),
        (date(2027, 3, 1), date(2027, 6, 1), 5000, 4000),
        (date(2027, 6, 1), date(2027, 9, 1), 7000, 6000),
        (date(2027, 9, 1), date(2028, 6, 1), 7000, 7000),
        (date(2028, 6, 1), None, 5000, 5000),
    ]


def test_what_is_over_and_what_lies_beyond_two_years_is_not_drawn():
    phases = [Row(500, date(2020, 1, 1), TODAY), Row(700, date(2030, 1, 1))]
    assert steps(phases) == [(TODAY, None, 0, 0)]


def test_the_last_day_of_a_phase_is_still_part_of_it():
    assert steps([Row(500, date(2026, 1, 1), date(2027, 1, 12))])[0] == (TODAY, date(2027, 1, 12), 500, 500)


def test_the_picture_ends_where_the_bar_ends():
    drawn = timeline.of_offer([Row(5000, date(2026, 1, 1)), Row(1, date(2027, 5, 1))], [], today=TODAY)
    assert sum(percent(one.width) for one in drawn.steps) == 100
    assert drawn.top_kw == 5001
