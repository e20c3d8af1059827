"""The whole demo market, read through the API alone, is enough to compute every answer of the preview.

The oracle knows nothing but the pages of offers, jurisdictions, rates and machines, and shares no code with
the engine. Everything that the API says of a match is compared, to the last digit.
"""

import random
from collections import Counter

import pytest

from hosting.services import demo, seeding
from tests import factories
from tests.api.walking import API, walk
from tests.matching import oracle
from tests.matching.markets import random_need

pytestmark = pytest.mark.django_db
NEEDS = 300
SEED = 20261122
RESULT = ("offer", "offer_version", "score", "effective_price_usd", "components", "parts", "start")


@pytest.fixture
def market(stranger, settings):
    """What a stranger reads of the demo market, walked in pages smaller than the lists."""
    settings.DEMO = True
    seeding.seed(now=factories.NOW)
    demo.open_market(now=factories.NOW)
    lists = ("offers/", "jurisdictions/", "rates/", "machines/")
    return [walk(stranger, path, page_size=17 if path == "offers/" else 100) for path in lists]


def test_the_preview_equals_the_oracle_fed_from_the_api_alone(stranger, market):
    offers, jurisdictions, rates, machines = market
    assert len(offers) >= 40
    rng = random.Random(SEED)
    seen = Counter()
    for number in range(NEEDS):
        body = random_need(rng, jurisdictions, machines, factories.TODAY)
        expected = oracle.match(offers, jurisdictions, rates, machines, body, factories.TODAY)
        asked = expected.pairs[number % len(expected.pairs)]
        query = {"near": "1", "offer": asked.offer["id"]}
        response = stranger.post(f"{API}/matches/preview/", body, query_params=query)
        assert response.status_code == 200, (number, body, response.content)
        answer = response.json()
        compare(answer, expected, asked, f"need {number}: {body}")
        seen += Counter(matched=len(expected.matched), near=len(expected.nearly))
        seen += Counter(name for pair in expected.pairs for name in pair.failed)
    # A comparison of empty lists would prove nothing: every gate has to fail somewhere.
    assert seen["matched"] > NEEDS
    assert seen["near"] > NEEDS
    assert set(seen) - {"matched", "near"} == set(oracle.EASIEST_CURE_FIRST)


def compare(answer, expected, asked, message):
    """Everything the API says of the pairs of one need."""
    results = [{name: row[name] for name in RESULT} for row in answer["results"]]
    assert results == expected.results, message
    near = [
        {
            "offer": row["offer"],
            "effective_price_usd": row["effective_price_usd"],
            "gates": [{"name": gate["name"], "passed": gate["passed"]} for gate in row["gates"]],
        }
        for row in answer["near_misses"]
    ]
    assert near == expected.near, message
    assert answer["looked_at"] == len(expected.pairs), message
    assert answer["matched"] == len(expected.matched), message
    assert answer["excluded_by"] == Counter(name for pair in expected.pairs for name in pair.failed), message
    explained = answer["asked"]
    gates = [{"name": gate["name"], "passed": gate["passed"]} for gate in explained["gates"]]
    assert (explained["offer"], gates) == (asked.offer["id"], expected.gates(asked.offer["id"])), message
    assert explained["start"] == (asked.start and asked.start.isoformat()), message
    price = None if asked.price is None else oracle.usd(asked.price)
    components = asked.components and {name: oracle.usd(value) for name, value in asked.components.items()}
    assert (explained["effective_price_usd"], explained["components"]) == (price, components), message
    params = {gate["name"]: gate["params"] for gate in explained["gates"]}
    assert params["curtailment"]["curtailment_bp"] == asked.curtailment, message
