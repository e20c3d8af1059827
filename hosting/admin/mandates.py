"""Mandates between miners and brokers."""

from django.contrib import admin

from accounts.admin.looking import LookingAdmin
from hosting.models import Mandate


@admin.register(Mandate)
class MandateAdmin(LookingAdmin):
    list_display = ("miner", "broker", "valid_from", "valid_until", "ended_at", "created_at")
    list_select_related = ("miner", "broker")
    list_filter = ("ended_at",)
    search_fields = ("=id", "miner__handle", "broker__handle")
    date_hierarchy = "created_at"
