"""Changes that staff decides on."""

from django.contrib import admin

from accounts.admin.looking import LookingAdmin
from hosting.models import SiteReview, TermsReview


@admin.register(TermsReview)
class TermsReviewAdmin(LookingAdmin):
    list_display = ("offer", "terms", "state", "fields", "created_at", "updated_at")
    list_filter = ("state",)
    list_select_related = ("offer", "terms__offer")
    search_fields = ("offer__title", "=offer__id")


@admin.register(SiteReview)
class SiteReviewAdmin(LookingAdmin):
    list_display = ("site", "state", "fields", "created_at", "updated_at")
    list_filter = ("state",)
    list_select_related = ("site",)
    search_fields = ("site__name", "=site__id")
