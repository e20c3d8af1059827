"""The race for capacity: shown with the lock off, gone with it on.

It counts on PostgreSQL only: SQLite lets one writer in at a time and would hide a missing lock.
"""

import contextlib
import threading
from datetime import date, timedelta

import pytest
from django.db import connections
from django.db.models import Sum

from hosting.models import Commitment, Offer
from hosting.services import capacity
from tests import factories
from tests.factories import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(
        connections["default"].vendor != "postgresql",
        reason="SQLite is exclusive for writers and hides a missing lock; runs with DATABASE_URL=postgres://...",
    ),
]

FREE_KW = 1000
KW = 100


def storm(offer: Offer, threads: int = 8, tries: int = 8) -> int:
    """Hold KW from many threads at once; the kW that were sold."""
    together = threading.Barrier(threads)
    unexpected = []

    def buy():
        try:
            together.wait()
            for _ in range(tries):
                try:
                    capacity.hold(
                        offer=offer,
                        kw=KW,
                        starts_on=date(2027, 3, 1),
                        ends_on=date(2027, 9, 1),
                        held_until=NOW + timedelta(hours=72),
                        by=None,
                        now=NOW,
                    )
                except capacity.NotEnough:
                    return
        except Exception as error:  # noqa: BLE001 - whatever a thread meets must fail the test, not vanish
            unexpected.append(error)
        finally:
            connections.close_all()

    crowd = [threading.Thread(target=buy) for _ in range(threads)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert not unexpected
    return Commitment.objects.live().aggregate(kw=Sum("kw"))["kw"]


def test_without_the_lock_an_offer_is_sold_twice(monkeypatch):
    meet = threading.Barrier(8, timeout=2)

    def look_without_locking(offer_id):
        row = Offer.objects.prefetch_related("phases", "commitments").get(pk=offer_id)
        # Everybody has looked before anybody takes: what a lock is there to prevent.
        with contextlib.suppress(threading.BrokenBarrierError):
            meet.wait()
        return row

    monkeypatch.setattr(capacity, "_lock", look_without_locking)
    assert storm(factories.offer(phases=[(KW, date(2027, 1, 1), None)]), tries=1) > KW


def test_with_the_lock_every_kw_is_sold_once():
    assert storm(factories.offer(phases=[(FREE_KW, date(2027, 1, 1), None)])) == FREE_KW
