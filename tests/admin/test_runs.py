"""Match runs in the admin: what they did and how long it took; and a re-match that can be followed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Due, Event
from hosting.models import MatchList, MatchRun
from hosting.services import engine, matchruns
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
REMATCH = "/admin/hosting/matchrun/rematch/"


@pytest.fixture(autouse=True)
def _held_clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def market():
    offer, request = factories.offer(), factories.request()
    matchruns.run(now=NOW, clock=lambda: NOW, trigger="first")
    Due.objects.all().delete()
    return offer, request


def ask(client, why="The rates were wrong."):
    answer = client.post(REMATCH, {"why": why})
    return answer, answer.headers.get("Location")


def test_the_list_shows_what_a_run_did(client, sam, market):
    MatchRun.objects.create(
        trigger="offer",
        as_of=TODAY,
        state="failed",
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=1.5),
        inputs_hash="abcdef0123456789",
        error="ValueError: no such place",
    )
    client.force_login(sam)
    page = client.get("/admin/hosting/matchrun/").content.decode()
    for words in ("1.50 s", "abcdef01", "ValueError: no such place", "Match everything again"):
        assert words in page, words


def test_a_rematch_asks_why_and_makes_every_request_due(client, sam, market):
    client.force_login(sam)
    assert ask(client, why=" ")[0].status_code == 400
    assert not Event.objects.filter(code="rematch_asked").exists()
    _answer, follow = ask(client)
    event = Event.objects.get(code="rematch_asked")
    assert (event.by, event.why) == (sam.pk, "The rates were wrong.")
    assert "Waiting for a worker" in client.get(follow).content.decode()
    run = matchruns.match_due(now=NOW, clock=lambda: NOW)
    assert (run.requests, run.trigger) == (1, "rematch_asked")
    page = client.get(follow).content.decode()
    assert "1 of 1 open requests" in page
    assert f"Run {run.number}" in page
    assert "refresh" not in page


def test_a_run_shows_how_far_it_has_come(client, sam, market):
    factories.request()
    client.force_login(sam)
    _answer, follow = ask(client)
    running = MatchRun.objects.create(trigger="t", as_of=TODAY, started_at=NOW)
    MatchList.objects.update(run=running)
    for page in (follow, f"/admin/hosting/matchrun/{running.number}/change/"):
        shown = client.get(page).content.decode()
        assert "1 of 2 open requests" in shown, page
        assert 'http-equiv="refresh"' in shown, page


def test_a_run_that_failed_says_so(client, sam, market, monkeypatch):
    client.force_login(sam)
    _answer, follow = ask(client)

    def broken(*_args):
        raise ValueError("no such place")

    monkeypatch.setattr(engine.kept, "read", broken)
    with pytest.raises(ValueError, match="no such place"):
        matchruns.match_due(now=NOW, clock=lambda: NOW)
    page = client.get(follow).content.decode()
    assert "The run failed" in page
    assert "ValueError: no such place" in page


def test_who_may_only_look_asks_for_nothing(client, market):
    helper = factories.user("helper@example.org", is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="view_matchrun"))
    client.force_login(helper)
    assert "Match everything again" not in client.get("/admin/hosting/matchrun/").content.decode()
    assert ask(client)[0].status_code == 403
    assert client.get(f"{REMATCH}00000000-0000-0000-0000-000000000001/").status_code == 404
    assert not Event.objects.filter(code="rematch_asked").exists()
