"""What is news of a place: a rule that is published, a status that changes what holds, data that was renewed;
and what is none."""

import shutil
from datetime import date, timedelta

import pytest

from hosting.services import rulebook, seeding
from tests import factories
from tests.factories import NOW
from tests.services.following import LATER, drafted, follow, state, tell, told

pytestmark = pytest.mark.django_db


def test_a_rule_is_told_when_it_is_published_and_when_it_counts_no_more(sam, sara, min_):
    follow(min_)
    rule = drafted(sam)
    tell()
    rulebook.review(rule=rule, by=sam, why="as printed", now=LATER)
    tell()
    assert told(min_) == []
    rulebook.publish(rule=rule, by=sara, why="as printed", now=LATER)
    tell()
    assert told(min_) == [
        "Place KZ: a rule is published: No mining prohibits mining · from 1 Jul 2027 "
        "Source: The Gazette (high confidence)"
    ]
    rulebook.supersede(rule=rule, by=sara, why="repealed", now=LATER + timedelta(hours=1))
    tell()
    assert len(told(min_)) == 2
    assert any(one.startswith("Place KZ: a rule no longer counts: No mining") for one in told(min_))


def test_a_rule_that_was_taken_back_before_anybody_was_told_is_told_as_that_alone(sam, sara, min_):
    follow(min_)
    rule = drafted(sam)
    rulebook.review(rule=rule, by=sam, why="as printed", now=LATER)
    rulebook.publish(rule=rule, by=sara, why="as printed", now=LATER)
    rulebook.supersede(rule=rule, by=sara, why="wrong", now=LATER)
    tell()
    assert [one.partition(": No")[0] for one in told(min_)] == ["Place KZ: a rule no longer counts"]


def test_a_new_legal_status_is_told_with_the_one_before(sam, min_):
    factories.fact("KZ", "legal_status", "legal_licensed")
    follow(min_)
    state(sam, "restricted")
    tell()
    assert told(min_) == [
        "Place KZ: the legal status is now “restricted” Before: legal, licensed. "
        "Source: The Gazette (high confidence)"
    ]


def test_a_status_to_come_is_told_with_its_day(sam, min_):
    factories.fact("KZ", "legal_status", "legal_licensed")
    follow(min_)
    state(sam, "banned", valid_from=date(2027, 7, 1))
    tell()
    assert "the legal status is “banned” from 1 Jul 2027" in told(min_)[0]


def test_a_new_rating_is_told_and_called_ours(sam, min_):
    follow(min_)
    state(sam, "3", field="predictability", confidence="medium")
    tell()
    assert told(min_) == [
        "Place KZ: our rating of predictability is now 3 of 5 Before: unknown. "
        "Source: The Gazette (medium confidence)"
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"value": "legal_licensed"},
        {"value": "banned", "valid_from": date(2019, 1, 1)},
        {"value": "16", "field": "vat_pct"},
    ],
    ids=["the same value", "of a day long over", "another field"],
)
def test_a_fact_that_changes_nothing_is_no_news(sam, min_, fields):
    factories.fact("KZ", "legal_status", "legal_licensed")
    follow(min_)
    state(sam, **fields)
    tell()
    assert told(min_) == []


def test_a_status_beneath_a_ban_of_the_country_changes_nothing(sam, min_):
    factories.fact("CN", "legal_status", "banned")
    follow(min_, "CN-SC")
    state(sam, "tolerated", code="CN-SC")
    tell()
    assert told(min_) == []


def test_a_corrected_status_is_told_and_a_corrected_source_is_not(sam, min_):
    made = factories.fact("KZ", "legal_status", "legal_licensed")
    follow(min_)
    values = {"field": "legal_status", "jurisdiction": made.jurisdiction, "valid_from": made.valid_from}
    unchanged = {**values, "value": "legal_licensed", "publisher": "Another paper"}
    rulebook.save_fact(values=unchanged, fact=made, by=sam, why="misread", now=LATER)
    tell()
    assert told(min_) == []
    rulebook.save_fact(values={**values, "value": "restricted"}, fact=made, by=sam, why="misread", now=LATER)
    tell()
    assert "the legal status is now “restricted” Before: legal, licensed." in told(min_)[0]


def test_the_first_data_of_all_is_news_to_nobody(min_):
    follow(min_)
    seeding.seed(now=LATER)
    tell()
    assert told(min_) == []


@pytest.fixture
def renewed(tmp_path):
    """The shipped files, a year later: three new events, two of them in places that are followed."""
    folder = shutil.copytree(seeding.FOLDER, tmp_path / "reference")
    with (folder / "regulation_events.csv").open("a", encoding="utf-8") as opened:
        for code in ("KZ", "KZ", "RU-IRK", "PY"):
            number = opened.tell()
            opened.write(
                f"2027-01-02,day,{code},tax,A tax {number},,Paper,https://example.org/{number},high,\n"
            )
    return folder


def test_new_shipped_data_is_one_line_for_each_follower_of_what_it_touches(min_, hanna, mallory, renewed):
    seeding.seed(now=NOW)
    for person, code in ((min_, "KZ"), (min_, "RU"), (hanna, "NO")):
        follow(person, code)
    seeding.seed(now=LATER, folder=renewed)
    tell()
    assert told(min_) == ["What we know of the law was renewed: Kazakhstan, Irkutsk Oblast"]
    assert told(hanna) == told(mallory) == []
    seeding.seed(now=LATER, folder=renewed)
    tell()
    assert len(told(min_)) == 1
