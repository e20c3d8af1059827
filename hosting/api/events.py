"""The events feed: what webhooks tell, for those who can't receive."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import lists, permissions, problems, viewing
from hosting.filters import PartnerEventFilter
from hosting.models import EventType, PartnerEvent
from hosting.services import feed


class PartnerEventSerializer(serializers.Serializer):
    """An event, as a webhook's message: the id is its webhook-id. `data` names things by their UUIDs."""

    id = serializers.UUIDField()
    type = serializers.RegexField(f"^({'|'.join(EventType.values)})$")
    timestamp = serializers.DateTimeField(source="at")
    recorded_at = serializers.DateTimeField(help_text="the feed's order; for updated_since")
    data = serializers.SerializerMethodField()

    def get_data(self, row: PartnerEvent) -> dict[str, Any]:
        """UUIDs and codes."""
        return row.data


class EventList(APIView):
    """What happened."""

    permission_classes = (permissions.needs("market:read"),)

    @extend_schema(
        operation_id="events_list",
        parameters=lists.parameters(PartnerEventFilter),
        responses={200: lists.page_of("EventPage", PartnerEventSerializer), **problems.answers(400)},
    )
    def get(self, request: Request) -> Response:
        """What is public, and one's own: the oldest first, of the last 30 days, some seconds late."""
        viewer = viewing.viewer_of(request)
        rows = feed.readable(viewer=viewer, now=timezone.now())
        found = PartnerEventFilter(request.query_params, rows)
        return lists.answer(request, filterset=found, serializer=PartnerEventSerializer, context={})
