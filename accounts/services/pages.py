"""Keyset pages: a list is walked by (ordering value, key), so that equal values are walked once each.

A cursor is opaque text that holds the last row's value and key. Keys here are UUIDs or public codes, never
counters. Empty values come last in both directions of an ordering.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.services.errors import Invalid

SIZE = 50
MAX_SIZE = 100
# What a cursor's text may be at most; the longest value is a place's code or a maker's name.
MAX_CURSOR = 1000
MAX_WHOLE = 2**63 - 1


class BadCursor(Invalid):
    """The cursor is not one that this list has given out."""

    code = "bad_cursor"

    def __init__(self) -> None:
        super().__init__(
            {"cursor": [_("This cursor is not from this list in this order. Start without one.")]}
        )


@dataclass(frozen=True)
class Order:
    """An ordering by one field or annotation; `name` is what it is called outside."""

    name: str
    field: str
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the cursors of the pages beside it (None where there is none)."""

    rows: list[Any]
    next: str | None
    previous: str | None


@dataclass(frozen=True)
class _Place:
    """Where a cursor points: beside this value and key, forwards or backwards."""

    value: Any
    key: Any
    is_backwards: bool


def page(queryset: models.QuerySet, *, order: Order, cursor: str | None = None, size: int = SIZE) -> Page:
    """The page of `size` rows beside the cursor, or the first one. One query.

    Raises BadCursor for a cursor that is broken or comes from another list or ordering.
    """
    place = _read(cursor, queryset, order) if cursor else None
    is_backwards = place is not None and place.is_backwards
    if place is not None:
        queryset = queryset.filter(_before(order, place) if is_backwards else _after(order, place))
    # One row more than asked for says whether there is a page behind this one.
    rows = list(queryset.order_by(*_ordering(order, is_backwards))[: size + 1])
    has_more = len(rows) > size
    rows = rows[:size]
    if is_backwards:
        rows.reverse()
    has_next = bool(rows) and (has_more if not is_backwards else True)
    has_previous = bool(rows) and (has_more if is_backwards else place is not None)
    return Page(
        rows=rows,
        next=_write(queryset, order, rows[-1], is_backwards=False) if has_next else None,
        previous=_write(queryset, order, rows[0], is_backwards=True) if has_previous else None,
    )


def size_of(text: str | None) -> int:
    """The number of rows a page shall have, from text: SIZE without one. Raises Invalid."""
    if text is None:
        return SIZE
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_SIZE):
        raise Invalid({"page_size": [_("Give a whole number from 1 to %(most)s.") % {"most": MAX_SIZE}]})
    return int(text)


def _ordering(order: Order, is_backwards: bool) -> tuple:
    value = F(order.field)
    goes_down = order.descending != is_backwards
    nulls = {"nulls_first": True} if is_backwards else {"nulls_last": True}
    return (value.desc(**nulls) if goes_down else value.asc(**nulls), "-pk" if is_backwards else "pk")


def _after(order: Order, place: _Place) -> Q:
    if place.value is None:
        return Q(**{f"{order.field}__isnull": True}, pk__gt=place.key)
    beyond = "lt" if order.descending else "gt"
    return (
        Q(**{f"{order.field}__{beyond}": place.value})
        | Q(**{order.field: place.value}, pk__gt=place.key)
        | Q(**{f"{order.field}__isnull": True})
    )


def _before(order: Order, place: _Place) -> Q:
    if place.value is None:
        return Q(**{f"{order.field}__isnull": False}) | Q(
            **{f"{order.field}__isnull": True}, pk__lt=place.key
        )
    beyond = "gt" if order.descending else "lt"
    return Q(**{f"{order.field}__{beyond}": place.value}) | Q(**{order.field: place.value}, pk__lt=place.key)


def _name(queryset: models.QuerySet, order: Order) -> str:
    return f"{queryset.model._meta.label_lower} {order.name}"


def _write(queryset: models.QuerySet, order: Order, row: models.Model, *, is_backwards: bool) -> str:
    value = getattr(row, order.field)
    text = None if value is None else value.isoformat() if isinstance(value, date) else str(value)
    content = [_name(queryset, order), int(is_backwards), text, str(row.pk)]
    packed = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _read(cursor: str, queryset: models.QuerySet, order: Order) -> _Place:
    if len(cursor) > MAX_CURSOR:
        raise BadCursor
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        name, is_backwards, text, key = json.loads(packed)
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise BadCursor from error
    if name != _name(queryset, order) or is_backwards not in (0, 1) or not isinstance(key, str):
        raise BadCursor
    annotation = queryset.query.annotations.get(order.field)
    field = annotation.output_field if annotation else queryset.model._meta.get_field(order.field)
    return _Place(
        value=None if text is None else _value(text, field),
        key=_value(key, queryset.model._meta.pk),
        is_backwards=bool(is_backwards),
    )


def _value(text: Any, field: models.Field) -> Any:
    if not isinstance(text, str) or "\x00" in text:
        raise BadCursor
    try:
        value = field.to_python(text)
    except (ValidationError, ValueError, OverflowError) as error:
        raise BadCursor from error
    is_usable = (
        (value.is_finite() and abs(value.adjusted()) < 40)
        if isinstance(value, Decimal)
        else abs(value) <= MAX_WHOLE
        if isinstance(value, int)
        else value.tzinfo is not None
        if isinstance(value, datetime)
        else value is not None
    )
    if not is_usable:
        raise BadCursor
    return value
