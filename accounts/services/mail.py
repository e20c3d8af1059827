"""Mail: queued with the change it speaks of, sent later by a task. A request never waits for a mail server.

Queueing is a row in the caller's transaction. Sending claims a row with a lease, speaks to the server
outside of any transaction, and records what came of it. A server that is down delays a mail and never loses
it.
"""

import logging
import random
import smtplib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core import mail
from django.db.models import F, Q
from django.utils import translation

from accounts.models import OutboxMail

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]

# Longer than any server may take to accept a mail; whoever dies with one leaves it for this long.
LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
BATCH = 200
KEPT = timedelta(days=30)
# A server that hangs holds the worker up for so long, once.
SERVER_SECONDS = 5
OF_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


def queue(
    *, to: str, subject: str, text: str, now: datetime, key: str = "", language: str = ""
) -> OutboxMail:
    """Put a mail into the outbox, in the caller's transaction. `key` says which mail it is: a second one
    with the same key is the first, and nothing is queued; without one every call is a mail of its own.

    A subject is one line: line breaks in it become spaces.
    """
    made, _created = OutboxMail.objects.get_or_create(
        key=key or f"mail:{uuid.uuid4()}",
        defaults={
            "to": to,
            "subject": " ".join(subject.split())[:200],
            "text": text,
            "language": language or translation.get_language() or settings.LANGUAGE_CODE,
            "created_at": now,
            "next_try_at": now,
        },
    )
    return made


def send_due(*, clock: Clock, most: int = BATCH) -> int:
    """Send what is due, the oldest first. Gives how many were sent.

    Ends when the server can't be reached: whatever else is due waits for it as well, instead of holding
    the worker up once for each.
    """
    sent = 0
    for _number in range(most):
        letter = _claim(clock())
        if letter is None:
            break
        try:
            _hand_over(letter)
        except (OSError, smtplib.SMTPException) as error:
            # smtplib's errors are OSErrors. A refusal of one address or text says nothing of the others.
            _put_back(letter, error, clock())
            if not isinstance(error, OF_ONE_MAIL):
                OutboxMail.objects.due(clock()).update(next_try_at=clock() + FIRST_WAIT)
                break
        else:
            OutboxMail.objects.filter(pk=letter.pk).update(sent_at=clock(), error="")
            sent += 1
    return sent


def _claim(now: datetime) -> OutboxMail | None:
    """Take the next mail for the length of the lease; None when nothing is due."""
    due = OutboxMail.objects.due(now).order_by("next_try_at", "pk")
    for pk, attempts in due.values_list("pk", "attempts")[:20]:
        # Only the one who finds the row as it was read has it.
        untouched = OutboxMail.objects.due(now).filter(pk=pk, attempts=attempts)
        if untouched.update(attempts=F("attempts") + 1, next_try_at=now + LEASE):
            return OutboxMail.objects.get(pk=pk)
    return None


def _hand_over(letter: OutboxMail) -> None:
    """Give the mail to the server."""
    mail.EmailMessage(
        letter.subject,
        letter.text,
        to=[letter.to],
        connection=mail.get_connection(timeout=SERVER_SECONDS),
        headers={"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"},
    ).send()


def forget(*, now: datetime) -> int:
    """Drop what was sent, or refused for good, more than KEPT ago: an outbox is no archive of addresses.
    Gives how many."""
    over = Q(sent_at__lt=now - KEPT) | Q(refused_at__lt=now - KEPT)
    return OutboxMail.objects.filter(over).delete()[0]


def message_id(letter: OutboxMail) -> str:
    """The same for every try, so that a receiver sees a repeated mail for what it is."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
    return f"<{letter.pk}@{domain}>"


def _put_back(letter: OutboxMail, error: Exception, now: datetime) -> None:
    changes = {"next_try_at": now + wait_after(letter.attempts), "error": _said(error)[:300]}
    if _is_refused_for_good(error):
        changes["refused_at"] = now
    OutboxMail.objects.filter(pk=letter.pk).update(**changes)
    # Neither the address nor the subject: logs name nobody.
    log.warning("mail %s was not sent (try %s): %s", letter.pk, letter.attempts, type(error).__name__)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: doubling up to an hour, and scattered by half, so that not all
    come back at once."""
    waits = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    return waits * random.uniform(0.5, 1.5)  # noqa: S311 - a wait is no secret


def _said(error: Exception) -> str:
    """The server's answer without the addresses it repeats."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _text in error.recipients.values()})
        return f"{type(error).__name__}: {codes}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__}: {error.smtp_code}"
    return f"{type(error).__name__}: {error}"


def _is_refused_for_good(error: Exception) -> bool:
    """Whether the server will never take this mail for this address (a 5xx about the address or the text)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
