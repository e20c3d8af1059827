"""Webhooks: where the organization wants to be told of what, its secret, and whether messages arrived."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import lists, permissions, problems, versions, viewing
from accounts.api.idempotency import idempotent
from accounts.models import Scope
from accounts.services.acting import Viewer
from accounts.services.errors import Invalid, NotAllowed
from hosting.api import writing
from hosting.filters import DeliveryFilter, WebhookFilter
from hosting.models import DeliveryStatus, EndpointStatus, EventType, WebhookDelivery, WebhookEndpoint
from hosting.services import deliveries, webhooks
from hosting.services.entries import Entries

FIELDS = ("url", "events")
SHOWN = ("id", "version", "created_at", "updated_at", "status", "previous_secret_until", "secret")


class Manages(permissions.Known):
    """A token needs webhooks:write for everything here: an address may hold a secret of its own. A member
    may look, an owner may change: what is sent elsewhere goes on when a member is gone, like a token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or raises NotAuthenticated (401), ScopeMissing, NoOrganization or NotAllowed (403)."""
        viewer = permissions.known(request)
        permissions.check_scope(viewer, Scope.WEBHOOKS_WRITE)
        if viewer.organization is None:
            raise permissions.NoOrganization
        if request.method not in ("GET", "HEAD", "OPTIONS") and not webhooks.may_manage(viewer):
            raise NotAllowed
        return True


class WebhookBodySerializer(serializers.Serializer):
    """An endpoint as written."""

    url = serializers.CharField(max_length=500, help_text="https, on the public internet")
    events = serializers.ListField(child=serializers.ChoiceField(EventType.choices), min_length=1)


class WebhookSerializer(WebhookBodySerializer):
    """An endpoint. Failing: a message was given up after ten tries; it is tried on. Off: nothing is sent."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    status = serializers.RegexField(f"^({'|'.join(EndpointStatus.values)})$")
    previous_secret_until = serializers.DateTimeField(
        source="previous_until", allow_null=True, help_text="until then the replaced secret signs, too"
    )


class WebhookSecretSerializer(WebhookSerializer):
    """An endpoint with its secret, which is shown this once."""

    secret = serializers.CharField(help_text="whsec_ and base64; never shown again")


class TrySerializer(serializers.Serializer):
    """One try."""

    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="of the answer; null without one")
    error = serializers.CharField(allow_blank=True, help_text="why it did not arrive; empty if it did")
    ms = serializers.IntegerField()


class DeliverySerializer(serializers.Serializer):
    """One message for one endpoint. `event` is its webhook-id, the same on every try."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    event = serializers.UUIDField(source="event_id")
    type = serializers.RegexField(f"^({'|'.join(EventType.values)})$", source="event.type")
    status = serializers.RegexField(f"^({'|'.join(DeliveryStatus.values)})$")
    next_try_at = serializers.SerializerMethodField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    tries = TrySerializer(many=True)

    def get_next_try_at(self, row: WebhookDelivery) -> serializers.DateTimeField(allow_null=True):  # type: ignore[valid-type]
        """Null once nothing is tried any more."""
        waits = row.status == DeliveryStatus.WAITING
        return serializers.DateTimeField().to_representation(row.next_try_at) if waits else None


def own(viewer: Viewer) -> QuerySet:
    """The organization's endpoints: nobody else's are there."""
    return WebhookEndpoint.objects.filter(organization=viewer.organization)


def _values(request: Request, *, is_new: bool) -> dict[str, Any]:
    """url and events as sent. Raises Invalid."""
    sent = writing.body(request, FIELDS, shown=SHOWN)
    values = Entries(sent)
    url, events = sent.get("url", ""), sent.get("events", [])
    if not isinstance(url, str):
        values.refuse("url", str(webhooks.SENTENCES["bad_url"]))
    if not isinstance(events, list) or not all(isinstance(one, str) for one in events):
        values.refuse("events", str(webhooks.NO_LIST))
    if values.wrong:
        raise Invalid(values.wrong)
    return {"url": url, "events": events} if is_new else dict(sent)


def _shown(endpoint: WebhookEndpoint, status: int = 200, **more: Any) -> Response:
    shown = WebhookSerializer(endpoint).data
    return Response({**shown, **more}, status=status, headers={"Cache-Control": "no-store"})


class WebhookList(APIView):
    """The organization's endpoints, and a new one."""

    permission_classes = (Manages,)

    @extend_schema(
        operation_id="webhooks_list",
        parameters=lists.parameters(WebhookFilter),
        responses={200: lists.page_of("WebhookPage", WebhookSerializer), **problems.answers(400)},
    )
    def get(self, request: Request) -> Response:
        """One's own, the newest first."""
        found = WebhookFilter(request.query_params, own(viewing.viewer_of(request)))
        return lists.answer(request, filterset=found, serializer=WebhookSerializer, context={})

    @extend_schema(
        operation_id="webhooks_create",
        request=WebhookBodySerializer,
        responses={201: WebhookSecretSerializer, **problems.answers(400, 409)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A new endpoint. The answer holds its secret, this once."""
        viewer, values = writing.member_of(request), _values(request, is_new=True)
        made, secret = webhooks.create(
            organization=viewer.organization, by=viewer.user, now=timezone.now(), **values
        )
        return _shown(made, 201, secret=secret)


class WebhookDetail(APIView):
    """One endpoint."""

    permission_classes = (Manages,)

    @extend_schema(
        operation_id="webhooks_read", responses={200: WebhookSerializer, **problems.answers(400, 404)}
    )
    def get(self, request: Request, id: UUID) -> Response:
        """One of one's own."""
        lists.refuse_unknown(request)
        return _shown(get_object_or_404(own(viewing.viewer_of(request)), pk=id))

    @extend_schema(
        operation_id="webhooks_change",
        parameters=[versions.IF_MATCH],
        request=WebhookBodySerializer(partial=True),
        responses={200: WebhookSerializer, **problems.answers(400, 404, 409, 412)},
    )
    @idempotent
    def patch(self, request: Request, id: UUID) -> Response:
        """Another address, or other events. What waits goes to the new address."""
        viewer = writing.member_of(request)
        endpoint = get_object_or_404(own(viewer), pk=id)
        version, values = versions.if_match(request), _values(request, is_new=False)
        webhooks.change(endpoint=endpoint, version=version, by=viewer.user, now=timezone.now(), **values)
        return _shown(endpoint)

    @extend_schema(
        operation_id="webhooks_delete",
        parameters=[versions.IF_MATCH],
        responses={204: None, **problems.answers(400, 404, 412)},
    )
    @idempotent
    def delete(self, request: Request, id: UUID) -> Response:
        """End it, with its log."""
        viewer = writing.member_of(request)
        endpoint = get_object_or_404(own(viewer), pk=id)
        version = versions.if_match(request)
        webhooks.remove(endpoint=endpoint, version=version, by=viewer.user, now=timezone.now())
        return Response(status=204)


class _Step(APIView):
    """A step of one endpoint: 404, 400, then the deed."""

    permission_classes = (Manages,)

    def begin(self, request: Request, id: UUID) -> dict[str, Any]:
        """What the service is given. Raises Http404 or Invalid."""
        viewer = writing.member_of(request)
        endpoint = get_object_or_404(own(viewer), pk=id)
        writing.body(request, ())
        version = versions.if_match(request)
        return {"endpoint": endpoint, "version": version, "by": viewer.user, "now": timezone.now()}


class WebhookRotate(_Step):
    """A new secret."""

    @extend_schema(
        operation_id="webhooks_rotate",
        parameters=[versions.IF_MATCH],
        request=writing.NothingSerializer,
        responses={200: WebhookSecretSerializer, **problems.answers(400, 404, 412)},
    )
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """A new secret, shown this once. The old one signs beside it for 24 hours."""
        given = self.begin(request, id)
        return _shown(given["endpoint"], secret=webhooks.rotate(**given))


class WebhookEnable(_Step):
    """Switch on."""

    @extend_schema(
        operation_id="webhooks_enable",
        parameters=[versions.IF_MATCH],
        request=writing.NothingSerializer,
        responses={200: WebhookSerializer, **problems.answers(400, 404, 412)},
    )
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Send again, from the next event on."""
        given = self.begin(request, id)
        webhooks.change(**given, is_on=True)
        return _shown(given["endpoint"])


class WebhookDisable(_Step):
    """Switch off."""

    @extend_schema(
        operation_id="webhooks_disable",
        parameters=[versions.IF_MATCH],
        request=writing.NothingSerializer,
        responses={200: WebhookSerializer, **problems.answers(400, 404, 412)},
    )
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Send nothing, and give up what waits."""
        given = self.begin(request, id)
        webhooks.change(**given, is_on=False)
        return _shown(given["endpoint"])


class DeliveryList(APIView):
    """The log of an endpoint."""

    permission_classes = (Manages,)

    @extend_schema(
        operation_id="webhooks_deliveries_list",
        parameters=lists.parameters(DeliveryFilter),
        responses={200: lists.page_of("DeliveryPage", DeliverySerializer), **problems.answers(400, 404)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """What was sent in the last 30 days, the newest first."""
        endpoint = get_object_or_404(own(viewing.viewer_of(request)), pk=id)
        rows = WebhookDelivery.objects.filter(endpoint=endpoint).select_related("event")
        found = DeliveryFilter(request.query_params, rows)
        return lists.answer(request, filterset=found, serializer=DeliverySerializer, context={})


class Redeliver(APIView):
    """A delivery once more."""

    permission_classes = (Manages,)

    @extend_schema(
        operation_id="webhooks_deliveries_redeliver",
        request=writing.NothingSerializer,
        responses={202: DeliverySerializer, **problems.answers(400, 404, 409)},
    )
    @idempotent
    def post(self, request: Request, id: UUID, delivery_id: UUID) -> Response:
        """Send the same message again, in a new round of tries."""
        viewer = writing.member_of(request)
        rows = WebhookDelivery.objects.filter(endpoint__in=own(viewer), endpoint=id)
        delivery = get_object_or_404(rows.select_related("endpoint", "event"), pk=delivery_id)
        writing.body(request, ())
        deliveries.redeliver(delivery=delivery, by=viewer.user, now=timezone.now())
        return Response(DeliverySerializer(delivery).data, status=202)
