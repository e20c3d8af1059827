"""Sites: a mining hotel's ground, its power and its building, and who runs it."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import lists, permissions, problems, viewing
from accounts.api.idempotency import idempotent
from accounts.api.versions import if_match
from accounts.models import Licence, Organization, Review, Scope
from accounts.services.acting import Viewer
from hosting.api import writing
from hosting.api.fields import Seen, Text, pue
from hosting.filters import SiteFilter
from hosting.models import Cooling, Site
from hosting.services import sitewrites


class LicenceSerializer(Seen):
    """A reviewed licence; valid on the days of [valid_from, valid_to), null being open."""

    type = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    jurisdiction_code = serializers.CharField()


class HostSerializer(Seen):
    """The organization that runs a site, by its public handle."""

    handle = serializers.CharField()
    verified = serializers.BooleanField(source="is_verified")
    verified_at = serializers.DateTimeField(allow_null=True)
    reputation = serializers.IntegerField(
        allow_null=True, min_value=0, max_value=10000, help_text="0 to 10000; null with no review"
    )
    licences = LicenceSerializer(many=True, source="reviewed_licences")


class SiteSerializer(Seen):
    """A site. What matching reads of cooling, renewable share and PUE stands in the offers' terms."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    name = serializers.CharField()
    host = HostSerializer()
    jurisdiction = serializers.CharField(source="jurisdiction_id")
    region = serializers.CharField()
    address = Text(required=False, help_text="for the parties of a contract and the host itself only")
    total_kw = serializers.IntegerField()
    connected_on = serializers.DateField(allow_null=True)
    cooling = serializers.ListField(child=serializers.ChoiceField(Cooling.choices))
    energy_mix = serializers.SerializerMethodField(help_text="percent by source, 100 together")
    pue = pue()
    grid = Text()
    insurance = Text()

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_energy_mix(self, site: Site) -> dict[str, Any]:
        return {source: str(share) for source, share in site.energy_mix.items()}


# What only the server says of a site.
SHOWN = ("id", "version", "updated_at", "created_at", "host", "changes_waiting")


class SiteChangeSerializer(serializers.Serializer):
    """Fields to set. Null or empty where nothing is known."""

    name = serializers.CharField(required=False, max_length=120)
    jurisdiction = serializers.CharField(required=False, help_text="the most precise code known")
    region = serializers.CharField(required=False, max_length=120)
    address = serializers.CharField(required=False, allow_null=True, max_length=1000)
    total_kw = serializers.IntegerField(required=False, min_value=1)
    connected_on = serializers.DateField(required=False, allow_null=True)
    cooling = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="air, hydro, immersion"
    )
    energy_mix = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="whole percent by source, 100 together"
    )
    pue = pue(required=False)
    grid = serializers.CharField(required=False, allow_null=True, max_length=200)
    insurance = serializers.CharField(required=False, allow_null=True, max_length=200)


class NewSiteSerializer(SiteChangeSerializer):
    """A site to describe."""

    name = serializers.CharField(max_length=120)
    jurisdiction = serializers.CharField(help_text="the most precise code known")
    region = serializers.CharField(max_length=120)
    total_kw = serializers.IntegerField(min_value=1)


class WrittenSiteSerializer(SiteSerializer):
    """A site, as its host sees it after a change."""

    changes_waiting = serializers.SerializerMethodField(
        help_text="fields with a new value that staff looks at before it holds"
    )

    def get_changes_waiting(self, site: Site) -> list[str]:
        return sitewrites.waiting(site)


def hosts() -> QuerySet:
    """Organizations with their reviewed licences at hand."""
    reviewed = Licence.objects.filter(review=Review.REVIEWED).order_by("type", "valid_from", "id")
    return Organization.objects.prefetch_related(Prefetch("licences", reviewed, to_attr="reviewed_licences"))


def sites(viewer: Viewer) -> QuerySet:
    """The sites the viewer may see, each with its host."""
    return Site.objects.visible_to(viewer).prefetch_related(Prefetch("host", hosts()))


def _answer(viewer: Viewer, site: Site, status: int = 200) -> Response:
    """The site as it stands after a call that wrote."""
    written = WrittenSiteSerializer(sites(viewer).get(pk=site.pk), context={"viewer": viewer})
    headers = {"Location": reverse("api_site", args=[site.pk])} if status == 201 else None
    return Response(written.data, status=status, headers=headers)


class SiteList(APIView):
    """Sites that have something to offer."""

    permission_classes = (permissions.needs(Scope.OFFERS_WRITE, is_public=True),)

    @extend_schema(
        operation_id="sites_list",
        parameters=lists.parameters(SiteFilter),
        responses={200: lists.page_of("SitePage", SiteSerializer), **problems.answers(400)},
    )
    def get(self, request: Request) -> Response:
        """Sites by name: those with a published offer, and one's own."""
        viewer = viewing.viewer_of(request)
        found = SiteFilter(request.query_params, sites(viewer))
        return lists.answer(request, filterset=found, serializer=SiteSerializer, context={"viewer": viewer})

    @extend_schema(
        operation_id="sites_create",
        parameters=writing.MAKES,
        request=NewSiteSerializer,
        responses={201: WrittenSiteSerializer, **problems.answers(*writing.REFUSALS)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Describe a site of the acting host."""
        viewer, now = writing.member_of(request), timezone.now()
        sent = writing.body(request, sitewrites.FIELDS, shown=SHOWN)
        made = sitewrites.create(host=viewer.organization, sent=sent, by=viewer.user, now=now)
        return _answer(viewer, made, 201)


class SiteDetail(APIView):
    """One site."""

    permission_classes = (permissions.needs(Scope.OFFERS_WRITE, is_public=True),)

    @extend_schema(operation_id="sites_read", responses={200: SiteSerializer, **problems.answers(400, 404)})
    def get(self, request: Request, id: UUID) -> Response:
        """One site."""
        viewer = viewing.viewer_of(request)
        lists.refuse_unknown(request)
        site = get_object_or_404(sites(viewer), pk=id)
        return Response(SiteSerializer(site, context={"viewer": viewer}).data)

    @extend_schema(
        operation_id="sites_change",
        parameters=writing.CHANGES,
        request=SiteChangeSerializer,
        responses={200: WrittenSiteSerializer, **problems.answers(*writing.STALE)},
    )
    @idempotent
    def patch(self, request: Request, id: UUID) -> Response:
        """Set fields of one's own site. What staff has looked at may wait for staff again."""
        viewer, now = writing.member_of(request), timezone.now()
        site = get_object_or_404(Site.objects.filter(host=viewer.organization), pk=id)
        sent = writing.body(request, sitewrites.FIELDS, shown=SHOWN)
        sitewrites.change(site=site, sent=sent, version=if_match(request), by=viewer.user, now=now)
        return _answer(viewer, site)
