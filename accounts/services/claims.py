"""Due marks under a lease: whoever works on some of them claims them first, and no two work on the same.

A claim ends by itself, so that a worker that was killed keeps nothing for ever. Whoever saves what the marks
asked for renews the claim in the same transaction: a claim that was lost meanwhile undoes what was saved.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Due


class Lost(Exception):
    """The claim ran out and somebody else has taken the marks: their work is no longer ours to save."""


def free(*, reader: str, now: datetime) -> QuerySet[Due]:
    """The marks of the reader that nobody works on."""
    unclaimed = Q(claimed_by__isnull=True) | Q(claimed_until__lte=now)
    return Due.objects.filter(unclaimed, reader=reader)


def claim(
    *, reader: str, by: uuid.UUID, now: datetime, until: datetime, kinds: Iterable[str] = ()
) -> list[Due]:
    """Take the free marks, oldest first, with their Events; only those of these kinds, where any are given.

    `by` names this piece of work, and no other ever. Whoever comes at the same moment gets none of them.
    """
    wanted = free(reader=reader, now=now)
    if kinds:
        wanted = wanted.filter(event__subject_kind__in=list(kinds))
    # By key and then again by the condition: a rival's update in between leaves its marks to the rival.
    keys = list(wanted.order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(keys), 500):
        free(reader=reader, now=now).filter(pk__in=keys[at : at + 500]).update(
            claimed_by=by, claimed_until=until
        )
    return list(Due.objects.filter(claimed_by=by).select_related("event").order_by("pk"))


def renew(*, by: uuid.UUID, marks: int, until: datetime) -> None:
    """Keep all our marks until then, and their rows locked for this transaction. Raises Lost."""
    if Due.objects.filter(claimed_by=by).update(claimed_until=until) != marks:
        raise Lost


def give_back(*, by: uuid.UUID, but: Iterable[str] = ()) -> None:
    """Leave our marks to whoever comes next; those of the kinds in `but` stay ours."""
    ours = Due.objects.filter(claimed_by=by)
    if but:
        ours = ours.exclude(event__subject_kind__in=list(but))
    ours.update(claimed_by=None, claimed_until=None)


def settle(*, by: uuid.UUID, marks: int) -> None:
    """Our work is done and the marks go; those that came meanwhile stay. Raises Lost, and then none goes."""
    if Due.objects.filter(claimed_by=by).delete()[0] != marks:
        raise Lost
