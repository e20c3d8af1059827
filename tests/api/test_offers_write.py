"""offers/: begun, changed and moved by their host."""

from datetime import date, timedelta

import pytest

from accounts.models import Event, Membership
from hosting.models import Commitment, Offer
from hosting.services import capacity
from tests import factories
from tests.api.walking import API, is_problem
from tests.api.writing import OFFER, program, version

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(steppe):
    return factories.site(steppe, total_kw=20_000)


@pytest.fixture
def host(steppe):
    """A program of Hanna's host."""
    return program(steppe, "offers:write")


@pytest.fixture
def begin(host, site):
    """begin(title="x"): the body of a new draft."""

    def begun(**changes):
        answer = host.post(f"{API}/offers/", {"site": str(site.pk), **OFFER, **changes})
        assert answer.status_code == 201, answer.content
        return answer.json()

    return begun


def address(body, step=""):
    return f"{API}/offers/{body['id']}/{step}"


def test_a_host_begins_an_offer_with_terms_and_phases_and_reads_back_what_it_sent(begin, site, steppe, hanna):
    body = begin()
    expected = {name: value for name, value in OFFER.items() if name != "phases"}
    assert {name: body[name] for name in expected} == expected
    assert body["phases"] == [
        {"available_kw": 5000, "starts_on": "2027-01-11", "ends_on": None, "state": "energised"}
    ]
    assert (body["status"], body["evidence"], body["published_at"]) == ("draft", "claimed", None)
    assert (body["site"]["id"], body["terms_waiting"]) == (str(site.pk), [])
    event = Event.objects.get(subject_id=body["id"], code="drafted")
    assert (event.by, event.on_behalf_of) == (hanna.pk, steppe.pk)


@pytest.mark.parametrize(
    "name", ["evidence", "status", "free_kw", "list_price", "commitments", "published_at", "version", "host"]
)
def test_what_only_the_server_says_is_never_written(begin, host, site, name):
    problem = is_problem(host.post(f"{API}/offers/", {"site": str(site.pk), **OFFER, name: "verified"}), 400)
    assert set(problem["errors"]) == {name}
    assert not Offer.objects.exists()
    body = begin()
    problem = is_problem(host.patch(address(body), {name: "verified"}, headers=version(body["version"])), 400)
    assert set(problem["errors"]) == {name}


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_begun(host, site):
    wrong = {
        "uptime": "101",
        "currency": "XXX0",
        "levies_included": "yes",
        "title": "",
        "phases": [
            {"available_kw": 0, "starts_on": "soon"},
            {"available_kw": 5, "starts_on": "2027-01-01", "x": 1},
        ],
    }
    problem = is_problem(
        host.post(f"{API}/offers/", {"site": str(site.pk), **OFFER, **wrong}), 400, "invalid"
    )
    assert set(problem["errors"]) == {
        *("uptime", "currency", "levies_included", "title"),
        *("phases.0.available_kw", "phases.0.starts_on", "phases.1.x"),
    }
    assert not Offer.objects.exists()


def test_tiers_are_written_with_a_tiered_price(begin):
    tiers = [{"min_kw": 500, "energy_price": "0.060000"}, {"min_kw": 2000, "energy_price": "0.055000"}]
    assert begin(price_model="tiered", energy_price=None, tiers=tiers)["tiers"] == tiers


def test_an_offer_of_somebody_elses_site_can_not_be_begun(host):
    foreign = factories.site()
    for named in (str(foreign.pk), "x", None, 3):
        problem = is_problem(host.post(f"{API}/offers/", {"site": named, **OFFER}), 400)
        assert set(problem["errors"]) == {"site"}


def test_a_change_leaves_what_was_not_sent(begin, host):
    before = begin()
    change = {"energy_price": "0.059000", "uptime": "98"}
    answer = host.patch(address(before), change, headers=version(before["version"]))
    assert answer.status_code == 200, answer.content
    after = answer.json()
    assert (after["energy_price"], after["uptime"]) == ("0.059000", "98.00")
    assert after["version"] > before["version"]
    same = set(before) - {*change, "version", "updated_at"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_a_change_of_nothing_writes_nothing(begin, host):
    before = begin()
    events = Event.objects.count()
    answer = host.patch(address(before), {"title": before["title"]}, headers=version(before["version"]))
    assert answer.json()["version"] == before["version"]
    assert Event.objects.count() == events


def test_a_stale_version_is_refused_and_a_missing_one_asked_for(begin, host):
    body = begin()
    for path, method in ((address(body), host.patch), (address(body, "submit/"), host.post)):
        is_problem(method(path, {}, headers=version(body["version"] - 1)), 412, "stale")
        is_problem(method(path, {}), 400, "if_match_missing")
    assert Offer.objects.get().status == "draft"


def test_phases_that_are_sent_are_all_there_is_afterwards(begin, host):
    body = begin(
        phases=[
            {"available_kw": 1000, "starts_on": "2027-01-11"},
            {"available_kw": 2000, "starts_on": "2027-02-01"},
            {"available_kw": 3000, "starts_on": "2027-03-01"},
        ]
    )
    wanted = [
        {"available_kw": 1000, "starts_on": "2027-01-11", "ends_on": None, "state": "energised"},
        {"available_kw": 2500, "starts_on": "2027-02-01", "ends_on": "2028-01-01", "state": "planned"},
    ]
    answer = host.patch(address(body), {"phases": wanted}, headers=version(body["version"]))
    assert answer.json()["phases"] == wanted
    codes = (
        Event.objects.filter(subject_kind="hosting.capacityphase")
        .order_by("pk")
        .values_list("code", flat=True)
    )
    assert list(codes) == ["added", "added", "added", "changed", "removed"]


def test_phases_never_fall_beneath_what_is_committed(steppe, host, site, sam):
    offer = factories.offer(site)
    capacity.hold(
        offer=offer, kw=4000, starts_on=date(2027, 2, 1), ends_on=date(2028, 2, 1),
        held_until=factories.NOW + timedelta(3), by=sam, now=factories.NOW,
    )  # fmt: skip
    offer.refresh_from_db()
    change = {"phases": [{"available_kw": 3000, "starts_on": "2027-01-11"}], "title": "Other"}
    answer = host.patch(address({"id": offer.pk}), change, headers=version(offer.version))
    is_problem(answer, 409, "phase_beneath_committed")
    offer.refresh_from_db()
    assert (offer.title != "Other", offer.phases.get().available_kw) == (True, 5000)
    assert Commitment.objects.live().count() == 1


def test_phases_of_a_live_offer_never_exceed_the_site(host, site):
    offer = factories.offer(site)
    change = {"phases": [{"available_kw": 20_001, "starts_on": "2027-01-11"}]}
    is_problem(
        host.patch(address({"id": offer.pk}), change, headers=version(offer.version)), 409, "site_too_small"
    )
    assert offer.phases.get().available_kw == 5000


def test_phases_may_trade_places_within_the_sites_power(host, site):
    # Neither order of single steps would be allowed on its own: one oversteps the site, the other is short.
    offer = factories.offer(site, phases=((12_000, factories.TODAY, None), (8_000, factories.TODAY, None)))
    wanted = [{"available_kw": kw, "starts_on": "2027-01-11"} for kw in (5_000, 15_000)]
    answer = host.patch(address({"id": offer.pk}), {"phases": wanted}, headers=version(offer.version))
    assert answer.status_code == 200, answer.content
    assert sorted(phase["available_kw"] for phase in answer.json()["phases"]) == [5_000, 15_000]


def test_a_pass_through_of_a_live_offer_waits_for_staff(host, site):
    terms = {"price_model": "pass_through", "passthrough_estimate": "0.02"}
    offer = factories.offer(site, terms=terms)
    change = {"passthrough_estimate": "0.03"}
    body = host.patch(address({"id": offer.pk}), change, headers=version(offer.version)).json()
    assert body["terms_waiting"] == ["passthrough_estimate"]
    assert body["passthrough_estimate"] == "0.020000"
    # What waits is what the next change is laid upon.
    body = host.patch(address(body), {"uptime": "98"}, headers=version(body["version"])).json()
    assert body["terms_waiting"] == ["passthrough_estimate"]


def test_an_offer_is_submitted_paused_resumed_and_withdrawn(begin, host, sam):
    body = begin()
    body = host.post(address(body, "submit/"), headers=version(body["version"])).json()
    assert body["status"] == "in_review"
    is_problem(
        host.patch(address(body), {"uptime": "98"}, headers=version(body["version"])),
        409,
        "offer_not_editable",
    )
    is_problem(host.post(address(body, "pause/"), headers=version(body["version"])), 409, "no_such_move")
    offer = Offer.objects.get()
    factories.offers.publish(offer=offer, by=sam, why="seen", now=factories.NOW)
    seen = offer.version
    for step, status in (("pause", "paused"), ("resume", "published"), ("withdraw", "withdrawn")):
        sent = {"why": "sold"} if step == "withdraw" else {}
        answer = host.post(address(body, f"{step}/"), sent, headers=version(seen))
        assert answer.status_code == 200, answer.content
        assert answer.json()["status"] == status
        seen = answer.json()["version"]
    assert Event.objects.get(status_to="withdrawn").why == "sold"


def test_an_offer_that_was_sent_back_becomes_a_draft_again(host, site, sam):
    offer = factories.offer(site, status="in_review")
    Offer.objects.filter(pk=offer.pk).update(status="changes_requested")
    answer = host.post(address({"id": offer.pk}, "draft/"), headers=version(offer.version))
    assert answer.json()["status"] == "draft"


def test_a_step_takes_no_fields_of_its_own(begin, host):
    body = begin()
    answer = host.post(address(body, "submit/"), {"status": "published"}, headers=version(body["version"]))
    assert set(is_problem(answer, 400)["errors"]) == {"status"}


STEPS = ("submit", "draft", "pause", "resume", "withdraw")


@pytest.mark.parametrize("step", ["", *STEPS])
def test_who_may_not_write_offers(as_, stranger, steppe, red_river, mallory, min_, site, step):
    offer = factories.offer(site)
    reader = factories.user()
    Membership.objects.create(organization=steppe, user=reader, role="viewer", created_at=factories.NOW)
    expected = {
        "stranger": (stranger, 401),
        "mallory": (as_(mallory), 403),
        "viewer": (as_(reader), 403),
        "foreign": (as_(min_), 404),
        "foreign program": (program(red_river, "offers:write"), 404),
        "reading program": (program(steppe, "requests:write"), 403),
    }
    path = address({"id": offer.pk}, f"{step}/" if step else "")
    events = Event.objects.count()
    for name, (client, status) in expected.items():
        call = client.post if step else client.patch
        assert (name, call(path, {}, headers=version(offer.version)).status_code) == (name, status)
        if not step:
            sent = {"site": str(site.pk), **OFFER}
            assert client.post(f"{API}/offers/", sent).status_code == (400 if status == 404 else status)
    assert Event.objects.filter(subject_kind__startswith="hosting").count() <= events
    assert Offer.objects.get().status == "published"


def test_the_same_key_begins_one_offer(host, site):
    sent, key = {"site": str(site.pk), **OFFER}, {"Idempotency-Key": "k"}
    first, second = (host.post(f"{API}/offers/", sent, headers=key) for _try in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert Offer.objects.count() == 1
