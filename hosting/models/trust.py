"""Claim: of a field of an offer, how far what the host says has been shown to be true."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hosting.models.offers import Evidence, Offer


class ClaimField(models.TextChoices):
    POWER_CONNECTION = "power_connection", _("power connection")
    PRICE_BASIS = "price_basis", _("price basis")
    RIGHT_TO_HOST = "right_to_host", _("right to host")


class Claim(models.Model):
    """The level a field of an offer has, given by whom, until when. An offer's evidence is the lowest of
    the three."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="claims", verbose_name=_("offer"))
    field = models.CharField(_("field"), max_length=20, choices=ClaimField)
    level = models.CharField(_("level"), max_length=10, choices=Evidence)
    by = models.UUIDField(_("by"), help_text=_("the person who set the level"))
    note = models.TextField(_("what was seen"), blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.UniqueConstraint(fields=["offer", "field"], name="claim_is_one_per_offer_and_field"),
            models.CheckConstraint(name="claim_level_is_known", condition=Q(level__in=Evidence.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.get_level_display()}"
