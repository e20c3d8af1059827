"""A stored list explained again, whether a newer one is due, and what changed since a person looked."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Event
from accounts.services.errors import Invalid
from hosting.models import MatchList, RequestSeen
from hosting.services import answers, comparing, interests, matchruns, offers, requests
from tests import factories
from tests.factories import NOW, TERMS, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _law(db):
    factories.fact("KZ", "legal_status", "legal_licensed")


def match(now=NOW):
    return matchruns.match_due(now=now, clock=lambda: now)


def priced(price, **fields):
    return factories.offer(terms={"energy_price": Decimal(price)}, **fields)


def order(answer):
    return [found.offer for found in answer.preview.results]


def test_the_rows_of_the_list_come_in_its_order_with_parts_that_add_up():
    dear, cheap = priced("0.07"), priced("0.05")
    request = factories.request()
    match()
    answer = answers.of_request(request=request, now=NOW)
    assert order(answer) == [cheap, dear]
    stored = MatchList.objects.get().rows
    for row, found in zip(stored, answer.preview.results, strict=True):
        assert found.match.score == row["score"] == sum(part.points for part in found.match.parts)
        assert found.match.price_micros == row["price_micros"]
    assert not answer.is_on_its_way


def test_without_a_list_one_is_on_its_way():
    priced("0.05")
    answer = answers.of_request(request=factories.request(), now=NOW)
    assert (answer.stored, answer.is_on_its_way, order(answer)) == (None, True, [])


def test_after_a_change_the_old_list_is_shown_until_the_new_one_is_there():
    offer = priced("0.05")
    request = factories.request()
    run = match().pk
    owner = request.owner.memberships.get().user
    requests.change(request=request, need=factories.need(max_price_usd="0.07"), version=2, by=owner, now=NOW)
    answer = answers.of_request(request=request, now=NOW)
    assert answer.is_on_its_way
    assert order(answer) == [offer]
    assert not answers.has_new_list(request, run=run, now=NOW)
    match()
    assert answers.has_new_list(request, run=run, now=NOW)
    assert not answers.of_request(request=request, now=NOW).is_on_its_way


def test_an_offer_that_left_the_market_leaves_the_page_before_the_next_run(sam):
    stays, goes = priced("0.05"), priced("0.06")
    request = factories.request()
    match()
    offers.pause(offer=goes, by=sam, now=NOW)
    answer = answers.of_request(request=request, now=NOW)
    assert (order(answer), answer.left, answer.is_on_its_way) == ([stays], 1, True)
    match()
    answer = answers.of_request(request=request, now=NOW)
    assert (order(answer), answer.left, answer.is_on_its_way) == ([stays], 0, False)


def test_a_change_elsewhere_does_not_keep_the_page_waiting():
    priced("0.05")
    request = factories.request()
    match()
    factories.request()
    assert not answers.of_request(request=request, now=NOW).is_on_its_way


def test_yesterdays_list_is_shown_as_of_its_day_and_todays_is_on_its_way():
    priced("0.05")
    request = factories.request()
    match()
    answer = answers.of_request(request=request, now=NOW + timedelta(days=1))
    assert (answer.preview.as_of, answer.is_on_its_way, len(order(answer))) == (TODAY, True, 1)


def test_a_draft_is_answered_as_if_it_were_posted_and_waits_for_nothing():
    offer = priced("0.05")
    answer = answers.of_request(request=factories.request(status="draft"), now=NOW)
    assert (order(answer), answer.stored, answer.is_on_its_way) == ([offer], None, False)


@pytest.mark.parametrize("days", [60, 61])
def test_a_request_whose_hour_has_passed_waits_for_nothing(days):
    request = factories.request(expires_in_days=60)
    assert not answers.is_due(request, None, now=NOW + timedelta(days=days))


def test_an_offer_asked_for_is_explained_whether_it_fits_or_not():
    far = priced("0.09")
    request = factories.request()
    match()
    answer = answers.of_request(request=request, now=NOW, offer_ids=[far.pk])
    assert [gate.name for gate in answer.asked[0].match.failed] == ["price_ceiling"]
    assert [one.offer for one in answer.preview.near] == [far]


def test_an_answer_takes_the_same_number_of_queries_for_one_offer_and_for_many(django_assert_num_queries):
    request = factories.request()
    priced("0.05")
    match()
    with django_assert_num_queries(17):
        answers.of_request(request=request, now=NOW)
    for _ in range(5):
        priced("0.06")
    match()
    with django_assert_num_queries(17):
        answers.of_request(request=request, now=NOW)


# -- what changed since the last visit ----------------------------------------------------------------------


def looked(request, person, at):
    rows = MatchList.objects.get(request=request).rows
    return answers.look(request=request, person=person, rows=rows, now=at)


def test_the_first_look_brings_no_news(min_):
    priced("0.05")
    request = factories.request()
    match()
    assert looked(request, min_, NOW) is None


def test_the_next_visit_says_what_came_what_went_and_what_moved(min_, sam):
    goes, moves = priced("0.05"), priced("0.06")
    request = factories.request()
    match()
    looked(request, min_, NOW)
    comes = priced("0.04")
    offers.pause(offer=goes, by=sam, now=NOW)
    offers.write_terms(offer=moves, terms={**TERMS, "energy_price": Decimal("0.055")}, by=sam, now=NOW)
    match()
    news = looked(request, min_, NOW + timedelta(hours=5))
    assert (news.since, news.came, news.went) == (NOW, [comes.pk], [goes.pk])
    (moved,) = news.moved
    assert (moved.offer, moved.rank_before, moved.rank) == (moves.pk, 2, 2)
    assert (moved.price_before, moved.price, moved.is_rewritten) == (60_000, 55_000, True)


def test_a_reload_within_the_visit_shows_the_same_news(min_):
    priced("0.05")
    request = factories.request()
    match()
    looked(request, min_, NOW)
    comes = priced("0.04")
    match()
    later = NOW + timedelta(hours=5)
    assert looked(request, min_, later).came == [comes.pk]
    assert looked(request, min_, later + timedelta(minutes=10)).came == [comes.pk]
    assert not looked(request, min_, later + timedelta(hours=2))


def test_each_person_has_their_own_last_look(min_, mina):
    priced("0.05")
    request = factories.request()
    match()
    looked(request, min_, NOW)
    comes = priced("0.04")
    match()
    assert looked(request, mina, NOW + timedelta(hours=5)) is None
    assert looked(request, min_, NOW + timedelta(hours=5)).came == [comes.pk]
    assert RequestSeen.objects.count() == 2


# -- side by side, and marks --------------------------------------------------------------------------------


def test_hotels_are_compared_in_the_order_asked_for():
    first, second = priced("0.07"), priced("0.05")
    found = comparing.side_by_side(request=factories.request(), offer_ids=[first.pk, second.pk], as_of=TODAY)
    assert [one.offer for one in found] == [first, second]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_only_two_or_three_hotels_are_compared(count):
    ids = [priced("0.05").pk for _ in range(count)]
    with pytest.raises(Invalid):
        comparing.side_by_side(request=factories.request(), offer_ids=[*ids, *ids], as_of=TODAY)


def test_a_mark_made_twice_is_one_event_and_keeps_its_time(min_):
    request, offer = factories.request(), priced("0.05")
    interests.shortlist(request=request, offer=offer, by=min_, now=NOW)
    again = interests.shortlist(request=request, offer=offer, by=min_, now=NOW + timedelta(hours=1))
    assert again.shortlisted_at == NOW
    assert events_of(again) == ["shortlisted"]


def test_a_mark_taken_back_is_gone_and_can_be_made_again(min_):
    request, offer = factories.request(), priced("0.05")
    made = {"request": request, "offer": offer, "by": min_, "now": NOW}
    interests.decline(side="miner", reason="too far", **made)
    interests.undo_decline(side="host", **made)
    assert request.interests.get().declined_by == "miner"
    interests.undo_decline(side="miner", **made)
    row = request.interests.get()
    assert (row.declined_at, row.declined_by, row.decline_reason) == (None, "", "")
    interests.decline(side="miner", reason="still too far", **made)
    assert events_of(row) == ["declined", "decline_undone", "declined"]


def test_one_side_does_not_write_over_the_others_decline(min_, hanna):
    request, offer = factories.request(), priced("0.05")
    interests.decline(request=request, offer=offer, side="miner", reason="far", by=min_, now=NOW)
    with pytest.raises(interests.AlreadyDeclined):
        interests.decline(request=request, offer=offer, side="host", reason="small", by=hanna, now=NOW)
    assert request.interests.get().decline_reason == "far"


def events_of(row):
    return list(Event.objects.filter(subject_id=row.pk).order_by("pk").values_list("code", flat=True))
