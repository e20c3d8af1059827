"""A request is changed under its version, posted again, and made once however often its form is sent."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Due, Event
from accounts.services import lifecycle
from accounts.services.errors import Invalid
from hosting.models import CapacityRequest
from hosting.services import matchruns, requests
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def owner_of(request):
    return request.owner.memberships.get(role="owner").user


def changed(request, *, version=None, **fields):
    return requests.change(
        request=request,
        need=factories.need(**fields),
        version=request.version if version is None else version,
        by=owner_of(request),
        now=NOW,
    )


def test_a_change_of_an_open_request_is_one_event_that_names_the_fields_and_makes_it_due():
    request = factories.request()
    matchruns.match_due(now=NOW, clock=lambda: NOW)
    assert not Due.objects.filter(reader="matching").exists()
    changed(request, need_kw=2000, term_months=24)
    event = Event.objects.get(subject_id=request.pk, code="changed")
    assert event.params == {"fields": ["need_kw", "term_months"], "version": 3}
    assert (request.need_kw, request.term_months, request.version) == (2000, 24, 3)
    assert Due.objects.get(reader="matching").event == event


def test_a_change_of_nothing_leaves_no_trace():
    request = factories.request(cooling=["air"], min_uptime="97.5")
    before = Event.objects.count()
    changed(request, cooling=["air"], min_uptime="97.5")
    assert (request.version, Event.objects.count()) == (2, before)


@pytest.mark.parametrize("version", [1, 3, 0])
def test_a_change_of_another_version_is_refused_and_changes_nothing(version):
    request = factories.request()
    with pytest.raises(lifecycle.Stale):
        changed(request, version=version, need_kw=2000)
    request.refresh_from_db()
    assert (request.need_kw, request.version) == (1000, 2)


def test_of_two_who_opened_the_same_version_the_second_is_refused():
    request = factories.request()
    other = CapacityRequest.objects.get(pk=request.pk)
    changed(request, need_kw=2000)
    with pytest.raises(lifecycle.Stale):
        changed(other, need_kw=3000)
    assert CapacityRequest.objects.get().need_kw == 2000


def test_the_fleet_is_replaced_and_its_kw_measured_anew():
    first, second = factories.machine(power_w=3500), factories.machine(power_w=3000)
    size = {"need_kw": None, "efficiency_j_th": None, "worst_j_th": None}
    request = factories.request(fleet=[{"machine": str(first.pk), "quantity": 100}], **size)
    changed(request, fleet=[{"machine": str(second.pk), "quantity": 200}], **size)
    assert [(line.machine, line.quantity) for line in request.fleet.all()] == [(second, 200)]
    assert (request.need_kw, request.worst_j_th) == (600, Decimal("15.00"))
    assert "fleet" in Event.objects.get(subject_id=request.pk, code="changed").params["fields"]


def test_a_withdrawn_request_is_not_changed():
    request = factories.request()
    requests.withdraw(request=request, by=owner_of(request), now=NOW)
    with pytest.raises(requests.NotChangeable):
        changed(request, need_kw=2000)


def test_expiry_and_anonymity_stay_unless_they_are_given():
    request = factories.request(is_anonymous=True)
    hour = request.expires_at
    changed(request, need_kw=1500)
    assert (request.is_anonymous, request.expires_at) == (True, hour)
    requests.change(
        request=request,
        need=factories.need(need_kw=1500),
        version=request.version,
        is_anonymous=False,
        expires_at=NOW + timedelta(days=5),
        by=owner_of(request),
        now=NOW,
    )
    assert (request.is_anonymous, request.expires_at) == (False, NOW + timedelta(days=5))


def made(owner, *, id, **fields):
    return requests.create(
        owner=owner,
        need=factories.need(**fields),
        expires_at=NOW + timedelta(days=60),
        id=id,
        by=owner.memberships.get(role="owner").user,
        now=NOW,
    )


def test_a_form_sent_twice_makes_one_request(red_river):
    one = uuid.uuid4()
    first, second = made(red_river, id=one), made(red_river, id=one, need_kw=9000)
    assert first == second
    assert CapacityRequest.objects.get().need_kw == 1000
    assert Event.objects.filter(subject_id=one, code="drafted").count() == 1


def test_the_id_of_somebody_elses_request_is_refused(red_river):
    theirs = factories.request()
    with pytest.raises(requests.IdTaken):
        made(red_river, id=theirs.pk)
    assert not CapacityRequest.objects.filter(owner=red_river).exists()


def test_a_copy_is_a_new_draft_with_the_same_need_and_fleet():
    machine = factories.machine()
    request = factories.request(
        fleet=[{"machine": str(machine.pk), "quantity": 300}],
        need_kw=None,
        efficiency_j_th=None,
        worst_j_th=None,
        licences=[{"type": "kz-2", "valid_from": None, "valid_to": "2028-01-01"}],
        weights={"price": 70},
        is_anonymous=True,
    )
    requests.withdraw(request=request, by=owner_of(request), now=NOW)
    copy = requests.repost(request=request, by=owner_of(request), now=NOW)
    assert (copy.status, copy.need_kw, copy.is_anonymous) == ("draft", 1050, True)
    assert (copy.licences, copy.weights) == (request.licences, {"price": 70})
    assert [(line.machine, line.quantity) for line in copy.fleet.all()] == [(machine, 300)]
    assert copy.pk != request.pk


def test_a_copy_of_a_past_window_begins_today_and_is_as_long():
    request = factories.request()
    later = NOW + timedelta(days=200)
    copy = requests.repost(request=request, by=owner_of(request), now=later)
    assert copy.earliest_start == later.date()
    assert copy.latest_start - copy.earliest_start == request.latest_start - request.earliest_start


def test_publishing_copies_the_kw_of_the_fleet_as_the_catalogue_stands_then():
    machine = factories.machine(power_w=3500)
    request = factories.request(
        status="draft",
        fleet=[{"machine": str(machine.pk), "quantity": 100}],
        need_kw=None,
        efficiency_j_th=None,
        worst_j_th=None,
    )
    machine.power_w = 4000
    machine.save()
    requests.publish(request=request, by=owner_of(request), now=NOW)
    assert (request.status, request.need_kw) == ("open", 400)


def test_a_draft_whose_window_has_passed_is_not_published():
    request = factories.request(status="draft", latest_start=(TODAY + timedelta(days=30)).isoformat())
    with pytest.raises(Invalid) as refusal:
        requests.publish(request=request, by=owner_of(request), now=NOW + timedelta(days=31))
    assert "latest_start" in refusal.value.fields
    request.refresh_from_db()
    assert request.status == "draft"


@pytest.mark.parametrize("step", ["publish", "withdraw"])
def test_a_step_decided_on_another_version_is_refused(step):
    request = factories.request(status="draft")
    with pytest.raises(lifecycle.Stale):
        getattr(requests, step)(request=request, version=7, by=owner_of(request), now=NOW)
    request.refresh_from_db()
    assert request.status == "draft"
