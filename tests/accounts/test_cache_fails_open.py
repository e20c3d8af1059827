"""A cache whose server is away finds nothing, keeps nothing and holds nobody up."""

import time

import pytest

from marketplace.caches import FailOpenRedis


@pytest.fixture
def away(monkeypatch):
    """A cache behind a port where nobody listens."""
    monkeypatch.setattr(FailOpenRedis, "away_until", 0.0)
    return FailOpenRedis("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 1}})


def test_it_answers_as_if_it_were_empty(away):
    assert away.get("key", "nothing") == "nothing"
    assert away.get_many(["key"]) == {}
    assert away.add("lock", True, timeout=1) is True
    assert away.set("key", 1) is None
    assert away.has_key("key") is False
    assert away.delete("key") is False


def test_it_does_not_ask_again_for_a_while_and_then_it_does(away, monkeypatch):
    away.get("key")
    assert FailOpenRedis.away_until > time.monotonic()
    monkeypatch.setattr(FailOpenRedis, "away_until", time.monotonic() - 1)
    away.get("key")
    assert FailOpenRedis.away_until > time.monotonic()
