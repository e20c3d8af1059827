"""The ledger of what is taken."""

from django.contrib import admin

from hosting.admin.timelines import MarketAdmin
from hosting.models import Commitment


@admin.register(Commitment)
class CommitmentAdmin(MarketAdmin):
    list_display = ("offer", "kw", "starts_on", "ends_on", "state", "held_until", "request")
    list_filter = ("state",)
    list_select_related = ("offer", "request")
    search_fields = ("offer__title", "=offer__id", "=request__id")
    date_hierarchy = "starts_on"
