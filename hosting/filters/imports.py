"""Imports."""

import django_filters

from accounts.services.pages import Order
from hosting.filters.listed import Listed
from hosting.models import Import, ImportKind, ImportStatus


class ImportFilter(Listed):
    """Imports, the latest first."""

    ORDER = Order("-created_at", "created_at", True)

    kind = django_filters.ChoiceFilter(choices=ImportKind.choices)
    status = django_filters.ChoiceFilter(choices=ImportStatus.choices)

    class Meta:
        model = Import
        fields: list[str] = []
