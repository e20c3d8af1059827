"""OfferTerms: an immutable, numbered version of what an offer says."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.rows import WrittenOnce
from hosting.models.machines import Cooling
from hosting.models.offers import Offer


class PriceModel(models.TextChoices):
    ALL_IN = "all_in", _("all-in")
    BASE_PLUS_METERED = "base_plus_metered", _("base fee plus metered")
    PASS_THROUGH = "pass_through", _("pass-through")
    INDEXED = "indexed", _("indexed")
    REVENUE_SHARE = "revenue_share", _("revenue share")
    TIERED = "tiered", _("tiered")


class Metering(models.TextChoices):
    PLUG = "plug", _("at the plug")
    SITE = "site", _("at the site (PUE added)")
    NAMEPLATE = "nameplate", _("by nameplate (uplift added)")


class Side(models.TextChoices):
    HOST = "host", _("host")
    MINER = "miner", _("miner")
    SHARED = "shared", _("shared")


class Firmware(models.TextChoices):
    ANY = "any", _("any firmware")
    APPROVED = "approved", _("approved firmware")
    STOCK = "stock", _("maker's firmware only")


def _price(label, **more):
    """A price per kWh in the offer's currency, at most 6 places."""
    return models.DecimalField(label, max_digits=14, decimal_places=6, null=True, blank=True, **more)


def _amount(label):
    """An amount per kW in the offer's currency, 2 places."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, null=True, blank=True)


def _percent(label):
    return models.DecimalField(label, max_digits=5, decimal_places=2, null=True, blank=True)


def _not_negative(*fields: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            name=f"terms_{field}_is_not_negative",
            condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}),
        )
        for field in fields
    ]


def _percentages(*fields: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            name=f"terms_{field}_is_a_percentage",
            condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0, f"{field}__lte": 100}),
        )
        for field in fields
    ]


def _in_order(low: str, high: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"terms_{low}_is_not_above_{high}",
        condition=Q(**{f"{low}__isnull": True})
        | Q(**{f"{high}__isnull": True})
        | Q(**{f"{high}__gte": F(low)}),
    )


class OfferTerms(WrittenOnce):
    """Prices per kWh and amounts per kW in `currency`; percentages 0 to 100; an empty field is not
    stated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="terms", verbose_name=_("offer"))
    number = models.PositiveIntegerField(_("version"))
    created_at = models.DateTimeField(_("written"))
    created_by = models.UUIDField(_("by"), null=True, blank=True)

    price_model = models.CharField(_("price model"), max_length=17, choices=PriceModel)
    currency = models.CharField(_("currency"), max_length=3)
    energy_price = _price(_("energy price"))
    passthrough_estimate = _price(_("pass-through estimate"))
    hosting_fee = _price(_("hosting fee"))
    base_fee_kw_month = _amount(_("base fee per kW and month"))
    revenue_share = _percent(_("revenue share"))
    levies_included = models.BooleanField(_("levies included"), default=False)
    setup_fee_kw = _amount(_("setup fee per kW"))
    metering = models.CharField(_("metering"), max_length=9, choices=Metering, default=Metering.PLUG)
    pue = models.DecimalField(_("PUE"), max_digits=6, decimal_places=4, null=True, blank=True)
    metering_uplift = _percent(_("metering uplift"))

    deposit_months = models.PositiveSmallIntegerField(_("deposit in months"), null=True, blank=True)
    min_kw = models.PositiveIntegerField(_("smallest order in kW"), null=True, blank=True)
    max_kw = models.PositiveIntegerField(_("largest order in kW"), null=True, blank=True)
    min_term_months = models.PositiveSmallIntegerField(_("shortest term in months"), null=True, blank=True)
    max_term_months = models.PositiveSmallIntegerField(_("longest term in months"), null=True, blank=True)
    host_notice_days = models.PositiveSmallIntegerField(
        _("notice by the host in days"), null=True, blank=True
    )
    miner_notice_days = models.PositiveSmallIntegerField(
        _("notice by the miner in days"), null=True, blank=True
    )

    uptime = _percent(_("uptime"))
    uptime_remedy = models.CharField(_("remedy when uptime falls short"), max_length=300, blank=True)
    curtailment = _percent(_("curtailment"))
    curtailment_notice_hours = models.PositiveSmallIntegerField(
        _("notice of curtailment, h"), null=True, blank=True
    )
    curtailment_credits = models.CharField(_("who owns the credits"), max_length=6, choices=Side, blank=True)
    renewable = _percent(_("renewable share"))
    cooling = models.CharField(_("cooling"), max_length=9, choices=Cooling)
    max_j_per_th = models.DecimalField(
        _("oldest machines, J/TH"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    accepted_machines = models.CharField(_("accepted machines"), max_length=300, blank=True)

    firmware = models.CharField(_("firmware"), max_length=8, choices=Firmware, blank=True)
    allows_low_power_mode = models.BooleanField(_("low-power mode allowed"), null=True, blank=True)
    host_may_move_machines = models.BooleanField(_("host may move machines"), null=True, blank=True)
    return_days = models.PositiveSmallIntegerField(_("return of machines within days"), null=True, blank=True)
    return_paid_by = models.CharField(_("return paid by"), max_length=6, choices=Side, blank=True)
    has_cross_default = models.BooleanField(_("cross-default"), null=True, blank=True)
    rate_lock_months = models.PositiveSmallIntegerField(_("price fixed for months"), null=True, blank=True)
    passthrough_cap = _price(_("pass-through cap"))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("the first day it no longer holds")
    )

    class Meta:
        verbose_name = _("terms")
        verbose_name_plural = _("terms")
        ordering = ["offer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="terms_are_numbered_within_their_offer"),
            models.CheckConstraint(
                name="terms_price_model_is_known", condition=Q(price_model__in=PriceModel.values)
            ),
            models.CheckConstraint(name="terms_metering_is_known", condition=Q(metering__in=Metering.values)),
            models.CheckConstraint(name="terms_cooling_is_known", condition=Q(cooling__in=Cooling.values)),
            models.CheckConstraint(
                name="terms_pue_is_at_least_one", condition=Q(pue__isnull=True) | Q(pue__gte=1)
            ),
            _in_order("min_kw", "max_kw"),
            _in_order("min_term_months", "max_term_months"),
            *_not_negative(
                "energy_price",
                "passthrough_estimate",
                "hosting_fee",
                "base_fee_kw_month",
                "setup_fee_kw",
                "passthrough_cap",
                "max_j_per_th",
            ),
            *_percentages("revenue_share", "metering_uplift", "uptime", "curtailment", "renewable"),
        ]

    def __str__(self) -> str:
        return f"{self.offer} · {self.number}"


class TermsInForce(models.Model):
    """Which version of an offer's terms is live. A table of its own, so that the versions themselves
    never change."""

    offer = models.OneToOneField(
        Offer, models.CASCADE, primary_key=True, related_name="in_force", verbose_name=_("offer")
    )
    terms = models.OneToOneField(OfferTerms, models.PROTECT, related_name="+", verbose_name=_("terms"))

    class Meta:
        verbose_name = _("terms in force")
        verbose_name_plural = _("terms in force")

    def __str__(self) -> str:
        return str(self.terms)


class OfferTier(models.Model):
    """From this many kW the energy costs this much; belongs to one version of the terms and is written
    with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    terms = models.ForeignKey(OfferTerms, models.CASCADE, related_name="tiers", verbose_name=_("terms"))
    min_kw = models.PositiveIntegerField(_("from kW"))
    energy_price = models.DecimalField(_("energy price"), max_digits=14, decimal_places=6)

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ["min_kw"]
        constraints = [
            models.UniqueConstraint(
                fields=["terms", "min_kw"], name="tier_min_kw_is_unique_within_its_terms"
            ),
            models.CheckConstraint(name="tier_price_is_not_negative", condition=Q(energy_price__gte=0)),
        ]

    def __str__(self) -> str:
        return f"≥ {self.min_kw} kW"
