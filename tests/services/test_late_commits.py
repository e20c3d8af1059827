"""A transaction that commits late, a run that saves late: nothing is missed, nothing old is stored."""

import threading
import uuid
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.models import Due, Event
from accounts.services import claims
from hosting.models import MatchList, MatchRun
from hosting.services import engine, matches, matchruns, matchwork, needs, offers, requests
from tests import factories
from tests.factories import NEED, NOW, TODAY

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer: nobody commits late"),
]


def match_due(now=NOW):
    return matchruns.match_due(now=now, clock=lambda: now)


def listed(request):
    return [row["offer"] for row in MatchList.objects.get(request=request).rows]


def assert_fresh(*asked):
    columns = engine.book(TODAY)
    for request in asked:
        request.refresh_from_db()
        best = matches.best(columns, needs.of_request(request).as_engine(request=request.pk))
        assert MatchList.objects.get(request=request).rows == best


@contextmanager
def begun_elsewhere(work):
    """The work is done in a transaction of another connection, which commits where the block ends."""
    is_done, may_commit, failed = threading.Event(), threading.Event(), []

    def run():
        try:
            with transaction.atomic():
                work()
                is_done.set()
                may_commit.wait(30)
        except BaseException as error:
            failed.append(error)
            is_done.set()
        finally:
            connection.close()

    other = threading.Thread(target=run)
    other.start()
    is_done.wait(30)
    try:
        yield
    finally:
        may_commit.set()
        other.join()
        assert failed == []


@pytest.fixture
def place():
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.fact("KZ", "predictability", "3")


def test_a_change_that_commits_after_a_later_one_was_matched_is_not_missed(place):
    """Its Event has the smaller number; the run in between sees neither the Event nor the offer."""
    first = factories.offer(terms={"energy_price": Decimal("0.07")})
    late = factories.offer(terms={"energy_price": Decimal("0.05")})
    offers.pause(offer=late, by=factories.user(), now=NOW)
    request = factories.request()
    match_due()
    assert listed(request) == [str(first.pk)]
    with begun_elsewhere(lambda: offers.resume(offer=late, by=factories.user(), now=NOW)):
        early = factories.offer(terms={"energy_price": Decimal("0.06")})
        match_due()
        assert listed(request) == [str(early.pk), str(first.pk)]
    resumed = Event.objects.filter(subject_id=late.pk).latest("pk")
    assert resumed.pk < Event.objects.filter(subject_id=early.pk).latest("pk").pk
    match_due()
    assert listed(request) == [str(late.pk), str(early.pk), str(first.pk)]
    assert_fresh(request)


def test_a_single_request_is_never_answered_from_columns_older_than_its_change(place):
    """What this process keeps is brought up for every run, though no mark speaks of the offers."""
    request = factories.request()
    match_due()
    assert engine.kept._days[TODAY].book.offers == ()
    offer = factories.offer()
    Due.objects.exclude(event__subject_id=request.pk).delete()
    requests.change(
        request=request,
        need=needs.read({**NEED, "need_kw": 900}, today=TODAY),
        version=request.version,
        by=factories.user(),
        now=NOW,
    )
    assert not match_due().is_wide
    assert listed(request) == [str(offer.pk)]


def test_a_run_that_lost_its_marks_to_another_stores_nothing(place, monkeypatch):
    """It had read the market before the offer came, stood still past its lease, and goes on to save."""
    request = factories.request()
    real = matchwork.of_changes

    def stand_still(*args, **how):
        work = real(*args, **how)
        monkeypatch.setattr(matchwork, "of_changes", real)
        factories.offer()
        later = NOW + timedelta(minutes=5)
        assert matchruns.match_due(now=later, clock=lambda: later).state == "done"
        return work

    monkeypatch.setattr(matchwork, "of_changes", stand_still)
    with pytest.raises(matchruns.Overtaken):
        match_due()
    assert len(listed(request)) == 1
    assert list(MatchRun.objects.values_list("state", flat=True)) == ["done", "failed"]
    assert_fresh(request)


def test_a_narrow_run_that_lost_its_claim_stores_nothing(place, monkeypatch):
    request = factories.request()
    match_due()
    factories.offer()
    match_due()
    fewer = needs.read({**NEED, "need_kw": 900}, today=TODAY)
    requests.change(request=request, need=fewer, version=request.version, by=factories.user(), now=NOW)
    real = matchwork.of_requests

    def stand_still(*args, **how):
        work = real(*args, **how)
        Due.objects.update(claimed_by=None, claimed_until=None)
        return work

    monkeypatch.setattr(matchwork, "of_requests", stand_still)
    stored = MatchList.objects.values().get()
    with pytest.raises(claims.Lost):
        match_due()
    assert MatchList.objects.values().get() == stored
    monkeypatch.setattr(matchwork, "of_requests", real)
    match_due()
    assert_fresh(request)
    assert not Due.objects.filter(reader="matching").exists()


def test_while_a_wide_run_works_single_requests_are_matched_and_nothing_is_done_twice(place, monkeypatch):
    factories.offer()
    first = factories.request()
    real = engine.kept.made
    beside = []

    def other_worker():
        try:
            beside.append(match_due())
            beside.append(match_due())
        finally:
            connection.close()

    def meanwhile(reading):
        if not beside:
            beside.append(factories.request(first.owner))
            factories.offer(terms={"energy_price": Decimal("0.05")})
            other = threading.Thread(target=other_worker)
            other.start()
            other.join()
        return real(reading)

    monkeypatch.setattr(engine.kept, "made", meanwhile)
    wide = match_due()
    second, narrow, nothing = beside
    assert (wide.is_wide, narrow.is_wide, nothing) == (True, False, None)
    assert narrow.requests == 1
    assert len(listed(second)) == 2
    # The offer that came in the middle of the wide run is still due; then both lists have it.
    assert len(listed(first)) == 1
    match_due()
    assert_fresh(first, second)
    assert not Due.objects.filter(reader="matching").exists()


def test_a_list_that_another_run_is_about_to_store_is_not_left_as_it_was(place, monkeypatch):
    """A narrow run has read the market without the offer; before it saves, the offer's own run comes by."""
    request = factories.request()
    match_due()
    more = needs.read({**NEED, "need_kw": 1100}, today=TODAY)
    requests.change(request=request, need=more, version=request.version, by=factories.user(), now=NOW)
    real = matchwork.of_requests

    def other_worker():
        try:
            factories.offer()
            assert match_due().is_wide
        finally:
            connection.close()

    def be_slow(*args, **how):
        work = real(*args, **how)
        other = threading.Thread(target=other_worker)
        other.start()
        other.join()
        return work

    monkeypatch.setattr(matchwork, "of_requests", be_slow)
    narrow = match_due()
    assert not narrow.is_wide
    assert MatchList.objects.get(request=request).run_id > narrow.pk
    assert_fresh(request)
    assert not Due.objects.filter(reader="matching").exists()


def test_two_workers_at_the_same_marks_share_them():
    for _ in range(30):
        factories.request()
    taken, start = [], threading.Barrier(4)

    def claim():
        try:
            start.wait()
            until = NOW + timedelta(minutes=1)
            token = uuid.uuid4()
            taken.append(len(claims.claim(reader="matching", by=token, now=NOW, until=until)))
        finally:
            connection.close()

    marks = Due.objects.filter(reader="matching").count()
    workers = [threading.Thread(target=claim) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(taken) == marks


def test_a_mark_whose_claim_ran_out_is_anybodys():
    factories.request()
    until = NOW + timedelta(minutes=1)
    token = uuid.uuid4()
    assert claims.claim(reader="matching", by=token, now=NOW, until=until)
    assert match_due() is None
    assert match_due(until).state == "done"
