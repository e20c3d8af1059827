"""The matches of a saved request: for its own side alone."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import permissions, problems, viewing
from accounts.models import Scope
from accounts.services.acting import Viewer
from hosting.api import matches
from hosting.api.matches import AnswerSerializer
from hosting.models import CapacityRequest, Decliner, Interest
from hosting.services import answers
from hosting.services.answers import Answer


class RequestAnswerSerializer(AnswerSerializer):
    """The stored list of an open request, explained; for a draft, what it would get if it were posted now.

    `run` is the run of the engine that made the list: null where there is none (yet). What the miner declined
    is left out.
    """

    is_on_its_way = serializers.BooleanField(help_text="a newer list is due: ask again in a few seconds")
    left = serializers.IntegerField(help_text="rows of the stored list that fit no longer")


def decided_by(viewer: Viewer, id: UUID) -> CapacityRequest:
    """The request, if the viewer stands on its own side; 404 else."""
    every = CapacityRequest.objects.all()
    today = timezone.now().date()
    return get_object_or_404(every if viewer.is_staff else every.run_by(viewer.organization, today), pk=id)


def without_declined(answer: Answer, request: CapacityRequest) -> Answer:
    """The same answer without what the miner declined: hidden from its lists, not from the engine."""
    rows = Interest.objects.filter(request=request, declined_by=Decliner.MINER, declined_at__isnull=False)
    declined = set(rows.values_list("offer", flat=True))
    kept: dict[str, Any] = {
        name: [one for one in getattr(answer.preview, name) if one.match.offer not in declined]
        for name in ("results", "near")
    }
    asked = answer.asked[0] if answer.asked else None
    return replace(answer, preview=replace(answer.preview, asked=asked, **kept))


class RequestMatches(APIView):
    """Offers for one request."""

    permission_classes = (permissions.needs(Scope.REQUESTS_WRITE),)

    @extend_schema(
        operation_id="requests_matches",
        parameters=matches.ASKED,
        responses={200: RequestAnswerSerializer, **problems.answers(400, 401, 403, 404, 409)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """The best 20 offers, best first."""
        viewer, now = viewing.viewer_of(request), timezone.now()
        found = decided_by(viewer, id)
        near, offer_id = matches.asked_for(request, viewer)
        wanted = [offer_id] if offer_id else []
        answer = without_declined(answers.of_request(request=found, now=now, offer_ids=wanted), found)
        body = matches.shown(answer.preview, near=near, offer_id=offer_id)
        body |= {"is_on_its_way": answer.is_on_its_way, "left": answer.left}
        return Response(body | {"run": answer.stored.run.id if answer.stored else None})
