"""People: the only rows that the admin may change, because somebody must be able to let people in."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LookingInline
from accounts.admin.timelines import TimelineMixin
from accounts.models import Membership, User
from accounts.services import events

# Addresses are confirmed and second factors set up by their people alone, on their own pages.
admin.site.unregister([EmailAddress, Authenticator])


class MembershipInline(LookingInline):
    model = Membership
    shown_with = ("user", "organization")
    fields = ("organization", "role", "created_at")


@admin.register(User)
class PersonAdmin(TimelineMixin, UserAdmin):
    """Signs in by e-mail. Superusers add and change people; nobody deletes one, because Events name them."""

    list_display = ("email", "name", "is_active", "is_staff", "is_superuser", "joined_at", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "language")
    search_fields = ("email", "name")
    ordering = ("email",)
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "joined_at"
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("name", "language", "time_zone")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Times"), {"fields": ("joined_at", "last_login")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "usable_password", "password1", "password2")}),)
    readonly_fields = ("joined_at", "last_login")
    inlines = (MembershipInline,)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self.tell(request, obj, "entered")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Which fields a superuser changed; not to what, for a password is among them."""
        parts = message if isinstance(message, list) else []
        fields = [name for part in parts for name in part.get("changed", {}).get("fields", ())]
        self.tell(request, obj, "edited", fields=[str(name) for name in fields])
        return super().log_change(request, obj, message)

    def tell(self, request: HttpRequest, person: User, code: str, **params: Any) -> None:
        by: Any = request.user
        events.changed(person, code=code, at=timezone.now(), by=by, params=params)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
