"""News: Events become notices for those whom they concern, once, in the way each chose, and say no more than
their readers may see."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Due, Notice, NoticeSetting
from accounts.services import invitations, notices, organizations
from accounts.services.digests import Addresses
from hosting.services import interests, matchruns, news, newswords, offers, requests, reviews
from tests import factories
from tests.factories import NOW, TERMS

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


def test_a_hotel_that_enters_a_list_is_told_to_all_members_of_the_request(pair, min_, mina, hanna, mallory):
    factories.offer(title="Cheap Hall", terms={"energy_price": Decimal("0.05")})
    match_due()
    news.tell_due(now=NOW)
    notice_of = told("match_list_changed")
    assert set(notice_of) == {min_, mina}
    words = said(notice_of[min_])
    assert "2.50 MW: 1 hotel entered" in words
    assert "First is now: Cheap Hall." in words


def test_a_hotel_that_leaves_a_list_is_told(pair, hanna, min_):
    _request, offer = pair
    offers.pause(offer=offer, by=hanna, now=NOW)
    match_due()
    news.tell_due(now=NOW)
    assert "1 hotel left" in said(told("match_list_changed")[min_])


def test_the_first_list_of_all_and_mere_figures_are_no_news(pair, hanna):
    _request, offer = pair
    offers.write_terms(offer=offer, terms={**TERMS, "energy_price": Decimal("0.061")}, by=hanna, now=NOW)
    assert match_due().lists_changed == 1
    news.tell_due(now=NOW)
    assert told("match_list_changed") == {}


def test_interest_is_told_to_the_miner_and_not_to_the_host(pair, hanna, min_, mina):
    request, offer = pair
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    news.tell_due(now=NOW)
    notice_of = told("interest_expressed")
    assert set(notice_of) == {min_, mina}
    assert said(notice_of[mina]) == (
        "steppe-power is interested in your request for 2.50 MW With the offer: Steppe Hall 2."
    )


def test_an_anonymous_miner_stays_so_when_it_declines(quiet, steppe, red_river, hanna, min_):
    offer = factories.offer(factories.site(steppe), title="Steppe Hall 2")
    request = factories.request(red_river, is_anonymous=True, need_kw=2500)
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    interests.decline(
        request=request, offer=offer, side="miner", reason="above our 0.0800 ceiling", by=min_, now=NOW
    )
    news.tell_due(now=NOW)
    notice = told("interest_declined")[hanna]
    assert said(notice) == "The miner of a request for 2.50 MW declined Steppe Hall 2"
    stored = f"{notice.params} {notice.about}"
    for secret in ("red-river", "Red River", "0.08", "ceiling", str(red_river.pk)):
        assert secret not in stored


def test_a_miner_that_is_not_anonymous_is_named(pair, hanna, min_):
    request, offer = pair
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    interests.decline(request=request, offer=offer, side="miner", reason="too far", by=min_, now=NOW)
    news.tell_due(now=NOW)
    assert "red-river declined Steppe Hall 2" in said(told("interest_declined")[hanna])


def test_tidying_ones_own_list_is_no_news_to_a_host_that_never_showed_interest(pair, min_):
    request, offer = pair
    interests.decline(request=request, offer=offer, side="miner", reason="too far", by=min_, now=NOW)
    news.tell_due(now=NOW)
    assert not Notice.objects.exists()


def test_a_host_that_takes_its_interest_back_is_told_to_the_miner(pair, hanna, min_):
    request, offer = pair
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    interests.take_back(request=request, offer=offer, by=hanna, now=NOW)
    news.tell_due(now=NOW)
    assert "steppe-power does not take up" in said(told("interest_declined")[min_])
    # The interest is gone again before anybody was told of it.
    assert told("interest_expressed") == {}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("published", "Your offer Hall is published Reason: seen"),
        ("changes_requested", "Staff asks for changes in your offer Hall Reason: seen"),
        ("rejected", "Your offer Hall is rejected Reason: seen"),
    ],
)
def test_what_staff_decides_about_an_offer_is_told_to_its_host(quiet, steppe, hanna, sam, status, words):
    offer = factories.offer(factories.site(steppe), title="Hall", status="in_review")
    decide = {
        "published": reviews.approve,
        "changes_requested": reviews.request_changes,
        "rejected": reviews.reject,
    }
    decide[status](offer=offer, by=sam, why="seen", now=NOW)
    news.tell_due(now=NOW)
    notice_of = told("offer_reviewed")
    assert set(notice_of) == {hanna}
    assert said(notice_of[hanna]) == words


def test_a_suspension_and_its_lifting_are_told_and_the_hosts_own_steps_are_not(pair, hanna, sam):
    _request, offer = pair
    offers.pause(offer=offer, by=hanna, now=NOW)
    offers.resume(offer=offer, by=hanna, now=NOW)
    news.tell_due(now=NOW)
    assert told("offer_reviewed") == {}
    reviews.suspend(offer=offer, by=sam, why="court", now=NOW)
    news.tell_due(now=NOW)
    assert said(told("offer_reviewed")[hanna]) == "Your offer Steppe Hall 2 is suspended Reason: court"
    Notice.objects.all().delete()
    offer.refresh_from_db()
    reviews.lift(offer=offer, by=sam, why="settled", now=NOW)
    news.tell_due(now=NOW)
    assert said(told("offer_reviewed")[hanna]) == (
        "Your offer Steppe Hall 2 is no longer suspended Reason: settled"
    )


def test_a_verification_is_told_to_the_members(quiet, steppe, hanna, sam, min_):
    organizations.suspend(organization=steppe, by=sam, why="licence withdrawn", now=NOW)
    news.tell_due(now=NOW)
    notice_of = told("verification_changed")
    assert set(notice_of) == {hanna}
    assert said(notice_of[hanna]) == (
        "steppe-power: the verification is now “suspended” Reason: licence withdrawn"
    )


def test_an_invitation_is_told_to_somebody_who_has_an_account(quiet, steppe, hanna, mallory):
    invitations.invite(
        organization=steppe,
        email="Mallory@example.org",
        role="viewer",
        address=lambda token: f"https://hotels.example/{token}",
        by=hanna,
        now=NOW,
    )
    news.tell_due(now=NOW)
    assert "steppe-power invites you to join as viewer" in said(told("invitation")[mallory])


def test_news_is_told_once_however_often_it_is_read(pair, hanna, min_):
    request, offer = pair
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    mark = Due.objects.get(reader="notices", event__code="interested")
    news.tell_due(now=NOW)
    Due.objects.create(reader=mark.reader, event=mark.event)
    news.tell_due(now=NOW)
    assert Notice.objects.filter(recipient=min_).count() == 1
    assert not Due.objects.filter(reader="notices").exists()


def test_one_event_that_can_not_be_told_does_not_hold_up_the_others(pair, hanna, min_, monkeypatch, caplog):
    request, offer = pair

    def fall(event, now):
        raise RuntimeError("no words")

    monkeypatch.setitem(news.TELLERS, ("accounts.organization", ""), fall)
    organizations.join(organization=request.owner, user=factories.user(), role="viewer", by=min_, now=NOW)
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    news.tell_due(now=NOW)
    assert min_ in told("interest_expressed")
    assert "could not be told" in caplog.text
    assert Due.objects.filter(reader="notices").count() == 1


def test_nobody_is_told_what_they_chose_not_to_hear(pair, hanna, min_, mina):
    request, offer = pair
    choose(min_, "interest_expressed", "none")
    interests.express(request=request, offer=offer, by=hanna, now=NOW)
    news.tell_due(now=NOW)
    assert set(told("interest_expressed")) == {mina}


def test_words_cost_the_same_whatever_the_number_of_notices(pair, min_, django_assert_num_queries):
    request, offer = pair
    for number in range(4):
        params = {"request": str(request.pk), "entered": [str(offer.pk)], "left": [], "best": str(offer.pk)}
        notices.tell(recipients=[min_], code="match_list_changed", about=f"n{number}", params=params, now=NOW)
    rows = list(Notice.objects.all())
    with django_assert_num_queries(2):
        newswords.say(rows)


def test_news_of_what_is_gone_still_has_words():
    lost = {
        "request": "6f0f6a8e-3b1d-4e0c-9f5e-0d7c1b2a3e4f",
        "offer": "6f0f6a8e-3b1d-4e0c-9f5e-0d7c1b2a3e4e",
    }
    for code in newswords.KINDS:
        for params in ({}, lost):
            assert newswords.say([Notice(code=code, params=params)])[0].title
    assert newswords.say([Notice(code="of_later", params={})])[0].title == "Something changed (of_later)"


def test_each_kind_of_news_has_words():
    assert set(newswords.SENTENCES) == set(newswords.KINDS)


def test_a_request_that_is_withdrawn_is_no_news_to_its_own_side(pair, min_):
    request, _offer = pair
    requests.withdraw(request=request, by=min_, now=NOW)
    match_due(NOW + timedelta(hours=1))
    assert news.tell_due(now=NOW) == 0
