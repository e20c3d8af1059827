"""Sites: with their address, which the public never sees."""

from django.contrib import admin

from accounts.admin.looking import LookingAdmin, LookingInline
from hosting.models import Site, SitePhoto


class PhotoInline(LookingInline):
    model = SitePhoto
    fields = ("file", "width_px", "height_px", "size_bytes", "created_at")
    readonly_fields = ("file",)


@admin.register(Site)
class SiteAdmin(LookingAdmin):
    list_display = ("name", "host", "jurisdiction", "region", "total_kw", "connected_on", "updated_at")
    list_filter = ("jurisdiction",)
    list_select_related = ("host", "jurisdiction")
    search_fields = ("name", "region", "host__handle", "=id")
    inlines = (PhotoInline,)


@admin.register(SitePhoto)
class SitePhotoAdmin(LookingAdmin):
    list_display = ("site", "file", "width_px", "height_px", "size_bytes", "created_at")
    list_select_related = ("site",)
    search_fields = ("site__name", "=site__id", "=uploaded_sha256")
