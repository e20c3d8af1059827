"""Repeats: a call that carries a key is carried out once, and its answer given to whoever asks again.

A call takes its key before it does anything (`begin`), in a transaction of its own, so that a rival sees it.
Its answer is kept with what it changed, in one transaction (`finish`): either both are there, or neither.
"""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.adapters import sealing
from accounts.models import IdempotencyRecord
from accounts.services.errors import Conflict, Refused

KEPT_FOR = timedelta(hours=24)
# Longer than any call may take: whoever has not answered by then never will.
LEASE = timedelta(minutes=2)
BATCH = 500


class OtherBody(Refused):
    """The key belongs to another call."""

    code = "idempotency_key_reused"
    message = _("This key came with another call before. Draw a new key for a new call.")


class StillRunning(Conflict):
    """The first call has not answered yet."""

    code = "idempotency_key_running"
    message = _("The call with this key is still being carried out. Ask again in a moment.")


def begin(*, caller: str, key: str, fingerprint: str, now: datetime) -> IdempotencyRecord:
    """Take the key. The row that comes back has a status if the call was answered before: give that answer.

    Raises OtherBody or StillRunning.
    """
    fresh = {
        "fingerprint": fingerprint,
        "run": uuid.uuid4(),
        "created_at": now,
        "lease_until": now + LEASE,
        "expires_at": now + KEPT_FOR,
        "status": None,
        "headers": {},
        "body": b"",
    }
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(caller=caller, key=key, **fresh)
    except IntegrityError:
        found = IdempotencyRecord.objects.filter(caller=caller, key=key).first()
    if found is None:
        # It was freed between the two looks.
        raise StillRunning
    is_over = found.expires_at <= now
    if not is_over and found.fingerprint != fingerprint:
        raise OtherBody
    if not is_over and found.status is not None:
        return found
    if not is_over and found.lease_until > now:
        raise StillRunning
    # Its day is over, or it crashed: of two who see that, one takes it.
    if not IdempotencyRecord.objects.filter(pk=found.pk, run=found.run, status=found.status).update(**fresh):
        raise StillRunning
    return IdempotencyRecord.objects.get(pk=found.pk)


def finish(*, record: IdempotencyRecord, status: int, headers: dict[str, str], body: bytes) -> None:
    """Keep the answer, sealed: it may show a secret that a copy of the database must not give away.

    Raises StillRunning if the lease was over and another has taken the key: then what this call changed
    must be undone.
    """
    mine = IdempotencyRecord.objects.filter(pk=record.pk, run=record.run, status=None)
    if not mine.update(status=status, headers=headers, body=sealing.seal_bytes(body)):
        raise StillRunning


def body_of(*, record: IdempotencyRecord) -> bytes:
    """The body of a kept answer. Raises sealing.Unreadable when the key it was sealed with is gone."""
    return sealing.unseal_bytes(bytes(record.body))


def release(*, record: IdempotencyRecord) -> None:
    """Free the key: the call's answer is not one to keep."""
    IdempotencyRecord.objects.filter(pk=record.pk, run=record.run, status=None).delete()


def forget(*, now: datetime) -> int:
    """Remove what is older than a day, so many at a time that nobody waits long. Gives how many."""
    over = IdempotencyRecord.objects.filter(expires_at__lte=now)
    swept = 0
    while ids := list(over.order_by("expires_at").values_list("pk", flat=True)[:BATCH]):
        # One that was taken anew in the meantime stays.
        swept += over.filter(pk__in=ids).delete()[0]
    return swept
