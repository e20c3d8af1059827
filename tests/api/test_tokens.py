"""Calls with a token: who it is, what it may, and what is refused."""

import pytest
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.test import APIClient, APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from accounts.api import permissions, versions
from accounts.services import organizations, tokens
from accounts.services.errors import Refused
from accounts.services.lifecycle import Stale
from hosting.services import matches
from tests import factories
from tests.api.walking import API, is_problem
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_token(hanna, steppe):
    """A client of Steppe Power's with a token of these scopes."""

    def client_of(*scopes: str, **headers: str) -> APIClient:
        _made, secret = tokens.make(organization=steppe, scopes=scopes or ["market:read"], by=hanna, now=NOW)
        return APIClient(headers={"Authorization": f"Bearer {secret}", **headers})

    return client_of


def test_a_token_reads_what_is_its_organizations_own(with_token, stranger, steppe):
    draft = factories.offer(factories.site(steppe), status="draft")
    assert with_token().get(f"{API}/offers/{draft.pk}/").status_code == 200
    is_problem(stranger.get(f"{API}/offers/{draft.pk}/"), 404)


def test_a_token_of_staff_sees_no_more_than_its_organization(sam, steppe, red_river):
    organizations.join(organization=red_river, user=sam, role="owner", by=sam, now=NOW)
    _made, secret = tokens.make(organization=red_river, scopes=["market:read"], by=sam, now=NOW)
    draft = factories.offer(factories.site(steppe), status="draft")
    client = APIClient(headers={"Authorization": f"Bearer {secret}"})
    is_problem(client.get(f"{API}/offers/{draft.pk}/"), 404)


@pytest.mark.parametrize("header", ["Bearer guessed", "Bearer", "Bearer mh_00000000_x", "bearer  \u00e9"])
def test_a_token_that_opens_nothing_is_401_and_not_a_stranger(stranger, header):
    answer = stranger.get(f"{API}/offers/", headers={"Authorization": header})
    is_problem(answer, 401, "token_invalid")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_bad_token_is_not_saved_by_a_session_beside_it(as_, hanna, steppe):
    answer = as_(hanna).get(f"{API}/me/", headers={"Authorization": "Bearer guessed"})
    is_problem(answer, 401, "token_invalid")


def test_reading_needs_market_read(with_token):
    answer = with_token("webhooks:write").get(f"{API}/offers/")
    assert "market:read" in is_problem(answer, 403, "scope_missing")["detail"]
    answer = with_token("webhooks:write").post(f"{API}/matches/preview/", factories.NEED)
    is_problem(answer, 403, "scope_missing")


def test_a_token_needs_no_csrf_and_no_handle_but_a_foreign_handle_is_refused(with_token, red_river):
    client = with_token("market:read")
    client.handler.enforce_csrf_checks = True
    assert client.post(f"{API}/matches/preview/", factories.NEED).status_code == 200
    answer = client.get(f"{API}/offers/", headers={"X-Organization": "red-river"})
    is_problem(answer, 403, "not_allowed")


def test_a_call_with_a_token_makes_few_queries_whatever_it_reads(with_token, django_assert_max_num_queries):
    client = with_token()
    client.get(f"{API}/me/")
    with django_assert_max_num_queries(2):
        client.get(f"{API}/me/")


class Writing(APIView):
    """A view that writes offers, as the partners' views do."""


def verdict(method, *, person=None, secret=None, handle=None, needs=None):
    """What the permission says of a call: "ok", or the refusal's code."""
    headers = {}
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    if handle:
        headers["X-Organization"] = handle
    inner = getattr(APIRequestFactory(headers=headers), method)("/")
    view = Writing()
    view.permission_classes = (needs or permissions.needs("offers:write"),)
    if person:
        force_authenticate(inner, person)
    request = view.initialize_request(inner)
    view.request, view.headers = request, {}
    try:
        view.check_permissions(request)
    except (APIException, Refused) as refused:
        return getattr(refused, "code", None) or refused.get_codes()
    return "ok"


def test_who_may_write_and_who_may_read(hanna, steppe, mallory, red_river, mina):
    def secret(*scopes):
        return tokens.make(organization=steppe, scopes=scopes, by=hanna, now=NOW)[1]

    viewer = factories.user()
    organizations.join(organization=steppe, user=viewer, role="viewer", by=hanna, now=NOW)
    assert verdict("post") == "not_authenticated"
    assert verdict("get") == "not_authenticated"
    assert verdict("get", needs=permissions.needs("offers:write", is_public=True)) == "ok"
    assert verdict("post", needs=permissions.needs("offers:write", is_public=True)) == "not_authenticated"
    assert verdict("post", person=mallory) == "organization_missing"
    assert verdict("post", person=viewer) == "not_allowed"
    assert verdict("get", person=viewer) == "ok"
    assert verdict("post", person=mina) == "ok"
    assert verdict("post", person=mina, handle="steppe-power") == "not_allowed"
    assert verdict("post", secret=secret("offers:write")) == "ok"
    assert verdict("get", secret=secret("offers:write")) == "scope_missing"
    assert verdict("get", secret=secret("market:read")) == "ok"
    assert verdict("post", secret=secret("market:read", "requests:write")) == "scope_missing"


@pytest.mark.parametrize(
    ("header", "outcome"),
    [
        ('"3"', 3),
        ("3", 3),
        ('W/"3"', 3),
        (" 12 ", 12),
        (None, "if_match_missing"),
        ("*", "if_match_unreadable"),
        ('"3", "4"', "if_match_unreadable"),
        ('"x"', "if_match_unreadable"),
        ("", "if_match_unreadable"),
        ("9" * 5000, "if_match_unreadable"),
    ],
)
def test_if_match_holds_one_version(header, outcome):
    headers = {} if header is None else {"If-Match": header}
    request = Request(APIRequestFactory().post("/", headers=headers))
    if isinstance(outcome, int):
        assert versions.if_match(request) == outcome
        return
    with pytest.raises(versions.Invalid) as refused:
        versions.if_match(request)
    assert refused.value.code == outcome


def test_what_was_decided_about_another_version_is_412(stranger, monkeypatch):
    def stale(**_given):
        raise Stale

    monkeypatch.setattr(matches, "preview", stale)
    is_problem(stranger.post(f"{API}/matches/preview/", factories.NEED), 412, "stale")
