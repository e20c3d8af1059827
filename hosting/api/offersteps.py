"""The steps of an offer that its host takes."""

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import permissions, problems
from accounts.api.idempotency import idempotent
from accounts.api.versions import if_match
from accounts.models import Scope
from hosting.api import offers as representation
from hosting.api import writing
from hosting.api.offers import WrittenOfferSerializer
from hosting.services import offers


class OfferStep(APIView):
    """One step, of the version in If-Match."""

    permission_classes = (permissions.needs(Scope.OFFERS_WRITE),)
    verb: Callable[..., None]

    def take(self, request: Request, id: UUID) -> Response:
        """Take the step with an empty body."""
        viewer = writing.member_of(request)
        offer = representation.own_offer(viewer, id)
        writing.body(request, ())
        type(self).verb(offer=offer, version=if_match(request), by=viewer.user, now=timezone.now())
        return representation.answer(viewer, offer)


def _described(name: str, serializer: type = writing.NothingSerializer) -> Callable:
    return extend_schema(
        operation_id=f"offers_{name}",
        parameters=writing.CHANGES,
        request=serializer,
        responses={200: WrittenOfferSerializer, **problems.answers(*writing.STALE)},
    )


class OfferSubmit(OfferStep):
    """To staff."""

    verb = offers.submit

    @_described("submit")
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Ask staff to review a draft."""
        return self.take(request, id)


class OfferDraft(OfferStep):
    """Back into the host's hands."""

    verb = offers.redraft

    @_described("draft")
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Make a draft again of an offer that was sent back, refused or has expired."""
        return self.take(request, id)


class OfferPause(OfferStep):
    """Off the market for a while."""

    verb = offers.pause

    @_described("pause")
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Take a published offer off the market; its commitments stay."""
        return self.take(request, id)


class OfferResume(OfferStep):
    """On the market again."""

    verb = offers.resume

    @_described("resume")
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """List a paused offer again."""
        return self.take(request, id)


class OfferWithdraw(OfferStep):
    """Off the market for good."""

    @_described("withdraw", writing.ReasonSerializer)
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Withdraw a draft or live offer; not with live commitments."""
        viewer = writing.member_of(request)
        offer, version = representation.own_offer(viewer, id), if_match(request)
        why = writing.reason(request)
        offers.withdraw(offer=offer, why=why, version=version, by=viewer.user, now=timezone.now())
        return representation.answer(viewer, offer)
