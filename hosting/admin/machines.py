"""The catalogue of machines."""

from django.contrib import admin

from accounts.admin.looking import LookingAdmin
from hosting.models import MachineModel


@admin.register(MachineModel)
class MachineModelAdmin(LookingAdmin):
    list_display = (
        *("maker", "model", "algorithm", "hashrate_th_s", "power_w", "efficiency_j_th", "cooling"),
        *("weight_kg", "release", "confidence"),
    )
    list_filter = ("algorithm", "cooling", "maker", "confidence", "market_status")
    search_fields = ("maker", "model")
