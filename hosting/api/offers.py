"""Offers: all that goes into a price and into the gates, so that a client can compute the match itself."""

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
from accounts.models import Scope
from accounts.services.acting import Member, Viewer
from hosting.api import writing
from hosting.api.fields import Seen
from hosting.api.offerbodies import NewOfferSerializer, OfferChangeSerializer
from hosting.api.offerrows import COLUMNS, OfferRows, usd
from hosting.api.sites import HostSerializer, hosts
from hosting.api.terms import TermsSerializer
from hosting.filters import OfferFilter
from hosting.models import (
    ClaimField,
    Commitment,
    Evidence,
    Offer,
    OfferStatus,
    PhaseState,
    ReviewState,
    TermsReview,
    free_kw_on,
)
from hosting.services import offerentries, offerwrites, sitewrites


class OfferedSiteSerializer(Seen):
    """Where an offer is."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    jurisdiction = serializers.CharField(source="jurisdiction_id", help_text="the most precise code known")
    region = serializers.CharField()
    connected_on = serializers.DateField(allow_null=True)


class PhaseSerializer(serializers.Serializer):
    """kW that are there on the days of [starts_on, ends_on); null is open. Phases add up and may overlap."""

    available_kw = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(PhaseState.choices)


class CommitmentSerializer(Seen):
    """kW that are taken on the days of [start, end): held or confirmed, without saying for whom."""

    kw = serializers.IntegerField()
    start = serializers.DateField(source="starts_on")
    end = serializers.DateField(source="ends_on")


class ClaimSerializer(serializers.Serializer):
    """How far a field of the offer has been shown to be true."""

    field = serializers.ChoiceField(ClaimField.choices)
    level = serializers.CharField(help_text="on the scale of evidence")
    valid_until = serializers.DateField(allow_null=True)


class OfferSerializer(Seen):
    """An offer with the version of its terms that is in force."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True, help_text="first published")
    status = serializers.ChoiceField(OfferStatus.choices)
    title = serializers.CharField()
    site = OfferedSiteSerializer()
    host = HostSerializer(source="site.host")
    phases = PhaseSerializer(many=True)
    commitments = CommitmentSerializer(many=True, source="live_commitments")
    evidence = serializers.ChoiceField(Evidence.choices, help_text="the lowest of the claims")
    claims = ClaimSerializer(many=True)
    free_kw = serializers.IntegerField(help_text="free capacity today")
    list_price = serializers.SerializerMethodField(
        help_text="effective price in USD per kWh at 1 MW, 20 J/TH, 12 months, starting today; null when "
        "not comparable"
    )
    list_price_on = serializers.DateField(allow_null=True, help_text="the day list_price was computed for")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_list_price(self, offer: Offer) -> str | None:
        return usd(offer.list_price_micros)

    def get_fields(self) -> dict[str, serializers.Field]:
        """The terms' fields stand among the offer's own, as the contract of the API has them."""
        terms = TermsSerializer().get_fields()
        for name, field in terms.items():
            field.source = f"in_force.terms.{name}"
            field.required = False
        return super().get_fields() | terms

    def to_representation(self, instance: Offer) -> dict[str, Any]:
        """A draft whose terms are not written yet has none of their fields to show."""
        shown = super().to_representation(instance)
        if hasattr(instance, "in_force"):
            return shown
        terms = TermsSerializer().get_fields()
        return {name: value for name, value in shown.items() if name not in terms}


class WrittenOfferSerializer(OfferSerializer):
    """An offer, as its host sees it after a change."""

    terms_waiting = serializers.SerializerMethodField(
        help_text="fields that staff looks at before the newest terms hold; shown are those in force"
    )

    def get_terms_waiting(self, offer: Offer) -> list[str]:
        waiting = TermsReview.objects.filter(offer=offer, state=ReviewState.WAITING).first()
        return list(waiting.fields) if waiting else []


# What only the server says of an offer.
SHOWN = set(WrittenOfferSerializer().get_fields()) - set(offerentries.FIELDS)


def offers(viewer: Viewer) -> QuerySet:
    """The offers the viewer may see, with all that their representation shows: a fixed number of queries."""
    live = Commitment.objects.live().order_by("starts_on", "id")
    return (
        Offer.objects.visible_to(viewer)
        .select_related("site", "in_force__terms")
        .prefetch_related(
            "in_force__terms__tiers",
            "phases",
            "claims",
            Prefetch("commitments", live, to_attr="live_commitments"),
            Prefetch("site__host", hosts()),
        )
    )


def answer(viewer: Viewer, offer: Offer, status: int = 200) -> Response:
    """The offer as it stands after a call that wrote."""
    row = offers(viewer).annotate(free_kw=free_kw_on(timezone.now().date())).get(pk=offer.pk)
    headers = {"Location": reverse("api_offer", args=[offer.pk])} if status == 201 else None
    written = WrittenOfferSerializer(row, context={"viewer": viewer})
    return Response(written.data, status=status, headers=headers)


def own_offer(viewer: Member, id: UUID) -> Offer:
    """The offer, if it is the organization's; 404 else."""
    mine = Offer.objects.filter(site__host=viewer.organization)
    return get_object_or_404(mine.select_related("site__host"), pk=id)


class OfferList(APIView):
    """Offers on the market."""

    permission_classes = (permissions.needs(Scope.OFFERS_WRITE, is_public=True),)

    @extend_schema(
        operation_id="offers_list",
        parameters=lists.parameters(OfferFilter),
        responses={200: lists.page_of("OfferPage", OfferSerializer), **problems.answers(400)},
    )
    def get(self, request: Request) -> Response:
        """Published offers of verified hosts, and one's own in any state."""
        viewer = viewing.viewer_of(request)
        seen, today = Offer.objects.visible_to(viewer), timezone.now().date()
        found = OfferFilter(request.query_params, seen, today=today)
        return lists.answer(request, filterset=found, serializer=OfferRows, columns=COLUMNS, context={})

    @extend_schema(
        operation_id="offers_create",
        parameters=writing.MAKES,
        request=NewOfferSerializer,
        responses={201: WrittenOfferSerializer, **problems.answers(*writing.REFUSALS)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Begin an offer of one's own site, with its terms, tiers and phases. It is a draft."""
        viewer, now = writing.member_of(request), timezone.now()
        sent = writing.body(request, ("site", *offerentries.FIELDS), shown=SHOWN)
        site = sitewrites.own(viewer.organization, sent.get("site"))
        offered = offerentries.read(sent, today=now.date())
        return answer(viewer, offerwrites.begin(site=site, offered=offered, by=viewer.user, now=now), 201)


class OfferDetail(APIView):
    """One offer."""

    permission_classes = (permissions.needs(Scope.OFFERS_WRITE, is_public=True),)

    @extend_schema(operation_id="offers_read", responses={200: OfferSerializer, **problems.answers(400, 404)})
    def get(self, request: Request, id: UUID) -> Response:
        """One offer."""
        viewer = viewing.viewer_of(request)
        lists.refuse_unknown(request)
        found = offers(viewer).annotate(free_kw=free_kw_on(timezone.now().date()))
        offer = get_object_or_404(found, pk=id)
        return Response(OfferSerializer(offer, context={"viewer": viewer}).data)

    @extend_schema(
        operation_id="offers_change",
        parameters=writing.CHANGES,
        request=OfferChangeSerializer,
        responses={200: WrittenOfferSerializer, **problems.answers(*writing.STALE)},
    )
    @idempotent
    def patch(self, request: Request, id: UUID) -> Response:
        """Set fields of one's own offer: a new version of its terms. Lists (tiers, phases) are sent whole."""
        viewer, now = writing.member_of(request), timezone.now()
        offer = own_offer(viewer, id)
        sent = writing.body(request, offerentries.FIELDS, shown=SHOWN)
        offered = offerentries.changed(offer, sent, today=now.date())
        offerwrites.change(offer=offer, offered=offered, version=if_match(request), by=viewer.user, now=now)
        return answer(viewer, offer)
