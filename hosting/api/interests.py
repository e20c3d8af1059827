"""Interests: what either side did about a pair of request and offer, and the steps that it may take."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
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
from accounts.models import Scope
from accounts.services.acting import Viewer
from hosting.api import writing
from hosting.filters import InterestFilter
from hosting.models import Interest
from hosting.services import pairs


class InterestSerializer(serializers.Serializer):
    """A pair, with each side's marks. A host is not told of a shortlist."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    request = serializers.UUIDField(source="request_id")
    offer = serializers.UUIDField(source="offer_id")
    side = serializers.SerializerMethodField(help_text="yours: miner or host; staff reads as the miner")
    shortlisted_at = serializers.DateTimeField(allow_null=True, help_text="by the miner; null for the host")
    interested_at = serializers.DateTimeField(allow_null=True, help_text="the host's")
    declined_at = serializers.DateTimeField(allow_null=True)
    declined_by = serializers.CharField(allow_blank=True, help_text="miner, host, or empty")
    decline_reason = serializers.CharField(allow_blank=True)
    quoted_at = serializers.DateTimeField(allow_null=True)

    def get_side(self, interest: Interest) -> str:
        return interest.side

    def to_representation(self, instance: Interest) -> dict[str, Any]:
        """Without what the other side keeps to itself."""
        shown = super().to_representation(instance)
        return shown | ({"shortlisted_at": None} if instance.side == pairs.HOST else {})


# What only the server says of an interest.
SHOWN = set(InterestSerializer().get_fields())


class NewInterestSerializer(serializers.Serializer):
    """A first step about a pair. Left out, the miner's is to shortlist, the host's to be interested."""

    request = serializers.UUIDField()
    offer = serializers.UUIDField()
    step = serializers.RegexField(f"^({'|'.join(pairs.FIRST_STEPS)})$", required=False)
    reason = serializers.CharField(required=False, max_length=500, help_text="required to decline")


def rows(viewer: Viewer) -> QuerySet[Interest]:
    """The interests the viewer may see, each with the side the viewer stands on."""
    return pairs.visible_to(viewer.organization, timezone.now(), is_staff=viewer.is_staff)


def answer(interest: Interest, side: str, status: int = 200) -> Response:
    """The interest after a step. A host that took its interest back no longer finds it in its list."""
    interest.side = side
    headers = {"Location": reverse("api_interest", args=[interest.pk])} if status == 201 else None
    return Response(InterestSerializer(interest).data, status=status, headers=headers)


class InterestList(APIView):
    """Interests of one's own requests and in one's own offers."""

    permission_classes = (permissions.needs(Scope.DEALS_WRITE),)

    @extend_schema(
        operation_id="interests_list",
        parameters=lists.parameters(InterestFilter),
        responses={200: lists.page_of("InterestPage", InterestSerializer), **problems.answers(400, 401, 403)},
    )
    def get(self, request: Request) -> Response:
        """The newest first."""
        viewer = viewing.viewer_of(request)
        found = InterestFilter(request.query_params, rows(viewer))
        return lists.answer(request, filterset=found, serializer=InterestSerializer, context={})

    @extend_schema(
        operation_id="interests_create",
        parameters=writing.MAKES,
        request=NewInterestSerializer,
        responses={201: InterestSerializer, **problems.answers(*writing.REFUSALS)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Take the first step about a pair; where there is an interest already, it is marked further."""
        viewer, now = writing.member_of(request), timezone.now()
        sent = writing.body(request, ("request", "offer", "step", "reason"), shown=SHOWN)
        pair = pairs.named(viewer, sent, now=now)
        first: dict[str, Any] = pairs.first_step(sent, pair["side"])
        made = pairs.take(**pair, **first, by=viewer.user, now=now)
        return answer(made, pair["side"], 201)


class InterestDetail(APIView):
    """One interest."""

    permission_classes = (permissions.needs(Scope.DEALS_WRITE),)

    @extend_schema(
        operation_id="interests_read",
        responses={200: InterestSerializer, **problems.answers(400, 401, 403, 404)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """One interest."""
        viewer = viewing.viewer_of(request)
        lists.refuse_unknown(request)
        return Response(InterestSerializer(get_object_or_404(rows(viewer), pk=id)).data)
