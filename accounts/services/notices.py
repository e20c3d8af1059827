"""Notice: tell a person something, once, in the way they chose."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Mail, Notice, NoticeSetting, Organization, User, Way
from accounts.services.errors import Invalid

MAIL = {Way.IN_APP: Mail.NONE, Way.EACH: Mail.WAITING, Way.DAILY: Mail.DIGEST}


def tell(
    *,
    recipients: Iterable[User],
    code: str,
    about: str,
    now: datetime,
    way: str = Way.IN_APP,
    params: dict[str, Any] | None = None,
    organization: Organization | None = None,
) -> int:
    """Put the notice before each recipient who was not told the same (`about`) before. Gives how many are
    new.

    `way` is for those who have chosen none for this code; who chose "none" is not told at all. With
    `organization` they are told as its members: the notice is theirs only while they are.
    """
    recipients = list(recipients)
    told = set(
        Notice.objects.filter(recipient__in=recipients, about=about).values_list("recipient_id", flat=True)
    )
    chosen = dict(NoticeSetting.objects.filter(user__in=recipients, code=code).values_list("user_id", "way"))
    new = [
        Notice(
            recipient=person,
            organization=organization,
            code=code,
            about=about,
            params=params or {},
            created_at=now,
            mail=MAIL[Way(chosen.get(person.pk, way))],
        )
        for person in recipients
        if person.pk not in told and chosen.get(person.pk, way) != Way.NONE
    ]
    # Two workers may tell at the same moment: the constraint decides, the second row is dropped.
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def staff() -> list[User]:
    """The people who are told what staff must know."""
    return list(User.objects.filter(is_staff=True, is_active=True))


def members(organization: Organization, *, but: UUID | None = None) -> list[User]:
    """The people who are told what concerns an organization; `but` is the UUID of the one who did it."""
    told = User.objects.filter(memberships__organization=organization, is_active=True)
    return [person for person in told.order_by("pk") if person.pk != but]


def unread_count(*, user: User) -> int:
    """How many lines the person has not read."""
    return Notice.objects.readable(user).unread().count()


def read(*, user: User, now: datetime, notice: Notice | None = None) -> int:
    """The person has read the notice, or all of them. Gives how many were unread."""
    unread = Notice.objects.filter(recipient=user).unread()
    if notice is not None:
        unread = unread.filter(pk=notice.pk)
    return unread.update(read_at=now)


def ways(*, user: User, defaults: Mapping[str, str]) -> dict[str, str]:
    """code -> how the person hears of it; `defaults` names the codes and what holds without a choice."""
    chosen = NoticeSetting.objects.filter(user=user, code__in=defaults).values_list("code", "way")
    return {**defaults, **dict(chosen)}


def choose(
    *, user: User, ways: Mapping[str, str], known: Iterable[str], time_zone: str, language: str
) -> None:
    """The person chooses how to hear of what, when the day's mail comes, and in which language.

    Raises Invalid for a kind of news or a way that there is not, and for an unknown time zone or language.
    """
    wrong: dict[str, list[Any]] = {}
    for code, way in ways.items():
        if code not in set(known) or way not in Way.values:
            wrong[code] = [_("Choose one of the ways.")]
    if time_zone not in available_timezones():
        wrong["time_zone"] = [_("Choose a time zone from the list, for example Asia/Almaty.")]
    if language not in dict(settings.LANGUAGES):
        wrong["language"] = [_("Choose one of the languages.")]
    if wrong:
        raise Invalid(wrong)
    with transaction.atomic():
        for code, way in ways.items():
            NoticeSetting.objects.update_or_create(user=user, code=code, defaults={"way": way})
        User.objects.filter(pk=user.pk).update(time_zone=time_zone, language=language)
