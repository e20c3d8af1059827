"""What happened, what is still due, and what people were told."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LookingAdmin
from accounts.models import Due, Event, Notice


@admin.register(Event)
class EventAdmin(LookingAdmin):
    """Search by the UUID of a subject or of a person: an Event holds no names."""

    list_display = ("at", "subject_kind", "subject_id", "code", "status_from", "status_to", "by", "why")
    list_filter = ("subject_kind", "code")
    search_fields = ("=subject_id", "=by", "=on_behalf_of", "why")
    date_hierarchy = "at"


@admin.register(Due)
class DueAdmin(LookingAdmin):
    """Work that a reader has not settled. An old row here means that a worker does not run."""

    list_display = ("reader", "event", "event_at")
    list_filter = ("reader",)
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
