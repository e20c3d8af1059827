"""Phases: added once, changed, ended and removed, never beneath what is committed or above the site."""

import uuid
from datetime import date, timedelta

import pytest

from accounts.models import Event
from accounts.services import lifecycle
from accounts.services.errors import Invalid
from hosting.models import CapacityPhase
from hosting.services import capacity, offers, phaseentries, phases, terms
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
MARCH, APRIL, MAY = date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 1)


def take(offer, kw=3000, starts_on=MARCH, ends_on=MAY):
    until = NOW + timedelta(hours=72)
    return capacity.hold(
        offer=offer, kw=kw, starts_on=starts_on, ends_on=ends_on, held_until=until, by=None, now=NOW
    )


def change(phase, by, **changes):
    values = {
        name: getattr(phase, name) for name in ("available_kw", "starts_on", "ends_on", "state", "version")
    }
    phases.change(phase=phase, by=by, now=NOW, **{**values, **changes})


@pytest.fixture
def phase():
    """5,000 kW of a live offer, of which 3,000 are held in March and April."""
    offer = factories.offer()
    take(offer)
    return offer.phases.get()


def test_a_phase_is_not_lowered_beneath_what_is_committed(phase, hanna):
    with pytest.raises(phases.BeneathCommitted) as refusal:
        change(phase, hanna, available_kw=2999)
    assert refusal.value.params == {
        "day": MARCH,
        "short_kw": 1,
        "conflicts": [{"kw": 3000, "starts_on": MARCH, "ends_on": MAY}],
    }
    phase.refresh_from_db()
    assert (phase.available_kw, phase.version) == (5000, 1)


def test_a_phase_is_lowered_to_just_what_is_committed(phase, hanna):
    change(phase, hanna, available_kw=3000)
    assert CapacityPhase.objects.get().available_kw == 3000


def test_a_phase_does_not_end_under_machines(phase, hanna):
    take(phase.offer, kw=100, starts_on=date(2027, 9, 1), ends_on=date(2027, 10, 1))
    with pytest.raises(phases.BeneathCommitted) as refusal:
        change(phase, hanna, ends_on=APRIL)
    assert [one["kw"] for one in refusal.value.params["conflicts"]] == [3000, 100]


def test_a_phase_ends_on_the_day_the_machines_leave(phase, hanna):
    change(phase, hanna, ends_on=MAY)
    assert CapacityPhase.objects.get().ends_on == MAY


def test_a_phase_under_machines_is_not_removed(phase, hanna):
    with pytest.raises(phases.BeneathCommitted):
        phases.remove(phase=phase, version=1, by=hanna, now=NOW)
    phases.add(offer=phase.offer, available_kw=3000, starts_on=TODAY, by=hanna, now=NOW)
    phases.remove(phase=phase, version=1, by=hanna, now=NOW)
    assert phase.offer.phases.get().available_kw == 3000


def test_what_is_released_holds_no_phase(phase, hanna):
    capacity.release(commitment=phase.offer.commitments.get(), by=None, why="", now=NOW)
    change(phase, hanna, available_kw=1)
    assert CapacityPhase.objects.get().available_kw == 1


def test_a_live_offers_phases_stay_within_the_site(phase, hanna):
    change(phase, hanna, available_kw=50_000)
    phase.refresh_from_db()
    with pytest.raises(capacity.SiteTooSmall):
        change(phase, hanna, available_kw=50_001)
    with pytest.raises(capacity.SiteTooSmall):
        phases.add(offer=phase.offer, available_kw=1, starts_on=TODAY, by=hanna, now=NOW)
    assert CapacityPhase.objects.get().available_kw == 50_000


def test_a_draft_may_plan_more_than_the_site_has_and_is_not_published(hanna, sam):
    offer = factories.offer(status="draft", phases=[(50_001, TODAY, None)])
    offers.submit(offer=offer, by=hanna, now=NOW)
    with pytest.raises(capacity.SiteTooSmall):
        offers.publish(offer=offer, by=sam, why="seen", now=NOW)
    offer.refresh_from_db()
    assert offer.status == "in_review"


def test_a_phase_sent_twice_is_added_once(hanna):
    offer, key = factories.offer(phases=[], status="draft"), uuid.uuid4()
    for _time in range(2):
        phases.add(offer=offer, id=key, available_kw=10, starts_on=TODAY, by=hanna, now=NOW)
    assert offer.phases.count() == 1


def test_a_change_of_an_old_version_is_refused(phase, hanna):
    change(phase, hanna, available_kw=4000)
    with pytest.raises(lifecycle.Stale):
        change(phase, hanna, available_kw=4500, version=1)
    assert CapacityPhase.objects.get().available_kw == 4000


def test_the_same_change_twice_is_one_event_that_names_its_fields(phase, hanna):
    for _time in range(2):
        change(phase, hanna, available_kw=4000, version=1)
    event = Event.objects.get(subject_kind="hosting.capacityphase", code="changed")
    assert event.params == {"offer": str(phase.offer_id), "fields": ["available_kw"], "kw": 4000}


def test_an_offer_before_staff_keeps_its_phases(hanna):
    offer = factories.offer(status="in_review")
    with pytest.raises(terms.NotEditable):
        phases.add(offer=offer, available_kw=10, starts_on=TODAY, by=hanna, now=NOW)
    with pytest.raises(terms.NotEditable):
        change(offer.phases.get(), hanna, available_kw=1)


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"available_kw": "0"}, "available_kw"),
        ({"available_kw": "1,000"}, "available_kw"),
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "1066-10-14"}, "starts_on"),
        ({"ends_on": "2027-03-01"}, "ends_on"),
        ({"state": "imagined"}, "state"),
    ],
)
def test_what_can_not_be_used_is_named(raw, field):
    with pytest.raises(Invalid) as refusal:
        phaseentries.read({"available_kw": "100", "starts_on": "2027-03-01", **raw})
    assert list(refusal.value.fields) == [field]
