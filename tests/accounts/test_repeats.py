"""Keys of repeated calls: taken once, taken over after a crash, forgotten after a day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.models import IdempotencyRecord
from accounts.services import repeats
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_of_two_who_take_a_key_that_is_free_again_one_gets_it():
    given = {"caller": "user:1", "key": "k", "fingerprint": "f"}
    repeats.begin(**given, now=NOW)
    read = IdempotencyRecord.objects.get()
    repeats.begin(**given, now=NOW + repeats.LEASE)
    with pytest.raises(repeats.StillRunning):
        repeats.begin(**given, now=NOW + repeats.LEASE)
    # The one whose lease is over can neither finish nor free what is the other's now.
    with pytest.raises(repeats.StillRunning):
        repeats.finish(record=read, status=200, headers={}, body=b"")
    repeats.release(record=read)
    assert IdempotencyRecord.objects.count() == 1


def test_the_database_holds_one_row_for_a_key():
    given = {
        "caller": "user:1", "key": "k", "fingerprint": "f", "created_at": NOW, "lease_until": NOW,
        "expires_at": NOW,
    }  # fmt: skip
    IdempotencyRecord.objects.create(**given)
    with pytest.raises(IntegrityError):
        IdempotencyRecord.objects.create(**given)


def test_what_is_a_day_old_is_swept_and_nothing_younger(monkeypatch):
    monkeypatch.setattr(repeats, "BATCH", 2)
    for number in range(4):
        repeats.begin(caller="user:1", key=str(number), fingerprint="f", now=NOW - timedelta(hours=1))
    repeats.begin(caller="user:1", key="young", fingerprint="f", now=NOW)
    assert repeats.forget(now=NOW + timedelta(hours=23)) == 4
    assert repeats.forget(now=NOW + timedelta(hours=24, seconds=-1)) == 0
    assert IdempotencyRecord.objects.count() == 1
    assert repeats.forget(now=NOW + timedelta(hours=24)) == 1
    assert not IdempotencyRecord.objects.exists()
