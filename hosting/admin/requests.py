"""Requests and their fleets, with what only the own side and staff may see."""

from django.contrib import admin

from accounts.admin.looking import LookingAdmin, LookingInline
from hosting.models import CapacityRequest, FleetLine


class FleetInline(LookingInline):
    model = FleetLine
    fields = ("machine", "quantity")


@admin.register(CapacityRequest)
class CapacityRequestAdmin(LookingAdmin):
    list_display = (
        *("id", "owner", "is_anonymous", "status", "need_kw", "earliest_start", "latest_start"),
        *("term_months", "max_price_usd", "expires_at"),
    )
    list_filter = ("status", "is_anonymous", "origin")
    list_select_related = ("owner",)
    search_fields = ("=id", "owner__handle")
    date_hierarchy = "created_at"
    inlines = (FleetInline,)


@admin.register(FleetLine)
class FleetLineAdmin(LookingAdmin):
    list_display = ("request", "machine", "quantity")
    list_select_related = ("request", "machine")
    search_fields = ("=request__id", "machine__model")
