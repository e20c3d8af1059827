"""What every answer carries, and whether this process is well."""

import logging

import pytest
from django.db import OperationalError, connection

from accounts.web import health
from marketplace.logs import RequestIdFilter


def test_a_request_keeps_the_name_its_client_gave_it(client):
    assert client.get("/healthz", headers={"X-Request-ID": "abc-123"})["X-Request-ID"] == "abc-123"


@pytest.mark.parametrize("given", ["", "two words", "a" * 65, "line\nbreak", "<b>"])
def test_a_request_gets_a_name_when_the_given_one_is_no_plain_word(client, given):
    name = client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
    assert name != given
    assert len(name) == 32


def test_a_log_line_outside_a_request_has_an_empty_name():
    record = logging.LogRecord("x", logging.INFO, "x", 1, "x", (), None)
    assert RequestIdFilter().filter(record)
    assert record.request_id == "-"


def test_every_answer_forbids_scripts_from_elsewhere_and_inline(client):
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_healthz_asks_nobody(client):
    # Without the database mark, a query would fail this test.
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_readyz_is_well_when_database_migrations_and_broker_are(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "migrations": True, "broker": True}


@pytest.mark.django_db
def test_readyz_names_a_broker_that_is_away(client, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": True, "migrations": True, "broker": False}


@pytest.mark.django_db
def test_readyz_names_a_migration_that_is_missing(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] is False


def test_readyz_names_a_database_that_is_away(client, monkeypatch):
    def away(connection):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(health, "MigrationExecutor", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] is False
