"""Requests and their fleets, with what only the own side and staff may see."""

from django.contrib import admin

from accounts.admin.looking import LookingInline
from hosting.admin.timelines import MarketAdmin
from hosting.models import CapacityRequest, FleetLine, Interest


class FleetInline(LookingInline):
    model = FleetLine
    fields = ("machine", "quantity")
    shown_with = ("machine",)


class InterestInline(LookingInline):
    model = Interest
    fields = ("offer", "shortlisted_at", "interested_at", "declined_at", "declined_by")
    shown_with = ("offer",)


@admin.register(CapacityRequest)
class CapacityRequestAdmin(MarketAdmin):
    list_display = (
        *("id", "owner", "is_anonymous", "status", "need_kw", "earliest_start", "latest_start"),
        *("term_months", "max_price_usd", "expires_at"),
    )
    list_filter = ("status", "is_anonymous", "origin")
    list_select_related = ("owner",)
    search_fields = ("=id", "owner__handle")
    date_hierarchy = "created_at"
    inlines = (FleetInline, InterestInline)


@admin.register(FleetLine)
class FleetLineAdmin(MarketAdmin):
    list_display = ("request", "machine", "quantity")
    list_select_related = ("request", "machine")
    list_filter = ("machine__maker",)
    search_fields = ("=request__id", "machine__model")
