"""Sites: with their address, which the public never sees."""

from django.contrib import admin

from accounts.admin.looking import LookingInline
from hosting.admin.timelines import MarketAdmin
from hosting.models import Offer, Site, SitePhoto


class PhotoInline(LookingInline):
    model = SitePhoto
    fields = ("file", "width_px", "height_px", "size_bytes", "created_at")
    readonly_fields = ("file",)


class OfferInline(LookingInline):
    model = Offer
    fields = ("title", "status", "evidence", "published_at")
    show_change_link = True


@admin.register(Site)
class SiteAdmin(MarketAdmin):
    list_display = ("name", "host", "jurisdiction", "region", "total_kw", "connected_on", "updated_at")
    list_filter = (("jurisdiction", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("host", "jurisdiction")
    search_fields = ("name", "region", "host__handle", "=id")
    date_hierarchy = "created_at"
    inlines = (OfferInline, PhotoInline)


@admin.register(SitePhoto)
class SitePhotoAdmin(MarketAdmin):
    list_display = ("site", "file", "width_px", "height_px", "size_bytes", "created_at")
    list_select_related = ("site",)
    search_fields = ("site__name", "=site__id", "=uploaded_sha256")
    date_hierarchy = "created_at"
