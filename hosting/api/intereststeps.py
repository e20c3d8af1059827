"""The steps of an interest: each side makes its mark and takes it back."""

from collections.abc import Callable
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import permissions, problems
from accounts.api.idempotency import idempotent
from accounts.api.versions import if_match
from accounts.models import Scope
from hosting.api import interests, writing
from hosting.api.interests import InterestSerializer
from hosting.services import pairs


class DeclineSerializer(serializers.Serializer):
    """Why: the other side reads it."""

    reason = serializers.CharField(max_length=500)


class InterestStep(APIView):
    """One step, of the version in If-Match."""

    permission_classes = (permissions.needs(Scope.DEALS_WRITE),)
    step = ""

    def take(self, request: Request, id: UUID, reason: str | None = None) -> Response:
        """Take the step for the side that the acting organization stands on."""
        viewer = writing.member_of(request)
        ours = pairs.visible_to(viewer.organization, timezone.now())
        found = get_object_or_404(ours.select_related("request", "offer__site"), pk=id)
        pair = {"request": found.request, "offer": found.offer, "side": found.side}
        said = {"reason": reason} if reason is not None else writing.body(request, ())
        given = {**pair, **said, "by": viewer.user, "now": timezone.now()}
        made = pairs.take(step=self.step, version=if_match(request), **given)
        return interests.answer(made, found.side)


def _described(name: str, serializer: type = writing.NothingSerializer) -> Callable:
    return extend_schema(
        operation_id=f"interests_{name}",
        parameters=writing.CHANGES,
        request=serializer,
        responses={200: InterestSerializer, **problems.answers(*writing.STALE)},
    )


class InterestShortlist(InterestStep):
    """The miner's mark."""

    step = "shortlist"

    @_described("shortlist")
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Put the offer on the request's shortlist (miner)."""
        return self.take(request, id)


class InterestUnlist(InterestStep):
    """The miner's mark, taken back."""

    step = "unlist"

    @_described("unlist")
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Take the offer off the shortlist (miner)."""
        return self.take(request, id)


class InterestExpress(InterestStep):
    """The host's mark."""

    step = "express"

    @_described("express")
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Say that the offer would take the request in (host). 409 where the two do not fit."""
        return self.take(request, id)


class InterestTakeBack(InterestStep):
    """The host's mark, taken back."""

    step = "take_back"

    @_described("take_back")
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Be interested no longer (host)."""
        return self.take(request, id)


class InterestDecline(InterestStep):
    """No, by either side."""

    step = "decline"

    @_described("decline", DeclineSerializer)
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Say no, with a reason (either side)."""
        return self.take(request, id, writing.reason(request, "reason"))


class InterestUndoDecline(InterestStep):
    """A no, taken back."""

    step = "undo_decline"

    @_described("undo_decline")
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Take one's own no back (either side)."""
        return self.take(request, id)
