"""Mailbox: the mails that the file backend wrote instead of sending. Only a laptop has one."""

import email
import email.policy
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
# The line that Django's backend writes after every mail.
BETWEEN = b"-" * 79
MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail: where it lies ("file.log", 0), its headings as text, its plain text."""

    file: str
    number: int
    to: str
    subject: str
    date: str
    text: str


def is_there() -> bool:
    """Whether mail goes into files here; never in production."""
    return settings.EMAIL_BACKEND == FILE_BACKEND and not settings.IS_PRODUCTION


def letters() -> list[Letter]:
    """What lies in the latest files, the newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    paths = folder.glob("*.log") if folder.is_dir() else ()
    latest = sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)[:MOST_FILES]
    return [letter for path in latest for letter in reversed(read(path))]


def read(path: Path) -> list[Letter]:
    """The mails in one file of the backend, in the order they were written."""
    parts = [part.strip(b"\r\n") for part in path.read_bytes().split(BETWEEN)]
    return [_letter(path.name, number, part) for number, part in enumerate(filter(None, parts))]


def _letter(file: str, number: int, raw: bytes) -> Letter:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if body else ""
    to, subject, sent = (str(message.get(name, "")) for name in ("To", "Subject", "Date"))
    return Letter(file, number, to, subject, sent, text)
