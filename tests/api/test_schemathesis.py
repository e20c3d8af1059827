"""Drawn requests to every operation of the schema: never a 500, and every answer as the schema describes it.

Each request is undone, so that the next one meets the same market. Half of them name things that exist.
"""

import logging
from collections.abc import Iterator
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import Scope
from accounts.services import tokens
from hosting.models import Import
from hosting.services import interests, webhooks
from marketplace.wsgi import application
from tests import factories
from tests.services.importing import offers_csv, receive

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Requests drawn for each operation and caller.
EXAMPLES = 8


@pytest.fixture(autouse=True)
def _quiet(caplog):
    """Thousands of refusals are what is asked for here; their log lines would hide a failure."""
    caplog.set_level(logging.ERROR)


@pytest.fixture(autouse=True)
def _one_connection():
    """Requests come through WSGI, whose end closes the connection that the test's transaction lives on."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture
def market(steppe, hanna) -> dict[str, list[str]]:
    """A market with something under every address: {the part of the path before its id: ids}."""
    factories.fact("KZ", "legal_status", "legal_licensed")
    ours = factories.organization("host", "miner", "broker", by=factories.user(), handle="ours")
    by = ours.memberships.get(role="owner").user
    site = factories.site(ours, name="Hall")
    offers = [
        factories.offer(factories.site(steppe)),
        *(factories.offer(site, status=s) for s in ("draft", "published")),
    ]
    requests = [factories.request(ours), factories.request(ours, status="draft")]
    interest = interests.shortlist(request=requests[0], offer=offers[0], by=by, now=factories.NOW)
    address = {"url": "https://example.org/hook", "events": ["offer.published"]}
    endpoint, _secret = webhooks.create(organization=ours, by=by, now=factories.NOW, **address)
    imported = receive(ours, offers_csv({}))
    assert Import.objects.get().status == "checked"
    return {
        "sites": [str(offers[0].site_id), str(site.pk)],
        "offers": [str(offer.pk) for offer in offers],
        "requests": [str(request.pk) for request in requests],
        "interests": [str(interest.pk)] if interest else [],
        "webhooks": [str(endpoint.pk)],
        "imports": [str(imported.pk)],
        "jurisdictions": ["KZ"],
        "organizations": ["ours", "steppe-power"],
    }


@pytest.fixture
def token(market) -> str:
    ours = factories.Organization.objects.get(handle="ours")
    by = ours.memberships.get(role="owner").user
    return tokens.make(organization=ours, scopes=Scope.values, by=by, now=factories.NOW)[1]


def operations() -> Iterator:
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    for found in schema.get_all_operations():
        yield found.ok()


def ids_of(operation, market) -> list[str]:
    return market.get(operation.path.removeprefix("/api/v1/").partition("/")[0], [])


def knock(operation, ids: list[str], headers: dict[str, str]) -> list[int]:
    """Send drawn requests to the operation; gives the statuses. Raises what schemathesis finds."""
    sent: list[int] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), one=st.none() | st.sampled_from(ids or [str(UUID(int=1))]))
    def send(case, one):
        for name in ("id", "code", "handle"):
            if one is not None and name in (case.path_parameters or {}):
                case.path_parameters[name] = one
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)
        sent.append(answer.status_code)

    send()
    return sent


def walk(market, headers) -> dict[str, list[int]]:
    """The statuses by operation. Every failure of every operation is told at once."""
    found, failed = {}, {}
    for operation in operations():
        try:
            found[operation.label] = knock(operation, ids_of(operation, market), headers)
        except Exception as error:
            failed[operation.label] = f"{type(error).__name__}: {error}"
    assert failed == {}
    return found


def test_a_token_is_answered_within_the_schema_whatever_it_sends(market, token):
    found = walk(market, {"Authorization": f"Bearer {token}"})
    assert len(found) > 20
    never_opened = {
        label for label, statuses in found.items() if label.startswith("GET ") and 200 not in statuses
    }
    assert never_opened == set()
    assert not {401, 429} & {status for statuses in found.values() for status in statuses}


def test_a_stranger_is_answered_within_the_schema_whatever_they_send(market):
    found = walk(market, {})
    assert 200 in found["GET /api/v1/offers/"]
    written = {label for label, statuses in found.items() if 401 in statuses}
    assert {"POST /api/v1/offers/", "PATCH /api/v1/sites/{id}/", "GET /api/v1/imports/"} <= written
