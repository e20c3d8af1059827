"""Room over time: phases, commitments, whole terms, clipped months; checked by walking over days, too."""

import random
from calendar import monthrange
from datetime import date, timedelta
from uuid import UUID

import pytest

from hosting.matching import match, windows
from tests.matching.scene import TODAY, book, day, failing, gate, judge, need, offer, phase, rule, taken

OURS = UUID(int=77)
FIRST = date(2026, 12, 1)

STARTS = [
    ((phase(1000, "2026-12-10"),), (), {}, date(2026, 12, 10)),
    ((phase(1000, "2027-01-31"),), (), {}, date(2027, 1, 31)),
    ((phase(600, "2026-01-01"), phase(400, "2026-12-20")), (), {}, date(2026, 12, 20)),
    ((phase(600, "2026-01-01"), phase(399, "2026-12-20")), (), {}, None),
    # phases that hand over without a gap are one stretch of room; a day between them is not
    ((phase(1000, "2026-01-01", "2027-05-01"), phase(1000, "2027-05-01")), (), {}, FIRST),
    ((phase(1000, "2026-01-01", "2027-05-01"), phase(1000, "2027-05-02")), (), {}, None),
    ((phase(1000, "2027-01-20", "2026-01-01"), phase(1000, "2027-01-25")), (), {}, date(2027, 1, 25)),
    # what others have taken, and what this request has taken itself
    ((phase(5000, "2026-01-01"),), (taken(4001, "2026-11-01", "2027-01-10"),), {}, date(2027, 1, 10)),
    ((phase(5000, "2026-01-01"),), (taken(4000, "2026-11-01", "2027-01-10"),), {}, FIRST),
    ((phase(5000, "2026-01-01"),), (taken(4001, "2026-11-01"),), {}, None),
    ((phase(5000, "2026-01-01"),), (taken(4001, "2026-11-01", None, OURS),), {"request": OURS}, FIRST),
    ((phase(5000, "2026-01-01"),), (taken(4001, "2026-11-01", None, OURS),), {"request": UUID(int=78)}, None),
    ((phase(5000, "2026-01-01"),), (taken(4001, "2026-11-01", None, OURS),), {}, None),
    # taken from a day on: the term must be over by then
    ((phase(5000, "2026-01-01"),), (taken(4001, "2027-12-01"),), {}, FIRST),
    ((phase(5000, "2026-01-01"),), (taken(4001, "2027-11-30"),), {}, None),
    # clipped to the month's last day: 31 January + 1 month ends with 27 February, as 28 January does
    ((phase(1000, "2027-01-31", "2027-02-28"),), (), {"term_months": 1}, date(2027, 1, 31)),
    ((phase(1000, "2027-01-31", "2027-02-27"),), (), {"term_months": 1}, None),
    ((phase(1000, "2027-01-28", "2027-02-28"),), (), {"term_months": 1}, date(2027, 1, 28)),
    # the past does not count
    ((phase(1000, "2026-01-01"),), (), {"earliest_start": date(2026, 1, 1)}, TODAY),
]


@pytest.mark.parametrize(("phases", "commitments", "asked", "start"), STARTS)
def test_the_start_is_the_first_day_with_room_for_the_whole_term(phases, commitments, asked, start):
    found = judge(offer(phases=phases, commitments=commitments), need(**asked))
    assert found.start == start
    assert (failing(found) == []) == (start is not None)


def test_room_for_a_while_is_a_window_that_fails_and_not_capacity():
    busy = offer(commitments=(taken(4500, "2027-06-01", "2027-07-01"),))
    found = judge(busy, need())
    assert failing(found) == ["window"]
    result = gate(found, "window")
    assert result.code == "not_for_whole_term"
    assert (result.params["earliest"], result.params["days_later"]) == ("2027-07-01", 151)
    assert gate(found, "capacity").params["free_kw"] == 5000


def test_a_cure_further_off_than_two_years_is_not_named():
    late = judge(offer(phases=(phase(1000, "2029-02-01"),)), need())
    assert "earliest" not in gate(late, "capacity").params
    soon = judge(offer(phases=(phase(1000, "2029-01-30"),)), need())
    assert gate(soon, "capacity").params["days_later"] == 730


def test_an_empty_window_fails_alone():
    closed = rule("prohibit")
    found = judge(offer(phases=()), need(latest_start=date(2026, 11, 30)), rules=[closed])
    assert failing(found) == ["window"]
    assert (gate(found, "window").code, found.start, found.read_on) == ("past", None, FIRST)


def test_free_capacity_on_a_day_counts_every_live_commitment():
    market = book(
        offer(1, phases=(phase(600, "2026-01-01"), phase(400, "2026-12-01", "2026-12-31"))),
        offer(2, commitments=(taken(1200, "2026-11-01", "2026-12-01", OURS), taken(1, "2026-12-31"))),
        offer(3, phases=()),
    )
    assert match.free_kw(market, TODAY) == [600, 3800, 0]
    assert match.free_kw(market, FIRST) == [1000, 5000, 0]
    assert match.free_kw(market, day("2026-12-31")) == [600, 4999, 0]


def end_of(start, months):
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def test_terms_end_on_the_same_day_of_the_month_or_its_last():
    days = [date(2027, 11, 1) + timedelta(days=n) for n in range(150)]
    numbers = [windows.day_of(each) for each in days]
    for months in (1, 3, 12, 13, 36):
        ends = [windows.date_of(windows.term_end(each, months)) for each in numbers]
        assert ends == [end_of(each, months) for each in days]


def test_the_first_start_whose_term_reaches_a_day_is_found_without_walking():
    starts = [date(2025, 1, 1) + timedelta(days=n) for n in range(1200)]
    for months in (1, 2, 12):
        for target in (date(2026, 6, 1) + timedelta(days=n) for n in range(0, 400, 1)):
            number = windows.first_start_past(windows.day_of(target), months)
            first = starts[windows.day_of(windows.date_of(number)) - windows.day_of(starts[0])]
            assert end_of(first, months) > target
            assert end_of(first - timedelta(days=1), months) <= target


def plain_start(one, wish, laws):
    """The start, walking over days."""
    at = max(wish.earliest_start, TODAY)
    while at <= wish.latest_start:
        end = end_of(at, wish.term_months)
        days = [at + timedelta(days=n) for n in range((end - at).days)]
        has_room = all(
            sum(row.kw for row in one.phases if row.starts_on <= on < row.ends_on)
            - sum(row.kw for row in one.commitments if row.starts_on <= on < row.ends_on)
            >= wish.need_kw
            for on in days
        )
        banned = any(law.effect == "prohibit" and law.valid_from < end and at < law.valid_to for law in laws)
        stopped = any(law.effect == "curtail" and law.valid_from <= at < law.valid_to for law in laws)
        if has_room and not banned and not stopped:
            return at
        at += timedelta(days=1)
    return None


def test_intervals_and_a_walk_over_days_find_the_same_start():
    draw = random.Random(20261122)

    def period(longest):
        first = date(2026, 11, 1) + timedelta(days=draw.randint(0, 150))
        return first.isoformat(), (first + timedelta(days=draw.randint(0, longest))).isoformat()

    found_some = 0
    for _round in range(60):
        laws = [
            rule(draw.choice(["prohibit", "curtail"]), *period(20), number=n)
            for n in range(draw.randint(0, 2))
        ]
        offers = [
            offer(
                number,
                phases=tuple(
                    phase(draw.choice([500, 1000]), *period(250)) for _ in range(draw.randint(1, 4))
                ),
                commitments=tuple(taken(300, *period(40)) for _ in range(draw.randint(0, 2))),
            )
            for number in range(8)
        ]
        wish = need(
            need_kw=draw.choice([500, 700]),
            earliest_start=date(2026, 11, 15) + timedelta(days=draw.randint(0, 40)),
            latest_start=date(2026, 12, 31) + timedelta(days=draw.randint(0, 40)),
            term_months=draw.choice([1, 2]),
        )
        verdict = match.evaluate(book(*offers, rules=laws), wish)
        for one in offers:
            start = plain_start(one, wish, laws)
            found_some += start is not None
            assert verdict.explain(one.id).start == start
    assert 50 < found_some < 430
