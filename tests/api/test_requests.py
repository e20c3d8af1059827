"""requests/: read by everybody as far as the table goes, written by their own side."""

import pytest

from accounts.models import Event, Membership
from accounts.services import organizations
from hosting.models import CapacityRequest
from tests import factories
from tests.api.walking import API, is_problem, walk
from tests.api.writing import REQUEST, program, version

pytestmark = pytest.mark.django_db

SECRETS = {"max_price_usd", "max_deposit_months", "weights", "broker"}


@pytest.fixture
def miner(red_river):
    """A program of Min's miner."""
    return program(red_river, "requests:write")


@pytest.fixture
def save(miner):
    """save(term_months=6): the body of a new draft."""

    def saved(**changes):
        answer = miner.post(f"{API}/requests/", {**REQUEST, **changes})
        assert answer.status_code == 201, answer.content
        return answer.json()

    return saved


def address(body, step=""):
    return f"{API}/requests/{body['id']}/{step}"


def test_a_miner_saves_a_need_and_reads_back_what_it_sent(save, red_river, min_):
    sent = {
        "origin": "CN-XJ",
        "min_uptime": "95.00",
        "cooling": ["air"],
        "excluded_jurisdictions": ["RU"],
        "licences": [{"type": "kz-mining", "valid_from": "2026-01-01", "valid_to": None}],
        "min_legal_status": "tolerated",
        "weights": {"price": 60, "start": 0},
        "max_deposit_months": 2,
    }
    body = save(**sent)
    expected = {**REQUEST, **sent}
    assert {name: body[name] for name in expected} == expected
    assert (body["status"], body["owner"], body["fleet"]) == ("draft", "red-river", [])
    event = Event.objects.get(subject_id=body["id"], code="drafted")
    assert (event.by, event.on_behalf_of) == (min_.pk, red_river.pk)


def test_a_fleet_is_measured_and_replaces_a_typed_size_and_back(save, miner):
    machine = factories.machine()
    size = dict.fromkeys(("need_kw", "efficiency_j_th", "worst_j_th"))
    fleet = [{"machine": str(machine.pk), "quantity": 100}]
    body = save(**size, fleet=fleet)
    assert (body["fleet"], body["need_kw"], body["worst_j_th"]) == (fleet, 350, "17.50")
    body = miner.patch(address(body), {"term_months": 6}, headers=version(body["version"])).json()
    assert (body["fleet"], body["need_kw"], body["term_months"]) == (fleet, 350, 6)
    body = miner.patch(address(body), {"need_kw": 500}, headers=version(body["version"])).json()
    assert (body["fleet"], body["need_kw"]) == ([], 500)
    body = miner.patch(address(body), {"fleet": fleet}, headers=version(body["version"])).json()
    assert (body["fleet"], body["need_kw"]) == (fleet, 350)
    both = {"fleet": fleet, "need_kw": 3}
    assert (
        "need_kw"
        in is_problem(miner.patch(address(body), both, headers=version(body["version"])), 400)["errors"]
    )


@pytest.mark.parametrize(
    "name", ["status", "owner", "id", "version", "published_at", "legal_status", "evidence"]
)
def test_what_only_the_server_says_is_never_written(miner, save, name):
    assert set(is_problem(miner.post(f"{API}/requests/", {**REQUEST, name: "x"}), 400)["errors"]) == {name}
    body = save()
    answer = miner.patch(address(body), {name: "x"}, headers=version(body["version"]))
    assert set(is_problem(answer, 400)["errors"]) == {name}


def test_all_that_is_wrong_is_said_at_once(miner):
    wrong = {"max_price_usd": None, "expires_at": "tomorrow", "anonymous": "yes", "term_months": 0}
    problem = is_problem(miner.post(f"{API}/requests/", {**REQUEST, **wrong}), 400, "invalid")
    assert set(problem["errors"]) == set(wrong)
    missing = {name: value for name, value in REQUEST.items() if name != "expires_at"}
    assert set(is_problem(miner.post(f"{API}/requests/", missing), 400)["errors"]) == {"expires_at"}
    late = {**REQUEST, "expires_at": "2029-01-01T00:00:00Z"}
    assert set(is_problem(miner.post(f"{API}/requests/", late), 400)["errors"]) == {"expires_at"}
    assert not CapacityRequest.objects.exists()


def test_a_request_is_changed_published_and_withdrawn(save, miner):
    body = save()
    body = miner.patch(address(body), {"anonymous": False}, headers=version(body["version"])).json()
    assert body["anonymous"] is False
    body = miner.post(address(body, "publish/"), headers=version(body["version"])).json()
    assert (body["status"], body["published_at"]) == ("open", "2027-01-11T09:00:00Z")
    is_problem(miner.post(address(body, "publish/"), headers=version(body["version"])), 409, "no_such_move")
    body = miner.post(address(body, "withdraw/"), {"why": "sold"}, headers=version(body["version"])).json()
    assert body["status"] == "withdrawn"
    assert Event.objects.get(status_to="withdrawn").why == "sold"
    change = miner.patch(address(body), {"term_months": 6}, headers=version(body["version"]))
    is_problem(change, 409, "not_changeable")


def test_a_stale_version_is_refused_and_a_missing_one_asked_for(save, miner):
    body = save()
    for path, call in (
        (address(body), miner.patch),
        (address(body, "publish/"), miner.post),
        (address(body, "withdraw/"), miner.post),
    ):
        is_problem(call(path, {}, headers=version(body["version"] + 1)), 412, "stale")
        is_problem(call(path, {}), 400, "if_match_missing")
    assert CapacityRequest.objects.get().status == "draft"


def test_only_a_verified_organization_publishes():
    unverified = factories.organization("miner", is_verified=False)
    client = program(unverified, "requests:write")
    body = client.post(f"{API}/requests/", REQUEST).json()
    answer = client.post(address(body, "publish/"), headers=version(body["version"]))
    is_problem(answer, 403, "owner_not_verified")


def test_others_see_an_open_request_without_its_secrets(save, miner, stranger, as_, hanna, steppe, sam):
    body = save(weights={"price": 50}, max_deposit_months=1)
    others = (stranger, as_(hanna), program(steppe))
    for client in (*others, miner):
        assert client.get(address(body)).status_code == (200 if client is miner else 404)
    miner.post(address(body, "publish/"), headers=version(body["version"]))
    for client in others:
        (seen,) = walk(client, "requests/")
        assert seen == client.get(address(body)).json()
        assert set(body) - set(seen) == {*SECRETS, "owner"}
    assert set(miner.get(address(body)).json()) == set(body)
    assert as_(sam).get(address(body)).json()["owner"] == "red-river"


def test_the_owner_of_a_request_that_is_not_anonymous_is_named(stranger, red_river):
    factories.request(red_river, is_anonymous=False)
    assert walk(stranger, "requests/")[0]["owner"] == "red-river"


def test_the_list_has_filters(miner, red_river, stranger):
    mine, draft = factories.request(red_river), factories.request(red_river, status="draft")
    other = factories.request()
    assert {row["id"] for row in walk(miner, "requests/")} == {str(row.pk) for row in (mine, draft, other)}
    assert {row["id"] for row in walk(miner, "requests/", own="1")} == {str(mine.pk), str(draft.pk)}
    assert [row["id"] for row in walk(miner, "requests/", status="draft")] == [str(draft.pk)]
    assert walk(stranger, "requests/", own="1") == []
    assert walk(miner, "requests/", updated_since="2027-01-12T00:00:00Z") == []
    is_problem(miner.get(f"{API}/requests/", {"owner": "red-river"}), 400)


def test_equal_times_are_walked_once_each(stranger):
    made = {str(factories.request().pk) for _one in range(7)}
    rows = [row["id"] for row in walk(stranger, "requests/", page_size=2)]
    assert (len(rows), set(rows)) == (7, made)


def test_thirty_requests_take_as_many_queries_as_three(miner, red_river, django_assert_max_num_queries):
    def fill(number):
        for _one in range(number):
            made = factories.request(red_river)
            made.fleet.create(machine=factories.machine(), quantity=3)

    def count():
        with django_assert_max_num_queries(20) as taken:
            assert miner.get(f"{API}/requests/", {"page_size": 100}).status_code == 200
        return len(taken)

    fill(3)
    count()  # the first call of a token also notes that it was used
    few = count()
    fill(27)
    assert count() == few


def test_a_session_acts_for_the_organization_in_the_header(as_, min_, red_river):
    factories.organization("miner", by=min_, handle="blue-river")
    is_problem(as_(min_).post(f"{API}/requests/", REQUEST), 403, "organization_missing")
    assert as_(min_, "blue-river").post(f"{API}/requests/", REQUEST).json()["owner"] == "blue-river"
    is_problem(as_(min_, "steppe-power").post(f"{API}/requests/", REQUEST), 403)


def test_an_organization_that_only_hosts_posts_no_need(steppe):
    is_problem(program(steppe, "requests:write").post(f"{API}/requests/", REQUEST), 403, "not_a_miner")


@pytest.mark.parametrize("step", ["", "publish/", "withdraw/"])
def test_who_may_not_write_requests(as_, stranger, red_river, mina, steppe, hanna, mallory, step):
    made = factories.request(red_river, status="draft")
    reader = factories.user()
    organizations.join(organization=red_river, user=reader, role="viewer", by=reader, now=factories.NOW)
    assert Membership.objects.filter(user=reader).exists()
    expected = {
        "stranger": (stranger, 401),
        "mallory": (as_(mallory), 403),
        "viewer": (as_(reader), 403),
        "foreign": (as_(hanna), 404),
        "foreign program": (program(steppe, "requests:write"), 404),
        "program for offers": (program(red_river, "offers:write"), 403),
        "trader": (as_(mina), 200),
    }
    path = address({"id": made.pk}, step)
    for name, (client, status) in expected.items():
        call = client.post if step else client.patch
        assert (name, call(path, {}, headers=version(made.version)).status_code) == (name, status)


def test_the_same_key_saves_one_request(miner):
    key = {"Idempotency-Key": "k"}
    first, second = (miner.post(f"{API}/requests/", REQUEST, headers=key).json() for _try in range(2))
    assert first == second
    assert CapacityRequest.objects.count() == 1
