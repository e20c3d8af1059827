"""Digests: notices become mails in the outbox, one each or one a day.

The words are the reader's: `words` says the notices in whatever language is active. A notice is marked in the
transaction that queues its mail, so that it goes into one mail and no second.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from accounts.models import Mail, Notice, User
from accounts.services import mail

HOUR = time(7, 0)
BATCH = 200


@dataclass(frozen=True)
class Said:
    """A notice in words: one sentence, and what else there is to say."""

    title: str
    lines: tuple[str, ...] = ()


Words = Callable[[Iterable[Notice]], list[Said]]


@dataclass(frozen=True)
class Addresses:
    """Where a mail leads to: the page of a notice, and that on which one chooses what to hear of."""

    notice: Callable[[Notice], str]
    settings: str


def write_each(*, now: datetime, words: Words, addresses: Addresses) -> int:
    """Queue a mail for each notice that waits for one of its own. Gives how many."""
    waiting = Notice.objects.filter(mail=Mail.WAITING).select_related("recipient")
    return sum(
        _write(notice.recipient, Notice.objects.filter(pk=notice.pk), Mail.WAITING, now, words, addresses)
        for notice in waiting.order_by("created_at", "pk")[:BATCH]
    )


def write_daily(*, now: datetime, words: Words, addresses: Addresses) -> int:
    """Queue the day's mail for everybody whose morning has come: what they were told before 07:00 of their
    time zone and have not read since. Gives how many mails."""
    waiting = Notice.objects.filter(mail=Mail.DIGEST)
    written = 0
    for person in User.objects.filter(pk__in=waiting.values("recipient")).order_by("pk"):
        told = Notice.objects.filter(recipient=person, created_at__lt=last_morning(person, now))
        written += _write(person, told, Mail.DIGEST, now, words, addresses)
    return written


def _write(
    person: User,
    notices: QuerySet[Notice],
    state: Mail,
    now: datetime,
    words: Words,
    addresses: Addresses,
) -> bool:
    """Queue one mail with those of the notices that are still in the state; true if there was one."""
    with transaction.atomic():
        locked = notices.filter(mail=state).select_for_update(of=("self",), no_key=True)
        taken = list(locked.order_by("created_at", "pk"))
        if not taken:
            return False
        ids = [notice.pk for notice in taken]
        Notice.objects.filter(pk__in=ids).update(mail=Mail.WRITTEN)
        # A membership may have ended since; what was read in the meantime needs no mail of the day.
        wanted = Notice.objects.readable(person).filter(pk__in=ids).order_by("created_at", "pk")
        if state == Mail.DIGEST:
            wanted = wanted.unread()
        letter = list(wanted) if person.is_active else []
        if letter:
            _queue(person, letter, now, words, addresses)
    return bool(letter)


def last_morning(person: User, now: datetime) -> datetime:
    """The latest 07:00 of the person's time zone that is not after now, in UTC."""
    zone = zone_of(person)
    local = now.astimezone(zone)
    morning = datetime.combine(local.date(), HOUR, zone)
    if morning > local:
        morning = datetime.combine(local.date() - timedelta(days=1), HOUR, zone)
    return morning.astimezone(UTC)


def zone_of(person: User) -> ZoneInfo:
    """The person's time zone; UTC where what is stored names none."""
    try:
        return ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _queue(
    person: User, notices: Sequence[Notice], now: datetime, words: Words, addresses: Addresses
) -> None:
    with translation.override(person.language), timezone.override(zone_of(person)):
        said = words(notices)
        shown = {
            "notices": [(one, addresses.notice(notice)) for one, notice in zip(said, notices, strict=True)],
            "settings": addresses.settings,
        }
        count = len(said)
        subject = (
            said[0].title
            if count == 1
            else ngettext("%(count)s piece of news", "%(count)s pieces of news", count) % {"count": count}
        )
        mail.queue(
            to=person.email,
            subject=subject,
            text=render_to_string("mail_notices.txt", shown),
            key=f"notice:{notices[0].pk}",
            language=person.language,
            now=now,
        )
