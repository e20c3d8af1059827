"""Two at a time on a host's side: a phase lowered while it is sold, one form sent twice, two new versions.

They count on PostgreSQL only: SQLite lets one writer in at a time and would hide a missing lock.
"""

import threading
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from accounts.services import lifecycle
from accounts.services.errors import Refused
from hosting.models import Offer, Site
from hosting.services import capacity, offers, phases, reviews, sites, terms
from tests import factories
from tests.factories import NOW, TERMS, TODAY

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(
        connections["default"].vendor != "postgresql",
        reason="SQLite is exclusive for writers and hides a missing lock; runs with DATABASE_URL=postgres://...",
    ),
]


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """What each verb gave or how it was refused; anything else fails the test."""
    together = threading.Barrier(len(verbs))
    results: list[Any] = [None] * len(verbs)
    unexpected = []

    def run(number: int, verb: Callable[[], Any]) -> None:
        try:
            together.wait()
            results[number] = verb()
        except Refused as refused:
            results[number] = refused
        except Exception as error:  # noqa: BLE001 - whatever a thread meets must fail the test, not vanish
            unexpected.append(error)
        finally:
            connections.close_all()

    crowd = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert not unexpected
    return results


def refused(results: list[Any], kind: type) -> int:
    return sum(isinstance(one, kind) for one in results)


@pytest.mark.parametrize("_time", range(5))
def test_a_phase_is_never_lowered_under_what_is_sold_at_that_moment(_time):
    offer = factories.offer(phases=[(1000, TODAY, None)])
    phase, by = offer.phases.get(), factories.user()

    def lower():
        phases.change(
            phase=phase,
            available_kw=500,
            starts_on=TODAY,
            ends_on=None,
            state="energised",
            version=1,
            by=by,
            now=NOW,
        )

    def sell():
        capacity.hold(
            offer=offer,
            kw=800,
            starts_on=date(2027, 3, 1),
            ends_on=date(2027, 9, 1),
            held_until=NOW + timedelta(hours=72),
            by=None,
            now=NOW,
        )

    results = at_once(lower, sell)
    assert refused(results, Refused) == 1
    kw, taken = offer.phases.get().available_kw, offer.commitments.count()
    assert (kw, taken) in ((500, 0), (1000, 1))


def test_two_offers_that_together_exceed_the_site_are_not_both_listed():
    site = factories.site(total_kw=1000)
    two = [factories.offer(site, status="in_review", phases=[(600, TODAY, None)]) for _one in range(2)]
    by = factories.user(is_staff=True)
    results = at_once(
        *(lambda one=one: reviews.approve(offer=one, by=by, why="seen", now=NOW) for one in two)
    )
    assert refused(results, capacity.SiteTooSmall) == 1
    assert Offer.objects.filter(status="published").count() == 1


def test_a_site_is_not_lowered_while_a_phase_is_added():
    site = factories.site(total_kw=2000)
    offer = factories.offer(site, phases=[(1000, TODAY, None)])
    by = factories.user()
    at_once(
        lambda: sites.change(site=site, values={"total_kw": 1000}, version=1, by=by, now=NOW),
        lambda: phases.add(offer=offer, available_kw=1000, starts_on=TODAY, by=by, now=NOW),
    )
    promised = sum(offer.phases.values_list("available_kw", flat=True))
    assert promised <= Site.objects.get().total_kw


def test_one_form_sent_many_times_at_once_makes_one_thing():
    site, by, key = factories.site(), factories.user(), uuid.uuid4()
    begun = at_once(
        *[
            lambda: offers.begin(site=site, id=key, title="Firm", values=TERMS, by=by, now=NOW)
            for _one in range(6)
        ]
    )
    assert {one.pk for one in begun} == {key}
    offer = Offer.objects.get()
    assert offer.terms.count() == 1
    added = at_once(
        *[
            lambda: phases.add(offer=offer, id=key, available_kw=10, starts_on=TODAY, by=by, now=NOW)
            for _one in range(6)
        ]
    )
    assert {one.pk for one in added} == {key}
    described = at_once(
        *[lambda: factories.site(site.host, id=uuid.UUID(int=7), name="Twice") for _one in range(6)]
    )
    assert len({one.pk for one in described}) == 1
    assert Site.objects.count() == 2


def test_of_two_new_versions_written_at_once_one_is_stale():
    offer, by = factories.offer(), factories.user()
    results = at_once(
        *(
            lambda price=price: terms.write(
                offer=offer, terms={**TERMS, "energy_price": price}, by=by, now=NOW, version=1
            )
            for price in ("0.051", "0.052", "0.053")
        )
    )
    assert refused(results, lifecycle.Stale) == 2
    assert offer.terms.count() == 2
