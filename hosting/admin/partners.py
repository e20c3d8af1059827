"""What partners are told and whether it arrived; the files they sent. Never a secret or a file's content."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.steps import Plain, Step, SteppingAdmin
from hosting.admin.timelines import MarketAdmin
from hosting.models import (
    DeliveryStatus,
    EndpointStatus,
    Import,
    PartnerEvent,
    WebhookDelivery,
    WebhookEndpoint,
)
from hosting.services import deliveries, waiting


class Standing(admin.SimpleListFilter):
    """The deliveries that the home of staff counts."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("failing", _("failing"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "failing":
            return queryset
        return queryset.filter(pk__in=waiting.failing_deliveries().values("pk"))


def may_go_again(delivery: WebhookDelivery) -> bool:
    is_on_its_way = delivery.status == DeliveryStatus.WAITING
    return not is_on_its_way and delivery.endpoint.status != EndpointStatus.OFF


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(SteppingAdmin):
    subject = "delivery"
    steps = (Step("redeliver", _("Deliver it again"), deliveries.redeliver, may_go_again, Plain),)
    list_display = (
        *("created_at", "organization", "endpoint", "type", "status", "attempts", "next_try_at"),
        "delivered_at",
    )
    list_filter = (Standing, "status", "event__type")
    list_select_related = ("endpoint__organization", "event")
    search_fields = ("=id", "=event__id", "endpoint__url", "endpoint__organization__handle")
    date_hierarchy = "created_at"

    @admin.display(ordering="endpoint__organization__handle", description=_("organization"))
    def organization(self, delivery: WebhookDelivery) -> str:
        return delivery.endpoint.organization.handle

    @admin.display(ordering="event__type", description=_("type"))
    def type(self, delivery: WebhookDelivery) -> str:
        return delivery.event.type


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(MarketAdmin):
    list_display = ("url", "organization", "status", "created_at", "updated_at")
    list_filter = ("status",)
    list_select_related = ("organization",)
    search_fields = ("=id", "url", "organization__handle")
    date_hierarchy = "created_at"


@admin.register(PartnerEvent)
class PartnerEventAdmin(MarketAdmin):
    list_display = ("at", "type", "organization", "recorded_at")
    list_filter = ("type",)
    list_select_related = ("organization",)
    search_fields = ("=id", "organization__handle")
    date_hierarchy = "at"


@admin.register(Import)
class ImportAdmin(MarketAdmin):
    """What a file gave and what was wrong with it; the file's own lines stay with whoever sent it."""

    list_display = ("created_at", "organization", "by", "kind", "format", "status", "rows", "error_count")
    list_filter = ("status", "kind", "format")
    list_select_related = ("organization", "by")
    search_fields = ("=id", "organization__handle", "by__email")
    date_hierarchy = "created_at"
    exclude = ("content",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # Files are long: a list of fifty of them would be megabytes.
        return super().get_queryset(request).defer("content", "results")
