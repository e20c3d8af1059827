"""Mail on its way, and who wants which news how."""

from django.contrib import admin

from accounts.admin.looking import LookingAdmin
from accounts.models import NoticeSetting, OutboxMail


@admin.register(OutboxMail)
class OutboxMailAdmin(LookingAdmin):
    """Whether and when a mail went out. Not its text: that may hold a link which lets its bearer in."""

    list_display = (
        *("created_at", "to", "subject", "attempts", "next_try_at", "sent_at", "refused_at", "error"),
    )
    list_filter = ("language",)
    search_fields = ("to", "=key")
    date_hierarchy = "created_at"
    exclude = ("text",)


@admin.register(NoticeSetting)
class NoticeSettingAdmin(LookingAdmin):
    list_display = ("user", "code", "way")
    list_filter = ("way", "code")
    list_select_related = ("user",)
    search_fields = ("user__email",)
