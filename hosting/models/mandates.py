"""Mandate: a miner lets a broker act for it, for a time."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Document, Organization
from accounts.models.rows import Versioned


class MandateQuerySet(models.QuerySet):
    def valid(self, day: date) -> "MandateQuerySet":
        """Begun, not over and not ended."""
        return self.filter(valid_from__lte=day, valid_until__gt=day, ended_at__isnull=True)


class Mandate(Versioned):
    """The broker acts for the miner on the days of [valid_from, valid_until), unless it is ended before."""

    broker = models.ForeignKey(
        Organization, models.PROTECT, related_name="mandates_held", verbose_name=_("broker")
    )
    miner = models.ForeignKey(
        Organization, models.PROTECT, related_name="mandates_given", verbose_name=_("miner")
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), help_text=_("the first day it no longer holds"))
    # A paper that staff has not looked at may be taken back; what was done under the mandate stays done.
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["-valid_from", "id"]
        indexes = [models.Index(fields=["broker", "miner", "valid_until"], name="mandate_by_broker")]
        constraints = [
            models.CheckConstraint(
                name="mandate_ends_after_it_begins", condition=Q(valid_until__gt=F("valid_from"))
            ),
            models.CheckConstraint(
                name="mandate_is_between_two_organizations", condition=~Q(broker=F("miner"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.miner} → {self.broker}"

    def is_valid_on(self, day: date) -> bool:
        """Whether the broker may act under it on this day (UTC)."""
        return self.ended_at is None and self.valid_from <= day < self.valid_until
