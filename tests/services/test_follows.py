"""Follows: who follows a place hears of its law, once, and nobody learns who does."""

import shutil
from datetime import date, timedelta

import pytest

from accounts.models import Due, Event, Notice, NoticeSetting, OutboxMail
from accounts.services import people
from accounts.services.digests import Addresses
from hosting.models import FollowedPlace, RegulationEvent
from hosting.services import follows, news, newswords, rulebook, seeding
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ADDRESSES = Addresses(
    notice=lambda notice: f"https://hotels.example/{notice.pk}", settings="https://s.example"
)
LATER = NOW + timedelta(hours=1)


def follow(person, code="KZ", now=NOW):
    return follows.follow(person=person, place=factories.jurisdiction(code), now=now)


def report(by, code="KZ", now=LATER, **fields):
    """News of a place, entered by staff."""
    values = {
        "date": date(2027, 1, 10),
        "date_precision": "day",
        "jurisdiction": code,
        "kind": "draft_ban",
        "title": "A ban is drafted",
        "source": "The Gazette",
        "confidence": "high",
        **fields,
    }
    return rulebook.save_news(values=values, by=by, now=now)


def drafted(by, code="KZ", **fields):
    values = {
        "jurisdiction": factories.jurisdiction(code),
        "subject": "host",
        "effect": "prohibit",
        "valid_from": date(2027, 7, 1),
        "title": "No mining",
        "source": "The Gazette",
        "confidence": "high",
        **fields,
    }
    return rulebook.draft(values=values, by=by, now=LATER)


def state(by, value, code="KZ", field="legal_status", **fields):
    """A fact of a place, entered by staff."""
    values = {
        "jurisdiction": factories.jurisdiction(code),
        "field": field,
        "value": value,
        "valid_from": date(2027, 1, 1),
        "dated_by": "effective",
        "publisher": "The Gazette",
        "confidence": "high",
        **fields,
    }
    return rulebook.save_fact(values=values, by=by, now=LATER)


def tell():
    news.tell_due(now=LATER)


def told(person):
    """What the person was told, in words."""
    rows = Notice.objects.filter(recipient=person).order_by("created_at", "pk")
    return [" ".join([one.title, *one.lines]) for one in newswords.say(rows)]


def test_following_twice_is_following_once_and_so_is_ending_it(min_):
    place = factories.jurisdiction("KZ")
    assert follow(min_) is True
    assert follow(min_, now=LATER) is False
    assert FollowedPlace.objects.get().created_at == NOW
    assert follows.is_followed(person=min_, place=place)
    assert follows.unfollow(person=min_, place=place) is True
    assert follows.unfollow(person=min_, place=place) is False
    assert not follows.is_followed(person=min_, place=place)


def test_two_people_follow_for_themselves(min_, hanna):
    follow(min_)
    follow(hanna)
    follow(hanna, "NO")
    follows.unfollow(person=hanna, place=factories.jurisdiction("KZ"))
    assert [row.place_id for row in follows.of(min_)] == ["KZ"]
    assert [row.place_id for row in follows.of(hanna)] == ["NO"]


def test_news_of_a_place_is_told_to_who_follows_it_and_to_nobody_else(sam, min_, hanna, mallory):
    follow(min_)
    follow(hanna, "NO")
    report(sam)
    tell()
    assert told(min_) == [
        "Place KZ: A ban is drafted 10 Jan 2027 · draft of a ban Source: The Gazette (high confidence)"
    ]
    assert told(hanna) == told(mallory) == told(sam) == []


def test_the_same_news_is_told_once_also_to_who_follows_a_place_and_its_country(sam, min_):
    follow(min_, "RU")
    follow(min_, "RU-IRK")
    made = report(sam, "RU-IRK")
    tell()
    event = Event.objects.get(subject_id=made.pk)
    Due.objects.create(reader=news.READER, event=event)
    tell()
    assert len(told(min_)) == 1


def test_who_follows_a_subdivision_hears_of_its_country_and_of_no_other_subdivision(sam, min_):
    follow(min_, "RU-IRK")
    factories.jurisdiction("RU-BU")
    report(sam, "RU", title="Of Russia")
    report(sam, "RU-IRK", title="Of Irkutsk")
    report(sam, "RU-BU", title="Of Buryatia")
    tell()
    assert {one.partition(": ")[2].partition(" 10")[0] for one in told(min_)} == {"Of Russia", "Of Irkutsk"}


def test_who_follows_a_country_hears_of_its_subdivisions(sam, min_):
    follow(min_, "RU")
    report(sam, "RU-IRK")
    report(sam, "RUX", title="Of somewhere else")
    tell()
    assert len(told(min_)) == 1


def test_who_no_longer_follows_is_told_nothing(sam, min_):
    follow(min_)
    report(sam)
    follows.unfollow(person=min_, place=factories.jurisdiction("KZ"))
    tell()
    assert told(min_) == []


def test_who_begins_to_follow_hears_of_what_comes_after(sam, min_):
    report(sam, now=NOW)
    follow(min_, now=LATER)
    tell()
    assert told(min_) == []


def test_staff_is_not_told_what_they_entered_themselves(sam, sara):
    follow(sam)
    follow(sara)
    report(sam)
    tell()
    assert told(sam) == []
    assert len(told(sara)) == 1


def test_a_correction_of_news_is_not_told_again(sam, min_):
    follow(min_)
    made = report(sam)
    tell()
    values = {"source": "Another paper", "title": made.title, "date": made.date}
    rulebook.save_news(values=values, news=made, by=sam, why="misread", now=LATER)
    tell()
    assert len(told(min_)) == 1


def test_news_says_no_more_than_its_source_and_calls_low_confidence_unverified(sam, min_):
    follow(min_)
    report(sam, date=date(2027, 1, 1), date_precision="month", confidence="low", source="")
    tell()
    assert told(min_) == [
        "Place KZ: A ban is drafted Jan 2027 · draft of a ban Source: no source (unverified)"
    ]


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


def test_a_status_goes_out_by_a_mail_and_who_wants_none_gets_none(sam, min_, hanna):
    follow(min_)
    follow(hanna)
    NoticeSetting.objects.create(user=hanna, code="place_status", way="none")
    state(sam, "restricted")
    news.spread(now=LATER, addresses=ADDRESSES)
    mail = OutboxMail.objects.get()
    assert mail.to == min_.email
    assert "the legal status is now “restricted”" in mail.subject
    assert told(hanna) == []


def test_news_of_a_place_waits_for_the_mail_of_the_day(sam, min_):
    follow(min_)
    report(sam)
    news.spread(now=LATER, addresses=ADDRESSES)
    assert not OutboxMail.objects.exists()
    news.write_digests(now=LATER + timedelta(days=1), addresses=ADDRESSES)
    assert "A ban is drafted" in OutboxMail.objects.get().text


def test_no_event_says_who_follows_what(min_):
    before = Event.objects.count()
    follow(min_)
    follows.unfollow(person=min_, place=factories.jurisdiction("KZ"))
    assert Event.objects.count() == before


def test_what_an_account_followed_goes_with_it(sam, min_, hanna):
    follow(min_)
    follow(hanna)
    people.close(user=min_, now=NOW)
    report(sam)
    tell()
    assert [row.person for row in FollowedPlace.objects.all()] == [hanna]
    assert not Notice.objects.filter(recipient=min_).exists()


def test_news_that_is_gone_by_then_is_told_to_nobody(sam, min_):
    follow(min_)
    report(sam)
    RegulationEvent.objects.all().delete()
    tell()
    assert told(min_) == []
    assert not Due.objects.filter(reader=news.READER, event__subject_kind="hosting.regulationevent").exists()


def test_thirty_lines_about_places_are_said_with_as_many_queries_as_three(
    sam, min_, django_assert_num_queries
):
    follow(min_)
    for number in range(30):
        report(sam, title=f"News {number}")
    tell()
    rows = list(Notice.objects.filter(recipient=min_))
    assert len(rows) == 30
    with django_assert_num_queries(2):
        newswords.say(rows)
