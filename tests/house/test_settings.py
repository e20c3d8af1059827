"""A bad setting stops the start with a sentence that names it."""

import subprocess
import sys

import pytest

from tests.house.files import ROOT

LOAD = "from django.conf import settings; print(settings.MARKETPLACE_ENV)"


def production(data_dir, **changes):
    """The environment of a sound deployment, with changes; None takes a variable away."""
    variables = {
        "MARKETPLACE_ENV": "production",
        "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": "made up for this test: 8Wq2zN5rT7yU1iO3pA4sD6fG9hJ0kL",
        "ALLOWED_HOSTS": "hotels.example",
        "DATABASE_URL": "postgres://market:word@db.example:5432/market",
        "REDIS_URL": "redis://queue.example:6379/0",
        "EMAIL_URL": "smtp://market:word@mail.example:587",
    } | changes
    return {name: value for name, value in variables.items() if value is not None}


def start(variables, *command):
    command = command or ("-c", LOAD)
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )


def test_a_sound_production_starts(tmp_path):
    answer = start(production(tmp_path))
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == "production"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is missing or the default"),
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"DEMO": "true"}, "DEMO is on"),
        ({"DATABASE_URL": None}, "DATABASE_URL names SQLite"),
        ({"DATABASE_URL": "sqlite:////srv/market.sqlite3"}, "DATABASE_URL names SQLite"),
        ({"REDIS_URL": None}, "REDIS_URL is empty"),
        ({"EMAIL_URL": None}, "EMAIL_URL is empty"),
        ({"ALLOWED_HOSTS": " "}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is '*'"),
    ],
)
def test_production_refuses_what_is_fit_for_a_laptop_only(tmp_path, changes, words):
    answer = start(production(tmp_path, **changes))
    assert answer.returncode != 0
    assert "ImproperlyConfigured: MARKETPLACE_ENV is production, and " in answer.stderr
    assert words in answer.stderr


def test_production_names_everything_it_refuses_at_once(tmp_path):
    answer = start(production(tmp_path, SECRET_KEY=None, DEBUG="yes"))
    assert "SECRET_KEY" in answer.stderr
    assert "DEBUG" in answer.stderr


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("MARKETPLACE_ENV", "prod", "development, test, production"),
        ("DEBUG", "perhaps", "one of true"),
        ("PORT", "80a", "a whole number from 1 to 65535"),
        ("PORT", "70000", "a whole number from 1 to 65535"),
        ("RATE_MAX_AGE", "-1", "a whole number from 0"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING, ERROR"),
        ("REDIS_URL", "localhost:6379", "redis://host:port/0"),
        ("EMAIL_URL", "mail.example:587", "smtp://user:password@host:587"),
        ("DATABASE_URL", "mysql://market", "postgres://user:password@host:port/name"),
        ("DATABASE_URL", "sqlite:///here.sqlite3", "sqlite:////absolute/path"),
        ("DATABASE_URL", "postgres://u:p@h:port/name", "postgres://user:password@host:port/name"),
        ("DATA_DIR", str(ROOT / "manage.py"), "a folder"),
        ("DATA_DIR", "/dev/null/market", "can be made and written"),
    ],
)
def test_a_bad_value_is_named_with_what_is_expected(tmp_path, name, value, expected):
    variables = {"DJANGO_SETTINGS_MODULE": "marketplace.settings", "DATA_DIR": str(tmp_path), name: value}
    answer = start(variables)
    assert answer.returncode != 0
    assert f"ImproperlyConfigured: {name} is " in answer.stderr
    assert expected in answer.stderr


def test_a_folder_too_deep_for_a_socket_is_refused_unless_a_server_is_named(tmp_path):
    deep = tmp_path / ("x" * 120)
    variables = {"DJANGO_SETTINGS_MODULE": "marketplace.settings", "DATA_DIR": str(deep)}
    assert "a shorter path" in start(variables).stderr
    assert not deep.exists()
    assert start(variables | {"REDIS_URL": "redis://queue.example"}).returncode == 0


def test_a_refused_database_does_not_show_its_password(tmp_path):
    answer = start(production(tmp_path, DATABASE_URL="mysql://market:verysecret@db/market"))
    assert "DATABASE_URL" in answer.stderr
    assert "verysecret" not in answer.stderr


def test_the_deployment_checks_find_nothing_to_say(tmp_path):
    answer = start(
        production(tmp_path, SECRET_KEY="made up for this test: 8Wq2zN5rT7yU1iO3pA4sD6fG9hJ0kLzXcVbNm"),
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
    )
    assert answer.returncode == 0, answer.stderr
