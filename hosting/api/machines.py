"""Machines: the catalogue that fleets are made of."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import lists, problems
from hosting.api.fields import Text, amount
from hosting.filters import MachineFilter
from hosting.models import Algorithm, Confidence, Cooling, MachineModel


class MachineSerializer(serializers.Serializer):
    """A model of a maker. efficiency_j_th is power_w / hashrate_th_s, rounded half up to hundredths."""

    id = serializers.UUIDField()
    updated_at = serializers.DateTimeField()
    maker = serializers.CharField()
    model = serializers.CharField()
    algorithm = serializers.ChoiceField(Algorithm.choices)
    hashrate_th_s = serializers.DecimalField(max_digits=None, decimal_places=6)
    power_w = serializers.IntegerField()
    efficiency_j_th = serializers.DecimalField(max_digits=None, decimal_places=2)
    cooling = serializers.ChoiceField(Cooling.choices)
    weight_kg = amount()
    noise_db = serializers.DecimalField(max_digits=None, decimal_places=1, allow_null=True)
    voltage = Text()
    release = Text(help_text="YYYY or YYYY-MM")
    market_status = Text()
    source = serializers.CharField()
    url = Text(source="source_url")
    as_of = Text()
    confidence = serializers.ChoiceField(Confidence.choices)


class MachineList(APIView):
    """The catalogue of machines."""

    @extend_schema(
        operation_id="machines_list",
        parameters=lists.parameters(MachineFilter),
        responses={200: lists.page_of("MachinePage", MachineSerializer), **problems.answers(400)},
    )
    def get(self, request: Request) -> Response:
        """Machines by maker."""
        found = MachineFilter(request.query_params, MachineModel.objects.all())
        return lists.answer(request, filterset=found, serializer=MachineSerializer, context={})
