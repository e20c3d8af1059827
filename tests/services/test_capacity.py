"""The ledger: what is taken never exceeds what is there, on any day."""

from datetime import date, timedelta

import pytest

from hosting.models import Commitment, Offer, free_kw_on
from hosting.services import capacity, offers
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HOLD = NOW + timedelta(hours=72)


def hold(offer, kw, starts_on=date(2027, 3, 1), ends_on=date(2027, 9, 1), **more):
    return capacity.hold(
        offer=offer, kw=kw, starts_on=starts_on, ends_on=ends_on, held_until=HOLD, by=None, now=NOW, **more
    )


def test_all_that_is_free_can_be_taken_and_not_one_kw_more():
    offer = factories.offer(phases=[(1000, date(2027, 1, 1), None)])
    hold(offer, 600)
    with pytest.raises(capacity.NotEnough) as refusal:
        hold(offer, 401)
    assert str(refusal.value) == "Only 400 kW are free on 2027-03-01."
    hold(offer, 400)
    assert Commitment.objects.count() == 2


def test_a_phase_that_ends_within_the_period_refuses_on_its_last_day():
    offer = factories.offer(
        phases=[(500, date(2027, 1, 1), None), (500, date(2027, 1, 1), date(2027, 8, 31))]
    )
    with pytest.raises(capacity.NotEnough) as refusal:
        hold(offer, 600, ends_on=date(2027, 9, 1))
    assert refusal.value.params == {"free_kw": 500, "day": date(2027, 8, 31)}
    hold(offer, 600, ends_on=date(2027, 8, 31))


def test_nothing_is_free_before_the_first_phase():
    offer = factories.offer(phases=[(500, date(2027, 3, 2), None)])
    with pytest.raises(capacity.NotEnough):
        hold(offer, 1)
    hold(offer, 500, starts_on=date(2027, 3, 2))


def test_periods_that_only_touch_do_not_add_up():
    offer = factories.offer(phases=[(500, date(2027, 1, 1), None)])
    hold(offer, 500, date(2027, 3, 1), date(2027, 6, 1))
    hold(offer, 500, date(2027, 6, 1), date(2027, 9, 1))


def test_what_is_released_is_free_again():
    offer = factories.offer(phases=[(500, date(2027, 1, 1), None)])
    taken = hold(offer, 500)
    capacity.release(commitment=taken, by=None, why="changed plans", now=NOW)
    hold(offer, 500)


def test_holds_that_are_over_are_released_by_the_clock():
    offer = factories.offer(phases=[(500, date(2027, 1, 1), None)])
    taken = hold(offer, 500)
    assert capacity.release_due(now=HOLD - timedelta(seconds=1)) == 0
    assert capacity.release_due(now=HOLD) == 1
    taken.refresh_from_db()
    assert taken.state == "released"


def test_a_confirmed_commitment_outlives_its_hold():
    offer = factories.offer(phases=[(500, date(2027, 1, 1), None)])
    taken = hold(offer, 500)
    capacity.confirm(commitment=taken, by=None, now=NOW)
    assert capacity.release_due(now=HOLD) == 0
    with pytest.raises(capacity.NotEnough):
        hold(offer, 1)


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_nothing_is_taken_from_what_is_not_on_the_market(status):
    offer = factories.offer(status=status)
    with pytest.raises(capacity.NotOnTheMarket):
        hold(offer, 1)


def test_the_database_counts_the_same_free_kw_as_the_ledger():
    offer = factories.offer(phases=[(500, date(2027, 1, 1), None), (300, date(2027, 4, 1), date(2027, 5, 1))])
    hold(offer, 200, date(2027, 3, 1), date(2027, 6, 1))
    stairs = capacity.staircase_of(Offer.objects.get(pk=offer.pk))
    for day in [date(2026, 12, 31), date(2027, 3, 1), date(2027, 4, 15), date(2027, 5, 1), date(2027, 6, 1)]:
        counted = Offer.objects.annotate(free_kw=free_kw_on(day)).get(pk=offer.pk).free_kw
        assert counted == capacity.lowest(stairs, starts_on=day, ends_on=day + timedelta(days=1))[1], day


def test_a_site_never_promises_more_than_it_has():
    site = factories.site(total_kw=1000)
    factories.offer(site, phases=[(700, date(2027, 1, 1), date(2027, 6, 1))])
    factories.offer(site, phases=[(1000, date(2027, 6, 1), None)])
    with pytest.raises(capacity.SiteTooSmall) as refusal:
        factories.offer(site, phases=[(301, date(2027, 1, 1), date(2027, 2, 1))])
    assert refusal.value.params["needed_kw"] == 1001
    assert Offer.objects.filter(status="published").count() == 2


def test_a_phase_added_to_a_live_offer_is_checked_too():
    site = factories.site(total_kw=1000)
    offer = factories.offer(site, phases=[(700, date(2027, 1, 1), None)])
    with pytest.raises(capacity.SiteTooSmall):
        offers.add_phase(
            offer=offer, available_kw=301, starts_on=date(2028, 1, 1), by=factories.user(), now=NOW
        )
    assert offer.phases.count() == 1
