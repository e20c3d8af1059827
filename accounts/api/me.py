"""Me: who the server takes the caller for, for whom they act, and what they may."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import lists, permissions, problems, viewing
from accounts.models import Membership, Role, Scope, Verification
from accounts.services.acting import Viewer


class PersonSerializer(serializers.Serializer):
    """A person who is signed in."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    time_zone = serializers.CharField()


class TokenSerializer(serializers.Serializer):
    """A token, without its secret."""

    id = serializers.UUIDField()
    prefix = serializers.CharField(help_text="how it begins")
    name = serializers.CharField(allow_blank=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True, help_text="null: until it is revoked")
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="written at most once a minute")


class MineSerializer(serializers.Serializer):
    """An organization one belongs to, and as what."""

    handle = serializers.CharField(source="organization.handle")
    kinds = serializers.ListField(child=serializers.CharField(), source="organization.kinds")
    verification = serializers.ChoiceField(Verification.choices, source="organization.verification")
    role = serializers.ChoiceField(Role.choices)


class MeSerializer(serializers.Serializer):
    """Either a person or a token; the organization is null for a person who has not chosen one of several."""

    person = PersonSerializer(allow_null=True)
    token = TokenSerializer(allow_null=True)
    organization = MineSerializer(allow_null=True, help_text="for which one acts")
    organizations = MineSerializer(
        many=True, help_text="for which one may act: their handles in X-Organization"
    )


class Me(APIView):
    """Who I am here."""

    permission_classes = (permissions.Known,)

    @extend_schema(operation_id="me", responses={200: MeSerializer, **problems.answers(400)})
    def get(self, request: Request) -> Response:
        """Who I am here, for whom I act and what I may."""
        lists.refuse_unknown(request)
        return Response(MeSerializer(_me(viewing.viewer_of(request))).data)


def _me(viewer: Viewer) -> dict[str, Any]:
    if viewer.token is not None:
        mine = [{"organization": viewer.organization, "role": viewer.role}]
        return {"person": None, "token": viewer.token, "organization": mine[0], "organizations": mine}
    rows = Membership.objects.filter(user=viewer.user).select_related("organization")
    memberships = list(rows.order_by("organization__handle"))
    acting = next((one for one in memberships if viewer.owns(one.organization_id)), None)
    return {
        "person": viewer.user,
        "token": None,
        "organization": acting,
        "organizations": memberships,
    }
