"""organizations/{handle}/: what is public of everybody, and the rest for the own side."""

import pytest
from rest_framework.test import APIClient

from accounts.services import tokens
from tests import factories
from tests.api.walking import API, is_problem

pytestmark = pytest.mark.django_db

PUBLIC = {"handle", "version", "kinds", "verified", "verified_at", "reputation", "licences"}
PRIVATE = {
    *("legal_name", "country", "registration_number", "verification"),
    *("sanctions_result", "sanctions_checked_on"),
}


def token_client(organization, by) -> APIClient:
    _made, secret = tokens.make(organization=organization, scopes=["market:read"], by=by, now=factories.NOW)
    return APIClient(headers={"Authorization": f"Bearer {secret}"})


def test_a_stranger_sees_the_public_side(stranger, steppe):
    body = stranger.get(f"{API}/organizations/steppe-power/").json()
    assert set(body) == PUBLIC
    assert (body["handle"], body["kinds"], body["verified"]) == ("steppe-power", ["host"], True)


def test_the_own_side_and_staff_see_all_of_it_and_others_do_not(
    as_, steppe, hanna, mallory, red_river, min_, sam
):
    for client in (as_(hanna), as_(sam), token_client(steppe, hanna)):
        body = client.get(f"{API}/organizations/steppe-power/").json()
        assert set(body) == PUBLIC | PRIVATE
        assert body["legal_name"] == "Steppe Power LLP"
    for client in (as_(mallory), as_(min_), token_client(red_river, min_)):
        assert set(client.get(f"{API}/organizations/steppe-power/").json()) == PUBLIC


def test_a_handle_that_nobody_has_is_not_found(stranger):
    is_problem(stranger.get(f"{API}/organizations/no-such-one/"), 404, "not_found")


def test_an_unknown_parameter_is_named(stranger, steppe):
    answer = stranger.get(f"{API}/organizations/steppe-power/", {"x": "1"})
    assert list(is_problem(answer, 400, "invalid")["errors"]) == ["x"]


def test_it_is_only_read(stranger, steppe):
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(stranger, method)(f"{API}/organizations/steppe-power/", {})
        is_problem(answer, 405, "method_not_allowed")


def test_the_number_of_queries_does_not_grow_with_its_licences(stranger, steppe, django_assert_num_queries):
    url = f"{API}/organizations/steppe-power/"
    with django_assert_num_queries(2):
        stranger.get(url)
    for number in range(5):
        steppe.licences.create(
            jurisdiction_code="KZ", type=f"t{number}", review="reviewed", created_at=factories.NOW,
            updated_at=factories.NOW,
        )  # fmt: skip
    with django_assert_num_queries(2):
        assert len(stranger.get(url).json()["licences"]) == 5
