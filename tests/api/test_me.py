"""me/: whom the server takes one for."""

import pytest
from rest_framework.test import APIClient

from accounts.services import tokens
from tests import factories
from tests.api.walking import API, is_problem

pytestmark = pytest.mark.django_db


def test_a_stranger_is_nobody(stranger):
    is_problem(stranger.get(f"{API}/me/"), 401, "not_authenticated")


def test_a_token_is_its_organization(steppe, hanna, stranger):
    made, secret = tokens.make(
        organization=steppe, scopes=["offers:write"], name="fleet", by=hanna, now=factories.NOW
    )
    answer = stranger.get(f"{API}/me/", headers={"Authorization": f"Bearer {secret}"})
    mine = {"handle": "steppe-power", "kinds": ["host"], "verification": "verified", "role": "trader"}
    body = answer.json()
    token = body.pop("token")
    assert body == {"person": None, "organization": mine, "organizations": [mine]}
    assert (token["id"], token["prefix"], token["scopes"]) == (str(made.pk), made.prefix, ["offers:write"])
    assert (token["name"], token["expires_at"]) == ("fleet", None)
    assert token["last_used_at"] == "2027-01-11T09:00:00Z"
    assert secret not in answer.content.decode()


def test_a_person_with_one_organization_acts_for_it(as_, mina):
    body = as_(mina).get(f"{API}/me/").json()
    assert body["person"]["email"] == "mina@example.org"
    assert body["organization"]["handle"] == "red-river"
    assert body["organization"]["role"] == "trader"
    assert body["token"] is None


def test_a_person_with_several_says_for_which(as_, hanna, steppe):
    factories.organization("miner", by=hanna, handle="second-hat", is_verified=False)
    body = as_(hanna).get(f"{API}/me/").json()
    assert body["organization"] is None
    assert [one["handle"] for one in body["organizations"]] == ["second-hat", "steppe-power"]
    chosen = as_(hanna, "second-hat").get(f"{API}/me/").json()["organization"]
    assert (chosen["handle"], chosen["verification"], chosen["role"]) == ("second-hat", "unverified", "owner")


def test_mallory_belongs_to_nobody_and_to_no_handle_either(as_, mallory, steppe):
    body = as_(mallory).get(f"{API}/me/").json()
    assert (body["organization"], body["organizations"]) == (None, [])
    is_problem(as_(mallory, "steppe-power").get(f"{API}/me/"), 403, "not_allowed")


def test_it_is_only_read(steppe, hanna):
    client = APIClient()
    client.force_login(hanna)
    for method in ("post", "put", "patch", "delete"):
        is_problem(getattr(client, method)(f"{API}/me/", {}), 405, "method_not_allowed")
