"""Rates: what a unit of money, and a day of hashing, was worth on a day."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RateKind(models.TextChoices):
    FX = "fx", _("exchange rate")
    HASHPRICE = "hashprice", _("hashprice")


class Rate(models.Model):
    """One spot value of one day: USD per unit of a currency, or USD per PH/s and day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=9, choices=RateKind)
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("empty for hashprice"))
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=12)
    on = models.DateField(_("on"))
    source = models.CharField(_("source"), max_length=200)
    source_url = models.CharField(_("URL"), max_length=600, blank=True)
    confidence = models.CharField(_("confidence"), max_length=6, blank=True)
    note = models.TextField(_("note"), blank=True)
    updated_at = models.DateTimeField(_("changed"), editable=False)

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        ordering = ["-on", "kind", "currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "currency", "on"], name="rate_is_one_per_kind_currency_and_day"
            ),
            models.CheckConstraint(name="rate_kind_is_known", condition=Q(kind__in=RateKind.values)),
            models.CheckConstraint(name="rate_is_not_negative", condition=Q(value__gte=0)),
            models.CheckConstraint(
                name="rate_names_a_currency_only_for_fx",
                condition=(Q(kind=RateKind.FX) & ~Q(currency=""))
                | (Q(kind=RateKind.HASHPRICE) & Q(currency="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency or self.kind} {self.on}"


class FxManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(kind=RateKind.FX)


class FxRate(Rate):
    """USD per unit of a currency."""

    objects = FxManager()

    class Meta:
        proxy = True
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")


class HashPriceManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(kind=RateKind.HASHPRICE)


class HashPrice(Rate):
    """USD that a PH/s earns in a day."""

    objects = HashPriceManager()

    class Meta:
        proxy = True
        verbose_name = _("hashprice")
        verbose_name_plural = _("hashprices")
