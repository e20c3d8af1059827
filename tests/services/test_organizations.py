"""Organizations: founded once, described, never without an owner; people who leave for good."""

import uuid

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.models import Event, Membership, Organization, User
from accounts.services import lifecycle, members, organizations, people
from accounts.services.errors import Invalid
from hosting.services import offers, requests
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def found(by, **fields):
    values = {"handle": "tian-shan", "legal_name": "Tian Shan Ltd", "country": "KZ", "kinds": ["host"]}
    return organizations.found(by=by, now=NOW, **{**values, **fields})


def describe(organization, **fields):
    values = {
        "kinds": organization.kinds,
        "legal_name": organization.legal_name,
        "country": organization.country,
        "registration_number": organization.registration_number,
        "version": organization.version,
        "by": None,
        "now": NOW,
    }
    organizations.describe(organization=organization, **{**values, **fields})


def test_who_founds_it_owns_it_and_it_can_be_several_things_at_once(mallory):
    made = found(mallory, kinds=["host", "miner"])
    assert made.kinds == ["host", "miner"]
    assert made.memberships.get().role == "owner"
    assert made.verification == "unverified"


def test_the_same_form_sent_twice_founds_one(mallory):
    drawn = uuid.uuid4()
    assert found(mallory, id=drawn) == found(mallory, id=drawn)
    assert Organization.objects.count() == 1


def test_a_row_of_somebody_else_is_not_given_for_its_id(mallory, hanna):
    drawn = uuid.uuid4()
    found(mallory, id=drawn)
    with pytest.raises(organizations.HandleTaken):
        found(hanna, id=drawn)


@pytest.mark.parametrize("handle", ["taken-one", "act-for"])
def test_a_taken_or_reserved_handle_is_refused(handle, mallory, hanna):
    found(hanna, handle="taken-one")
    with pytest.raises(organizations.HandleTaken):
        found(mallory, handle=handle)
    assert not Membership.objects.filter(user=mallory).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handle", "No"),
        ("handle", "-dash-"),
        ("legal_name", ""),
        ("country", "ZZ"),
        ("country", "KAZ"),
        ("kinds", []),
        ("kinds", ["bank"]),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(field, value, mallory):
    with pytest.raises(Invalid) as refused:
        found(mallory, **{field: value})
    assert field in refused.value.fields


def test_kinds_can_change_and_particulars_only_before_staff_looks(steppe, mallory):
    describe(steppe, kinds=["host", "broker"])
    assert steppe.kinds == ["host", "broker"]
    with pytest.raises(organizations.ParticularsFixed):
        describe(steppe, legal_name="Another LLP")
    fresh = found(mallory)
    describe(fresh, legal_name="Tian Shan Power Ltd", registration_number="77")
    assert (fresh.legal_name, fresh.registration_number, fresh.version) == ("Tian Shan Power Ltd", "77", 2)


def test_who_saw_an_older_version_is_refused(steppe):
    seen = steppe.version
    describe(steppe, kinds=["host", "broker"])
    with pytest.raises(lifecycle.Stale):
        describe(steppe, kinds=["host"], version=seen)
    assert Organization.objects.get(pk=steppe.pk).kinds == ["host", "broker"]
    with pytest.raises(lifecycle.Stale):
        describe(steppe, version=None)


def test_the_last_owner_stays_an_owner_and_stays(red_river, min_, mina):
    owner = red_river.memberships.get(user=min_)
    with pytest.raises(members.LastOwner):
        members.change_role(membership=owner, role="viewer", was="owner", by=min_, now=NOW)
    with pytest.raises(members.LastOwner):
        members.remove(membership=owner, by=min_, now=NOW)
    other = red_river.memberships.get(user=mina)
    members.change_role(membership=other, role="owner", was="trader", by=min_, now=NOW)
    members.remove(membership=owner, by=min_, now=NOW)
    assert [one.user for one in red_river.memberships.all()] == [mina]
    assert Event.objects.filter(code="left", params__user=str(min_.pk)).exists()


def test_a_role_that_changed_meanwhile_is_not_overwritten(red_river, min_, mina):
    membership = red_river.memberships.get(user=mina)
    with pytest.raises(lifecycle.Stale):
        members.change_role(membership=membership, role="owner", was="viewer", by=min_, now=NOW)
    with pytest.raises(Invalid):
        members.change_role(membership=membership, role="king", was="trader", by=min_, now=NOW)
    membership.refresh_from_db()
    assert membership.role == "trader"


def test_a_closed_account_leaves_no_person_behind(mina, red_river):
    Authenticator.objects.create(user=mina, type="totp", data={})
    people.describe(user=mina, name="Mina", language="ru", time_zone="Asia/Almaty")
    people.close(user=mina, now=NOW)
    closed = User.objects.get(pk=mina.pk)
    assert (closed.is_active, closed.name, closed.time_zone) == (False, "", "UTC")
    assert "mina" not in closed.email
    assert not closed.has_usable_password()
    assert not EmailAddress.objects.filter(user=mina).exists()
    assert not Authenticator.objects.filter(user=mina).exists()
    assert not red_river.memberships.filter(user=mina).exists()


def test_the_only_owner_with_members_cannot_close_the_account(min_, mina, red_river):
    with pytest.raises(people.StillNeeded):
        people.close(user=min_, now=NOW)
    assert User.objects.get(pk=min_.pk).is_active
    members.remove(membership=red_river.memberships.get(user=mina), by=min_, now=NOW)
    people.close(user=min_, now=NOW)


def test_the_only_owner_with_an_open_request_cannot_close_the_account(min_, red_river):
    request = factories.request(red_river)
    with pytest.raises(people.StillNeeded):
        people.close(user=min_, now=NOW)
    requests.withdraw(request=request, by=min_, now=NOW)
    people.close(user=min_, now=NOW)
    assert not User.objects.get(pk=min_.pk).is_active


def test_the_only_owner_with_a_live_offer_cannot_close_the_account(hanna, steppe):
    offer = factories.offer(factories.site(steppe))
    with pytest.raises(people.StillNeeded):
        people.close(user=hanna, now=NOW)
    offers.withdraw(offer=offer, by=hanna, now=NOW)
    people.close(user=hanna, now=NOW)
    assert not User.objects.get(pk=hanna.pk).is_active


@pytest.mark.parametrize(("field", "value"), [("language", "xx"), ("time_zone", "Mars/Base")])
def test_unknown_languages_and_time_zones_are_refused(field, value, mallory):
    values = {"name": "M", "language": "en", "time_zone": "UTC", field: value}
    with pytest.raises(Invalid) as refused:
        people.describe(user=mallory, **values)
    assert list(refused.value.fields) == [field]
