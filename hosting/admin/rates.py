"""What prices are converted with."""

from django.contrib import admin

from accounts.admin.looking import LookingAdmin
from hosting.models import FxRate, HashPrice, Rate


@admin.register(Rate)
class RateAdmin(LookingAdmin):
    list_display = ("on", "kind", "currency", "value", "source", "confidence")
    list_filter = ("kind", "source", "currency")
    search_fields = ("=currency", "source")
    date_hierarchy = "on"


@admin.register(FxRate)
class FxRateAdmin(LookingAdmin):
    list_display = ("on", "currency", "value", "source", "confidence")
    list_filter = ("currency", "source")
    search_fields = ("=currency", "source")
    date_hierarchy = "on"


@admin.register(HashPrice)
class HashPriceAdmin(LookingAdmin):
    list_display = ("on", "value", "source", "confidence")
    list_filter = ("source",)
    search_fields = ("source",)
    date_hierarchy = "on"
