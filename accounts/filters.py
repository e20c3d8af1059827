"""Kinds of filters that read what people and programs write, the same in every language."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _


class MomentField(forms.Field):
    """A time as ISO 8601 writes it; UTC where it names no zone."""

    default_error_messages = {
        "invalid": _("Write the time as ISO 8601, for example 2026-11-22T10:00:00Z (a + as %%2B).")
    }

    def to_python(self, value: Any) -> datetime | None:
        """The time in UTC, or None when nothing was given."""
        if value in self.empty_values:
            return None
        try:
            moment = parse_datetime(str(value))
            if moment is not None:
                return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValidationError(self.error_messages["invalid"] % (), code="invalid") from error
        raise ValidationError(self.error_messages["invalid"] % (), code="invalid")


class MomentFilter(django_filters.Filter):
    field_class = MomentField
    SCHEMA = {"type": "string", "format": "date-time"}


class WholeFilter(django_filters.Filter):
    field_class = forms.IntegerField
    SCHEMA = {"type": "integer"}


class DecimalFilter(django_filters.Filter):
    field_class = forms.DecimalField
    SCHEMA = {"type": "string", "format": "decimal"}


class DayFilter(django_filters.Filter):
    """A day as YYYY-MM-DD, whatever the reader's language."""

    field_class = forms.DateField
    SCHEMA = {"type": "string", "format": "date"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(*args, **kwargs)
