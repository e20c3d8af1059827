"""PartnerEvent, WebhookEndpoint, WebhookDelivery: what partners are told, where, and if it arrived."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.models.rows import Versioned
from accounts.services.acting import Viewer


class EventType(models.TextChoices):
    """What a partner can be told of. These words are the contract with their programs."""

    MATCH_LIST_CHANGED = "match_list.changed", _("the match list of a request changed")
    INTEREST_SHORTLISTED = "interest.shortlisted", _("the miner put an offer on the shortlist")
    INTEREST_UNLISTED = "interest.unlisted", _("the miner took an offer off the shortlist")
    INTEREST_EXPRESSED = "interest.expressed", _("a host is interested in a request")
    INTEREST_TAKEN_BACK = "interest.taken_back", _("a host is no longer interested")
    INTEREST_DECLINED = "interest.declined", _("one side declined")
    INTEREST_DECLINE_UNDONE = "interest.decline_undone", _("one side declines no longer")
    OFFER_PUBLISHED = "offer.published", _("an offer is listed")
    OFFER_PAUSED = "offer.paused", _("an offer is paused")
    REQUEST_OPENED = "request.opened", _("a request is open")
    REQUEST_CLOSED = "request.closed", _("a request is no longer open")
    RULE_PUBLISHED = "rule.published", _("a rule of a place is published")


class PartnerEventQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> "PartnerEventQuerySet":
        """What is public, for who acts for an organization also its own. Staff sees all."""
        if viewer.is_staff:
            return self
        seen = Q(organization__isnull=True)
        if viewer.organization:
            seen |= Q(organization=viewer.organization)
        return self.filter(seen)

    def settled(self, before: datetime) -> "PartnerEventQuerySet":
        """Recorded before this moment."""
        return self.filter(recorded_at__lt=before)


class PartnerEvent(models.Model):
    """Something a partner may know, as it is told: the id is the same in the feed and in every try of every
    delivery, so that a receiver drops what it has already.

    Without an organization it is public. data: ids and codes only, never who stands behind an anonymous
    request nor what somebody is ready to pay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    type = models.CharField(_("type"), max_length=40, choices=EventType)
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("for"),
        help_text=_("who is told; empty: everybody"),
    )
    at = models.DateTimeField(_("happened"))
    recorded_at = models.DateTimeField(_("recorded"))
    data = models.JSONField(_("data"), default=dict)

    objects = PartnerEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event for partners")
        verbose_name_plural = _("events for partners")
        ordering = ["-recorded_at", "id"]
        indexes = [models.Index(fields=["recorded_at", "id"], name="partner_event_in_order")]
        constraints = [
            models.CheckConstraint(name="partner_event_type_is_known", condition=Q(type__in=EventType.values))
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.at:%Y-%m-%d %H:%M}"


class EndpointStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    FAILING = "failing", _("failing")
    OFF = "off", _("off")


ENDPOINT_MOVES: dict[str, frozenset[str]] = {
    EndpointStatus.ACTIVE: frozenset({EndpointStatus.FAILING, EndpointStatus.OFF}),
    EndpointStatus.FAILING: frozenset({EndpointStatus.ACTIVE, EndpointStatus.OFF}),
    EndpointStatus.OFF: frozenset({EndpointStatus.ACTIVE}),
}


class WebhookEndpoint(Versioned):
    """Where an organization wants to be told of what. A failing one is still tried; one that is off is not.

    The secrets are stored sealed (adapters/sealing.py). The previous one signs as well until
    previous_until. rests_until: after a failed try nothing else is sent there for a moment.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="webhooks", verbose_name=_("organization")
    )
    url = models.CharField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    status = models.CharField(
        _("status"), max_length=8, choices=EndpointStatus, default=EndpointStatus.ACTIVE
    )
    secret_sealed = models.CharField(max_length=300, editable=False)
    previous_secret_sealed = models.CharField(max_length=300, blank=True, editable=False)
    previous_until = models.DateTimeField(_("previous secret signs until"), null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True, editable=False)

    MOVES = ENDPOINT_MOVES

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="webhook_status_is_known", condition=Q(status__in=EndpointStatus.values)
            ),
            models.UniqueConstraint(fields=["organization", "url"], name="webhook_is_one_per_address"),
        ]

    def __str__(self) -> str:
        return self.url


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed")


class WebhookDelivery(Versioned):
    """One event for one endpoint. The row is the job; next_try_at is the lease as well.

    tries: [{"at": ISO time, "status": HTTP status or null, "error": code, "ms": milliseconds}, ...], of all
    rounds. An answer's body is never kept. `attempts` counts those of the round going on.
    """

    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    event = models.ForeignKey(
        PartnerEvent, models.CASCADE, related_name="deliveries", verbose_name=_("event")
    )
    status = models.CharField(
        _("status"), max_length=9, choices=DeliveryStatus, default=DeliveryStatus.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    tries = models.JSONField(_("log of tries"), default=list, blank=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="delivery_to_be_tried",
                condition=Q(status=DeliveryStatus.WAITING),
            ),
            models.Index(fields=["endpoint", "-created_at", "id"], name="delivery_by_endpoint"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "event"], name="delivery_is_one_per_endpoint_and_event"
            ),
            models.CheckConstraint(
                name="delivery_status_is_known", condition=Q(status__in=DeliveryStatus.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.endpoint_id}"
