"""Site: a mining hotel's ground, its power and its building."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.models.rows import Versioned
from accounts.services.acting import Viewer
from hosting.models.places import Jurisdiction


class SiteQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> "SiteQuerySet":
        """Sites with a published offer of a verified host for everybody, one's own, and all for staff."""
        if viewer.is_staff:
            return self
        seen = Q(offers__status="published", host__verification="verified")
        if viewer.organization:
            seen |= Q(host=viewer.organization)
        return self.filter(pk__in=self.model.objects.filter(seen).values("pk"))


class Site(Versioned):
    """Power in kW, PUE as a decimal, parts of the energy mix in percent (100 together). The address is
    private."""

    host = models.ForeignKey(Organization, models.PROTECT, related_name="sites", verbose_name=_("host"))
    name = models.CharField(_("name"), max_length=120)
    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, related_name="sites", verbose_name=_("jurisdiction")
    )
    region = models.CharField(_("region"), max_length=120, help_text=_("public: the part of the country"))
    address = models.TextField(
        _("address"), blank=True, help_text=_("seen by the parties of a contract only")
    )
    total_kw = models.PositiveIntegerField(_("total kW"))
    connected_on = models.DateField(_("connected on"), null=True, blank=True)
    cooling = models.JSONField(_("cooling"), default=list, blank=True)
    energy_mix = models.JSONField(_("energy mix"), default=dict, blank=True, help_text=_("percent by source"))
    pue = models.DecimalField(_("PUE"), max_digits=6, decimal_places=4, null=True, blank=True)
    grid = models.CharField(_("grid"), max_length=200, blank=True)
    insurance = models.CharField(_("insurance"), max_length=200, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["host", "name"], name="site_name_is_unique_within_its_host"),
            models.CheckConstraint(name="site_has_some_kw", condition=Q(total_kw__gt=0)),
            models.CheckConstraint(
                name="site_pue_is_at_least_one", condition=Q(pue__isnull=True) | Q(pue__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name
