"""Offers, the versions of their terms, their phases, and what has been shown of what they claim."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LookingInline
from hosting.admin.offers_decisions import OFFER_ACTIONS, OFFER_STEPS, DecidingAdmin
from hosting.admin.timelines import MarketAdmin
from hosting.models import (
    CapacityPhase,
    Claim,
    Commitment,
    Offer,
    OfferTerms,
    OfferTier,
    TermsInForce,
)


class TermsInline(LookingInline):
    model = OfferTerms
    shown_with = ("offer",)
    fields = ("number", "price_model", "currency", "energy_price", "valid_until", "created_at")
    show_change_link = True


class PhaseInline(LookingInline):
    model = CapacityPhase
    fields = ("available_kw", "starts_on", "ends_on", "state")


class CommitmentInline(LookingInline):
    model = Commitment
    fields = ("kw", "starts_on", "ends_on", "state", "held_until", "request")
    shown_with = ("request",)


class ClaimInline(LookingInline):
    model = Claim
    fields = ("field", "level", "by", "valid_until", "note")


class TierInline(LookingInline):
    model = OfferTier
    fields = ("min_kw", "energy_price")


@admin.register(Offer)
class OfferAdmin(DecidingAdmin):
    """The review queue is the list filtered by the status “in review”."""

    actions = OFFER_ACTIONS
    subject = "offer"
    steps = OFFER_STEPS
    list_display = (
        *("title", "site", "host", "status", "published_at", "evidence", "list_price_micros", "updated_at"),
    )
    list_filter = ("status", "evidence", ("site__jurisdiction", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("site__host",)
    search_fields = ("title", "site__name", "site__host__handle", "=id")
    date_hierarchy = "published_at"
    inlines = (TermsInline, PhaseInline, CommitmentInline, ClaimInline)

    @admin.display(ordering="site__host__handle", description=_("host"))
    def host(self, offer: Offer) -> str:
        return offer.site.host.handle


@admin.register(OfferTerms)
class OfferTermsAdmin(MarketAdmin):
    list_display = (
        *("offer", "number", "price_model", "currency", "energy_price", "metering", "uptime", "curtailment"),
        *("cooling", "min_kw", "valid_until", "created_at"),
    )
    list_filter = ("price_model", "currency", "metering", "cooling")
    list_select_related = ("offer",)
    search_fields = ("offer__title", "=offer__id")
    date_hierarchy = "created_at"
    inlines = (TierInline,)


@admin.register(TermsInForce)
class TermsInForceAdmin(MarketAdmin):
    list_display = ("offer", "terms")
    list_filter = ("terms__price_model", "terms__currency")
    list_select_related = ("offer", "terms__offer")
    search_fields = ("offer__title", "=offer__id")


@admin.register(OfferTier)
class OfferTierAdmin(MarketAdmin):
    list_display = ("terms", "min_kw", "energy_price")
    list_filter = ("terms__currency",)
    list_select_related = ("terms__offer",)
    search_fields = ("terms__offer__title",)


@admin.register(CapacityPhase)
class CapacityPhaseAdmin(MarketAdmin):
    list_display = ("offer", "available_kw", "starts_on", "ends_on", "state", "updated_at")
    list_filter = ("state",)
    list_select_related = ("offer",)
    search_fields = ("offer__title", "=offer__id")
    date_hierarchy = "starts_on"


@admin.register(Claim)
class ClaimAdmin(MarketAdmin):
    list_display = ("offer", "field", "level", "by", "valid_until", "updated_at")
    list_filter = ("field", "level")
    list_select_related = ("offer",)
    search_fields = ("offer__title", "=offer__id", "=by")
    date_hierarchy = "updated_at"
