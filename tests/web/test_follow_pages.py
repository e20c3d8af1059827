"""Following a place from its page, without script; the list is the person's own."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notice
from hosting.models import FollowedPlace
from hosting.services import follows, news, rulebook
from tests import factories
from tests.factories import NOW
from tests.web.reading import text


@pytest.fixture(autouse=True)
def kazakhstan(db):
    factories.fact("KZ", "legal_status", "legal_licensed")
    return factories.jurisdiction("KZ")


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def as_min(min_):
    return signed_in(min_)


def test_the_button_of_a_place_follows_and_then_ends_it(as_min, min_):
    assert 'action="/places/KZ/follow/"' in text(as_min.get("/places/KZ/"))
    answer = as_min.post("/places/KZ/follow/", {"acting": ""}, follow=True)
    assert answer.redirect_chain == [("/places/KZ/", 302)]
    page = text(answer)
    assert "You follow Place KZ." in page
    assert 'action="/places/KZ/unfollow/"' in page
    as_min.post("/places/KZ/unfollow/", {"acting": ""})
    assert not FollowedPlace.objects.exists()
    assert 'action="/places/KZ/follow/"' in text(as_min.get("/places/KZ/"))


def test_pressing_twice_changes_nothing_more(as_min):
    for _time in range(2):
        assert as_min.post("/places/KZ/follow/", {"acting": ""}).status_code == 302
    assert FollowedPlace.objects.count() == 1
    for _time in range(2):
        assert as_min.post("/places/KZ/unfollow/", {"acting": ""}).status_code == 302
    assert FollowedPlace.objects.count() == 0


def test_a_form_of_another_site_can_not_follow(min_):
    client = Client(enforce_csrf_checks=True)
    client.force_login(min_)
    assert client.post("/places/KZ/follow/", {"acting": ""}).status_code == 403
    assert not FollowedPlace.objects.exists()


def test_a_stranger_is_shown_the_way_to_sign_in_and_follows_nothing(stranger):
    page = text(stranger.get("/places/KZ/"))
    assert 'next=/places/KZ/">Sign in to follow this place' in page
    assert "/places/KZ/follow/" not in page
    answer = stranger.post("/places/KZ/follow/")
    assert answer.headers["Location"].startswith(reverse("login"))
    assert not FollowedPlace.objects.exists()


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
def test_a_place_we_do_not_have_is_404(as_min, verb):
    assert as_min.post(f"/places/XX/{verb}/", {"acting": ""}).status_code == 404
    assert as_min.post(f"/places/EU/{verb}/", {"acting": ""}).status_code == 404


def test_the_list_shows_ones_own_places_and_ends_them_there(as_min, min_, kazakhstan):
    follows.follow(person=min_, place=kazakhstan, now=NOW)
    page = text(as_min.get("/places/following/"))
    assert 'href="/places/KZ/">Place KZ</a>' in page
    assert "legal, licensed" in page
    answer = as_min.post("/places/KZ/unfollow/", {"acting": "", "back": "list"})
    assert answer.headers["Location"] == "/places/following/"
    assert "You follow no place yet." in text(as_min.get("/places/following/"))


def test_nobody_sees_what_somebody_else_follows(as_mallory, as_min, min_, sam, stranger, kazakhstan):
    follows.follow(person=min_, place=kazakhstan, now=NOW)
    assert "You follow no place yet." in text(as_mallory.get("/places/following/"))
    for client in (as_mallory, signed_in(sam), stranger):
        page = text(client.get("/places/KZ/"))
        assert "/places/KZ/unfollow/" not in page
        assert "min@example.org" not in page


def test_mallory_can_not_end_what_min_follows(as_mallory, min_, kazakhstan):
    follows.follow(person=min_, place=kazakhstan, now=NOW)
    as_mallory.post("/places/KZ/unfollow/", {"acting": ""})
    assert follows.is_followed(person=min_, place=kazakhstan)


def test_the_page_of_a_place_s_events_has_the_button_too(as_min):
    factories.event("KZ")
    assert 'action="/places/KZ/follow/"' in text(as_min.get("/events/?place=KZ"))
    assert "/follow/" not in text(as_min.get("/events/"))


def test_a_notice_of_news_leads_to_the_event(as_min, min_, sam, kazakhstan):
    follows.follow(person=min_, place=kazakhstan, now=NOW)
    values = {"date": NOW.date(), "date_precision": "day", "jurisdiction": "KZ", "kind": "draft_ban"}
    values |= {"title": "A ban is drafted", "confidence": "high"}
    made = rulebook.save_news(values=values, by=sam, now=NOW)
    news.tell_due(now=NOW)
    assert "A ban is drafted" in text(as_min.get("/notices/"))
    notice = Notice.objects.get(recipient=min_)
    answer = as_min.get(f"/notices/{notice.pk}/")
    assert answer.headers["Location"] == f"/events/{made.pk}/"


def test_more_followed_places_do_not_mean_more_queries(as_min, min_, kazakhstan):
    follows.follow(person=min_, place=kazakhstan, now=NOW)
    as_min.get("/places/following/")
    with CaptureQueriesContext(connection) as few:
        as_min.get("/places/following/")
    for code in ("NO", "SE", "FI", "CA-QC", "US-TX", "US-NY", "RU-IRK"):
        follows.follow(person=min_, place=factories.jurisdiction(code), now=NOW)
    with CaptureQueriesContext(connection) as many:
        page = text(as_min.get("/places/following/"))
    assert page.count("Stop following") == 8
    assert len(many) == len(few)
