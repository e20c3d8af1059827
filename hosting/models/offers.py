"""Offer: the lasting thing that is listed; CapacityPhase: when how much of it is there."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.rows import Versioned
from accounts.services.acting import Viewer
from hosting.models.sites import Site


class OfferStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    REJECTED = "rejected", _("rejected")
    PUBLISHED = "published", _("published")
    PAUSED = "paused", _("paused")
    SUSPENDED = "suspended", _("suspended")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")


OFFER_MOVES: dict[str, frozenset[str]] = {
    OfferStatus.DRAFT: frozenset({OfferStatus.IN_REVIEW, OfferStatus.WITHDRAWN}),
    OfferStatus.IN_REVIEW: frozenset(
        {OfferStatus.PUBLISHED, OfferStatus.CHANGES_REQUESTED, OfferStatus.REJECTED}
    ),
    OfferStatus.CHANGES_REQUESTED: frozenset({OfferStatus.DRAFT}),
    OfferStatus.REJECTED: frozenset({OfferStatus.DRAFT}),
    OfferStatus.PUBLISHED: frozenset(
        {OfferStatus.PAUSED, OfferStatus.EXPIRED, OfferStatus.SUSPENDED, OfferStatus.WITHDRAWN}
    ),
    OfferStatus.PAUSED: frozenset({OfferStatus.PUBLISHED, OfferStatus.SUSPENDED, OfferStatus.WITHDRAWN}),
    OfferStatus.SUSPENDED: frozenset({OfferStatus.PUBLISHED, OfferStatus.PAUSED}),
    OfferStatus.EXPIRED: frozenset({OfferStatus.DRAFT}),
    OfferStatus.WITHDRAWN: frozenset(),
}


class Evidence(models.TextChoices):
    """From weakest to strongest; the order is the scale 0 to 2 of the matching."""

    CLAIMED = "claimed", _("claimed")
    DOCUMENTED = "documented", _("documented")
    VERIFIED = "verified", _("verified")


class OfferQuerySet(models.QuerySet):
    def live(self, today: date) -> "OfferQuerySet":
        """Looked at by the matching: published, not expired, of a verified host (sanctioned places
        aside)."""
        return self.filter(
            Q(in_force__terms__valid_until__isnull=True) | Q(in_force__terms__valid_until__gt=today),
            in_force__isnull=False,
            status=OfferStatus.PUBLISHED,
            site__host__verification="verified",
        )

    def visible_to(self, viewer: Viewer) -> "OfferQuerySet":
        """Published ones of verified hosts for everybody, one's own, and all for staff."""
        if viewer.is_staff:
            return self
        seen = Q(status=OfferStatus.PUBLISHED, site__host__verification="verified")
        if viewer.organization:
            seen |= Q(site__host=viewer.organization)
        return self.filter(seen)


class Offer(Versioned):
    """An offer of a site. This row is locked, and commitments count against it.

    list_price_micros: effective price in micro-USD per kWh at 1 MW, 20 J/TH, 12 months from
    list_price_on; empty when
    not comparable. It is kept for sorting and written by services/listings.py only.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="offers", verbose_name=_("site"))
    title = models.CharField(_("title"), max_length=140)
    status = models.CharField(_("status"), max_length=17, choices=OfferStatus, default=OfferStatus.DRAFT)
    status_before_suspension = models.CharField(
        max_length=17, choices=OfferStatus, blank=True, editable=False
    )
    published_at = models.DateTimeField(_("first published"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=10, choices=Evidence, default=Evidence.CLAIMED)
    list_price_micros = models.BigIntegerField(_("list price, micro-USD/kWh"), null=True, blank=True)
    list_price_on = models.DateField(_("list price as of"), null=True, blank=True)

    MOVES = OFFER_MOVES

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-published_at", "id"]
        indexes = [
            models.Index(fields=["status", "list_price_micros", "id"], name="offer_by_list_price"),
            models.Index(fields=["status", "-published_at", "id"], name="offer_by_age"),
        ]
        constraints = [
            models.CheckConstraint(name="offer_status_is_known", condition=Q(status__in=OfferStatus.values)),
            models.CheckConstraint(name="offer_evidence_is_known", condition=Q(evidence__in=Evidence.values)),
            models.CheckConstraint(
                name="offer_published_has_its_time",
                condition=~Q(status=OfferStatus.PUBLISHED) | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PhaseState(models.TextChoices):
    ENERGISED = "energised", _("energised")
    UNDER_CONSTRUCTION = "under_construction", _("under construction")
    PLANNED = "planned", _("planned")


class CapacityPhase(Versioned):
    """kW that are there on the days of [starts_on, ends_on); phases add up and may overlap."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="phases", verbose_name=_("offer"))
    available_kw = models.PositiveIntegerField(_("kW"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("the first day it is gone; empty = open")
    )
    state = models.CharField(_("state"), max_length=18, choices=PhaseState, default=PhaseState.ENERGISED)

    class Meta:
        verbose_name = _("capacity phase")
        verbose_name_plural = _("capacity phases")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(name="phase_has_some_kw", condition=Q(available_kw__gt=0)),
            models.CheckConstraint(
                name="phase_ends_after_it_begins",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
            ),
            models.CheckConstraint(name="phase_state_is_known", condition=Q(state__in=PhaseState.values)),
        ]

    def __str__(self) -> str:
        return f"{self.available_kw} kW"
