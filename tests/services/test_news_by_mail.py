"""News by mail: one each or one a day, in the reader's language and at the reader's seven o'clock."""

from datetime import UTC, datetime

import pytest
from django.core import mail as django_mail
from django.utils import translation

from accounts.models import Notice, NoticeSetting, OutboxMail
from accounts.services import digests, mail, notices
from accounts.services.digests import Addresses
from hosting import tasks
from hosting.services import interests, matchruns, news, newswords
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ADDRESSES = Addresses(
    notice=lambda notice: f"https://hotels.example/{notice.pk}", settings="https://s.example"
)


def match_due(now=NOW):
    return matchruns.match_due(now=now, clock=lambda: now)


def told(code):
    return {one.recipient: one for one in Notice.objects.filter(code=code).select_related("recipient")}


def said(notice):
    one = newswords.say([notice])[0]
    return " ".join([one.title, *one.lines])


def choose(person, code, way):
    NoticeSetting.objects.update_or_create(user=person, code=code, defaults={"way": way})


@pytest.fixture
def quiet(steppe, red_river, mina):
    """The two sides, with everything before it told."""
    news.tell_due(now=NOW)
    Notice.objects.all().delete()


@pytest.fixture
def pair(quiet, steppe, red_river):
    """A request of min's and an offer of hanna's in its list."""
    factories.fact("KZ", "legal_status", "legal_licensed")
    offer = factories.offer(factories.site(steppe), title="Steppe Hall 2")
    request = factories.request(red_river, need_kw=2500)
    match_due()
    news.tell_due(now=NOW)
    Notice.objects.all().delete()
    return request, offer


@pytest.mark.parametrize(("way", "mails"), [("in_app", 0), ("daily", 0), ("each", 1)])
def test_a_mail_of_its_own_goes_only_to_whom_chose_so(pair, hanna, min_, mina, way, mails):
    request, offer = pair
    choose(min_, "interest_expressed", way)
    choose(mina, "interest_expressed", "none")
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    news.spread(now=NOW, addresses=ADDRESSES)
    assert OutboxMail.objects.filter(to=min_.email).count() == mails
    assert news.spread(now=NOW, addresses=ADDRESSES) == 0


def test_a_mail_says_what_happened_and_leads_to_it(pair, hanna, min_):
    request, offer = pair
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    news.spread(now=NOW, addresses=ADDRESSES)
    mail.send_due(clock=lambda: NOW)
    sent = next(one for one in django_mail.outbox if one.to == [min_.email])
    assert sent.subject == "steppe-power is interested in your request for 2.50 MW"
    assert f"https://hotels.example/{Notice.objects.get(recipient=min_).pk}" in sent.body
    assert "https://s.example" in sent.body


def test_a_mail_is_in_its_readers_language(pair, hanna, min_, monkeypatch):
    request, offer = pair
    min_.language = "ru"
    min_.save()
    spoken = []
    real = newswords.say

    def listen(rows):
        spoken.append(translation.get_language())
        return real(rows)

    monkeypatch.setattr(newswords, "say", listen)
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    news.spread(now=NOW, addresses=ADDRESSES)
    assert sorted(spoken) == ["en", "ru"]
    assert OutboxMail.objects.get(to=min_.email).language == "ru"


def test_the_tasks_know_under_which_address_the_site_is_reached(settings, pair, hanna, min_):
    settings.PUBLIC_URL = "https://hotels.example"
    request, offer = pair
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    tasks.tell_news()
    tasks.send_mail()
    body = next(one.body for one in django_mail.outbox if one.to == [min_.email])
    assert f"https://hotels.example/notices/{Notice.objects.get(recipient=min_).pk}/" in body
    assert "https://hotels.example/notices/settings/" in body


def at(day, hour, minute=0):
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def tell_daily(person, at, about):
    notices.tell(recipients=[person], code="match_list_changed", about=about, params={}, way="daily", now=at)


def test_the_days_mail_comes_at_seven_where_the_person_is(min_):
    min_.time_zone = "Asia/Almaty"
    min_.save()
    tell_daily(min_, at(11, 20), "one")
    tell_daily(min_, at(11, 21), "two")
    # 07:00 in Almaty is 02:00 UTC.
    assert news.write_digests(now=at(12, 1, 59), addresses=ADDRESSES) == 0
    assert news.write_digests(now=at(12, 2), addresses=ADDRESSES) == 1
    assert OutboxMail.objects.get().subject == "2 pieces of news"


def test_the_days_mail_comes_once_and_what_is_told_later_waits_for_the_next_day(min_):
    tell_daily(min_, at(11, 20), "one")
    assert news.write_digests(now=at(12, 7), addresses=ADDRESSES) == 1
    tell_daily(min_, at(12, 7, 5), "two")
    assert news.write_digests(now=at(12, 7, 15), addresses=ADDRESSES) == 0
    assert news.write_digests(now=at(12, 23), addresses=ADDRESSES) == 0
    assert news.write_digests(now=at(13, 7), addresses=ADDRESSES) == 1


def test_a_clock_that_stood_still_at_seven_sends_the_days_mail_when_it_goes_again(min_):
    tell_daily(min_, at(11, 20), "one")
    assert news.write_digests(now=at(12, 15), addresses=ADDRESSES) == 1


def test_what_was_read_in_the_meantime_needs_no_mail(min_):
    tell_daily(min_, at(11, 20), "one")
    notices.read(user=min_, now=at(11, 21))
    assert news.write_digests(now=at(12, 7), addresses=ADDRESSES) == 0
    assert Notice.objects.get().mail == "written"


def test_a_stored_time_zone_that_does_not_exist_is_read_as_utc(min_):
    min_.time_zone = "Mars/Olympus"
    assert digests.last_morning(min_, at(12, 8)) == at(12, 7)


def test_seven_is_seven_on_both_sides_of_a_change_of_the_clocks(min_):
    min_.time_zone = "Europe/Oslo"
    assert digests.last_morning(min_, datetime(2027, 3, 27, 12, tzinfo=UTC)).hour == 6
    assert digests.last_morning(min_, datetime(2027, 3, 28, 12, tzinfo=UTC)).hour == 5


def test_who_has_left_the_organization_hears_nothing_more_of_it(pair, hanna, min_, mina):
    request, offer = pair
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    news.tell_due(now=NOW)
    mina.memberships.all().delete()
    digests.write_each(now=NOW, words=newswords.say, addresses=ADDRESSES)
    assert {one.to for one in OutboxMail.objects.all()} == {min_.email}
    assert notices.unread_count(user=mina) == 0
