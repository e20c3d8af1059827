"""Rates: what prices are converted with."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import lists, problems
from hosting.api.fields import Text
from hosting.filters import RateFilter
from hosting.models import Rate, RateKind


class RateSerializer(serializers.Serializer):
    """One spot value of one day."""

    id = serializers.UUIDField()
    updated_at = serializers.DateTimeField()
    kind = serializers.ChoiceField(RateKind.choices)
    currency = Text(help_text="null for hashprice")
    value = serializers.DecimalField(
        max_digits=None, decimal_places=12, help_text="USD per unit; USD per PH/s and day"
    )
    on = serializers.DateField()
    source = serializers.CharField()
    url = Text(source="source_url")
    confidence = Text()


class RateList(APIView):
    """Exchange rates and hashprices."""

    @extend_schema(
        operation_id="rates_list",
        parameters=lists.parameters(RateFilter),
        responses={200: lists.page_of("RatePage", RateSerializer), **problems.answers(400)},
    )
    def get(self, request: Request) -> Response:
        """Exchange rates and hashprices, the latest first."""
        found = RateFilter(request.query_params, Rate.objects.all())
        return lists.answer(request, filterset=found, serializer=RateSerializer, context={})
