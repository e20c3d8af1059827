"""One bell after a change, which nobody who makes the change ever waits for."""

import socket
import subprocess
import sys

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

from hosting import tasks
from hosting.management.bell import RingingCommand
from marketplace.middleware import Bell
from tests.house.files import ROOT

# The second time, so that loading the application does not count.
POST_TWO_FORMS = """
import time
import django
django.setup()
from django.test import Client
Client().post("/i18n/setlang/", {"language": "ru"})
began = time.monotonic()
answer = Client().post("/i18n/setlang/", {"language": "ru"})
print(answer.status_code, time.monotonic() - began)
"""
# A server that hangs costs the ringer its socket's timeout; one that is not there costs nothing.
MAX_WAIT_SECONDS = 4


@pytest.fixture
def rings(monkeypatch):
    heard = []
    monkeypatch.setattr(tasks, "ring", lambda: heard.append(True) or True)
    return heard


def answered(method, status):
    request = RequestFactory().generic(method, "/")
    return Bell(lambda request: HttpResponse(status=status))(request)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_change_rings_once(rings, django_capture_on_commit_callbacks, method):
    with django_capture_on_commit_callbacks(execute=True):
        answered(method, 200)
    assert len(rings) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("HEAD", 200), ("OPTIONS", 200), ("POST", 400)])
def test_what_changes_nothing_does_not_ring(rings, django_capture_on_commit_callbacks, method, status):
    with django_capture_on_commit_callbacks(execute=True):
        answered(method, status)
    assert rings == []


@pytest.mark.django_db(transaction=True)
def test_the_bell_waits_for_the_commit(rings):
    with transaction.atomic():
        answered("POST", 200)
        assert rings == []
    assert len(rings) == 1


@pytest.mark.django_db
def test_a_command_that_changes_the_market_rings_once(rings, django_capture_on_commit_callbacks):
    class Change(RingingCommand):
        def handle(self, **options):
            return None

    with django_capture_on_commit_callbacks(execute=True):
        Change().execute(force_color=False, no_color=True, skip_checks=True)
    assert len(rings) == 1


@pytest.fixture(params=["away", "hung"])
def broken_queue(request):
    """The address of a server that is not there, or that takes connections and never answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        if request.param == "hung":
            taken.listen()
        yield f"redis://127.0.0.1:{taken.getsockname()[1]}/0"


def test_a_page_answers_while_the_queue_does_not(tmp_path, broken_queue):
    answer = subprocess.run(
        [sys.executable, "-c", POST_TWO_FORMS],
        cwd=ROOT,
        env={
            "MARKETPLACE_ENV": "test",
            "DJANGO_SETTINGS_MODULE": "marketplace.settings",
            "ALLOWED_HOSTS": "testserver",
            "DATA_DIR": str(tmp_path),
            "REDIS_URL": broken_queue,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    status, waited = answer.stdout.split()
    assert status == "302"
    assert float(waited) < MAX_WAIT_SECONDS
    assert "WARNING hosting.tasks" in answer.stderr
