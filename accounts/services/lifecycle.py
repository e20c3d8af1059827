"""The one door through which a status changes.

The table of moves is data beside the Status enum (`MOVES` on the model); this is the only code that
reads it and the
only code that writes a status of a saved row.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import events
from accounts.services.errors import Conflict


class NoSuchMove(Conflict):
    """The table of moves does not have this step."""

    code = "no_such_move"
    message = _("It is %(status)s now, so it can't become %(to)s.")


class SomebodyWasFirst(Conflict):
    """Between reading and writing, another step was taken."""

    code = "somebody_was_first"
    message = _("Somebody else changed this a moment ago. Look at it again and decide anew.")


class Stale(Conflict):
    """A form or a client wrote about a version that is no longer the row's."""

    code = "stale"
    message = _("Somebody changed this since you opened it.")


def check_version(row: Any, version: int | None) -> None:
    """Refuse what was decided about another version of `row` than the one at hand.

    `version` is what the form carried; None means that the caller saw no version and is refused too.
    Raises Stale. To be held against a rival, `row` has to be locked or freshly read.
    """
    if version != row.version:
        raise Stale


def status_field(row: models.Model) -> str:
    return getattr(row, "STATUS_FIELD", "status")


def can_move(row: Any, *, to: str) -> bool:
    """Whether the table has the step from the status the row was read with."""
    return to in row.MOVES.get(getattr(row, status_field(row)), frozenset())


def move(
    row: models.Model,
    *,
    to: str,
    at: datetime,
    by: User | None = None,
    on_behalf_of: uuid.UUID | None = None,
    why: str = "",
    params: dict[str, Any] | None = None,
    **also: Any,
) -> None:
    """Take one guarded step and write its Event, in one transaction.

    `also` are other columns that change with the step. Raises NoSuchMove or SomebodyWasFirst; then
    nothing changed.
    """
    name = status_field(row)
    was = getattr(row, name)
    if not can_move(row, to=to):
        raise NoSuchMove(status=was, to=to)
    with transaction.atomic():
        values = {name: to, "version": F("version") + 1, "updated_at": at, **also}
        manager = type(row)._base_manager
        if manager.filter(pk=row.pk, **{name: was}).update(**values) == 0:
            raise SomebodyWasFirst
        events.changed(
            row,
            code=f"became_{to}",
            at=at,
            by=by,
            on_behalf_of=on_behalf_of,
            status_from=was,
            status_to=to,
            why=why,
            params=params,
        )
    row.refresh_from_db()
