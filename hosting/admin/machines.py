"""The catalogue of machines."""

from django.contrib import admin

from accounts.admin.saving import SavingAdmin
from hosting.admin.references import MachineForm
from hosting.models import MachineModel


@admin.register(MachineModel)
class MachineModelAdmin(SavingAdmin):
    form = MachineForm
    key = ("maker", "model")
    list_display = (
        *("maker", "model", "algorithm", "hashrate_th_s", "power_w", "efficiency_j_th", "cooling"),
        *("weight_kg", "release", "confidence", "updated_at"),
    )
    list_display_links = ("maker", "model")
    list_filter = ("algorithm", "cooling", "maker", "confidence", "market_status")
    search_fields = ("maker", "model")
    date_hierarchy = "updated_at"
