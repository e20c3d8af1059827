"""Dated facts: which one holds on a day, from which place, and when a place counts as banned."""

from datetime import date

import pytest

from hosting.matching import law
from hosting.matching.book import Fact, Place
from tests.matching.scene import PLACES, TODAY, judge, need, offer

PARENTS = law.parents_of(PLACES)


def fact(code, value, valid_from="2024-01-01", confidence="high", field="legal_status"):
    return Fact(code, field, value, date.fromisoformat(valid_from), confidence)


# facts, the place asked for, the value that holds and the place it comes from (None: nobody knows)
RESOLVED = [
    ([fact("AA", "tolerated")], "AA", ("tolerated", "AA")),
    ([fact("AA", "tolerated")], "AA-1-X", ("tolerated", "AA")),
    ([fact("AA", "tolerated"), fact("AA-1", "restricted")], "AA-1-X", ("restricted", "AA-1")),
    ([fact("AA", "tolerated", "2026-11-22")], "AA", ("tolerated", "AA")),
    ([fact("AA", "tolerated", "2026-11-23")], "AA", None),
    ([fact("AA", "tolerated"), fact("AA", "banned", "2026-11-23")], "AA", ("tolerated", "AA")),
    ([fact("AA", "tolerated"), fact("AA", "restricted", "2026-11-22")], "AA", ("restricted", "AA")),
    # the place's own value, however old, before a newer one of its parent
    ([fact("AA-1", "restricted", "2020-01-01"), fact("AA", "tolerated")], "AA-1", ("restricted", "AA-1")),
    ([fact("AA-1", "restricted", "2027-01-01"), fact("AA", "tolerated")], "AA-1", ("tolerated", "AA")),
    ([fact("AA-1", "restricted")], "AA", None),
    ([fact("AA", "3", field="predictability")], "AA", None),
    # of two values from one day, the more cautious
    ([fact("AA", "tolerated"), fact("AA", "restricted")], "AA", ("restricted", "AA")),
]


@pytest.mark.parametrize(("facts", "code", "expected"), RESOLVED)
def test_the_latest_value_not_after_the_day_holds_else_the_parents(facts, code, expected):
    found = law.resolve(facts, PARENTS, code, "legal_status", TODAY)
    assert (found and (found[0].value, found[1])) == expected
    again = law.resolve(facts[::-1], PARENTS, code, "legal_status", TODAY)
    assert again == found


@pytest.mark.parametrize(
    ("facts", "code", "banned_by"),
    [
        ([fact("AA", "banned")], "AA", "AA"),
        ([fact("AA", "banned")], "AA-1-X", "AA"),
        ([fact("AA", "banned"), fact("AA-1", "legal_licensed")], "AA-1-X", "AA"),
        ([fact("AA", "tolerated"), fact("AA-1", "banned")], "AA-1-X", "AA-1"),
        ([fact("AA", "tolerated"), fact("AA-1", "banned")], "AA", None),
        ([fact("AA", "banned", confidence="low")], "AA-1", "AA"),
        ([fact("AA", "banned"), fact("AA", "tolerated", "2025-01-01")], "AA-1", None),
    ],
)
def test_a_banned_parent_bans_its_places(facts, code, banned_by):
    assert law.status_of(facts, PARENTS, code, TODAY).banned_by == banned_by
    found = judge(offer(jurisdiction=code), need(), facts=facts)
    assert [gate.code for gate in found.failed] == ([] if banned_by is None else ["banned"])


def test_places_that_are_their_own_ancestors_are_refused():
    ring = law.parents_of([Place("A", "B"), Place("B", "A")])
    with pytest.raises(ValueError, match="ancestor"):
        law.chain(ring, "A")


def test_values_outside_the_closed_lists_are_refused():
    for wrong in (fact("AA", "fine"), fact("AA", "6", field="predictability")):
        with pytest.raises(ValueError, match="AA"):
            law.status_of([wrong], PARENTS, "AA", TODAY)


def test_a_country_is_the_part_before_the_dash():
    assert (law.country_of("RU-IRK"), law.country_of("KZ")) == ("RU", "KZ")
