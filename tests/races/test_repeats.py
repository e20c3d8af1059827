"""The race for an Idempotency-Key: of many who send the same call at once, one carries it out.

It counts on PostgreSQL only: SQLite lets one writer in at a time.
"""

import threading

import pytest
from django.db import connections

from accounts.models import IdempotencyRecord
from accounts.services import repeats
from tests.factories import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(
        connections["default"].vendor != "postgresql",
        reason="SQLite is exclusive for writers and hides a race; runs with DATABASE_URL=postgres://...",
    ),
]


def storm(now, threads=8):
    """Take the same key from many threads at once; (how many got it, how many were told to wait)."""
    together = threading.Barrier(threads)
    taken, waiting, unexpected = [], [], []

    def send():
        try:
            together.wait()
            taken.append(repeats.begin(caller="user:1", key="k", fingerprint="f", now=now))
        except repeats.StillRunning:
            waiting.append(1)
        except Exception as error:  # noqa: BLE001 - whatever a thread meets must fail the test, not vanish
            unexpected.append(error)
        finally:
            connections.close_all()

    crowd = [threading.Thread(target=send) for _number in range(threads)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert unexpected == []
    return len(taken), len(waiting)


def test_one_of_many_takes_a_new_key():
    assert storm(NOW) == (1, 7)
    assert IdempotencyRecord.objects.count() == 1


def test_one_of_many_takes_the_key_of_a_call_that_crashed():
    repeats.begin(caller="user:1", key="k", fingerprint="f", now=NOW)
    assert storm(NOW + repeats.LEASE) == (1, 7)
