"""A host says on pages when how much power is there."""

import uuid
from datetime import date, timedelta

import pytest
from django.test import Client

from hosting.models import CapacityPhase
from hosting.services import capacity
from tests import factories
from tests.factories import NOW, TODAY
from tests.web.reading import text

pytestmark = pytest.mark.django_db
FORM = {
    "acting": "steppe-power",
    "available_kw": "1000",
    "starts_on": "2027-02-01",
    "ends_on": "2027-02-28",
    "state": "planned",
}


@pytest.fixture
def as_hanna(hanna, steppe):
    client = Client()
    client.force_login(hanna)
    return client


@pytest.fixture
def phase(steppe):
    """5,000 kW of a live offer, of which 3,000 are held in March and April."""
    offer = factories.offer(factories.site(steppe), phases=[(5000, TODAY, None)])
    capacity.hold(
        offer=offer,
        kw=3000,
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 5, 1),
        held_until=NOW + timedelta(hours=72),
        by=None,
        now=NOW,
    )
    return offer.phases.get()


def change(client, phase, **changes):
    data = {**FORM, "starts_on": TODAY.isoformat(), "ends_on": "", "state": "energised", "version": "1"}
    return client.post(f"/host/phases/{phase.pk}/", {**data, **changes})


def test_a_phase_is_added_once_and_its_last_day_is_a_day_of_it(as_hanna, steppe):
    offer = factories.offer(factories.site(steppe), phases=[], status="draft")
    key = str(uuid.uuid4())
    for _time in range(2):
        answer = as_hanna.post(f"/host/offers/{offer.pk}/phases/new/", {**FORM, "id": key})
    assert answer.headers["Location"] == f"/host/offers/{offer.pk}/"
    phase = offer.phases.get()
    assert (phase.available_kw, phase.ends_on, phase.state) == (1000, date(2027, 3, 1), "planned")
    assert "1 Feb 2027 to 28 Feb 2027" in text(as_hanna.get(f"/host/offers/{offer.pk}/"))
    assert 'value="2027-02-28"' in text(as_hanna.get(f"/host/phases/{phase.pk}/"))


def test_an_id_of_somebody_elses_phase_is_refused(as_hanna, steppe):
    offer = factories.offer(factories.site(steppe), phases=[], status="draft")
    theirs = factories.offer().phases.get()
    answer = as_hanna.post(f"/host/offers/{offer.pk}/phases/new/", {**FORM, "id": str(theirs.pk)})
    assert (answer.status_code, CapacityPhase.objects.count()) == (409, 1)


def test_a_phase_beneath_what_is_committed_is_refused_with_the_conflicts(as_hanna, phase):
    answer = change(as_hanna, phase, available_kw="2000")
    page = text(answer)
    assert answer.status_code == 409
    assert "would lack 1000 kW" in page
    assert "3.0 MW, 1 Mar 2027 to 30 Apr 2027" in page
    assert 'value="2000"' in page
    phase.refresh_from_db()
    assert phase.available_kw == 5000


def test_a_phase_ends_when_its_machines_have_left(as_hanna, phase):
    assert change(as_hanna, phase, available_kw="5000", ends_on="2027-04-29").status_code == 409
    assert change(as_hanna, phase, available_kw="5000", ends_on="2027-04-30").status_code == 302
    phase.refresh_from_db()
    assert phase.ends_on == date(2027, 5, 1)


def test_more_than_the_site_has_is_refused_beside_the_power(as_hanna, phase):
    answer = change(as_hanna, phase, available_kw="50001")
    assert answer.status_code == 409
    assert '<a href="#f-available_kw">' in text(answer)
    assert change(as_hanna, phase, available_kw="50000").status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"available_kw": "1,5"}, "available_kw"), ({"ends_on": "2020-01-01"}, "ends_on")],
)
def test_a_bad_entry_is_named_beside_its_field(as_hanna, phase, changes, field):
    answer = change(as_hanna, phase, **changes)
    assert answer.status_code == 400
    assert f'<a href="#f-{field}">' in text(answer)


def test_somebody_elses_change_is_shown(as_hanna, phase):
    change(as_hanna, phase, available_kw="4000")
    answer = change(as_hanna, phase, available_kw="4500")
    page = text(answer)
    assert answer.status_code == 409
    assert "4000" in page
    assert 'value="4500"' in page
    assert change(as_hanna, phase, available_kw="4500", version="2").status_code == 302


def test_a_phase_under_machines_is_not_removed(as_hanna, phase):
    data = {"acting": "steppe-power", "version": "1"}
    answer = as_hanna.post(f"/host/phases/{phase.pk}/remove/", data)
    assert answer.status_code == 409
    assert CapacityPhase.objects.count() == 1
    capacity.release(commitment=phase.offer.commitments.get(), by=None, why="", now=NOW)
    assert as_hanna.post(f"/host/phases/{phase.pk}/remove/", data).status_code == 302
    assert not CapacityPhase.objects.exists()
