"""What the clock and the queue call: one service call each, and a bell that never hurts."""

import pytest
from kombu.exceptions import OperationalError

from accounts.models import IdempotencyRecord
from accounts.services import repeats
from hosting import tasks
from hosting.models import MatchList, PlaceDay
from tests import factories

pytestmark = pytest.mark.django_db


def test_match_due_stores_the_lists_of_what_is_due(monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: factories.NOW)
    factories.offer()
    request = factories.request()
    tasks.match_due()
    assert len(MatchList.objects.get(request=request).rows) == 1


def test_begin_day_makes_everything_due_once(monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: factories.NOW)
    request = factories.request()
    tasks.match_due()
    tasks.begin_day()
    tasks.begin_day()
    tasks.match_due()
    assert MatchList.objects.get(request=request).rows == []


def test_a_queue_that_is_away_is_logged_and_hurts_nobody(monkeypatch, caplog):
    def away(**options):
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.match_due, "apply_async", away)
    assert tasks.ring() is False
    assert "the bell was not heard" in caplog.text


def test_forget_repeats_sweeps_what_is_a_day_old(monkeypatch):
    repeats.begin(caller="user:1", key="k", fingerprint="f", now=factories.NOW)
    monkeypatch.setattr(tasks.timezone, "now", lambda: factories.NOW + repeats.KEPT_FOR)
    tasks.forget_repeats()
    assert not IdempotencyRecord.objects.exists()


def test_the_clock_stores_what_places_have_on_the_market(monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: factories.NOW)
    offer = factories.offer()
    tasks.count_places()
    stored = PlaceDay.objects.get(code=offer.site.jurisdiction_id)
    assert (stored.day, stored.hotels) == (factories.TODAY, 1)
