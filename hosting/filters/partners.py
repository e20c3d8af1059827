"""What partners are told: the feed by type, webhooks, deliveries by state."""

from datetime import datetime

import django_filters
from django.db import models

from accounts.services.pages import Order
from hosting.filters.listed import Listed
from hosting.models import (
    DeliveryStatus,
    EndpointStatus,
    EventType,
    PartnerEvent,
    WebhookDelivery,
    WebhookEndpoint,
)


class PartnerEventFilter(Listed):
    """The feed, in the order in which it was recorded: who walks it to its end has missed nothing."""

    ORDER = Order("recorded_at", "recorded_at")

    type = django_filters.MultipleChoiceFilter(choices=EventType.choices)

    def changed_since(self, queryset: models.QuerySet, name: str, moment: datetime) -> models.QuerySet:
        """A row of the feed never changes: recorded at or after this time."""
        return queryset.filter(recorded_at__gte=moment)

    class Meta:
        model = PartnerEvent
        fields: list[str] = []


class WebhookFilter(Listed):
    """Webhooks, the newest first."""

    ORDER = Order("-created_at", "created_at", descending=True)

    status = django_filters.ChoiceFilter(choices=EndpointStatus.choices)

    class Meta:
        model = WebhookEndpoint
        fields: list[str] = []


class DeliveryFilter(Listed):
    """The log of a webhook, the newest first."""

    ORDER = Order("-created_at", "created_at", descending=True)

    status = django_filters.ChoiceFilter(choices=DeliveryStatus.choices)

    class Meta:
        model = WebhookDelivery
        fields: list[str] = []
