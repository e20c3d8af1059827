"""Places: what the law says there, with dates and sources, and the news about it."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import lists, problems
from hosting.api.fields import Text
from hosting.filters import JurisdictionFilter, RegulationEventFilter
from hosting.models import (
    Confidence,
    DatedBy,
    DatePrecision,
    Effect,
    Jurisdiction,
    JurisdictionFact,
    LegalStatus,
    RegulationEvent,
    RegulationRule,
    Subject,
)


class StatusSerializer(serializers.Serializer):
    """The legal status that holds today by the place's own facts."""

    value = serializers.ChoiceField(LegalStatus.choices)
    valid_from = serializers.DateField()
    dated_by = serializers.ChoiceField(DatedBy.choices, help_text="what valid_from rests on")
    as_of = Text()
    source = Text(source="publisher")
    url = Text()
    confidence = serializers.ChoiceField(Confidence.choices)


class PredictabilitySerializer(StatusSerializer):
    """Our own published rating of how predictable the law is, 1 to 5, with its rationale."""

    value = serializers.IntegerField(min_value=1, max_value=5)  # type: ignore[assignment]
    rationale = Text()


class LevyRowSerializer(serializers.Serializer):
    """From this price per kWh on, this amount per kWh, both in the rule's levy_currency."""

    # "from" is a word of Python's own, so it is named in get_fields.
    amount = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return {"from": serializers.CharField(), **super().get_fields()}


class RuleSerializer(serializers.Serializer):
    """A published rule of the place itself, in force on the days of [valid_from, valid_to)."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    subject = serializers.ChoiceField(Subject.choices)
    effect = serializers.ChoiceField(Effect.choices)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    min_kw = serializers.IntegerField(allow_null=True)
    max_kw = serializers.IntegerField(allow_null=True)
    new_only = serializers.BooleanField()
    licence_type = Text()
    cap_kw = serializers.IntegerField(allow_null=True)
    levy = serializers.SerializerMethodField()
    levy_currency = Text()
    title = serializers.CharField()
    comment = Text()
    source = Text()
    source_as_of = Text()
    url = Text(source="source_url")
    confidence = serializers.ChoiceField(Confidence.choices)

    @extend_schema_field(LevyRowSerializer(many=True, allow_null=True))
    def get_levy(self, rule: RegulationRule) -> list[dict[str, str]] | None:
        """The scale as decimal text; null for a rule that is no levy."""
        if rule.effect != Effect.LEVY_PER_KWH:
            return None
        return [{"from": str(row["from"]), "amount": str(row["amount"])} for row in rule.levy]


class JurisdictionSerializer(serializers.Serializer):
    """A place with its own values only, null where it has none: climb `parent` for what is inherited."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    parent = serializers.CharField(source="parent_id", allow_null=True)
    name = serializers.CharField()
    legal_status = serializers.SerializerMethodField()
    predictability = serializers.SerializerMethodField()
    rules = RuleSerializer(many=True, source="current_rules", help_text="in force and coming")

    @extend_schema_field(StatusSerializer(allow_null=True))
    def get_legal_status(self, place: Jurisdiction) -> dict[str, Any] | None:
        return _holding(place, "legal_status", StatusSerializer)

    @extend_schema_field(PredictabilitySerializer(allow_null=True))
    def get_predictability(self, place: Jurisdiction) -> dict[str, Any] | None:
        return _holding(place, "predictability", PredictabilitySerializer)


class FactSerializer(serializers.Serializer):
    """A dated value of a place."""

    id = serializers.UUIDField()
    field = serializers.CharField()
    value = serializers.CharField()
    rationale = Text()
    valid_from = serializers.DateField()
    dated_by = serializers.ChoiceField(DatedBy.choices, help_text="what valid_from rests on")
    as_of = Text()
    publisher = Text()
    title = Text()
    url = Text()
    confidence = serializers.ChoiceField(Confidence.choices)


class JurisdictionDetailSerializer(JurisdictionSerializer):
    """A place with all that is known of it, also what no longer holds or is still to come."""

    facts = FactSerializer(many=True, source="facts.all")


class RegulationEventSerializer(serializers.Serializer):
    """Dated, sourced news. `jurisdiction` is text: EU and XK have no place of their own."""

    id = serializers.UUIDField()
    updated_at = serializers.DateTimeField()
    date = serializers.DateField(help_text="the first day of its period")
    date_precision = serializers.ChoiceField(DatePrecision.choices)
    jurisdiction = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    effect_on_legal_status = Text()
    source = Text()
    url = Text()
    confidence = serializers.ChoiceField(Confidence.choices)


def _holding(
    place: Jurisdiction, field: str, serializer: type[serializers.Serializer]
) -> dict[str, Any] | None:
    own = [fact for fact in place.deciding_facts if fact.field == field]
    return serializer(max(own, key=lambda fact: fact.valid_from)).data if own else None


def _places(today: date) -> QuerySet:
    """Places with the facts that decide gates and have begun, and the rules that are not over."""
    facts = JurisdictionFact.objects.on(today).filter(field__in=("legal_status", "predictability"))
    rules = RegulationRule.objects.published().not_over(today).order_by("valid_from", "id")
    return Jurisdiction.objects.prefetch_related(
        Prefetch("facts", facts, to_attr="deciding_facts"), Prefetch("rules", rules, to_attr="current_rules")
    )


class JurisdictionList(APIView):
    """Places by code."""

    @extend_schema(
        operation_id="jurisdictions_list",
        parameters=lists.parameters(JurisdictionFilter),
        responses={200: lists.page_of("JurisdictionPage", JurisdictionSerializer), **problems.answers(400)},
    )
    def get(self, request: Request) -> Response:
        """Places by code, each with its own values only."""
        today = timezone.now().date()
        found = JurisdictionFilter(request.query_params, _places(today), today=today)
        return lists.answer(request, filterset=found, serializer=JurisdictionSerializer, context={})


class JurisdictionDetail(APIView):
    """One place."""

    @extend_schema(
        operation_id="jurisdictions_read",
        responses={200: JurisdictionDetailSerializer, **problems.answers(400, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """One place with all its facts."""
        lists.refuse_unknown(request)
        places = _places(timezone.now().date()).prefetch_related("facts")
        place = get_object_or_404(places, code=code)
        return Response(JurisdictionDetailSerializer(place).data)


class RegulationEventList(APIView):
    """News about the law."""

    @extend_schema(
        operation_id="regulation_events_list",
        parameters=lists.parameters(RegulationEventFilter),
        responses={
            200: lists.page_of("RegulationEventPage", RegulationEventSerializer),
            **problems.answers(400),
        },
    )
    def get(self, request: Request) -> Response:
        """News about the law, the latest first."""
        found = RegulationEventFilter(request.query_params, RegulationEvent.objects.all())
        return lists.answer(request, filterset=found, serializer=RegulationEventSerializer, context={})
