"""sites/: described and changed by their host."""

import pytest

from accounts.models import Event, Membership
from hosting.models import Site
from tests import factories
from tests.api.walking import API, is_problem
from tests.api.writing import SITE, program, version

pytestmark = pytest.mark.django_db


@pytest.fixture
def kazakhstan():
    factories.jurisdiction("KZ")


@pytest.fixture
def host(steppe, kazakhstan):
    """A program of Hanna's host."""
    return program(steppe, "offers:write")


def test_a_host_describes_a_site_and_reads_back_what_it_sent(host, steppe, hanna):
    answer = host.post(f"{API}/sites/", SITE)
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert {name: body[name] for name in SITE} == SITE
    assert body["host"]["handle"] == "steppe-power"
    assert answer["Location"] == f"{API}/sites/{body['id']}/"
    site = Site.objects.get(pk=body["id"])
    assert site.host == steppe
    event = Event.objects.get(subject_id=site.pk, code="described")
    assert (event.by, event.on_behalf_of) == (hanna.pk, steppe.pk)


def test_only_the_fields_that_are_sent_change(host):
    made = host.post(f"{API}/sites/", SITE).json()
    answer = host.patch(
        f"{API}/sites/{made['id']}/", {"region": "Abai region", "pue": None}, headers=version(made["version"])
    )
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert body["version"] == made["version"] + 1
    assert (body["region"], body["pue"], body["changes_waiting"]) == ("Abai region", None, [])
    unchanged = set(made) - {"region", "pue", "version", "updated_at"}
    assert {name: body[name] for name in unchanged} == {name: made[name] for name in unchanged}


def test_a_stale_version_is_refused_and_a_missing_one_asked_for(host):
    made = host.post(f"{API}/sites/", SITE).json()
    address, change = f"{API}/sites/{made['id']}/", {"region": "Abai region"}
    is_problem(host.patch(address, change, headers=version(made["version"] + 1)), 412, "stale")
    is_problem(host.patch(address, change), 400, "if_match_missing")
    # Even what would change nothing is not said about another version.
    is_problem(host.patch(address, {"name": SITE["name"]}, headers=version(7)), 412, "stale")
    assert Site.objects.get().region == SITE["region"]


@pytest.mark.parametrize("name", ["id", "version", "host", "legal_status", "evidence", "status", "colour"])
def test_a_field_that_is_not_the_hosts_to_write_is_named(host, name):
    problem = is_problem(host.post(f"{API}/sites/", {**SITE, name: "x"}), 400)
    assert set(problem["errors"]) == {name}
    assert not Site.objects.exists()


def test_all_that_is_wrong_is_said_at_once(host):
    wrong = {**SITE, "total_kw": "3,500", "energy_mix": {"coal": "50"}, "jurisdiction": "XX"}
    problem = is_problem(host.post(f"{API}/sites/", wrong), 400, "invalid")
    assert set(problem["errors"]) == {"total_kw", "energy_mix", "jurisdiction"}


def test_a_body_that_is_no_object_is_refused(host):
    assert "body" in is_problem(host.post(f"{API}/sites/", [SITE]), 400)["errors"]


def test_a_second_site_of_the_same_name_is_a_conflict(host):
    host.post(f"{API}/sites/", SITE)
    is_problem(host.post(f"{API}/sites/", SITE), 409, "site_name_taken")


def test_a_place_under_a_published_offer_waits_for_staff(host, steppe):
    site = factories.site(steppe)
    factories.offer(site)
    answer = host.patch(f"{API}/sites/{site.pk}/", {"region": "Elsewhere"}, headers=version(site.version))
    assert answer.json()["changes_waiting"] == ["region"]
    assert answer.json()["region"] == "Karaganda region"


def test_an_organization_that_is_no_host_has_no_sites(red_river, kazakhstan):
    is_problem(program(red_river, "offers:write").post(f"{API}/sites/", SITE), 403, "not_a_host")


def test_who_may_not_write_sites(as_, stranger, steppe, hanna, red_river, mallory, min_, kazakhstan):
    site = factories.site(steppe)
    factories.offer(site)
    reader = factories.user()
    Membership.objects.create(organization=steppe, user=reader, role="viewer", created_at=factories.NOW)
    address, change = f"{API}/sites/{site.pk}/", {"grid": "220 kV"}
    expected = {
        "stranger": (stranger, 401, 401),
        "mallory": (as_(mallory), 403, 403),
        "viewer": (as_(reader), 403, 403),
        "foreign": (as_(min_), 403, 404),
        "foreign program": (program(red_river, "offers:write"), 403, 404),
        "reading program": (program(steppe), 403, 403),
        "owner": (as_(hanna), 201, 200),
    }
    for name, (client, to_make, to_change) in expected.items():
        made = client.post(f"{API}/sites/", {**SITE, "name": name}).status_code
        changed = client.patch(address, change, headers=version(site.version)).status_code
        assert (name, made, changed) == (name, to_make, to_change)


def test_a_session_is_protected_from_other_sites(as_, hanna, steppe, kazakhstan):
    browser = as_(hanna)
    browser.handler.enforce_csrf_checks = True
    is_problem(browser.post(f"{API}/sites/", SITE), 403)


def test_the_same_key_makes_one_site(host):
    key = {"Idempotency-Key": "one"}
    first = host.post(f"{API}/sites/", SITE, headers=key)
    second = host.post(f"{API}/sites/", SITE, headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert Site.objects.count() == 1
