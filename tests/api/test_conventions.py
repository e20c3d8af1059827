"""What holds for every answer: no integer keys, decimals as text, links that carry no counters."""

import base64
import json
import re
from decimal import Decimal
from uuid import UUID

import pytest

from hosting.models import RegulationEvent
from tests import factories
from tests.api.walking import API, values

pytestmark = pytest.mark.django_db
# Whole numbers that are figures. Whatever else is a number in JSON would have to be named here first.
FIGURES = {
    *("version", "offer_version", "total_kw", "free_kw", "available_kw", "kw", "min_kw", "max_kw", "cap_kw"),
    *("power_w", "reputation", "deposit_months", "min_term_months", "max_term_months", "rate_lock_months"),
    *("host_notice_days", "miner_notice_days", "return_days", "curtailment_notice_hours"),
    *("weight", "value", "points", "looked_at", "matched"),
}


@pytest.fixture
def answers(stranger, sam):
    """One answer of every address, of a market with something in every list."""
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.fact("KZ", "predictability", "4")
    factories.rule("KZ", "levy_per_kwh", levy=[{"from": "0", "amount": "1"}], levy_currency="KZT")
    factories.rate("KZT", "0.0019")
    factories.rate("", "27.7")
    factories.machine(weight_kg=Decimal("14.5"))
    RegulationEvent.objects.create(
        date=factories.TODAY,
        date_precision="day",
        jurisdiction="KZ",
        kind="policy",
        title="News",
        confidence="high",
        updated_at=factories.NOW,
    )
    offer = factories.offer(tiers=[(1, Decimal("0.05"))])
    factories.offer(terms={"min_kw": 4000})
    lists = ["jurisdictions/", "regulation-events/", "machines/", "rates/", "sites/", "offers/"]
    details = ["jurisdictions/KZ/", f"sites/{offer.site_id}/", f"offers/{offer.pk}/"]
    found = {path: stranger.get(f"{API}/{path}") for path in lists + details}
    query = {"near": "1", "offer": str(offer.pk)}
    found["preview"] = stranger.post(f"{API}/matches/preview/", factories.NEED, query_params=query)
    assert {answer.status_code for answer in found.values()} == {200}
    assert all(found[path].json()["results"] for path in lists)
    return {path: answer.json() for path, answer in found.items()}


def test_every_id_is_a_uuid(answers):
    seen = 0
    for body in answers.values():
        for key, value in values(body):
            if key in ("id", "offer"):
                assert str(UUID(value)) == value
                seen += 1
    assert seen >= 10


def without_params(body):
    """A body without what gates and warnings say beside their code: figures under names of their own."""
    if isinstance(body, dict):
        return {
            key: without_params(value) for key, value in body.items() if key not in ("params", "excluded_by")
        }
    return [without_params(one) for one in body] if isinstance(body, list) else body


def test_a_number_in_json_is_a_figure_and_never_a_key_or_a_price(answers):
    for path, body in answers.items():
        for key, value in values(without_params(body)):
            if isinstance(value, float):
                pytest.fail(f"{path}: {key} is a float")
            if isinstance(value, int) and not isinstance(value, bool):
                assert key in FIGURES, f"{path}: {key} is {value}"


def test_no_float_is_hidden_in_the_reasons_either(answers):
    assert not [key for key, value in values(answers["preview"]) if isinstance(value, float)]


def test_times_are_in_utc_and_days_are_iso(answers):
    for body in answers.values():
        for key, value in values(body):
            if isinstance(value, str) and key.endswith("_at"):
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value), (key, value)
            if value is not None and key.endswith(("_on", "valid_from", "valid_to", "valid_until")):
                assert re.fullmatch(r"\d{4}-\d\d-\d\d", value), (key, value)


@pytest.mark.parametrize("path", ["offers/", "sites/", "machines/", "rates/"])
def test_a_cursor_names_a_uuid_and_no_counter(stranger, path):
    for _number in range(2):
        factories.offer()
        factories.machine()
    factories.rate("KZT")
    factories.rate("EUR")
    following = stranger.get(f"{API}/{path}", {"page_size": 1}).json()["next"]
    cursor = following.partition("cursor=")[2].partition("&")[0]
    key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[3]
    assert str(UUID(key)) == key
