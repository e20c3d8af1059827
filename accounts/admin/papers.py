"""Papers of a dossier, what people agreed to, and who is invited. Never a file, a token or its hash."""

from django.contrib import admin

from accounts.admin import decisions
from accounts.admin.looking import LookingAdmin
from accounts.admin.steps import SteppingAdmin
from accounts.models import Consent, Document, Invitation


@admin.register(Document)
class DocumentAdmin(SteppingAdmin):
    """The file itself is read on the dossier's own page, which asks who is reading."""

    subject = "document"
    steps = decisions.DOCUMENT
    change_form_template = "admin/document.html"
    list_display = ("name", "organization", "kind", "review", "size_bytes", "expires_on", "created_at")
    list_filter = ("review", "kind")
    list_select_related = ("organization",)
    search_fields = ("name", "organization__handle", "=sha256")
    date_hierarchy = "created_at"
    exclude = ("file",)


@admin.register(Consent)
class ConsentAdmin(LookingAdmin):
    list_display = ("user", "document", "version", "at")
    list_filter = ("document", "version")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    date_hierarchy = "at"


@admin.register(Invitation)
class InvitationAdmin(LookingAdmin):
    list_display = ("email", "organization", "role", "status", "invited_by", "expires_at")
    list_filter = ("status", "role")
    list_select_related = ("organization", "invited_by")
    search_fields = ("email", "organization__handle")
    date_hierarchy = "created_at"
    exclude = ("token_hash",)
