"""What prices are converted with."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.saving import SavingAdmin
from hosting.admin.references import FxForm, HashPriceForm, RateForm
from hosting.models import FxRate, HashPrice, Rate
from hosting.services import waiting


class Standing(admin.SimpleListFilter):
    """Rates of the currencies whose newest one is to be renewed."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("aging", _("to be renewed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "aging":
            return queryset
        return queryset.filter(currency__in=waiting.aging_rates(timezone.now()))


class Daily(SavingAdmin):
    """One rate for each day: entered anew, or corrected."""

    date_hierarchy = "on"


@admin.register(Rate)
class RateAdmin(Daily):
    form = RateForm
    key = ("kind", "currency", "on")
    list_display = ("on", "kind", "currency", "value", "source", "confidence", "updated_at")
    list_filter = (Standing, "kind", "currency", "source")
    search_fields = ("=currency", "source")


@admin.register(FxRate)
class FxRateAdmin(Daily):
    form = FxForm
    key = ("currency", "on")
    list_display = ("on", "currency", "value", "source", "confidence", "updated_at")
    list_filter = ("currency", "source")
    search_fields = ("=currency", "source")


@admin.register(HashPrice)
class HashPriceAdmin(Daily):
    form = HashPriceForm
    key = ("on",)
    list_display = ("on", "value", "source", "confidence", "updated_at")
    list_filter = ("source",)
    search_fields = ("source",)
