"""The list of offers as a textbook writes it: nested serializers of models under a ModelViewSet, by pages.

It has the joins and prefetches that such code is given once it is slow, and the same fields as ours.
"""

from django.urls import include, path
from django.utils import timezone
from rest_framework import pagination, permissions, routers, serializers, viewsets

from accounts.models import Licence, Organization
from hosting.api.terms import TermsSerializer
from hosting.models import CapacityPhase, Claim, Commitment, Offer, OfferTerms, OfferTier, Site, free_kw_on


class Licences(serializers.ModelSerializer):
    class Meta:
        model = Licence
        fields = ("type", "valid_from", "valid_to", "jurisdiction_code")


class Host(serializers.ModelSerializer):
    licences = Licences(many=True)
    verified = serializers.BooleanField(source="is_verified")

    class Meta:
        model = Organization
        fields = ("handle", "verified", "verified_at", "reputation", "licences")


class OfferedSite(serializers.ModelSerializer):
    host = Host()

    class Meta:
        model = Site
        fields = ("id", "name", "jurisdiction", "region", "connected_on", "host")


class Tiers(serializers.ModelSerializer):
    class Meta:
        model = OfferTier
        fields = ("min_kw", "energy_price")


class Terms(serializers.ModelSerializer):
    tiers = Tiers(many=True)

    class Meta:
        model = OfferTerms
        fields = tuple(TermsSerializer().get_fields())


class Phases(serializers.ModelSerializer):
    class Meta:
        model = CapacityPhase
        fields = ("available_kw", "starts_on", "ends_on", "state")


class Commitments(serializers.ModelSerializer):
    class Meta:
        model = Commitment
        fields = ("kw", "starts_on", "ends_on")


class Claims(serializers.ModelSerializer):
    class Meta:
        model = Claim
        fields = ("field", "level", "valid_until")


class Offers(serializers.ModelSerializer):
    site = OfferedSite()
    terms = Terms(source="in_force.terms")
    phases = Phases(many=True)
    commitments = Commitments(many=True)
    claims = Claims(many=True)
    free_kw = serializers.IntegerField()

    class Meta:
        model = Offer
        fields = (
            *("id", "version", "updated_at", "published_at", "status", "title", "site", "terms", "phases"),
            *("commitments", "evidence", "claims", "free_kw", "list_price_micros", "list_price_on"),
        )


class Page(pagination.PageNumberPagination):
    page_size = 50


class OfferViewSet(viewsets.ModelViewSet):
    serializer_class = Offers
    pagination_class = Page
    permission_classes = (permissions.AllowAny,)

    def get_queryset(self):
        return (
            Offer.objects.filter(status="published", site__host__verification="verified")
            .annotate(free_kw=free_kw_on(timezone.now().date()))
            .select_related("site__host", "in_force__terms")
            .prefetch_related(
                "site__host__licences", "in_force__terms__tiers", "phases", "commitments", "claims"
            )
            .order_by("-published_at", "id")
        )


router = routers.SimpleRouter()
router.register("offers", OfferViewSet, basename="plain_offer")
urlpatterns = [path("plain/", include(router.urls)), path("", include("marketplace.urls"))]
