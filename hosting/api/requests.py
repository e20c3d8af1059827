"""Requests: what miners ask for; open ones for everybody, one's own with all that only the own side sees."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import lists, permissions, problems, viewing
from accounts.api.idempotency import idempotent
from accounts.api.versions import if_match
from accounts.models import Scope
from accounts.services.acting import Viewer
from hosting.api import writing
from hosting.api.fields import Seen, Text, amount, price
from hosting.api.need import FleetLineSerializer, HeldLicenceSerializer
from hosting.api.requestbodies import NewRequestSerializer, RequestChangeSerializer
from hosting.filters import RequestFilter
from hosting.models import CapacityRequest, RequestStatus
from hosting.services import requestentries, requestwrites


class FleetSerializer(FleetLineSerializer):
    """So many machines of one model of the catalogue."""

    machine = serializers.UUIDField(source="machine_id")


class RequestSerializer(Seen):
    """A request. Percentages 0 to 100; null or an empty list is no bound. What only the own side sees
    (ceiling, deposit, weights, the owner of an anonymous one) is left out for everybody else."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    # A pattern, not a choice: the schema names each closed list after the one field that shows it.
    status = serializers.RegexField(f"^({'|'.join(RequestStatus.values)})$")
    owner = serializers.CharField(source="owner.handle", required=False, help_text="a handle")
    broker = Text(source="mandate.broker.handle", default=None, help_text="who posted it under a mandate")
    anonymous = serializers.BooleanField(source="is_anonymous")
    expires_at = serializers.DateTimeField()
    need_kw = serializers.IntegerField()
    fleet = FleetSerializer(many=True)
    efficiency_j_th = amount()
    worst_j_th = amount()
    origin = Text()
    earliest_start = serializers.DateField()
    latest_start = serializers.DateField()
    term_months = serializers.IntegerField()
    max_price_usd = price(required=False)
    max_deposit_months = serializers.IntegerField(allow_null=True, required=False)
    min_uptime = amount()
    max_curtailment = amount()
    min_renewable = amount()
    cooling = serializers.ListField(child=serializers.CharField())
    price_models = serializers.ListField(child=serializers.CharField())
    allowed_jurisdictions = serializers.ListField(child=serializers.CharField())
    excluded_jurisdictions = serializers.ListField(child=serializers.CharField())
    min_legal_status = Text()
    min_predictability = serializers.IntegerField(allow_null=True)
    licences = HeldLicenceSerializer(many=True)
    min_evidence = Text()
    # No method field: the schema would promise it to those it is left out for.
    weights = serializers.DictField(
        child=serializers.IntegerField(), allow_null=True, required=False, help_text="null: the default ones"
    )


# What only the server says of a request.
SHOWN = set(RequestSerializer().get_fields()) - set(requestentries.FIELDS)


def rows(viewer: Viewer) -> QuerySet[CapacityRequest]:
    """The requests the viewer may see: open ones, one's own, and those it runs as a broker."""
    today = timezone.now().date()
    seen = CapacityRequest.objects.visible_to(viewer).values("pk")
    run = CapacityRequest.objects.run_by(viewer.organization, today).values("pk")
    found = CapacityRequest.objects.with_broker(today).filter(Q(pk__in=seen) | Q(pk__in=run))
    return found.select_related("owner", "mandate__broker").prefetch_related("fleet")


def own(viewer: Viewer, id: UUID) -> CapacityRequest:
    """The request, if the organization decides about it; 404 else."""
    today = timezone.now().date()
    mine = CapacityRequest.objects.run_by(viewer.organization, today)
    return get_object_or_404(mine.select_related("owner", "mandate__broker"), pk=id)


def answer(viewer: Viewer, request: CapacityRequest, status: int = 200) -> Response:
    """The request as it stands after a call that wrote."""
    shown = RequestSerializer(rows(viewer).get(pk=request.pk), context={"viewer": viewer}).data
    headers = {"Location": reverse("api_request", args=[request.pk])} if status == 201 else None
    return Response(shown, status=status, headers=headers)


class RequestList(APIView):
    """Requests on the market."""

    permission_classes = (permissions.needs(Scope.REQUESTS_WRITE, is_public=True),)

    @extend_schema(
        operation_id="requests_list",
        parameters=lists.parameters(RequestFilter),
        responses={200: lists.page_of("RequestPage", RequestSerializer), **problems.answers(400)},
    )
    def get(self, request: Request) -> Response:
        """Open requests, and one's own in any state; the newest first."""
        viewer = viewing.viewer_of(request)
        mine = CapacityRequest.objects.run_by(viewer.organization, timezone.now().date())
        found = RequestFilter(request.query_params, rows(viewer), own=mine)
        return lists.answer(
            request, filterset=found, serializer=RequestSerializer, context={"viewer": viewer}
        )

    @extend_schema(
        operation_id="requests_create",
        parameters=writing.MAKES,
        request=NewRequestSerializer,
        responses={201: RequestSerializer, **problems.answers(*writing.REFUSALS)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Save a need as a draft: one's own, or as a broker that of the miner named by `miner`."""
        viewer, now = writing.member_of(request), timezone.now()
        sent = writing.body(request, ("miner", *requestentries.FIELDS), shown=SHOWN)
        made = requestwrites.create(by=viewer.user, sender=viewer.organization, sent=sent, now=now)
        return answer(viewer, made, 201)


class RequestDetail(APIView):
    """One request."""

    permission_classes = (permissions.needs(Scope.REQUESTS_WRITE, is_public=True),)

    @extend_schema(
        operation_id="requests_read", responses={200: RequestSerializer, **problems.answers(400, 404)}
    )
    def get(self, request: Request, id: UUID) -> Response:
        """One request."""
        viewer = viewing.viewer_of(request)
        lists.refuse_unknown(request)
        found = get_object_or_404(rows(viewer), pk=id)
        return Response(RequestSerializer(found, context={"viewer": viewer}).data)

    @extend_schema(
        operation_id="requests_change",
        parameters=writing.CHANGES,
        request=RequestChangeSerializer,
        responses={200: RequestSerializer, **problems.answers(*writing.STALE)},
    )
    @idempotent
    def patch(self, request: Request, id: UUID) -> Response:
        """Change a draft or an open request; an open one is matched anew."""
        viewer, now = writing.member_of(request), timezone.now()
        found = own(viewer, id)
        sent = writing.body(request, requestentries.FIELDS, shown=SHOWN)
        version = if_match(request)
        requestwrites.change(request=found, sent=sent, version=version, by=viewer.user, now=now)
        return answer(viewer, found)


class RequestPublish(APIView):
    """On the market."""

    permission_classes = (permissions.needs(Scope.REQUESTS_WRITE),)

    @extend_schema(
        operation_id="requests_publish",
        parameters=writing.CHANGES,
        request=writing.NothingSerializer,
        responses={200: RequestSerializer, **problems.answers(*writing.STALE)},
    )
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Open a draft: it is matched from now on, and hosts see it."""
        viewer, now = writing.member_of(request), timezone.now()
        found, version = own(viewer, id), if_match(request)
        writing.body(request, ())
        requestwrites.publish(
            request=found, version=version, sender=viewer.organization, by=viewer.user, now=now
        )
        return answer(viewer, found)


class RequestWithdraw(APIView):
    """Off the market."""

    permission_classes = (permissions.needs(Scope.REQUESTS_WRITE),)

    @extend_schema(
        operation_id="requests_withdraw",
        parameters=writing.CHANGES,
        request=writing.ReasonSerializer,
        responses={200: RequestSerializer, **problems.answers(*writing.STALE)},
    )
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Take a draft or an open request back for good."""
        viewer, now = writing.member_of(request), timezone.now()
        found, version = own(viewer, id), if_match(request)
        why = writing.reason(request)
        requestwrites.withdraw(request=found, version=version, why=why, by=viewer.user, now=now)
        return answer(viewer, found)
