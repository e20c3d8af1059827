"""Requests: saved, opened, withdrawn, expired."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.services import lifecycle
from accounts.services.errors import Invalid
from hosting.models import CapacityRequest, FleetLine
from hosting.services import requests
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_only_a_verified_organization_opens_a_request():
    owner = factories.organization("miner", is_verified=False)
    request = factories.request(owner, status="draft")
    with pytest.raises(requests.OwnerNotVerified):
        requests.publish(request=request, by=owner.memberships.get().user, now=NOW)


def test_a_carrier_asks_for_no_hosting():
    with pytest.raises(requests.NotAMiner):
        factories.request(factories.organization("partner"))


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_request_expires_within_the_next_twelve_months(days):
    with pytest.raises(Invalid) as refusal:
        factories.request(expires_in_days=days)
    assert "expires_at" in refusal.value.fields
    assert not CapacityRequest.objects.exists()


def test_the_kw_of_a_fleet_are_copied_and_stay_when_the_catalogue_changes():
    machine = factories.machine(power_w=3500, hashrate_th_s=Decimal(200))
    request = factories.request(
        fleet=[{"machine": str(machine.pk), "quantity": 1001}],
        need_kw=None,
        efficiency_j_th=None,
        worst_j_th=None,
    )
    machine.power_w = 4000
    machine.save()
    request.refresh_from_db()
    assert (request.need_kw, request.efficiency_j_th) == (3504, Decimal("17.50"))
    assert FleetLine.objects.get().quantity == 1001


def test_a_request_expires_at_its_hour():
    request = factories.request(expires_in_days=30)
    hour = NOW + timedelta(days=30)
    assert requests.expire_due(now=hour - timedelta(seconds=1)) == 0
    assert requests.expire_due(now=hour) == 1
    request.refresh_from_db()
    assert request.status == "expired"


def test_a_withdrawn_request_stays_withdrawn():
    request = factories.request()
    by = request.owner.memberships.get().user
    requests.withdraw(request=request, by=by, now=NOW)
    with pytest.raises(lifecycle.NoSuchMove):
        requests.publish(request=request, by=by, now=NOW)
