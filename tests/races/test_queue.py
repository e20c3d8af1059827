"""The queue away, a worker killed, two workers at once: on a real server and real workers, each a program of
its own."""

import json
import os
import shutil
import signal
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from tests.races.programs import Site, drop_database, kill, new_database, until

pytestmark = pytest.mark.redis

POST = """
import json, sys, time
import django
django.setup()
from django.test import Client
from accounts.models import User
client = Client()
client.force_login(User.objects.get(email="min@example.org"))
client.get("/requests/new/")
began = time.monotonic()
answer = client.post("/requests/new/", json.loads(sys.argv[1]))
seconds = time.monotonic() - began
page = client.get(answer.headers["Location"])
print(json.dumps({"status": answer.status_code, "seconds": seconds, "pk": answer.headers["Location"],
                  "page": page.content.decode()}))
"""
ENLARGE = """
import sys, uuid
import django
django.setup()
from django.utils import timezone
from accounts.services import events
from hosting.models import CapacityRequest
rows = list(CapacityRequest.objects.open(timezone.now()))
copies = []
while len(rows) + len(copies) < int(sys.argv[1]):
    for row in rows:
        row.pk = uuid.uuid4()
        copies.append(CapacityRequest(**{f.attname: getattr(row, f.attname) for f in row._meta.fields}))
CapacityRequest.objects.bulk_create(copies)
events.record(kind="hosting.reference", subject_id=uuid.uuid4(), code="loaded", at=timezone.now())
"""
RING = """
import django
django.setup()
from hosting import tasks
print(tasks.ring(), tasks.ring())
"""
# Lists enough that a worker can be met in the middle of them.
MANY = 1500


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A database with the reference data and the demo market, from which each test takes a copy."""
    folder = tmp_path_factory.mktemp("loaded")
    given = os.environ.get("DATABASE_URL", "")
    database = new_database(given) if given.startswith("postgres") else ""
    site = Site(folder, database)
    for command in ("migrate", "seed", "demo"):
        site.run("manage.py", command)
    yield site
    if database:
        drop_database(given, database)


@pytest.fixture
def site(loaded, tmp_path):
    given = os.environ.get("DATABASE_URL", "")
    database = new_database(given, template=loaded.database) if loaded.database else ""
    if not database:
        for file in loaded.folder.glob("marketplace.sqlite3*"):
            shutil.copy(file, tmp_path)
    copy = Site(tmp_path, database)
    yield copy
    copy.stop()
    if database:
        drop_database(given, database)


def need():
    today = datetime.now(UTC).date()
    return {
        "acting": "longtan-digital",
        "publish": "1",
        "by": "kw",
        "need_kw": "500",
        "efficiency_j_th": "17.5",
        "worst_j_th": "17.5",
        "earliest_start": (today + timedelta(days=10)).isoformat(),
        "latest_start": (today + timedelta(days=150)).isoformat(),
        "term_months": "12",
        "max_price_usd": "0.2",
    }


def test_a_request_posted_while_the_queue_is_away_is_answered_at_once_and_matched_when_it_is_back(site):
    posted = json.loads(site.run("-c", POST, json.dumps(need())))
    assert posted["status"] == 302
    assert posted["seconds"] < 2
    assert "Matches are on their way." in posted["page"]
    assert site.due > 0
    site.queue()
    site.worker("worker", "--beat")
    until(lambda: site.due == 0, "matching what was posted meanwhile")
    found = site.check()
    assert found["wrong"] == []
    assert found["hotels"][posted["pk"].strip("/").rpartition("/")[2]] > 0


def test_a_server_that_is_stopped_and_started_again_loses_nothing(site):
    server = site.queue()
    site.worker("worker", "--beat")
    until(lambda: site.due == 0, "the first match")
    kill(server)
    posted = json.loads(site.run("-c", POST, json.dumps(need())))
    assert posted["status"] == 302
    assert posted["seconds"] < 2
    site.queue()
    until(lambda: site.due == 0, "the worker's way back to the queue")
    found = site.check()
    assert found["wrong"] == []
    assert found["hotels"][posted["pk"].strip("/").rpartition("/")[2]] > 0


def test_a_worker_killed_in_the_middle_of_a_full_match_is_finished_by_the_next(site):
    site.environment["MATCH_LEASE"] = "4"
    site.queue()
    site.run("-c", ENLARGE, str(MANY))
    first = site.worker("first", "--beat")
    until(lambda: site.lists > MANY // 5, "the first fifth of the lists")
    kill(first)
    half = site.lists
    assert half < MANY, "the worker was faster than this test: make it MANY more"
    assert site.due > 0, "what is not done must still be due"
    site.worker("second", "--beat")
    until(lambda: site.due == 0, "the sweep by the second worker")
    found = site.check()
    assert found["wrong"] == []
    assert found["lists"] >= MANY > half


def test_two_workers_at_once_leave_what_one_leaves(site):
    """They share the work: what one has claimed the other does not do again."""
    site.queue()
    site.run("-c", ENLARGE, str(MANY // 3))
    site.worker("left")
    site.worker("right")
    assert site.run("-c", RING).split() == ["True", "True"]
    until(lambda: site.due == 0, "the run")
    until(lambda: all("succeeded" in site.log(name) for name in ("left", "right")), "both workers")
    found = site.check()
    assert found["wrong"] == []
    assert site.rows("SELECT state, is_wide FROM hosting_matchrun") == [("done", True)]


@pytest.mark.skipif(
    connections["default"].vendor != "postgresql",
    reason="a process that stands still in a transaction keeps SQLite's only write lock",
)
def test_while_one_worker_matches_everything_the_other_answers_a_request_and_takes_over_when_it_is_killed(
    site,
):
    site.environment["MATCH_LEASE"] = "4"
    site.queue()
    site.run("-c", ENLARGE, str(MANY))
    owner = site.worker("owner", "--beat")
    until(lambda: site.lists > MANY // 10, "the first lists of the full run")
    # It stands still, and keeps its lease for a while.
    os.killpg(owner.pid, signal.SIGSTOP)
    done_before = site.lists
    site.worker("other", "--beat")
    posted = json.loads(site.run("-c", POST, json.dumps(need())))
    pk = posted["pk"].strip("/").rpartition("/")[2]
    mine = f"hosting_matchlist WHERE replace(cast(request_id AS text), '-', '') = '{pk.replace('-', '')}'"
    until(lambda: site.count(mine) == 1, "the list of the request")
    running = "hosting_matchrun WHERE is_wide AND state = 'running'"
    assert site.count(running) <= 1
    # Woken in the middle of what another one has taken over by then, it stores nothing more, and is killed.
    until(lambda: site.count("hosting_matchrun WHERE is_wide AND state = 'failed'") == 1, "its lease's end")
    os.killpg(owner.pid, signal.SIGCONT)
    kill(owner)
    until(lambda: site.due == 0, "the full run, taken over")
    found = site.check()
    assert found["wrong"] == []
    assert found["hotels"][pk] > 0
    assert site.lists >= MANY > done_before
