"""Webhooks over the API: whose they are, who may change them, and a secret that is shown once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from accounts.adapters import sealing
from accounts.models import Event, IdempotencyRecord
from accounts.services import organizations, tokens
from hosting.adapters.webhooks import Answer, Fake
from hosting.models import PartnerEvent, WebhookDelivery, WebhookEndpoint
from hosting.services import deliveries, webhooks
from tests import factories
from tests.api.walking import API, is_problem, walk
from tests.factories import NOW

pytestmark = pytest.mark.django_db

BODY = {"url": "https://hooks.example/in?key=1", "events": ["offer.published", "offer.paused"]}


def token_of(organization, by, *scopes):
    _made, secret = tokens.make(organization=organization, scopes=scopes, by=by, now=NOW)
    return APIClient(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def host(steppe, hanna):
    return token_of(steppe, hanna, "webhooks:write")


@pytest.fixture
def made(host):
    return host.post(f"{API}/webhooks/", BODY).json()


def step(client, made, name, **headers):
    return client.post(
        f"{API}/webhooks/{made['id']}/{name}/", headers={"If-Match": str(made["version"]), **headers}
    )


def delivery(organization=None):
    event = PartnerEvent.objects.create(
        type="offer.paused", organization=organization, at=NOW, recorded_at=NOW, data={"offer": str(uuid4())}
    )
    deliveries.queue(event=event, now=NOW)
    return WebhookDelivery.objects.get(event=event)


def test_a_new_endpoint_shows_its_secret_once_and_keeps_it_sealed(host):
    answer = host.post(f"{API}/webhooks/", BODY)
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    made = answer.json()
    assert made["secret"].startswith("whsec_")
    assert {**BODY, "status": "active", "version": 1}.items() <= made.items()
    again = host.get(f"{API}/webhooks/{made['id']}/").json()
    assert again == {name: value for name, value in made.items() if name != "secret"}
    assert walk(host, "webhooks/") == [again]
    row = WebhookEndpoint.objects.get()
    assert made["secret"] not in row.secret_sealed
    assert sealing.unseal(row.secret_sealed) == made["secret"]


def test_neither_address_nor_secret_goes_into_the_events_that_are_kept_for_good(made):
    event = Event.objects.get(subject_id=made["id"])
    assert (event.code, event.params, event.why) == ("created", {}, "")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "http://hooks.example/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://localhost:8000@10.0.0.1/"}, "url"),
        ({"url": 7}, "url"),
        ({"url": ""}, "url"),
        ({"events": []}, "events"),
        ({"events": ["offer.published", "nonsense"]}, "events"),
        ({"events": "offer.published"}, "events"),
        ({"events": [{}]}, "events"),
        ({"secret": "whsec_mine"}, "secret"),
        ({"status": "off"}, "status"),
        ({"organization": "x"}, "organization"),
    ],
)
def test_what_cant_be_used_is_refused_by_its_field(host, made, body, field):
    new = host.post(f"{API}/webhooks/", {**BODY, "url": "https://other.example", **body})
    assert list(is_problem(new, 400)["errors"]) == [field]
    change = host.patch(f"{API}/webhooks/{made['id']}/", body, headers={"If-Match": "1"})
    assert list(is_problem(change, 400)["errors"]) == [field]
    assert WebhookEndpoint.objects.get().version == 1


def test_loopback_over_http_is_for_development(host):
    here = {**BODY, "url": "http://127.0.0.1:9000/"}
    is_problem(host.post(f"{API}/webhooks/", here), 400)
    with override_settings(WEBHOOKS_ALLOW_LOOPBACK=True):
        assert host.post(f"{API}/webhooks/", here).status_code == 201
        is_problem(host.post(f"{API}/webhooks/", {**BODY, "url": "http://10.0.0.1/"}), 400)


def test_an_address_is_there_once_and_ten_are_enough(host, made):
    is_problem(host.post(f"{API}/webhooks/", BODY), 409, "same_address")
    for number in range(webhooks.MOST - 1):
        body = {**BODY, "url": f"https://hooks.example/{number}"}
        assert host.post(f"{API}/webhooks/", body).status_code == 201
    is_problem(
        host.post(f"{API}/webhooks/", {**BODY, "url": "https://new.example"}), 409, "too_many_webhooks"
    )


def test_a_change_takes_the_version_that_was_seen(host, made):
    path = f"{API}/webhooks/{made['id']}/"
    is_problem(host.patch(path, {"events": ["rule.published"]}), 400, "if_match_missing")
    answer = host.patch(path, {"events": ["rule.published"]}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert answer.json()["events"] == ["rule.published"]
    assert answer.json()["url"] == BODY["url"]
    is_problem(host.patch(path, {"url": "https://x.example"}, headers={"If-Match": "1"}), 412, "stale")
    is_problem(step(host, made, "rotate"), 412)
    is_problem(host.delete(path, headers={"If-Match": "1"}), 412)
    assert host.delete(path, headers={"If-Match": "2"}).status_code == 204
    is_problem(host.get(path), 404)


def test_a_new_secret_is_shown_once_and_says_how_long_the_old_one_signs(host, made):
    new = step(host, made, "rotate").json()
    assert new["secret"] != made["secret"]
    assert new["previous_secret_until"] == "2027-01-12T09:00:00Z"
    assert "secret" not in host.get(f"{API}/webhooks/{made['id']}/").json()


def test_switching_off_gives_up_what_waits_and_switching_on_begins_with_what_comes(host, made):
    waiting = delivery()
    off = step(host, made, "disable").json()
    waiting.refresh_from_db()
    assert (off["status"], waiting.status) == ("off", "failed")
    path = f"{API}/webhooks/{made['id']}/deliveries/{waiting.pk}/redeliver/"
    is_problem(host.post(path), 409, "endpoint_is_off")
    assert step(host, off, "enable").json()["status"] == "active"
    assert host.post(path).status_code == 202


def test_the_log_says_of_each_message_how_often_it_was_tried_and_what_came_back(host, made):
    waiting = delivery()
    deliveries.send_due(clock=lambda: NOW, sender=Fake([Answer(500, "", 7)]))
    (row,) = walk(host, f"webhooks/{made['id']}/deliveries/")
    assert row["event"] == str(waiting.event_id)
    assert (row["type"], row["status"], row["delivered_at"]) == ("offer.paused", "waiting", None)
    assert row["tries"] == [{"at": "2027-01-11T09:00:00Z", "status": 500, "error": "status", "ms": 7}]
    later = NOW + timedelta(minutes=1)
    deliveries.send_due(clock=lambda: later, sender=Fake())
    (row,) = walk(host, f"webhooks/{made['id']}/deliveries/", status="delivered")
    assert (row["next_try_at"], len(row["tries"])) == (None, 2)
    assert walk(host, f"webhooks/{made['id']}/deliveries/", status="failed") == []


def test_a_message_on_its_way_is_not_begun_anew(host, made):
    path = f"{API}/webhooks/{made['id']}/deliveries/{delivery().pk}/redeliver/"
    is_problem(host.post(path), 409, "on_its_way")


def test_the_same_call_with_the_same_key_makes_one_endpoint(host):
    first = host.post(f"{API}/webhooks/", BODY, headers={"Idempotency-Key": "k1"})
    second = host.post(f"{API}/webhooks/", BODY, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert WebhookEndpoint.objects.count() == 1
    # What is kept for the repeat is sealed too.
    assert first.json()["secret"].encode() not in bytes(IdempotencyRecord.objects.get(key="k1").body)


def calls(made, sent):
    """(method, path, body) of everything there is."""
    one = f"{API}/webhooks/{made['id']}/"
    return [
        ("get", f"{API}/webhooks/", None),
        ("get", one, None),
        ("get", f"{one}deliveries/", None),
        ("post", f"{API}/webhooks/", {**BODY, "url": "https://more.example"}),
        ("patch", one, {"events": ["rule.published"]}),
        *(("post", f"{one}{name}/", None) for name in ("rotate", "disable", "enable")),
        ("post", f"{one}deliveries/{sent.pk}/redeliver/", None),
        ("delete", one, None),
    ]


def outcomes(client, made, sent):
    return [
        getattr(client, method)(path, body, headers={"If-Match": "1"}).status_code
        for method, path, body in calls(made, sent)
    ]


def test_who_has_no_business_here_gets_nothing(
    made, stranger, as_, mallory, hanna, steppe, red_river, min_, sam
):
    sent = delivery()
    trader, viewer = (factories.user(f"{role}@example.org") for role in ("trader", "viewer"))
    for person, role in ((trader, "trader"), (viewer, "viewer")):
        organizations.join(organization=steppe, user=person, role=role, by=hanna, now=NOW)
    everything = len(calls(made, sent))
    assert outcomes(stranger, made, sent) == [401] * everything
    assert outcomes(as_(mallory), made, sent) == [403] * everything
    assert outcomes(as_(sam), made, sent) == [403] * everything
    assert outcomes(token_of(steppe, hanna, "market:read", "offers:write"), made, sent) == [403] * everything
    for person in (viewer, trader):
        assert outcomes(as_(person), made, sent) == [200] * 3 + [403] * (everything - 3)
    row = WebhookEndpoint.objects.get()
    assert (row.version, row.status) == (1, "active")
    foreign = [200, 404, 404, 201, *[404] * (everything - 4)]
    assert outcomes(as_(min_), made, sent) == foreign
    assert [one["url"] for one in walk(as_(min_), "webhooks/")] == ["https://more.example"]
    foreign[3] = 409
    assert outcomes(token_of(red_river, min_, "webhooks:write"), made, sent) == foreign


def test_an_owner_may_with_a_browser_too(as_, hanna, steppe, made):
    client = as_(hanna, "steppe-power")
    assert step(client, made, "rotate").status_code == 200


def test_a_delivery_of_another_endpoint_is_not_under_this_one(host, made):
    other = host.post(f"{API}/webhooks/", {"url": "https://b.example", "events": ["rule.published"]}).json()
    path = f"{API}/webhooks/{other['id']}/deliveries/{delivery().pk}/redeliver/"
    is_problem(host.post(path), 404)


@pytest.mark.parametrize("count", [2, 12])
def test_the_lists_take_a_fixed_number_of_queries(host, made, count, django_assert_max_num_queries):
    for _number in range(count):
        delivery()
    with django_assert_max_num_queries(6):
        assert len(walk(host, f"webhooks/{made['id']}/deliveries/")) == count
