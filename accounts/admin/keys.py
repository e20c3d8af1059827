"""The keys of programs, and the calls they repeat. Never a token, its hash, or an answer's body."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LookingAdmin
from accounts.admin.steps import Plain, Step, SteppingAdmin
from accounts.models import ApiToken, IdempotencyRecord
from accounts.services import tokens


def is_not_revoked(token: Any) -> bool:
    return token.revoked_at is None


@admin.register(ApiToken)
class ApiTokenAdmin(SteppingAdmin):
    subject = "token"
    steps = (Step("revoke", _("Revoke: it opens nothing from now on"), tokens.revoke, is_not_revoked, Plain),)
    list_display = (
        *("organization", "name", "prefix", "scopes", "made_by", "created_at", "expires_at"),
        *("last_used_at", "revoked_at"),
    )
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("organization", "made_by")
    search_fields = ("=id", "organization__handle", "name", "=prefix", "made_by__email")
    date_hierarchy = "created_at"
    exclude = ("token_hash",)


@admin.register(IdempotencyRecord)
class IdempotencyRecordAdmin(LookingAdmin):
    list_display = ("created_at", "caller", "key", "status", "lease_until", "expires_at")
    list_filter = ("status",)
    search_fields = ("=id", "caller", "=key")
    date_hierarchy = "created_at"
    exclude = ("body", "headers", "fingerprint")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("body", "headers")
