"""Idempotency-Key: sent twice, done once."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.urls import get_resolver, path
from django.utils import timezone
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from accounts.api import idempotency, permissions
from accounts.models import IdempotencyRecord
from accounts.services import repeats, tokens
from accounts.services.errors import Conflict, Invalid
from hosting.models import Jurisdiction
from tests import factories
from tests.api.walking import is_problem
from tests.factories import NOW

UNSAFE = ("post", "put", "patch", "delete")


def is_held() -> bool:
    """Whether a transaction is open inside that of the test."""
    return len(connection.savepoint_ids) > 0


class Places(APIView):
    """Makes a place, and then does what the body says."""

    permission_classes = (permissions.needs("offers:write"),)
    calls = 0

    @idempotency.idempotent
    def post(self, request):
        type(self).calls += 1
        factories.jurisdiction(request.data["code"])
        match request.data.get("then"):
            case "invalid":
                raise Invalid({"code": ["no"]})
            case "missing":
                raise Http404
            case "conflict":
                raise Conflict
            case "break":
                raise RuntimeError("broken")
            case "busy":
                return Response({"status": "busy"}, status=503)
            case "nothing":
                return Response(status=204)
        body = {"code": request.data["code"], "call": self.calls, "held": is_held()}
        return Response(body, status=201, headers={"Location": f"/places/{body['code']}/"})


class Files(APIView):
    """Takes a file, and says how long it is."""

    permission_classes = (permissions.needs("offers:write"),)
    parser_classes = (MultiPartParser,)

    @idempotency.idempotent
    def post(self, request):
        return Response({"size": len(request.data["file"].read()), "note": request.data["note"]})


class Looking(APIView):
    """Changes nothing, and may take long."""

    in_transaction: list[bool] = []

    @idempotency.repeatable
    def post(self, request):
        self.in_transaction.append(is_held())
        return Response({"seen": len(self.in_transaction)})


urlpatterns = [
    path("places/", Places.as_view()),
    path("files/", Files.as_view()),
    path("looking/", Looking.as_view()),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def _anew():
    Places.calls = 0
    Looking.in_transaction.clear()


def client_of(organization, by, key="key-1"):
    _made, secret = tokens.make(
        organization=organization, scopes=["market:read", "offers:write"], by=by, now=NOW
    )
    return APIClient(headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": key})


@pytest.fixture
def partner(steppe, hanna):
    return client_of(steppe, hanna)


def test_the_same_call_again_gets_the_same_answer_and_changes_nothing(partner):
    first = partner.post("/places/", {"code": "NO"})
    second = partner.post("/places/", {"code": "NO"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second["Content-Type"] == first["Content-Type"] == "application/json"
    assert second["Location"] == "/places/NO/"
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Places.calls == 1


def test_without_a_key_every_call_counts(partner):
    for _number in range(2):
        partner.post("/places/", {"code": "NO"}, headers={"Idempotency-Key": None})
    partner.post("/places/", {"code": "NO"}, headers={"Idempotency-Key": "another"})
    assert Places.calls == 3


@pytest.mark.parametrize(
    ("where", "body"), [("/places/", {"code": "SE"}), ("/places/?x=1", {"code": "NO"}), ("/looking/", {})]
)
def test_a_key_with_another_call_is_422(partner, where, body):
    partner.post("/places/", {"code": "NO"})
    is_problem(partner.post(where, body), 422, "idempotency_key_reused")
    assert Places.calls == 1
    assert not Jurisdiction.objects.filter(code="SE").exists()


def test_a_key_belongs_to_its_token(partner, steppe, hanna, red_river, min_):
    partner.post("/places/", {"code": "NO"})
    for client in (client_of(steppe, hanna), client_of(red_river, min_)):
        assert client.post("/places/", {"code": "SE"}).status_code == 201
    assert Places.calls == 3


def test_a_person_has_keys_too_and_acting_for_another_is_another_call(as_, hanna, steppe):
    factories.organization("host", by=hanna, handle="second-hat")
    key = {"Idempotency-Key": "one"}
    ours, theirs = as_(hanna, "steppe-power"), as_(hanna, "second-hat")
    first = ours.post("/places/", {"code": "NO"}, headers=key)
    assert ours.post("/places/", {"code": "NO"}, headers=key).content == first.content
    is_problem(theirs.post("/places/", {"code": "NO"}, headers=key), 422)
    assert Places.calls == 1


def test_a_person_and_a_token_do_not_share_keys(partner, as_, hanna):
    partner.post("/places/", {"code": "NO"})
    as_(hanna).post("/places/", {"code": "SE"}, headers={"Idempotency-Key": "key-1"})
    assert Places.calls == 2


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9"])
def test_a_key_that_can_not_be_kept_is_400(partner, key):
    answer = partner.post("/places/", {"code": "NO"}, headers={"Idempotency-Key": key})
    is_problem(answer, 400, "idempotency_key_unreadable")
    assert Places.calls == 0


def test_a_key_of_255_characters_is_kept(partner):
    for _number in range(2):
        partner.post("/places/", {"code": "NO"}, headers={"Idempotency-Key": "x" * 255})
    assert Places.calls == 1


@pytest.mark.parametrize(("then", "status"), [("invalid", 400), ("missing", 404)])
def test_a_refusal_is_kept_and_what_it_had_changed_is_undone(partner, then, status):
    first = partner.post("/places/", {"code": "NO", "then": then})
    second = partner.post("/places/", {"code": "NO", "then": then})
    assert first.status_code == second.status_code == status
    assert second.content == first.content
    assert second["Content-Type"] == "application/problem+json"
    assert Places.calls == 1
    assert not Jurisdiction.objects.filter(code="NO").exists()


@pytest.mark.parametrize(("then", "status"), [("conflict", 409), ("break", 500), ("busy", 503)])
def test_409_and_5xx_are_not_kept(partner, then, status):
    partner.raise_request_exception = False
    assert partner.post("/places/", {"code": "NO", "then": then}).status_code == status
    assert not IdempotencyRecord.objects.exists()
    assert partner.post("/places/", {"code": "NO", "then": then}).status_code == status
    assert Places.calls == 2


def test_an_answer_without_a_body_is_repeated_too(partner):
    for _number in range(2):
        answer = partner.post("/places/", {"code": "NO", "then": "nothing"})
        assert (answer.status_code, answer.content) == (204, b"")
    assert Places.calls == 1


def test_a_call_that_still_runs_is_409_until_its_lease_is_over(partner, monkeypatch):
    partner.post("/places/", {"code": "NO"})
    IdempotencyRecord.objects.update(status=None, body=b"")
    is_problem(partner.post("/places/", {"code": "NO"}), 409, "idempotency_key_running")
    assert Places.calls == 1
    later = NOW + repeats.LEASE
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert partner.post("/places/", {"code": "NO"}).status_code == 201
    assert Places.calls == 2


def test_who_lost_the_lease_undoes_what_it_changed(partner, monkeypatch):
    def and_lose(code):
        found = made(code)
        IdempotencyRecord.objects.update(run="00000000-0000-4000-8000-000000000000")
        return found

    made = factories.jurisdiction
    monkeypatch.setattr(factories, "jurisdiction", and_lose)
    is_problem(partner.post("/places/", {"code": "NO"}), 409, "idempotency_key_running")
    assert not Jurisdiction.objects.filter(code="NO").exists()


def test_a_key_is_kept_for_a_day_and_free_after_it(partner, monkeypatch):
    partner.post("/places/", {"code": "NO"})
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=24, seconds=-1))
    assert partner.post("/places/", {"code": "NO"})["Idempotency-Replayed"] == "true"
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=24))
    assert partner.post("/places/", {"code": "SE"}).status_code == 201
    assert Places.calls == 2
    assert IdempotencyRecord.objects.count() == 1


def test_a_file_sent_again_is_the_same_whatever_its_boundary(partner):
    def send(content, note="n"):
        file = SimpleUploadedFile("fleet.csv", content, content_type="text/csv")
        return partner.post("/files/", {"file": file, "note": note}, format="multipart")

    assert send(b"a,b\n").json() == {"size": 4, "note": "n"}
    assert send(b"a,b\n")["Idempotency-Replayed"] == "true"
    is_problem(send(b"a,c\n"), 422)
    is_problem(send(b"a,b\n", "m"), 422)


def test_a_call_that_changes_nothing_holds_no_transaction(partner):
    for _number in range(2):
        assert partner.post("/looking/", {}).json() == {"seen": 1}
    assert Looking.in_transaction == [False]
    assert partner.post("/places/", {"code": "NO"}, headers={"Idempotency-Key": "2"}).json()["held"] is True


def test_a_stranger_has_no_keys(stranger):
    for seen in (1, 2):
        assert stranger.post("/looking/", {}, headers={"Idempotency-Key": "k"}).json() == {"seen": seen}
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.urls("marketplace.urls")
def test_every_unsafe_call_of_the_api_takes_a_key():
    def views(resolver):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                yield from views(pattern)
            else:
                yield pattern

    (api,) = (one for one in get_resolver().url_patterns if str(one.pattern) == "api/v1/")
    calls = [
        (pattern.name, method, getattr(pattern.callback.view_class, method))
        for pattern in views(api)
        for method in UNSAFE
        if hasattr(pattern.callback.view_class, method)
    ]
    assert "api_matches_preview" in {name for name, _method, _call in calls}
    without = [
        f"{method} {name}"
        for name, method, call in calls
        if not getattr(call, "takes_idempotency_key", False)
    ]
    assert without == []
