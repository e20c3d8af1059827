"""Follows: who follows a place hears of its law, once, and nobody learns who does."""

from datetime import date, timedelta

import pytest

from accounts.models import Due, Event, Notice, NoticeSetting, OutboxMail
from accounts.services import people
from accounts.services.digests import Addresses
from hosting.models import FollowedPlace, RegulationEvent
from hosting.services import follows, news, newswords, rulebook
from tests import factories
from tests.factories import NOW
from tests.services.following import LATER, follow, report, state, tell, told

pytestmark = pytest.mark.django_db

ADDRESSES = Addresses(
    notice=lambda notice: f"https://hotels.example/{notice.pk}", settings="https://s.example"
)


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
