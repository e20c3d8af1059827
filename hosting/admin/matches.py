"""What people did about what the engine found, and the lists themselves."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from hosting.admin.timelines import MarketAdmin
from hosting.models import Interest, MatchList, RequestSeen


@admin.register(MatchList)
class MatchListAdmin(MarketAdmin):
    list_display = ("request", "as_of", "run", "how_many", "updated_at")
    list_select_related = ("request", "run")
    list_filter = ("as_of",)
    search_fields = ("=request__id",)
    date_hierarchy = "as_of"

    @admin.display(description=_("offers"))
    def how_many(self, found: MatchList) -> int:
        return len(found.rows)


@admin.register(Interest)
class InterestAdmin(MarketAdmin):
    list_display = (
        *("request", "offer", "shortlisted_at", "interested_at", "declined_at", "declined_by", "quoted_at"),
    )
    list_filter = (
        "declined_by",
        ("shortlisted_at", admin.EmptyFieldListFilter),
        ("interested_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("request", "offer")
    search_fields = ("=request__id", "=offer__id", "offer__title")
    date_hierarchy = "created_at"


@admin.register(RequestSeen)
class RequestSeenAdmin(MarketAdmin):
    list_display = ("request", "person", "before_at", "last_at")
    list_select_related = ("request", "person")
    search_fields = ("=request__id", "person__email")
    date_hierarchy = "last_at"
