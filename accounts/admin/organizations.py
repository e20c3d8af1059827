"""Organizations, their members and their licences."""

from django.contrib import admin

from accounts.admin.looking import LookingAdmin, LookingInline
from accounts.models import Licence, Membership, Organization


class MemberInline(LookingInline):
    model = Membership
    fields = ("user", "role", "created_at")


class LicenceInline(LookingInline):
    model = Licence
    fields = ("jurisdiction_code", "type", "number", "valid_from", "valid_to", "review")


@admin.register(Organization)
class OrganizationAdmin(LookingAdmin):
    list_display = (
        *("handle", "legal_name", "country", "kinds", "verification", "verified_at", "sanctions_result"),
        "reputation",
    )
    list_filter = ("verification", "sanctions_result", "is_host", "is_miner", "is_broker", "is_partner")
    search_fields = ("handle", "legal_name", "registration_number")
    inlines = (MemberInline, LicenceInline)


@admin.register(Membership)
class MembershipAdmin(LookingAdmin):
    list_display = ("user", "organization", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("user", "organization")
    search_fields = ("user__email", "organization__handle")


@admin.register(Licence)
class LicenceAdmin(LookingAdmin):
    list_display = (
        *("type", "organization", "jurisdiction_code", "number", "valid_from", "valid_to", "review"),
    )
    list_filter = ("review", "jurisdiction_code", "type")
    list_select_related = ("organization",)
    search_fields = ("type", "number", "organization__handle")
    date_hierarchy = "valid_from"
