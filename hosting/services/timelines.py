"""Which Events belong to a thing of the market, beside its own: those of its parts, and of reviews of it."""

from django.db import models
from django.db.models import Q

from accounts.services import timelines
from hosting.models import (
    CapacityRequest,
    Interest,
    Jurisdiction,
    JurisdictionFact,
    Offer,
    RegulationRule,
    Site,
    SiteReview,
    TermsReview,
)

# Kinds whose Event names its offer: they are found even when their row has gone.
NAMING_AN_OFFER = ("hosting.capacityphase", "hosting.claim", "hosting.commitment")


def which(row: models.Model) -> Q:
    """The Events of the row and of what belongs to it."""
    own = timelines.own(row)
    if isinstance(row, Offer):
        reviews = TermsReview.objects.filter(offer=row).values("pk")
        parts = Q(subject_kind__in=NAMING_AN_OFFER, params__offer=str(row.pk))
        return own | parts | timelines.of(TermsReview, reviews)
    if isinstance(row, Site):
        return own | timelines.of(SiteReview, SiteReview.objects.filter(site=row).values("pk"))
    if isinstance(row, CapacityRequest):
        interests = Interest.objects.filter(request=row).values("pk")
        lists = Q(subject_kind="hosting.matchlist", subject_id=row.pk)
        return own | lists | timelines.of(Interest, interests)
    if isinstance(row, Jurisdiction):
        facts = JurisdictionFact.objects.filter(jurisdiction=row).values("pk")
        rules = RegulationRule.objects.filter(jurisdiction=row).values("pk")
        return timelines.of(JurisdictionFact, facts) | timelines.of(RegulationRule, rules)
    return own
