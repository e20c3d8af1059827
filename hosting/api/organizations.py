"""Organizations: who trades here, by its public handle."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import lists, problems, viewing
from accounts.models import SanctionsResult, Verification
from hosting.api.fields import Text
from hosting.api.sites import HostSerializer, hosts


class OrganizationSerializer(HostSerializer):
    """An organization. What follows its licences is there for its own side only."""

    version = serializers.IntegerField()
    kinds = serializers.ListField(
        child=serializers.ChoiceField(["host", "miner", "broker", "partner"]), help_text="several at once"
    )
    legal_name = serializers.CharField(required=False)
    country = serializers.CharField(required=False, help_text="ISO 3166-1, two letters")
    registration_number = Text(required=False)
    verification = serializers.ChoiceField(Verification.choices, required=False)
    sanctions_result = serializers.ChoiceField(SanctionsResult.choices, required=False)
    sanctions_checked_on = serializers.DateField(required=False, allow_null=True)


class OrganizationDetail(APIView):
    """One organization."""

    @extend_schema(
        operation_id="organizations_read",
        responses={200: OrganizationSerializer, **problems.answers(400, 404)},
    )
    def get(self, request: Request, handle: str) -> Response:
        """One organization, as far as the caller may see it."""
        viewer = viewing.viewer_of(request)
        lists.refuse_unknown(request)
        organization = get_object_or_404(hosts(), handle=handle)
        return Response(OrganizationSerializer(organization, context={"viewer": viewer}).data)
