"""Charts: the same data gives the same picture, to scale, and it says in words what it shows."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from hosting.web import chartaxes, charts
from hosting.web.charts import Point, Series


def drawn(values, **options):
    points = [Point(Decimal(at), Decimal(str(value)), f"{at}") for at, value in values]
    return charts.plot(
        "test", title="Title", words="Words", series=[Series("line", points)], x_ticks=[], **options
    )


def fraction(percent):
    return Decimal(percent.rstrip("%"))


def bars(*rows, **options):
    return charts.bars("test", title="Title", words="Words", rows=rows, **options)


def test_the_longest_bar_fills_the_picture_and_the_others_are_to_scale():
    chart = bars(("a", "100", ((60, "1"), (40, "taken")), None), ("b", "25", ((25, "1"),), None))
    long, short = chart.rows
    assert [(piece.x, piece.width) for piece in long.pieces] == [("0.00%", "60.00%"), ("60.00%", "40.00%")]
    assert short.pieces[0].width == "25.00%"
    assert short.y - long.y == charts.ROW
    assert chart.height == 2 * charts.ROW


def test_a_range_begins_where_it_is_told_and_its_mark_stands_in_it():
    chart = bars(("a", "", ((20, "3"),), 70), start_at=[60])
    assert chart.rows[0].pieces[0].x == "75.00%"
    assert chart.rows[0].mark == "87.50%"


def test_bars_of_nothing_are_no_picture():
    assert render_to_string("_bars.html", {"chart": bars()}).strip() == ""
    assert bars(("a", "0", ((0, "1"),), None)).rows[0].pieces[0].width == "0.00%"


def test_higher_values_stand_higher_and_later_ones_further_right():
    chart = drawn([(1, 10), (2, 40), (3, 20)])
    heights = [mark.y for mark in chart.marks]
    across = [fraction(mark.x) for mark in chart.marks]
    assert heights[1] < heights[2] < heights[0] <= charts.BOTTOM
    assert across == sorted(across)
    assert all(0 < one < 100 for one in across)
    # 40 of 40 is the top of the scale, 20 the middle of it.
    assert (heights[1], heights[2]) == (charts.TOP, (charts.TOP + charts.BOTTOM) // 2)


def test_a_line_joins_neighbours():
    chart = drawn([(1, 10), (2, 40), (3, 20)])
    assert [(one.x1, one.y1) for one in chart.strokes] == [(mark.x, mark.y) for mark in chart.marks[:-1]]
    assert [(one.x2, one.y2) for one in chart.strokes] == [(mark.x, mark.y) for mark in chart.marks[1:]]


def test_a_long_line_has_few_marks_and_its_last_one():
    chart = drawn([(at, at) for at in range(1, 100)])
    assert len(chart.strokes) == 98
    assert 8 <= len(chart.marks) <= charts.MOST_MARKS
    assert chart.marks[-1].label == "99"


def test_a_lone_day_stands_in_the_middle():
    (mark,) = drawn([(5, 10)]).marks
    assert abs(fraction(mark.x) - 50) < 5


def test_doublings_are_evenly_apart_on_a_scale_of_doublings():
    chart = drawn([(1, 25), (2, 50), (3, 100), (4, 200)], is_log=True)
    gaps = {here.y - there.y for here, there in zip(chart.marks, chart.marks[1:], strict=False)}
    assert max(gaps) - min(gaps) <= 1
    assert [tick.words for tick in chart.y_ticks] == ["25", "50", "100", "200"]


def test_a_plot_of_nothing_is_no_picture():
    assert drawn([]) is None
    assert render_to_string("_plot.html", {"chart": None}).strip() == ""


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        ("0", ["0", "1"]),
        ("0.0964", ["0", "0.02", "0.04", "0.06", "0.08", "0.1"]),
        ("61", ["0", "20", "40", "60", "80"]),
        ("181", ["0", "50", "100", "150", "200"]),
        ("1000", ["0", "200", "400", "600", "800", "1000"]),
    ],
)
def test_an_axis_has_a_few_round_steps(most, steps):
    found = chartaxes.round_steps(Decimal(most))
    assert [Decimal(step) for step in steps] == found


@pytest.mark.parametrize("low", ["0.3", "1", "24.9", "25", "27.7", "99", "412"])
def test_doublings_reach_around_all_values(low):
    steps = chartaxes.doublings(Decimal(low), Decimal(low) * 9)
    assert steps[0] <= Decimal(low) < 10 * steps[0]
    assert steps[-1] >= Decimal(low) * 9
    assert all(there == 2 * here for here, there in zip(steps, steps[1:], strict=False))


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [(2, "1 Mar 2027", "3 Mar 2027"), (200, "Mar 2027", "Sep 2027"), (2000, "2027", "2032")],
)
def test_days_months_or_years_are_written_beneath(days, first, last):
    begins = date(2027, 3, 1)
    found = chartaxes.calendar(begins, begins + timedelta(days=days))
    assert (found[0][1], found[-1][1]) == (first, last)


def test_few_long_words_stand_beneath_and_none_beyond_the_edge():
    points = [Point(Decimal(at), Decimal(1)) for at in range(20)]
    ticks = [(Decimal(at), f"{at} November 2027") for at in range(-1, 21)]
    chart = charts.plot("test", title="", words="", series=[Series("", points)], x_ticks=ticks)
    assert len(chart.x_ticks) <= 3
    assert chart.x_ticks[0].anchor == "start"


@pytest.mark.parametrize("template", ["_bars.html", "_plot.html"])
def test_a_picture_says_what_it_is(template):
    chart = bars(("a", "5", ((5, "1"),), None)) if template == "_bars.html" else drawn([(1, 5), (2, 6)])
    page = render_to_string(template, {"chart": chart})
    assert 'role="img" aria-labelledby="test-title test-words"' in page
    assert '<title id="test-title">Title</title><desc id="test-words">Words</desc>' in page
    assert "style=" not in page
    assert not re.search(r"-\d+\.\d+%", page)
    assert page == render_to_string(template, {"chart": chart})


def test_what_others_wrote_can_not_leave_its_place():
    chart = bars(("<script>", "5", ((5, "1"),), None))
    assert "<script>" not in render_to_string("_bars.html", {"chart": chart})
