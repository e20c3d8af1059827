"""Site: a mining hotel's ground, its power and its building; SitePhoto: what it looks like."""

import uuid

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


class SitePhoto(models.Model):
    """A picture of a site, made anew from what was uploaded. `file` is a random name within MEDIA_ROOT."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="photos", verbose_name=_("site"))
    file = models.CharField(_("file"), max_length=100, unique=True, editable=False)
    width_px = models.PositiveIntegerField(_("width in pixels"))
    height_px = models.PositiveIntegerField(_("height in pixels"))
    size_bytes = models.PositiveIntegerField(_("size in bytes"))
    uploaded_sha256 = models.CharField(_("SHA-256 of the upload"), max_length=64)
    created_at = models.DateTimeField(_("added"))
    created_by = models.UUIDField(_("by"), null=True, blank=True)

    class Meta:
        verbose_name = _("photo of a site")
        verbose_name_plural = _("photos of sites")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "uploaded_sha256"], name="site_photo_is_there_once_within_its_site"
            ),
        ]

    def __str__(self) -> str:
        return str(self.site)
