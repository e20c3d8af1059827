"""Sites: with their address, which the public never sees."""

from django.contrib import admin

from accounts.admin.looking import LookingAdmin
from hosting.models import Site


@admin.register(Site)
class SiteAdmin(LookingAdmin):
    list_display = ("name", "host", "jurisdiction", "region", "total_kw", "connected_on", "updated_at")
    list_filter = ("jurisdiction",)
    list_select_related = ("host", "jurisdiction")
    search_fields = ("name", "region", "host__handle", "=id")
