"""Organizations, their members and their licences."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from accounts.admin import decisions
from accounts.admin.looking import LookingAdmin, LookingInline
from accounts.admin.steps import SteppingAdmin
from accounts.models import Licence, Membership, Organization


class MemberInline(LookingInline):
    model = Membership
    shown_with = ("user", "organization")
    fields = ("user", "role", "created_at")


class LicenceInline(LookingInline):
    model = Licence
    shown_with = ("organization",)
    fields = ("jurisdiction_code", "type", "number", "valid_from", "valid_to", "review")
    show_change_link = True


@admin.register(Organization)
class OrganizationAdmin(SteppingAdmin):
    """The queue of verification is the list filtered by "submitted"."""

    subject = "organization"
    steps = decisions.ORGANIZATION
    change_form_template = "admin/organization.html"
    list_display = (
        *("handle", "legal_name", "country", "kinds", "verification", "verified_at", "sanctions_result"),
        "reputation",
    )
    list_filter = ("verification", "sanctions_result", "is_host", "is_miner", "is_broker", "is_partner")
    search_fields = ("handle", "legal_name", "registration_number", "=id")
    date_hierarchy = "created_at"
    inlines = (MemberInline, LicenceInline)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        papers = {"papers": row.documents.all() if row else []}
        return super().change_view(request, object_id, form_url, {**papers, **(extra_context or {})})


@admin.register(Membership)
class MembershipAdmin(LookingAdmin):
    list_display = ("user", "organization", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("user", "organization")
    search_fields = ("user__email", "organization__handle")
    date_hierarchy = "created_at"


@admin.register(Licence)
class LicenceAdmin(SteppingAdmin):
    subject = "licence"
    steps = decisions.LICENCE
    list_display = (
        *("type", "organization", "jurisdiction_code", "number", "valid_from", "valid_to", "review"),
    )
    list_filter = ("review", "jurisdiction_code", "type")
    list_select_related = ("organization",)
    search_fields = ("type", "number", "organization__handle")
    date_hierarchy = "valid_from"
