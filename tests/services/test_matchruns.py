"""Stored lists: what is due is matched, twice is once, and an older answer never replaces a newer one."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Due, Event
from accounts.services import events
from hosting.models import MatchList, MatchRun, Offer
from hosting.services import capacity, engine, matches, matchlists, matchruns, needs, offers, requests
from tests import factories
from tests.factories import NOW, TERMS, TODAY

pytestmark = pytest.mark.django_db


def match_due(now=NOW):
    return matchruns.match_due(now=now, clock=lambda: now)


def listed(request):
    return [row["offer"] for row in MatchList.objects.get(request=request).rows]


@pytest.fixture
def place():
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.fact("KZ", "predictability", "3")


def test_what_is_due_is_matched_and_its_marks_go(place):
    cheap = factories.offer(terms={"energy_price": Decimal("0.05")})
    dear = factories.offer(terms={"energy_price": Decimal("0.07")})
    request = factories.request()
    run = match_due()
    assert listed(request) == [str(cheap.pk), str(dear.pk)]
    assert (run.state, run.requests, run.offers, run.lists_changed) == ("done", 1, 2, 1)
    assert not Due.objects.filter(reader="matching").exists()


def test_with_nothing_due_nothing_runs(place):
    factories.request()
    assert match_due() is not None
    assert match_due() is None
    assert MatchRun.objects.count() == 1


def test_a_second_run_changes_nothing(place):
    factories.offer()
    request = factories.request()
    match_due()
    before = MatchList.objects.values("rows", "as_of", "inputs_hash", "updated_at").get(request=request)
    later = NOW + timedelta(hours=1)
    run = matchruns.run(now=later, clock=lambda: later, trigger="by hand")
    assert run.lists_changed == 0
    assert (
        MatchList.objects.values("rows", "as_of", "inputs_hash", "updated_at").get(request=request) == before
    )


def test_an_older_run_does_not_replace_what_a_newer_one_stored(place):
    request = factories.request()
    older = MatchRun.objects.create(trigger="old", as_of=TODAY, started_at=NOW)
    factories.offer()
    match_due()
    stored = MatchList.objects.values().get(request=request)
    # The older run had read the market before the offer came, and saves late.
    late = {request.pk: matchlists.Answer([], "old")}
    assert not matchlists.store(this=older, answers=late, now=NOW, fence=lambda: None)
    assert MatchList.objects.values().get(request=request) == stored


def test_a_run_that_finds_the_same_takes_the_list_over_from_an_older_one(place):
    factories.offer()
    request = factories.request()
    match_due()
    between = MatchRun.objects.create(trigger="slow", as_of=TODAY, started_at=NOW)
    newest = matchruns.run(now=NOW, clock=lambda: NOW, trigger="by hand")
    stale = {request.pk: matchlists.Answer([], "stale")}
    assert not matchlists.store(this=between, answers=stale, now=NOW, fence=lambda: None)
    assert MatchList.objects.get(request=request).run == newest


def test_a_run_that_fails_says_so_and_leaves_its_marks(place, monkeypatch):
    factories.request()
    marks = Due.objects.count()

    def fall(*args):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(engine.kept, "read", fall)
    with pytest.raises(RuntimeError):
        match_due()
    assert MatchRun.objects.get().error == "RuntimeError: out of memory"
    assert MatchRun.objects.get().state == "failed"
    assert Due.objects.count() == marks


def test_a_run_whose_worker_was_killed_is_called_failed_in_the_end(place):
    killed = MatchRun.objects.create(trigger="x", as_of=TODAY, started_at=NOW - timedelta(minutes=31))
    at_work = MatchRun.objects.create(trigger="y", as_of=TODAY, started_at=NOW - timedelta(minutes=29))
    matchruns.begin_day(now=NOW)
    assert MatchRun.objects.get(pk=killed.pk).state == "failed"
    assert MatchRun.objects.get(pk=at_work.pk).state == "running"


def test_a_mark_that_comes_during_a_run_stays(place, monkeypatch):
    factories.request()
    real = engine.kept.made

    def change_meanwhile(reading):
        factories.offer()
        return real(reading)

    monkeypatch.setattr(engine.kept, "made", change_meanwhile)
    match_due()
    assert Due.objects.filter(reader="matching").exists()


def test_only_the_request_that_changed_is_matched_when_nothing_else_did(place):
    factories.offer()
    first = factories.request()
    match_due()
    second = factories.request(first.owner)
    run = match_due()
    assert run.requests == 1
    assert listed(first) == listed(second)


def test_only_the_lists_that_a_changed_offer_can_reach_are_matched(place):
    offer = factories.offer(phases=[(2000, TODAY, None)])
    small = factories.request(need_kw=100)
    factories.request(small.owner, need_kw=40_000)
    match_due()
    offers.write_terms(
        offer=offer, terms={**TERMS, "energy_price": Decimal("0.07")}, by=factories.user(), now=NOW
    )
    run = match_due()
    assert (run.requests, run.lists_changed) == (1, 1)
    assert [one.request for one in run.lists.all()] == [small]


@pytest.mark.parametrize("change", ["terms", "phase", "pause", "hold", "suspend"])
def test_whatever_an_answer_depends_on_is_due(place, change, sam):
    offer = factories.offer(phases=[(1000, TODAY, None)])
    request = factories.request(need_kw=1000)
    match_due()
    assert listed(request) == [str(offer.pk)]
    if change == "terms":
        offers.write_terms(offer=offer, terms={**TERMS, "energy_price": Decimal("0.09")}, by=sam, now=NOW)
    elif change == "phase":
        site = factories.site(offer.site.host, total_kw=9000)
        factories.offer(site, phases=[(9000, TODAY, None)])
    elif change == "pause":
        offers.pause(offer=offer, by=sam, now=NOW)
    elif change == "hold":
        capacity.hold(
            offer=offer,
            kw=1,
            starts_on=TODAY,
            ends_on=TODAY + timedelta(days=900),
            held_until=NOW + timedelta(hours=1),
            by=sam,
            now=NOW,
        )
    else:
        factories.organizations.suspend(organization=offer.site.host, by=sam, why="court", now=NOW)
    assert match_due().lists_changed == 1
    assert (str(offer.pk) in listed(request)) == (change == "phase")


def test_a_withdrawn_requests_list_goes(place):
    factories.offer()
    request = factories.request()
    match_due()
    requests.withdraw(request=request, by=request.owner.memberships.get().user, now=NOW)
    match_due()
    assert not MatchList.objects.filter(request=request).exists()


def test_the_day_begins_once_and_makes_everything_due(place):
    factories.offer()
    request = factories.request()
    match_due()
    tomorrow = NOW + timedelta(days=1)
    assert matchruns.begin_day(now=tomorrow)
    assert not matchruns.begin_day(now=tomorrow + timedelta(hours=3))
    match_due(tomorrow)
    assert MatchList.objects.get(request=request).as_of == tomorrow.date()


def test_the_day_that_begins_ends_what_is_over(place):
    request = factories.request(expires_in_days=1)
    matchruns.begin_day(now=NOW + timedelta(days=1))
    request.refresh_from_db()
    assert request.status == "expired"
    assert Event.objects.filter(subject_id=request.pk, status_to="expired", by=None).exists()


def test_a_verification_ends_with_its_day_and_takes_the_hotels_off_the_lists(place):
    offer = factories.offer()
    request = factories.request(expires_in_days=366)
    match_due()
    after_a_year = NOW + timedelta(days=365)
    matchruns.begin_day(now=after_a_year)
    offer.site.host.refresh_from_db()
    assert offer.site.host.verification == "expired"
    match_due(NOW + timedelta(days=1))
    assert listed(request) == []


def test_list_prices_are_kept_for_what_is_live_and_dropped_for_what_is_not(place, sam):
    offer = factories.offer()
    match_due()
    offer.refresh_from_db()
    assert (offer.list_price_micros, offer.list_price_on) == (60_000, TODAY)
    offers.pause(offer=offer, by=sam, now=NOW)
    match_due()
    assert Offer.objects.get(pk=offer.pk).list_price_micros is None


def test_a_stored_list_says_what_a_preview_of_the_same_need_says(place):
    for price in ("0.071", "0.052", "0.061"):
        factories.offer(terms={"energy_price": Decimal(price)})
    request = factories.request()
    match_due()
    found = matches.preview(need=needs.of_request(request), as_of=TODAY)
    assert MatchList.objects.get(request=request).rows == [
        {
            "offer": str(one.match.offer),
            "version": one.offer.version,
            "score": one.match.score,
            "price_micros": one.match.price_micros,
            "start": one.match.start.isoformat(),
        }
        for one in found.results
    ]


def test_an_event_nobody_must_react_to_leaves_no_mark():
    events.record(kind="hosting.machinemodel", subject_id=factories.user().pk, code="entered", at=NOW)
    assert not Due.objects.exists()
