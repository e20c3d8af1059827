"""Commitment: the ledger of what is taken from an offer."""

from datetime import date

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models.rows import Versioned
from hosting.models.offers import CapacityPhase, Offer
from hosting.models.requests import CapacityRequest


class CommitmentState(models.TextChoices):
    HELD = "held", _("held")
    CONFIRMED = "confirmed", _("confirmed")
    RELEASED = "released", _("released")


class CommitmentQuerySet(models.QuerySet):
    def live(self) -> "CommitmentQuerySet":
        """Held or confirmed: what counts as used."""
        return self.exclude(state=CommitmentState.RELEASED)

    def covering(self, day) -> "CommitmentQuerySet":
        return self.filter(starts_on__lte=day, ends_on__gt=day)


class Commitment(Versioned):
    """kW of an offer taken for the days of [starts_on, ends_on). Written only by services/capacity.py."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="commitments", verbose_name=_("offer"))
    request = models.ForeignKey(
        CapacityRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("request"),
    )
    kw = models.PositiveIntegerField(_("kW"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), help_text=_("the first day it is free again"))
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=CommitmentState, default=CommitmentState.HELD)

    STATUS_FIELD = "state"
    MOVES = {
        CommitmentState.HELD: frozenset({CommitmentState.CONFIRMED, CommitmentState.RELEASED}),
        CommitmentState.CONFIRMED: frozenset({CommitmentState.RELEASED}),
        CommitmentState.RELEASED: frozenset(),
    }

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["starts_on", "id"]
        indexes = [models.Index(fields=["offer", "state", "starts_on"], name="commitment_by_offer")]
        constraints = [
            models.CheckConstraint(name="commitment_takes_some_kw", condition=Q(kw__gt=0)),
            models.CheckConstraint(
                name="commitment_ends_after_it_begins", condition=Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(
                name="commitment_state_is_known", condition=Q(state__in=CommitmentState.values)
            ),
            models.CheckConstraint(
                name="commitment_held_has_its_hour",
                condition=~Q(state=CommitmentState.HELD) | Q(held_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kw} kW"


def free_kw_on(day: date) -> Combinable:
    """The free capacity in kW of an offer on a day, as an expression to annotate offers with: the phases
    that cover
    the day less the live commitments that do."""
    phases = CapacityPhase.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day, offer=OuterRef("pk")
    )
    taken = Commitment.objects.live().covering(day).filter(offer=OuterRef("pk"))
    built_kw = phases.order_by().values("offer").annotate(total=Sum("available_kw")).values("total")
    taken_kw = taken.order_by().values("offer").annotate(total=Sum("kw")).values("total")
    return Coalesce(Subquery(built_kw), 0) - Coalesce(Subquery(taken_kw), 0)
