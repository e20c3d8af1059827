"""Event: written with every change, in its transaction; and the due marks of those who must react."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from accounts.models import Due, Event, User


def kind_of(row: models.Model) -> str:
    """The subject kind of a row, "app.model"."""
    return row._meta.label_lower


def record(
    *,
    kind: str,
    subject_id: uuid.UUID,
    code: str,
    at: datetime,
    by: User | None = None,
    on_behalf_of: uuid.UUID | None = None,
    status_from: str = "",
    status_to: str = "",
    why: str = "",
    params: dict[str, Any] | None = None,
) -> Event:
    """Write one Event and a due mark for each reader of its kind (settings.EVENT_READERS). UTC time."""
    event = Event.objects.create(
        subject_kind=kind,
        subject_id=subject_id,
        code=code,
        status_from=status_from,
        status_to=status_to,
        at=at,
        by=by.pk if by else None,
        on_behalf_of=on_behalf_of,
        why=why,
        params=params or {},
    )
    Due.objects.bulk_create(
        Due(reader=reader, event=event) for reader, kinds in settings.EVENT_READERS.items() if kind in kinds
    )
    return event


def changed(row: models.Model, *, code: str, at: datetime, by: User | None = None, **more: Any) -> Event:
    """Write the Event of a change of a row that has a UUID as its key."""
    return record(kind=kind_of(row), subject_id=row.pk, code=code, at=at, by=by, **more)


def record_many(
    *,
    rows: Iterable[models.Model],
    code: str,
    at: datetime,
    by: User | None = None,
    on_behalf_of: uuid.UUID | None = None,
    params: dict[str, Any] | None = None,
) -> None:
    """Write the same Event of many rows of one kind, with their due marks, in a few statements."""
    rows = list(rows)
    if rows:
        params_of = {row.pk: params or {} for row in rows}
        record_each(
            kind=kind_of(rows[0]), params_of=params_of, code=code, at=at, by=by, on_behalf_of=on_behalf_of
        )


def record_each(
    *,
    kind: str,
    params_of: Mapping[uuid.UUID, dict[str, Any]],
    code: str,
    at: datetime,
    by: User | None = None,
    on_behalf_of: uuid.UUID | None = None,
) -> None:
    """Write an Event of each of these subjects with its own parameters, and their due marks, in a few
    statements."""
    written = Event.objects.bulk_create(
        (
            Event(
                subject_kind=kind,
                subject_id=subject_id,
                code=code,
                at=at,
                by=by.pk if by else None,
                on_behalf_of=on_behalf_of,
                params=params,
            )
            for subject_id, params in params_of.items()
        ),
        batch_size=200,
    )
    readers = [reader for reader, kinds in settings.EVENT_READERS.items() if kind in kinds]
    Due.objects.bulk_create(
        (Due(reader=reader, event=event) for reader in readers for event in written), batch_size=200
    )


def due(*, reader: str) -> list[Due]:
    """What the reader has not settled, oldest first."""
    return list(Due.objects.filter(reader=reader).select_related("event").order_by("pk"))


def settle(*, marks: Iterable[Due]) -> None:
    """Take the marks away: their work is done. Marks that came meanwhile stay."""
    Due.objects.filter(pk__in=[mark.pk for mark in marks]).delete()


def touch(row: models.Model, *, at: datetime) -> None:
    """What the world sees of the row changed with another row of its own (a phase, a version of its
    terms): raise its version and its time, so that If-Match and updated_since notice. The Event is that of
    the other row."""
    manager = type(row)._base_manager
    manager.filter(pk=row.pk).update(version=models.F("version") + 1, updated_at=at)
    row.refresh_from_db()


def record_once(*, kind: str, subject_id: uuid.UUID, code: str, at: datetime) -> bool:
    """Write the Event unless the subject has one of this code. True if it was written.

    Two at the same moment may both write: whoever reads such an Event must bear to read it twice.
    """
    if Event.objects.filter(subject_kind=kind, subject_id=subject_id, code=code).exists():
        return False
    record(kind=kind, subject_id=subject_id, code=code, at=at)
    return True
