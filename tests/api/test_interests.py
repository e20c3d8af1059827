"""interests/: what either side does about a pair, step by step."""

import pytest

from accounts.models import Event
from accounts.services import organizations
from hosting.models import Interest
from hosting.services import interests
from tests import factories
from tests.api.walking import API, is_problem, walk
from tests.api.writing import program, version

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(steppe):
    factories.fact("KZ", "legal_status", "legal_licensed")
    return factories.offer(factories.site(steppe))


@pytest.fixture
def need(red_river):
    return factories.request(red_river, is_anonymous=True)


@pytest.fixture
def miner(red_river):
    return program(red_river, "deals:write")


@pytest.fixture
def host(steppe):
    return program(steppe, "deals:write")


@pytest.fixture
def first(need, offer):
    """first(client, step="decline"): the body after a first step about the pair."""

    def stepped(client, **more):
        sent = {"request": str(need.pk), "offer": str(offer.pk), **more}
        answer = client.post(f"{API}/interests/", sent)
        assert answer.status_code == 201, answer.content
        return answer.json()

    return stepped


def take(client, body, step, sent=None, seen=None):
    return client.post(
        f"{API}/interests/{body['id']}/{step}/", sent or {}, headers=version(seen or body["version"])
    )


NOW = "2027-01-11T09:00:00Z"


def test_a_miner_shortlists_and_takes_it_back_and_the_host_is_not_told(first, miner, host):
    body = first(miner)
    assert (body["side"], body["shortlisted_at"], body["interested_at"]) == ("miner", NOW, None)
    assert walk(miner, "interests/") == [body]
    assert walk(host, "interests/") == []
    assert host.get(f"{API}/interests/{body['id']}/").status_code == 404
    answer = take(miner, body, "unlist")
    assert (answer.status_code, answer.json()["shortlisted_at"]) == (200, None)
    body = take(miner, answer.json(), "shortlist").json()
    assert body["shortlisted_at"] == NOW


def test_a_host_is_interested_and_both_see_it_each_from_its_side(first, miner, host):
    first(miner)
    body = first(host)
    assert (body["side"], body["shortlisted_at"], body["interested_at"]) == ("host", None, NOW)
    (seen,) = walk(miner, "interests/")
    assert (seen["side"], seen["shortlisted_at"], seen["interested_at"]) == ("miner", NOW, NOW)
    assert Interest.objects.count() == 1
    taken = take(host, body, "take-back")
    assert (taken.status_code, taken.json()["interested_at"]) == (200, None)
    assert walk(host, "interests/") == []


def test_either_side_declines_with_a_reason_and_undoes_it(first, miner, host):
    body = first(host)
    is_problem(take(miner, body, "decline"), 400)
    is_problem(take(miner, body, "decline", {"reason": "x" * 501}), 400)
    answer = take(miner, body, "decline", {"reason": "too far"})
    assert (answer.json()["declined_by"], answer.json()["decline_reason"]) == ("miner", "too far")
    body = answer.json()
    is_problem(take(host, body, "decline", {"reason": "full"}), 409, "already_declined")
    body = take(miner, body, "undo-decline").json()
    assert (body["declined_at"], body["declined_by"]) == (None, "")
    body = take(host, body, "decline", {"reason": "full"}).json()
    assert (body["declined_by"], body["decline_reason"]) == ("host", "full")


def test_a_first_step_can_be_a_decline(first, miner):
    body = first(miner, step="decline", reason="too cold")
    assert (body["declined_by"], body["shortlisted_at"]) == ("miner", None)


def test_a_step_of_the_other_side_is_refused(first, miner, host, need, offer):
    body = first(host)
    is_problem(take(miner, body, "express"), 403, "not_your_step")
    is_problem(take(host, body, "shortlist"), 403, "not_your_step")
    sent = {"request": str(need.pk), "offer": str(offer.pk), "step": "express"}
    is_problem(miner.post(f"{API}/interests/", sent), 403, "not_your_step")


def test_a_host_is_interested_only_where_the_two_fit(host, steppe, need):
    small = factories.offer(factories.site(steppe), phases=((10, factories.TODAY, None),))
    sent = {"request": str(need.pk), "offer": str(small.pk)}
    is_problem(host.post(f"{API}/interests/", sent), 409, "does_not_fit")
    assert not Interest.objects.exists()


def test_a_stale_version_is_refused_and_a_missing_one_asked_for(first, miner):
    body = first(miner)
    is_problem(take(miner, body, "unlist", seen=body["version"] + 1), 412, "stale")
    is_problem(miner.post(f"{API}/interests/{body['id']}/unlist/", {}), 400, "if_match_missing")
    assert Interest.objects.get().shortlisted_at


def test_what_is_wrong_is_named(miner, host, need, offer):
    closed = factories.request(status="draft")
    pair = {"request": str(need.pk), "offer": str(offer.pk)}
    hidden = factories.offer(status="draft")
    for client, changes, named in (
        (miner, {"request": "x"}, "request"),
        (host, {"request": str(closed.pk)}, "request"),
        (miner, {"offer": str(hidden.pk)}, "offer"),
        (host, {"offer": str(factories.offer().pk)}, "offer"),
        (miner, {"offer": None}, "offer"),
        (miner, {"step": "unlist"}, "step"),
        (miner, {"step": "decline"}, "reason"),
        (miner, {"step": "decline", "reason": 5}, "reason"),
        (miner, {"declined_by": "host"}, "declined_by"),
    ):
        problem = is_problem(client.post(f"{API}/interests/", {**pair, **changes}), 400)
        assert set(problem["errors"]) == {named}
    assert not Interest.objects.exists()


def test_the_list_has_filters(first, miner, need, offer):
    first(miner)
    for query, count in (
        ({"request": str(need.pk)}, 1),
        ({"request": str(offer.pk)}, 0),
        ({"offer": str(offer.pk)}, 1),
        ({"updated_since": "2027-01-12T00:00:00Z"}, 0),
    ):
        assert len(walk(miner, "interests/", **query)) == count
    is_problem(miner.get(f"{API}/interests/", {"offer": "x"}), 400)


def test_thirty_interests_take_as_many_queries_as_three(
    miner, need, min_, steppe, django_assert_max_num_queries
):
    site = factories.site(steppe)

    def fill(number):
        for _one in range(number):
            interests.shortlist(
                request=need, offer=factories.offer(site, phases=((100, factories.TODAY, None),)),
                by=min_, now=factories.NOW,
            )  # fmt: skip

    def count():
        with django_assert_max_num_queries(20) as taken:
            assert miner.get(f"{API}/interests/", {"page_size": 100}).status_code == 200
        return len(taken)

    fill(3)
    count()  # the first call of a token also notes that it was used
    few = count()
    fill(27)
    assert count() == few


def test_who_may_not_touch_an_interest(
    first, as_, stranger, miner, host, hanna, min_, mina, red_river, mallory, sam, carrier
):
    body = first(host)
    reader = factories.user()
    organizations.join(organization=red_river, user=reader, role="viewer", by=min_, now=factories.NOW)
    # (reads the list, reads this one, takes a step)
    expected = {
        "stranger": (stranger, 401, 401, 401),
        "mallory": (as_(mallory), 200, 404, 403),
        "viewer": (as_(reader), 200, 200, 403),
        "foreign program": (program(carrier, "deals:write"), 200, 404, 404),
        "program for requests": (program(red_river, "requests:write"), 200, 200, 403),
        "staff": (as_(sam), 200, 200, 403),
        "trader": (as_(mina), 200, 200, 200),
    }
    events = Event.objects.count()
    for name, (client, *statuses) in expected.items():
        if name == "trader":
            assert Event.objects.count() == events, "somebody was refused and yet changed something"
        found = [
            client.get(f"{API}/interests/").status_code,
            client.get(f"{API}/interests/{body['id']}/").status_code,
            take(client, body, "shortlist").status_code,
        ]
        assert (name, found) == (name, statuses)


def test_staff_who_also_trade_write_only_their_own(first, as_, host, sam):
    body = first(host)
    factories.organization("miner", by=sam)
    is_problem(take(as_(sam), body, "shortlist"), 404)


def test_the_same_key_takes_a_step_once(first, host, miner):
    body = first(host)
    key = {"Idempotency-Key": "k", **version(body["version"])}
    path = f"{API}/interests/{body['id']}/shortlist/"
    one, two = (miner.post(path, {}, headers=key) for _try in range(2))
    assert (one.status_code, two.status_code) == (200, 200)
    assert one.json() == two.json()
