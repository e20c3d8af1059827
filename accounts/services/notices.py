"""Notice: tell a person something, once."""

from datetime import datetime
from typing import Any

from accounts.models import Mail, Notice, User


def tell(
    *,
    recipients: list[User],
    code: str,
    about: str,
    now: datetime,
    params: dict[str, Any] | None = None,
    mail: bool = False,
) -> int:
    """Put the notice before each recipient who was not told the same (`about`) before. Gives how many
    are new."""
    told = set(
        Notice.objects.filter(recipient__in=recipients, about=about).values_list("recipient_id", flat=True)
    )
    new = [
        Notice(
            recipient=person,
            code=code,
            about=about,
            params=params or {},
            created_at=now,
            mail=Mail.WAITING if mail else Mail.NONE,
        )
        for person in recipients
        if person.pk not in told
    ]
    # Two workers may tell at the same moment: the constraint decides, the second row is dropped.
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def staff() -> list[User]:
    """The people who are told what staff must know."""
    return list(User.objects.filter(is_staff=True, is_active=True))
