"""What waits for staff: a version of a live offer's terms, a change of a site under live offers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.rows import Versioned
from hosting.models.offers import Offer
from hosting.models.sites import Site
from hosting.models.terms import OfferTerms


class ReviewState(models.TextChoices):
    WAITING = "waiting", _("waiting for review")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    SUPERSEDED = "superseded", _("superseded")


REVIEW_MOVES: dict[str, frozenset[str]] = {
    ReviewState.WAITING: frozenset({ReviewState.APPROVED, ReviewState.REJECTED, ReviewState.SUPERSEDED}),
    ReviewState.APPROVED: frozenset(),
    ReviewState.REJECTED: frozenset(),
    ReviewState.SUPERSEDED: frozenset(),
}


class Reviewed(Versioned):
    """A change that staff decides on; until then what it would replace stays. `fields` are its names."""

    state = models.CharField(_("state"), max_length=10, choices=ReviewState, default=ReviewState.WAITING)
    fields = models.JSONField(_("what changes"), default=list)
    submitted_by = models.UUIDField(_("by"), null=True, blank=True)

    STATUS_FIELD = "state"
    MOVES = REVIEW_MOVES

    class Meta:
        abstract = True


class TermsReview(Reviewed):
    """A version of a live offer's terms that is not in force before staff approves it."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="terms_reviews", verbose_name=_("offer"))
    terms = models.OneToOneField(OfferTerms, models.PROTECT, related_name="review", verbose_name=_("terms"))

    class Meta:
        verbose_name = _("review of terms")
        verbose_name_plural = _("reviews of terms")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="terms_review_state_is_known", condition=Q(state__in=ReviewState.values)
            ),
            models.UniqueConstraint(
                fields=["offer"],
                condition=Q(state="waiting"),
                name="terms_review_waits_once_per_offer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.terms)


class SiteReview(Reviewed):
    """New values of a site that has offers under staff's eye: {field: value}, days as ISO text, the
    jurisdiction as its code."""

    site = models.ForeignKey(Site, models.PROTECT, related_name="reviews", verbose_name=_("site"))
    values = models.JSONField(_("new values"))

    class Meta:
        verbose_name = _("review of a site")
        verbose_name_plural = _("reviews of sites")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="site_review_state_is_known", condition=Q(state__in=ReviewState.values)
            ),
            models.UniqueConstraint(
                fields=["site"],
                condition=Q(state="waiting"),
                name="site_review_waits_once_per_site",
            ),
        ]

    def __str__(self) -> str:
        return str(self.site)
