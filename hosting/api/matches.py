"""Matches: a need that nobody has saved, answered by the engine with every number and every reason."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import idempotency, lists, problems, viewing
from accounts.services.acting import Viewer
from accounts.services.errors import Conflict, Invalid
from hosting.api.need import NeedSerializer
from hosting.api.offers import usd
from hosting.matching.match import Warning_
from hosting.matching.reasons import GateResult
from hosting.models import Offer
from hosting.services import matches, needs, reasons
from hosting.services.entries import as_uuid
from hosting.services.matches import Found, Preview

YES, NO = ("1", "true"), ("0", "false")
# What may be asked for beside the list.
ASKED = [
    OpenApiParameter("near", {"type": "string", "enum": [*YES, *NO]}, description="near misses too"),
    OpenApiParameter("offer", UUID, description="all gates of this one offer too"),
]


class NotLookedAt(Conflict):
    """The offer asked about can be seen, but the engine does not look at it."""

    code = "offer_not_live"
    message = gettext_lazy(
        "This offer is not matched: it is not published, has expired, or its host or place is not admitted."
    )


class PartSerializer(serializers.Serializer):
    """A part of the score. Points of all parts add up to the score x 100."""

    name = serializers.CharField()
    weight = serializers.IntegerField()
    value = serializers.IntegerField(min_value=0, max_value=10000)
    points = serializers.IntegerField(min_value=0, max_value=10000)


class ComponentsSerializer(serializers.Serializer):
    """What the effective price is made of, in USD per kWh; the components add up to it."""

    energy = serializers.CharField()
    passthrough = serializers.CharField()
    hosting_fee = serializers.CharField()
    levy = serializers.CharField()
    revenue_share = serializers.CharField()
    setup = serializers.CharField()

    def to_representation(self, instance: Mapping[str, int]) -> dict[str, str | None]:
        return {name: usd(micros) for name, micros in instance.items()}


class GateSerializer(serializers.Serializer):
    """One gate: a code and a reason in words where it fails, both empty where it passes."""

    name = serializers.CharField()
    passed = serializers.BooleanField()
    code = serializers.CharField(allow_blank=True)
    params = serializers.DictField()
    reason = serializers.SerializerMethodField()

    def get_reason(self, gate: GateResult) -> str:
        return reasons.sentence(gate)


class WarningSerializer(serializers.Serializer):
    """Something dated that a person should know and no gate judges."""

    code = serializers.CharField()
    params = serializers.DictField()
    text = serializers.SerializerMethodField()

    def get_text(self, warning: Warning_) -> str:
        return reasons.warning(warning)


class ResultSerializer(serializers.Serializer):
    """An offer that fits. `start` is the first day it can begin."""

    offer = serializers.UUIDField(source="match.offer")
    offer_version = serializers.IntegerField(source="match.version")
    title = serializers.CharField(source="offer.title")
    score = serializers.SerializerMethodField(help_text='0 to 100 with two places: "87.25"')
    effective_price_usd = serializers.SerializerMethodField(help_text="null when it is not comparable")
    components = ComponentsSerializer(source="match.components", allow_null=True)
    parts = PartSerializer(source="match.parts", many=True)
    start = serializers.DateField(source="match.start", allow_null=True)
    warnings = WarningSerializer(source="match.warnings", many=True)

    def get_score(self, found: Found) -> str | None:
        score = found.match.score
        return None if score is None else f"{score // 100}.{score % 100:02}"

    def get_effective_price_usd(self, found: Found) -> str | None:
        return usd(found.match.price_micros)


class ExplainedSerializer(ResultSerializer):
    """Any offer, with all its gates; score and parts are empty when one of them fails."""

    gates = GateSerializer(source="match.gates", many=True)


class NearMissSerializer(ExplainedSerializer):
    """An offer that would fit but for one gate, and what would cure that."""

    cure = serializers.SerializerMethodField()

    def get_cure(self, found: Found) -> str:
        return reasons.cure(found.match.failed[0])


class AnswerSerializer(serializers.Serializer):
    """The answer to a need, as of a UTC day. `run` is null: nothing was saved."""

    as_of = serializers.DateField()
    run = serializers.UUIDField(allow_null=True)
    results = ResultSerializer(many=True, help_text="the best 20, best first")
    looked_at = serializers.IntegerField(help_text="offers the engine looked at")
    matched = serializers.IntegerField(help_text="how many of them fit")
    excluded_by = serializers.DictField(
        child=serializers.IntegerField(), help_text="by gate: how many offers fail it"
    )
    near_misses = NearMissSerializer(
        many=True, required=False, help_text="with near=1: at most 20, the easiest to cure first"
    )
    asked = ExplainedSerializer(required=False, help_text="with offer=<id>: all gates of that offer")


class MatchPreview(APIView):
    """A need, answered and forgotten."""

    @extend_schema(
        operation_id="matches_preview",
        parameters=ASKED,
        request=NeedSerializer,
        responses={200: AnswerSerializer, **problems.answers(400, 404, 409, 413, 415)},
    )
    @idempotency.repeatable
    def post(self, request: Request) -> Response:
        """Rank the offers of the market for a need. Nothing is saved."""
        viewer = viewing.viewer_of(request)
        today = timezone.now().date()
        near, offer_id = asked_for(request, viewer)
        need = needs.read(_body(request), today=today, strict=True)
        preview = matches.preview(need=need, as_of=today, near=near, offer_id=offer_id)
        return Response(shown(preview, near=near, offer_id=offer_id))


def asked_for(request: Request, viewer: Viewer) -> tuple[bool, UUID | None]:
    """Whether near misses are wanted too, and which one offer. Raises Invalid or Http404."""
    lists.refuse_unknown(request, "near", "offer")
    near = request.query_params.get("near", NO[0]).lower()
    if near not in (*YES, *NO):
        raise Invalid({"near": [_("Write 1 or 0.")]})
    if "offer" not in request.query_params:
        return near in YES, None
    offer_id = as_uuid(request.query_params["offer"])
    if offer_id is None:
        raise Invalid({"offer": [_("Give the UUID of an offer.")]})
    if not Offer.objects.visible_to(viewer).filter(pk=offer_id).exists():
        raise Http404
    return near in YES, offer_id


def _body(request: Request) -> Mapping:
    if not isinstance(request.data, Mapping):
        raise Invalid({"body": [_("Send an object.")]})
    return request.data


def shown(preview: Preview, *, near: bool, offer_id: UUID | None) -> dict:
    """The answer as it goes out, with `run` null. Raises NotLookedAt for an offer the engine leaves out."""
    if offer_id is not None and preview.asked is None:
        raise NotLookedAt
    answer = {
        "as_of": preview.as_of,
        "run": None,
        "results": ResultSerializer(preview.results, many=True).data,
        "looked_at": preview.looked_at,
        "matched": preview.matched,
        "excluded_by": preview.excluded_by,
    }
    if near:
        answer["near_misses"] = NearMissSerializer(preview.near, many=True).data
    if offer_id is not None:
        answer["asked"] = ExplainedSerializer(preview.asked).data
    return answer
