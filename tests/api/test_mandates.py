"""Brokers act for a miner under its mandate, while it is valid, and not a moment longer."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from accounts.services import organizations
from accounts.services.errors import Invalid
from hosting.models import CapacityRequest, Mandate
from hosting.services import mandates, requests
from tests import factories
from tests.api.walking import API, is_problem, walk
from tests.api.writing import REQUEST, program, version
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

FOR_MIN = {**REQUEST, "miner": "red-river"}


@pytest.fixture
def bea(db):
    return factories.user("bea@example.org")


@pytest.fixture
def agency(bea):
    """Bea's verified broker."""
    return factories.organization("broker", by=bea, handle="bridge-agency", legal_name="Bridge Agency BV")


@pytest.fixture
def broker(agency):
    return program(agency, "requests:write", "deals:write")


def granted(miner, by, starts=0, days=30, **more):
    return mandates.grant(
        miner=miner,
        broker="bridge-agency",
        valid_from=TODAY + timedelta(starts),
        valid_until=TODAY + timedelta(starts + days),
        by=by,
        now=NOW,
        **more,
    )


@pytest.fixture
def mandate(agency, red_river, min_):
    return granted(red_river, min_)


def address(body, step=""):
    return f"{API}/requests/{body['id']}/{step}"


def test_a_broker_saves_changes_and_publishes_a_request_for_the_miner(
    broker, mandate, red_river, bea, agency
):
    answer = broker.post(f"{API}/requests/", FOR_MIN)
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["owner"], body["broker"]) == ("red-river", "bridge-agency")
    assert body["max_price_usd"] == REQUEST["max_price_usd"]
    body = broker.patch(address(body), {"term_months": 6}, headers=version(body["version"])).json()
    body = broker.post(address(body, "publish/"), headers=version(body["version"])).json()
    assert body["status"] == "open"
    assert broker.get(address(body, "matches/")).status_code == 200
    made = CapacityRequest.objects.get()
    assert (made.owner, made.mandate) == (red_river, mandate)
    events = Event.objects.filter(subject_id=made.pk)
    assert [event.code for event in events.order_by("pk")] == ["drafted", "changed", "became_open"]
    assert {(event.by, event.on_behalf_of) for event in events} == {(bea.pk, red_river.pk)}


def test_the_miner_sees_what_was_posted_for_it_and_nobody_else_who_posted_it(
    broker, mandate, red_river, steppe, stranger
):
    body = broker.post(f"{API}/requests/", FOR_MIN).json()
    broker.post(address(body, "publish/"), headers=version(body["version"]))
    (own,) = walk(program(red_river), "requests/", own="1")
    assert own["broker"] == "bridge-agency"
    for client in (stranger, program(steppe)):
        (seen,) = walk(client, "requests/")
        assert not {"broker", "owner", "max_price_usd"} & set(seen)


def test_a_person_of_the_broker_acts_in_a_session(as_, bea, mandate):
    assert as_(bea).post(f"{API}/requests/", FOR_MIN).json()["owner"] == "red-river"


def test_the_brokers_side_of_an_interest_is_the_miners(broker, mandate, steppe):
    factories.fact("KZ", "legal_status", "legal_licensed")
    offer = factories.offer(factories.site(steppe))
    body = broker.post(f"{API}/requests/", FOR_MIN).json()
    broker.post(address(body, "publish/"), headers=version(body["version"]))
    made = broker.post(f"{API}/interests/", {"request": body["id"], "offer": str(offer.pk)})
    assert made.json()["side"] == "miner"


def test_without_a_mandate_nothing_is_posted(broker, red_river):
    is_problem(broker.post(f"{API}/requests/", FOR_MIN), 403, "no_mandate")
    # Who exists is not told this way.
    is_problem(broker.post(f"{API}/requests/", {**REQUEST, "miner": "nobody-here"}), 403, "no_mandate")
    assert not CapacityRequest.objects.exists()


@pytest.mark.parametrize(("starts", "days"), [(1, 30), (-30, 30)])
def test_a_mandate_counts_from_its_first_day_to_its_last(broker, agency, red_river, starts, days):
    Mandate.objects.create(
        broker=agency, miner=red_river, valid_from=TODAY + timedelta(starts),
        valid_until=TODAY + timedelta(starts + days), created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    is_problem(broker.post(f"{API}/requests/", FOR_MIN), 403, "no_mandate")


def test_a_mandate_of_another_miner_does_not_count(broker, mandate):
    other = factories.organization("miner")
    is_problem(broker.post(f"{API}/requests/", {**REQUEST, "miner": other.handle}), 403, "no_mandate")


def test_a_mandate_that_is_ended_ends_at_once(broker, mandate, min_):
    body = broker.post(f"{API}/requests/", FOR_MIN).json()
    mandates.end(mandate=mandate, by=min_, now=NOW)
    is_problem(broker.post(f"{API}/requests/", FOR_MIN), 403, "no_mandate")
    for call in (
        broker.get(address(body)),
        broker.get(address(body, "matches/")),
        broker.patch(address(body), {"term_months": 6}, headers=version(body["version"])),
        broker.post(address(body, "publish/"), headers=version(body["version"])),
        broker.post(address(body, "withdraw/"), headers=version(body["version"])),
    ):
        is_problem(call, 404)
    made = CapacityRequest.objects.get()
    requests.publish(request=made, by=min_, now=NOW)
    seen = broker.get(address(body)).json()
    assert not {"broker", "owner", "max_price_usd", "weights"} & set(seen)


def test_a_mandate_that_runs_out_ends_with_its_day(broker, mandate, monkeypatch):
    body = broker.post(f"{API}/requests/", FOR_MIN).json()
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(29))
    assert broker.get(address(body)).status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(30))
    assert broker.get(address(body)).status_code == 404


def test_a_broker_sees_only_what_it_posted_itself(broker, mandate, red_river):
    own = factories.request(red_river, status="draft")
    assert broker.get(address({"id": own.pk})).status_code == 404


def test_both_are_verified_when_a_broker_publishes(broker, mandate, agency):
    body = broker.post(f"{API}/requests/", FOR_MIN).json()
    organizations.suspend(organization=agency, by=factories.REVIEWER, why="asked", now=NOW)
    is_problem(
        broker.post(address(body, "publish/"), headers=version(body["version"])), 403, "owner_not_verified"
    )


def test_a_miner_that_names_itself_posts_for_itself(red_river):
    body = program(red_river, "requests:write").post(f"{API}/requests/", FOR_MIN).json()
    assert (body["owner"], body["broker"]) == ("red-river", None)


def test_granting_and_ending_write_one_event_each(red_river, min_, agency, mandate):
    again = granted(red_river, min_, id=mandate.pk)
    assert again == mandate
    mandates.end(mandate=mandate, by=min_, now=NOW)
    mandates.end(mandate=mandate, by=min_, now=NOW + timedelta(1))
    assert mandate.ended_at == NOW
    events = Event.objects.filter(subject_id=mandate.pk).order_by("pk")
    assert [(event.code, event.on_behalf_of) for event in events] == [
        ("granted", red_river.pk), ("ended", red_river.pk),
    ]  # fmt: skip
    assert events[0].params == {"broker": str(agency.pk)}


@pytest.mark.parametrize(
    ("starts", "days", "field"),
    [(0, 0, "valid_until"), (5, -1, "valid_until"), (0, 4000, "valid_until"), (-9, 9, "valid_until")],
)
def test_a_period_that_makes_no_sense_is_refused(agency, red_river, min_, starts, days, field):
    with pytest.raises(Invalid) as refused:
        granted(red_river, min_, starts, days)
    assert set(refused.value.fields) == {field}
    assert not Mandate.objects.exists()


def test_only_a_broker_is_mandated_and_only_by_a_miner(agency, red_river, steppe, hanna, min_, bea):
    with pytest.raises(mandates.NotAnOwner):
        granted(steppe, hanna)
    agency.is_broker, agency.is_partner = False, True
    agency.save()
    with pytest.raises(Invalid) as refused:
        granted(red_river, min_)
    assert set(refused.value.fields) == {"broker"}


def test_a_miners_owner_grants_and_ends_on_the_page(agency, red_river, min_):
    browser = Client()
    browser.force_login(min_)
    page = reverse("mandates", args=["red-river"])
    sent = {
        "acting": "red-river", "id": "7b0e1e5e-3a5d-4d0c-9d64-0f1a3f0f7f11", "broker": "bridge-agency",
        "valid_from": "2027-01-11", "valid_until": "2027-06-30",
    }  # fmt: skip
    for _twice in range(2):
        assert browser.post(page, sent).status_code == 302
    made = Mandate.objects.get()
    # People see the last day, the period ends on the day after it.
    assert made.valid_until.isoformat() == "2027-07-01"
    assert b"30 Jun 2027" in browser.get(page).content
    assert (
        browser.post(reverse("mandate_end", args=["red-river", made.pk]), {"acting": "red-river"}).status_code
        == 302
    )
    made.refresh_from_db()
    assert made.ended_at == NOW


def test_the_page_says_what_is_wrong_beside_the_field(agency, red_river, min_):
    browser = Client()
    browser.force_login(min_)
    sent = {
        "acting": "red-river", "id": "7b0e1e5e-3a5d-4d0c-9d64-0f1a3f0f7f11", "broker": "nobody",
        "valid_from": "2027-01-11", "valid_until": "9999-12-31",
    }  # fmt: skip
    answer = browser.post(reverse("mandates", args=["red-river"]), sent)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"broker", "valid_until"}


def test_the_broker_sees_for_whom_it_acts(agency, mandate, bea):
    browser = Client()
    browser.force_login(bea)
    page = browser.get(reverse("mandates", args=["bridge-agency"])).content.decode()
    assert "red-river" in page
    assert "Grant the mandate" not in page
