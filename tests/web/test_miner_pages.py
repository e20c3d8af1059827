"""My requests, and the page of one: its list, whether it waits, what changed, why a hotel stands there."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hosting import tasks
from hosting.models import RequestSeen
from hosting.services import interests, offers, requests
from tests import factories
from tests.factories import NOW
from tests.web.minerpages import Browser, match
from tests.web.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_min(min_, red_river):
    return Browser(min_, "red-river")


@pytest.fixture
def request_(red_river):
    return factories.request(red_river)


def page_of(browser, request, **query):
    return text(browser.get(f"/requests/{request.pk}/", query))


def fragment(browser, request, run=0):
    return browser.get(f"/requests/{request.pk}/list/", {"run": run}, headers={"HX-Request": "true"})


# -- the list of requests -----------------------------------------------------------------------------------


def test_each_request_stands_with_its_best_hotel_and_counts(as_min, karaganda, request_, min_):
    match()
    interests.shortlist(request=request_, offer=karaganda, by=min_, now=NOW)
    page = text(as_min.get("/requests/"))
    assert f'href="/requests/{request_.pk}/">1.0 MW from 31 Jan 2027 to 1 Apr 2027, 12 months</a>' in page
    assert "Steppe Hall 2" in page
    assert "0.0600" in page
    assert '<td class="num" data-name="Shortlist">1</td>' in page
    assert "11 Jan 2027, 09:00" in page


def test_other_peoples_requests_are_not_in_the_list(as_min):
    theirs = factories.request()
    assert str(theirs.pk) not in text(as_min.get("/requests/"))
    assert "Nothing posted yet" in text(as_min.get("/requests/"))


def test_the_list_is_walked_page_by_page(as_min, red_river):
    made = {factories.request(red_river, status="draft").pk for _ in range(27)}
    first = as_min.get("/requests/")
    second = as_min.get("/requests/", {"cursor": first.context["page"].next})
    shown = [row["request"].pk for answer in (first, second) for row in answer.context["rows"]]
    assert len(shown) == 27
    assert set(shown) == made


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_many(as_min, karaganda, red_river):
    def count():
        match()
        as_min.get("/requests/")
        with CaptureQueriesContext(connection) as queries:
            as_min.get("/requests/")
        return len(queries)

    factories.request(red_river)
    few = count()
    for _ in range(5):
        factories.request(red_river)
    assert count() == few


# -- one request --------------------------------------------------------------------------------------------


def test_the_page_shows_the_stored_list_explained(as_min, karaganda, request_):
    match()
    page = page_of(as_min, request_)
    assert "1 of 1 hotels fits" in page
    assert page.count("✓") == 18
    assert "matched 11 Jan 2027, 09:00:00 UTC" in page
    assert "Price ceiling" in page
    assert "every 1s" not in page


def test_a_near_miss_stands_beneath_with_its_cure(as_min, karaganda, red_river):
    request = factories.request(red_river, max_price_usd="0.05")
    match()
    assert "Raise your ceiling by 0.0100 USD/kWh, to 0.0600 USD/kWh." in page_of(as_min, request)


def test_before_the_first_match_the_page_answers_at_once_and_fills_itself(as_min, karaganda, request_):
    page = page_of(as_min, request_)
    assert "Matches are on their way." in page
    assert f'hx-get="/requests/{request_.pk}/list/?run=0" hx-trigger="load delay:400ms, every 1s"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert fragment(as_min, request_).status_code == 204
    match()
    filled = fragment(as_min, request_)
    assert "1 of 1 hotels fits" in text(filled)
    assert "every 1s" not in text(filled), "a page that is filled asks no more"
    assert "<html" not in text(filled)


def test_with_the_queue_away_a_need_is_posted_and_its_page_waits(as_min, karaganda, red_river, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError("no queue here")

    monkeypatch.setattr(tasks.match_due, "apply_async", away)
    draft = factories.request(red_river, status="draft")
    answer = as_min.post(f"/requests/{draft.pk}/publish/", {"version": "1"}, follow=True)
    assert answer.status_code == 200
    assert "Matches are on their way." in text(answer)
    match()
    assert "1 of 1 hotels fits" in text(fragment(as_min, draft))


def test_after_a_change_the_page_waits_for_the_new_list_and_shows_the_old_one(
    as_min, karaganda, request_, min_
):
    match()
    run = request_.match_list.run_id
    requests.change(request=request_, need=factories.need(max_price_usd="0.07"), version=2, by=min_, now=NOW)
    page = page_of(as_min, request_)
    assert "Until then you see the list as it was." in page
    assert f"/list/?run={run}" in page
    assert fragment(as_min, request_, run).status_code == 204
    match()
    assert fragment(as_min, request_, run).status_code == 200


@pytest.mark.parametrize("run", ["", "x", "-1", "9" * 40])
def test_a_run_that_is_no_number_counts_as_none(as_min, karaganda, request_, run):
    match()
    assert fragment(as_min, request_, run).status_code == 200


def test_a_draft_shows_what_it_would_get(as_min, karaganda, red_river):
    draft = factories.request(red_river, status="draft")
    page = page_of(as_min, draft)
    assert "1 of 1 hotels would fit, if you posted it now" in page
    assert 'value="shortlist"' not in page


def test_a_withdrawn_request_is_shown_without_hotels(as_min, karaganda, request_, min_):
    requests.withdraw(request=request_, by=min_, now=NOW)
    page = page_of(as_min, request_)
    assert "This request is withdrawn; it is not matched any more." in page
    assert "Matches are on their way." not in page


def test_why_a_hotel_is_not_there_is_answered_for_any_hotel(as_min, request_, steppe):
    small = factories.offer(
        factories.site(steppe, name="Small Hall"), terms={"max_kw": 500, "deposit_months": 1}
    )
    match()
    found = page_of(as_min, request_, hotel="small")
    assert f'href="/requests/{request_.pk}/?offer={small.pk}">Small Hall</a>' in found
    page = page_of(as_min, request_, offer=small.pk)
    assert "Small Hall does not fit, for one reason" in page
    assert "The largest order is 500 kW; you need 1.00 MW." in page
    assert "No hotel on the market has such a name." in page_of(as_min, request_, hotel="nowhere")


@pytest.mark.parametrize("offer", ["x", "00000000-0000-4000-8000-000000000000"])
def test_a_hotel_that_nobody_sees_is_not_explained(as_min, request_, offer):
    assert as_min.get(f"/requests/{request_.pk}/", {"offer": offer}).status_code == 404


def test_a_hidden_hotel_is_not_explained(as_min, request_):
    hidden = factories.offer(status="in_review")
    assert as_min.get(f"/requests/{request_.pk}/", {"offer": hidden.pk}).status_code == 404


def test_the_page_says_what_changed_since_the_last_visit(as_min, karaganda, request_, sam, monkeypatch):
    match()
    assert "What changed since" not in page_of(as_min, request_)
    factories.offer(karaganda.site, terms={"energy_price": Decimal("0.04")}, title="Newcomer")
    offers.pause(offer=karaganda, by=sam, now=NOW)
    match()
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=5))
    page = page_of(as_min, request_)
    assert "What changed since 11 Jan 2027, 09:00 UTC" in page
    assert "</a> Newcomer" in page
    assert "a hotel that is no longer on the market" in page, "paused: its name is not shown"


def test_what_one_person_saw_is_news_to_the_other(as_min, karaganda, request_, mina):
    match()
    page_of(as_min, request_)
    page_of(Browser(mina, "red-river"), request_)
    assert RequestSeen.objects.filter(request=request_).count() == 2


def test_a_host_who_is_interested_is_shown_with_its_handle(as_min, karaganda, request_, hanna):
    match()
    interests.express(request=request_, offer=karaganda, by=hanna, now=NOW)
    page = page_of(as_min, request_)
    assert "Hosts who are interested" in page
    assert "<b>steppe-power</b>" in page


def test_a_viewer_sees_the_list_and_no_button(karaganda, request_, red_river):
    person = factories.user("viewer@example.org")
    factories.organizations.join(organization=red_river, user=person, role="viewer", by=person, now=NOW)
    match()
    page = page_of(Browser(person, "red-river"), request_)
    assert "1 of 1 hotels fits" in page
    assert 'name="mark"' not in page
    assert "/publish/" not in page


def test_the_page_takes_the_same_number_of_queries_for_one_hotel_and_for_many(as_min, karaganda, request_):
    def count():
        match()
        page_of(as_min, request_)
        with CaptureQueriesContext(connection) as queries:
            page_of(as_min, request_)
        return len(queries)

    few = count()
    for number in range(4):
        factories.offer(karaganda.site, terms={"min_kw": 1 + 2000 * (number % 2)})
    assert count() == few
