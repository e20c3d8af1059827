"""What happened, what is still due, and what people were told."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LookingAdmin
from accounts.models import Due, Event, Notice
from accounts.services import backlog


@admin.register(Event)
class EventAdmin(LookingAdmin):
    """Search by the UUID of a subject or of a person: an Event holds no names."""

    list_display = ("at", "subject_kind", "subject_id", "code", "status_from", "status_to", "by", "why")
    list_filter = ("subject_kind", "code")
    search_fields = ("=subject_id", "=by", "=on_behalf_of", "why")
    date_hierarchy = "at"


class Late(admin.SimpleListFilter):
    """What no worker took: with one that runs, nothing stays for longer than seconds."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", _("late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "late":
            return queryset
        return queryset.filter(pk__in=backlog.late(timezone.now()).values("pk"))


@admin.register(Due)
class DueAdmin(LookingAdmin):
    """Work that a reader has not settled. An old row here means that a worker does not run."""

    list_display = ("reader", "event", "event_at")
    list_filter = (Late, "reader")
    search_fields = ("=event__uid", "=event__subject_id", "event__code")
    date_hierarchy = "event__at"
    list_select_related = ("event",)
    ordering = ("pk",)

    @admin.display(ordering="event__at", description=_("at"))
    def event_at(self, mark: Due):
        return mark.event.at


@admin.register(Notice)
class NoticeAdmin(LookingAdmin):
    list_display = ("created_at", "recipient", "code", "about", "read_at", "mail")
    list_filter = ("mail", "code")
    list_select_related = ("recipient",)
    search_fields = ("recipient__email", "about")
    date_hierarchy = "created_at"
