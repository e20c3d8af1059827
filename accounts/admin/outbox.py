"""Mail on its way, and who wants which news how."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LookingAdmin
from accounts.models import NoticeSetting, OutboxMail

STANDINGS = {
    "waiting": (_("waiting"), Q(sent_at__isnull=True, refused_at__isnull=True)),
    "failing": (_("failing"), Q(sent_at__isnull=True) & ~Q(error="")),
    "refused": (_("refused for good"), Q(refused_at__isnull=False)),
    "sent": (_("sent"), Q(sent_at__isnull=False)),
}


class Standing(admin.SimpleListFilter):
    """Where a mail stands."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, words) for name, (words, _which) in STANDINGS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        _words, which = STANDINGS.get(self.value() or "", ("", Q()))
        return queryset.filter(which)


@admin.register(OutboxMail)
class OutboxMailAdmin(LookingAdmin):
    """Whether and when a mail went out. Not its text: that may hold a link which lets its bearer in."""

    list_display = (
        *("created_at", "to", "subject", "attempts", "next_try_at", "sent_at", "refused_at", "error"),
    )
    list_filter = (Standing, "language")
    search_fields = ("to", "=key")
    date_hierarchy = "created_at"
    exclude = ("text",)


@admin.register(NoticeSetting)
class NoticeSettingAdmin(LookingAdmin):
    list_display = ("user", "code", "way")
    list_filter = ("way", "code")
    list_select_related = ("user",)
    search_fields = ("user__email",)
