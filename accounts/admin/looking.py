"""Registered for looking: what the admin shows of a row, and that it changes none.

Rows change through services, which check, lock and write their Event. A form that writes columns would go
around all of that.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.timelines import TimelineMixin


class LookingMixin:
    """Nothing can be added, changed or deleted."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class LookingAdmin(LookingMixin, TimelineMixin, admin.ModelAdmin):
    """A model to look at. Lists are short, so that a click costs little."""

    list_per_page = 50
    show_full_result_count = False


class LookingInline(LookingMixin, admin.TabularInline):
    """Rows of another model, to look at within their owner. `shown_with` are rows that they name."""

    extra = 0
    can_delete = False
    shown_with: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*self.shown_with)
