"""What places had on the market, day by day, with what anybody may see of it; and who follows which place."""

from django.contrib import admin

from hosting.admin.timelines import MarketAdmin
from hosting.models import FollowedPlace, PlaceDay


@admin.register(PlaceDay)
class PlaceDayAdmin(MarketAdmin):
    list_display = (
        *("day", "code", "hotels", "organizations", "total_kw", "free_kw", "is_power_public"),
        *("median_price_micros", "is_price_public", "open_requests", "needed_kw", "is_need_public"),
    )
    list_filter = ("is_power_public", "is_price_public", "is_need_public")
    search_fields = ("=code",)
    date_hierarchy = "day"


@admin.register(FollowedPlace)
class FollowedPlaceAdmin(MarketAdmin):
    list_display = ("place", "person", "created_at")
    list_select_related = ("place", "person")
    list_filter = ("place",)
    search_fields = ("=place__code", "place__name", "person__email")
    date_hierarchy = "created_at"
