"""Reference rows (facts, rules, news, machines): entered and corrected by staff, each change an Event."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import events, staff
from accounts.services.errors import Invalid

Row = TypeVar("Row", bound=models.Model)


def enter(
    row: Row,
    *,
    values: Mapping[str, Any],
    by: User,
    now: datetime,
    why: str = "",
    params: Mapping[str, Any] | None = None,
) -> Row:
    """Save a new row with these values. Raises NotAllowed for who is not of the staff, and Invalid."""
    staff.only(by)
    for name, value in values.items():
        setattr(row, name, value)
    _date(row, now)
    check(row)
    with transaction.atomic():
        row.save(force_insert=True)
        events.changed(row, code="entered", at=now, by=by, why=why.strip(), params=dict(params or {}))
    return row


def correct(
    row: Row,
    *,
    values: Mapping[str, Any],
    key: tuple[str, ...],
    by: User,
    why: str,
    now: datetime,
    params: Mapping[str, Any] | None = None,
) -> Row:
    """Correct a stored row; the Event keeps what stood there before. The same again changes nothing.

    `key` are the fields that make it this row: another value there is another row. Raises NotAllowed and
    Invalid.
    """
    staff.only(by)
    reason = staff.reason(why)
    with transaction.atomic():
        held = type(row)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
        before = {name: getattr(held, name) for name in values}
        changed = [name for name, value in values.items() if before[name] != value]
        if not changed:
            return held
        if wrong := [name for name in changed if name in key]:
            raise Invalid(
                {name: [_("This says which row it is. Enter a new one instead.")] for name in wrong}
            )
        for name in changed:
            setattr(held, name, values[name])
        _date(held, now)
        check(held)
        held.save()
        said = {name: [plain(before[name]), plain(values[name])] for name in changed}
        told = {**(params or {}), "changes": said}
        events.changed(held, code="corrected", at=now, by=by, why=reason, params=told)
    return held


def check(row: models.Model) -> None:
    """Hold the row against its fields and the constraints of its table. Raises Invalid."""
    try:
        row.full_clean()
    except ValidationError as error:
        fields = {
            "" if field == NON_FIELD_ERRORS else field: list(sentences)
            for field, sentences in error.message_dict.items()
        }
        raise Invalid(fields) from error


def plain(value: Any) -> Any:
    """The value as an Event keeps it: figures and days as text, a row as its key."""
    if isinstance(value, models.Model):
        return str(value.pk)
    return str(value) if isinstance(value, (Decimal, date)) else value


def _date(row: Any, now: datetime) -> None:
    if row._state.adding and hasattr(row, "created_at"):
        row.created_at = now
    elif hasattr(row, "version"):
        row.version += 1
    if hasattr(row, "updated_at"):
        row.updated_at = now
