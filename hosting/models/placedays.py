"""PlaceDay: what a place, or the whole world, had on the market on one day."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlaceDay(models.Model):
    """Supply and demand of one UTC day in one place; a country with its subdivisions in it.

    code: of the place, "" for the world. It is text, so that the world is a row like the others and history
    outlives a place. Power in kW, list prices in micro-USD per kWh (empty where nothing has a price). Written
    by services/placefigures.py only; the marks say what may be shown to anybody, and no other room may show
    what they withhold.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField(_("day"))
    code = models.CharField(_("place"), max_length=6, blank=True, help_text=_("empty for the world"))
    hotels = models.PositiveIntegerField(_("hotels"))
    organizations = models.PositiveIntegerField(_("hosts"))
    total_kw = models.BigIntegerField(_("kW there"))
    free_kw = models.BigIntegerField(_("kW free"))
    is_power_public = models.BooleanField(_("power may be shown"))
    low_price_micros = models.BigIntegerField(_("lower quartile of list prices"), null=True)
    median_price_micros = models.BigIntegerField(_("median list price"), null=True)
    high_price_micros = models.BigIntegerField(_("upper quartile of list prices"), null=True)
    is_price_public = models.BooleanField(_("prices may be shown"))
    open_requests = models.PositiveIntegerField(
        _("open requests"), help_text=_("of machines that are in this place now")
    )
    needed_kw = models.BigIntegerField(_("kW needed"))
    is_need_public = models.BooleanField(_("need may be shown"))
    updated_at = models.DateTimeField(_("changed"), editable=False)

    class Meta:
        verbose_name = _("day of a place")
        verbose_name_plural = _("days of places")
        ordering = ["day", "code"]
        indexes = [models.Index(fields=["code", "day"], name="place_day_by_place")]
        constraints = [
            models.UniqueConstraint(fields=["day", "code"], name="place_day_is_one_per_day_and_place"),
        ]

    def __str__(self) -> str:
        return f"{self.code or '*'} {self.day}"
