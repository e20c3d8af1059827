"""The events feed: the same as webhooks tell, walked page by page by those who can't receive."""

from datetime import timedelta
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from accounts.services import tokens
from hosting.models import PartnerEvent
from tests.api.walking import API, is_problem, walk
from tests.factories import NOW

pytestmark = pytest.mark.django_db

AGO = NOW - timedelta(hours=1)


def event(organization=None, type="offer.published", recorded_at=AGO, **fields):
    values = {"at": AGO, "data": {"offer": "6f9e7a04-2f3f-4f7e-8f0e-0f5a3a3f2c11"}, **fields}
    return PartnerEvent.objects.create(
        type=type, organization=organization, recorded_at=recorded_at, **values
    )


def reader(organization, by, *scopes):
    _made, secret = tokens.make(organization=organization, scopes=scopes or ["market:read"], by=by, now=NOW)
    return APIClient(headers={"Authorization": f"Bearer {secret}"})


def test_an_event_is_told_as_a_webhook_would(steppe, hanna):
    row = event()
    assert walk(reader(steppe, hanna), "events/") == [
        {
            "id": str(row.pk),
            "type": "offer.published",
            "timestamp": "2027-01-11T08:00:00Z",
            "recorded_at": "2027-01-11T08:00:00Z",
            "data": {"offer": "6f9e7a04-2f3f-4f7e-8f0e-0f5a3a3f2c11"},
        }
    ]


def test_each_organization_reads_what_is_public_and_its_own(
    steppe, hanna, red_river, min_, as_, mallory, sam
):
    public, hers, his = event(), event(steppe), event(red_river, type="request.opened")

    def ids(client):
        return {UUID(row["id"]) for row in walk(client, "events/")}

    assert ids(reader(steppe, hanna)) == {public.pk, hers.pk}
    assert ids(reader(red_river, min_)) == ids(as_(min_)) == {public.pk, his.pk}
    assert ids(as_(mallory)) == {public.pk}
    assert ids(as_(sam)) == {public.pk, hers.pk, his.pk}


def test_a_stranger_and_a_token_for_less_get_nothing(stranger, steppe, hanna):
    event()
    is_problem(stranger.get(f"{API}/events/"), 401)
    is_problem(reader(steppe, hanna, "webhooks:write").get(f"{API}/events/"), 403, "scope_missing")


def test_it_is_only_read(steppe, hanna):
    client = reader(steppe, hanna)
    for method in ("post", "patch", "delete"):
        assert getattr(client, method)(f"{API}/events/").status_code in (403, 405)


def test_the_oldest_comes_first_and_equal_times_are_walked_once_each(steppe, hanna):
    later = event(recorded_at=AGO + timedelta(seconds=1))
    for _number in range(25):
        event()
    rows = walk(reader(steppe, hanna), "events/", page_size=4)
    assert len({row["id"] for row in rows}) == len(rows) == 26
    assert rows[-1]["id"] == str(later.pk)


def test_one_goes_on_where_one_has_stopped(steppe, hanna):
    client = reader(steppe, hanna)
    event()
    last = walk(client, "events/")[-1]
    new = event(recorded_at=AGO + timedelta(minutes=5))
    rows = walk(client, "events/", updated_since=last["recorded_at"])
    assert [row["id"] for row in rows if row["id"] != last["id"]] == [str(new.pk)]


def test_it_is_filtered_by_type(steppe, hanna):
    event()
    for name in ("rule.published", "offer.paused"):
        event(type=name)
    rows = walk(reader(steppe, hanna), "events/", type=["rule.published", "offer.paused"])
    assert {row["type"] for row in rows} == {"rule.published", "offer.paused"}
    is_problem(reader(steppe, hanna).get(f"{API}/events/", {"type": "nonsense"}), 400)


@pytest.mark.parametrize("count", [2, 30])
def test_a_page_takes_a_fixed_number_of_queries(steppe, hanna, count, django_assert_max_num_queries):
    for _number in range(count):
        event()
    client = reader(steppe, hanna)
    client.get(f"{API}/events/")
    with django_assert_max_num_queries(4):
        assert len(client.get(f"{API}/events/").json()["results"]) == count
