"""What the engine found, and what people did about it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LookingAdmin
from hosting.models import Interest, MatchList, MatchRun, RequestSeen


@admin.register(MatchRun)
class MatchRunAdmin(LookingAdmin):
    list_display = (
        *("number", "trigger", "as_of", "state", "started_at", "finished_at", "requests", "offers"),
        *("lists_changed", "settled"),
    )
    list_filter = ("state", "trigger")
    search_fields = ("=id", "error")
    date_hierarchy = "started_at"


@admin.register(MatchList)
class MatchListAdmin(LookingAdmin):
    list_display = ("request", "as_of", "run", "how_many", "updated_at")
    list_select_related = ("request", "run")
    search_fields = ("=request__id",)
    date_hierarchy = "as_of"

    @admin.display(description=_("offers"))
    def how_many(self, found: MatchList) -> int:
        return len(found.rows)


@admin.register(Interest)
class InterestAdmin(LookingAdmin):
    list_display = (
        *("request", "offer", "shortlisted_at", "interested_at", "declined_at", "declined_by", "quoted_at"),
    )
    list_filter = ("declined_by",)
    list_select_related = ("request", "offer")
    search_fields = ("=request__id", "=offer__id", "offer__title")


@admin.register(RequestSeen)
class RequestSeenAdmin(LookingAdmin):
    list_display = ("request", "person", "before_at", "last_at")
    list_select_related = ("request", "person")
    search_fields = ("=request__id", "person__email")
