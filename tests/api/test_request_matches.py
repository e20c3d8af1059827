"""requests/{id}/matches/: the stored list, explained, for the request's own side."""

import pytest

from accounts.services import organizations
from hosting.models import MatchList
from hosting.services import interests, matchruns
from tests import factories
from tests.api.walking import API, is_problem
from tests.api.writing import program

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(steppe):
    """Two hotels that fit the need, and one that is too large for it."""
    factories.fact("KZ", "legal_status", "legal_licensed")
    site = factories.site(steppe)
    return {
        "cheap": factories.offer(site, title="cheap", terms={"energy_price": "0.05"}),
        "dear": factories.offer(site, title="dear", terms={"energy_price": "0.07"}),
        "large": factories.offer(site, title="large", terms={"min_kw": 1200}),
    }


@pytest.fixture
def asked(red_river, market):
    """An open request whose list is stored."""
    made = factories.request(red_river)
    matchruns.match_due(now=factories.NOW, clock=lambda: factories.NOW)
    return made


@pytest.fixture
def miner(red_river):
    return program(red_river)


def address(row):
    return f"{API}/requests/{row.pk}/matches/"


def titles(rows):
    return [row["title"] for row in rows]


def test_the_list_of_an_open_request_names_its_run(miner, asked, market):
    body = miner.get(address(asked)).json()
    stored = MatchList.objects.get(request=asked)
    assert (body["as_of"], body["run"]) == ("2027-01-11", str(stored.run.id))
    assert titles(body["results"]) == ["cheap", "dear"]
    first = body["results"][0]
    assert first["offer"] == str(market["cheap"].pk)
    assert (first["effective_price_usd"], first["components"]["energy"]) == ("0.050000", "0.050000")
    assert sum(part["points"] for part in first["parts"]) == int(first["score"].replace(".", ""))
    assert (body["is_on_its_way"], body["left"]) == (False, 0)
    assert "near_misses" not in body
    assert "asked" not in body


def test_it_agrees_with_the_preview_of_the_same_need(miner, asked):
    listed = miner.get(address(asked), {"near": "1"}).json()
    preview = miner.post(f"{API}/matches/preview/", factories.NEED, query_params={"near": "1"}).json()
    for name in ("as_of", "results", "near_misses", "looked_at", "matched", "excluded_by"):
        assert listed[name] == preview[name]
    assert preview["run"] is None


def test_near_misses_and_any_one_offer_are_explained_when_asked_for(miner, asked, market):
    body = miner.get(address(asked), {"near": "1", "offer": str(market["large"].pk)}).json()
    assert titles(body["near_misses"]) == ["large"]
    (failed,) = [gate for gate in body["asked"]["gates"] if not gate["passed"]]
    assert (failed["name"], failed["code"]) == ("order_size", "below_minimum")
    is_problem(miner.get(address(asked), {"offer": "x"}), 400)
    is_problem(miner.get(address(asked), {"page": "2"}), 400)
    hidden = factories.offer(status="draft")
    is_problem(miner.get(address(asked), {"offer": str(hidden.pk)}), 404)


def test_a_draft_is_answered_without_a_run(miner, red_river, market):
    body = miner.get(address(factories.request(red_river, status="draft"))).json()
    assert (titles(body["results"]), body["run"]) == (["cheap", "dear"], None)


def test_a_list_that_is_not_there_yet_is_on_its_way(miner, red_river, market):
    body = miner.get(address(factories.request(red_river))).json()
    assert (body["results"], body["run"], body["is_on_its_way"]) == ([], None, True)


def test_what_the_miner_declined_is_left_out(miner, asked, market, min_):
    interests.decline(
        request=asked, offer=market["cheap"], side="miner", reason="far", by=min_, now=factories.NOW
    )
    body = miner.get(address(asked), {"offer": str(market["cheap"].pk)}).json()
    assert titles(body["results"]) == ["dear"]
    assert body["asked"]["title"] == "cheap"


def test_only_the_own_side_and_staff_see_the_matches(
    as_, stranger, asked, hanna, steppe, mallory, min_, mina, sam, red_river
):
    reader = factories.user()
    organizations.join(organization=red_river, user=reader, role="viewer", by=min_, now=factories.NOW)
    expected = {
        "stranger": (stranger, 401),
        "mallory": (as_(mallory), 404),
        "foreign": (as_(hanna), 404),
        "foreign program": (program(steppe), 404),
        "viewer": (as_(reader), 200),
        "trader": (as_(mina), 200),
        "owner": (as_(min_), 200),
        "staff": (as_(sam), 200),
    }
    for name, (client, status) in expected.items():
        assert (name, client.get(address(asked)).status_code) == (name, status)


def test_thirty_offers_take_as_many_queries_as_three(
    miner, red_river, market, steppe, django_assert_max_num_queries
):
    def count():
        made = factories.request(red_river)
        matchruns.match_due(now=factories.NOW, clock=lambda: factories.NOW)
        with django_assert_max_num_queries(30) as taken:
            assert miner.get(address(made), {"near": "1"}).status_code == 200
        return len(taken)

    count()  # the first call of a token also notes that it was used
    few = count()
    site = factories.site(steppe)
    for _one in range(27):
        factories.offer(site, phases=((1500, factories.TODAY, None),))
    assert count() == few
