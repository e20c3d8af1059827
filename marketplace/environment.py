"""Reads settings from environment variables, and is loud about a bad value.

Every reader raises ImproperlyConfigured with the variable's name, the value found and what was expected.
An empty variable counts as one that is not set.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = ("true", "1", "yes", "on")
FALSE = ("false", "0", "no", "off")
# A Unix socket's address holds at most 108 bytes on Linux and 104 on macOS, its end mark included.
MAX_SOCKET_PATH_BYTES = 103


class Environment:
    """A mapping of variables with one reader for each kind of value."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._variables = variables

    def text(self, name: str, default: str = "") -> str:
        """The value without surrounding spaces, or the default."""
        return self._variables.get(name, "").strip() or default

    def flag(self, name: str, default: bool) -> bool:
        """A yes or no."""
        value = self.text(name).lower()
        if not value:
            return default
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise bad(name, value, f"one of {', '.join(TRUE)} or one of {', '.join(FALSE)}")

    def whole(self, name: str, default: int, *, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        value = self.text(name)
        if not value:
            return default
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            raise bad(name, value, f"a whole number from {low} to {high}")
        return int(value)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """One of the named words."""
        value = self.text(name, default)
        if value not in choices:
            raise bad(name, value, f"one of {', '.join(choices)}")
        return value

    def names(self, name: str, default: list[str]) -> list[str]:
        """Words separated by commas."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()] or default

    def folder(self, name: str, default: Path) -> Path:
        """An absolute path; it may not be a file. It need not exist yet."""
        path = Path(self.text(name, str(default))).expanduser().absolute()
        if path.exists() and not path.is_dir():
            raise bad(name, str(path), "a folder, but this is a file")
        return path

    def database(self, name: str, default: Path) -> dict[str, Any]:
        """Django's database settings from sqlite:////path or postgres://user:password@host:port/name?option=value.

        Parts may be percent-encoded, so %2Fvar%2Frun%2Fpostgresql is a socket's folder. Without a value,
        SQLite in the default file.
        """
        value = self.text(name)
        if not value:
            return sqlite(str(default))
        expected = "sqlite:////absolute/path or postgres://user:password@host:port/name"
        try:
            parts = urlsplit(value)
            port = parts.port
        except ValueError as error:
            raise bad(name, concealed(value), expected) from error
        if parts.scheme == "sqlite":
            path = unquote(parts.path)[1:]
            if parts.netloc or not path.startswith("/"):
                raise bad(name, value, expected)
            return sqlite(path)
        if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
            raise bad(name, concealed(value), expected)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            # urlsplit's own hostname is in lower case, which a socket's folder must not be.
            "HOST": unquote(parts.netloc.rpartition("@")[2].removesuffix(f":{port}")).strip("[]"),
            "PORT": port or "",
            "OPTIONS": dict(parse_qsl(parts.query)),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }

    def redis(self, name: str) -> str:
        """A Redis server's address, or an empty string."""
        value = self.text(name)
        if value and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
            raise bad(name, concealed(value), "redis://host:port/0, rediss://host:port/0 or unix:///path")
        return value

    def mail(self, name: str) -> dict[str, Any]:
        """Django's mail settings from smtp://user:password@host:587 (the connection is encrypted once it
        stands) or smtps://host:465 (from the start); smtp://host:25?tls=no for a server beside us. Empty
        without a value."""
        value = self.text(name)
        if not value:
            return {}
        expected = "smtp://user:password@host:587 or smtps://user:password@host:465"
        try:
            parts = urlsplit(value)
            port = parts.port
        except ValueError as error:
            raise bad(name, concealed(value), expected) from error
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise bad(name, concealed(value), expected)
        is_plain = dict(parse_qsl(parts.query)).get("tls") in FALSE
        return {
            "host": parts.hostname,
            "port": port or (465 if parts.scheme == "smtps" else 587),
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "is_ssl": parts.scheme == "smtps",
            "is_tls": parts.scheme == "smtp" and not is_plain,
        }


def bad(name: str, value: str, expected: str) -> ImproperlyConfigured:
    """The one sentence in which every bad value is refused."""
    return ImproperlyConfigured(f"{name} is {value!r}; expected {expected}.")


def concealed(url: str) -> str:
    """An address without what may be its password: an error message ends up in logs."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}***@{rest.rpartition('@')[2]}" if "@" in rest else url


def make_folder(name: str, path: Path) -> None:
    """Make a folder that nobody else on this machine may look into; raises when it can't be made."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise bad(name, str(path), f"a folder that can be made and written ({error.strerror})") from error


def sqlite(path: str) -> dict[str, Any]:
    """SQLite as it must be set for several writers: IMMEDIATE, or they fail with "database is locked"."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        },
    }


def socket_address(path: Path) -> str:
    """The address of a Redis server behind a Unix socket; raises when the path is too long for one."""
    if len(os.fsencode(path)) > MAX_SOCKET_PATH_BYTES:
        expected = f"a shorter path: with {path.name} at most {MAX_SOCKET_PATH_BYTES} bytes. Or set REDIS_URL"
        raise bad("DATA_DIR", str(path.parent), expected)
    return f"unix://{path}"


def broker_address(address: str) -> str:
    """A Redis address as Celery spells it: a Unix socket and its database have other names there."""
    if not address.startswith("unix://"):
        return address
    return address.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
