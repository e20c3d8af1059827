"""MachineModel: what the makers sell, or sold."""

import uuid

from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Concat, Replace
from django.utils.translation import gettext_lazy as _

from hosting.models.places import Confidence


class Cooling(models.TextChoices):
    AIR = "air", _("air")
    HYDRO = "hydro", _("hydro")
    IMMERSION = "immersion", _("immersion")


class Algorithm(models.TextChoices):
    SHA256 = "SHA-256", "SHA-256"
    SCRYPT = "Scrypt", "Scrypt"


class MachineQuerySet(models.QuerySet):
    def mines_bitcoin(self) -> "MachineQuerySet":
        return self.filter(algorithm=Algorithm.SHA256)

    def called(self, words: str) -> "MachineQuerySet":
        """Machines whose maker and model hold each of the words, in any case and whatever stands between
        their parts: "s19 pro", "S19Pro" and "s19-pro" alike. None where there is nothing to look for.

        Annotated: `squeezed`, the name without what stands between.
        """
        parts = ["".join(one for one in word if one.isalnum() or one == "+") for word in words.split()]
        squeezed: Func = Concat("maker", "model")
        for between in (" ", "-", ".", "(", ")", "/"):
            squeezed = Replace(squeezed, Value(between), Value(""))
        found = self.annotate(squeezed=squeezed) if any(parts) else self.none()
        for part in filter(None, parts):
            # Names are Latin, so that every database compares them alike.
            found = found.filter(squeezed__icontains=part)
        return found


class MachineModel(models.Model):
    """A model of a maker. J/TH is derived from its watts and TH/s and kept for sorting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    maker = models.CharField(_("maker"), max_length=60)
    model = models.CharField(_("model"), max_length=120)
    algorithm = models.CharField(_("algorithm"), max_length=8, choices=Algorithm)
    hashrate_th_s = models.DecimalField(_("TH/s"), max_digits=12, decimal_places=6)
    power_w = models.PositiveIntegerField(_("W"))
    efficiency_j_th = models.DecimalField(_("J/TH"), max_digits=12, decimal_places=2, editable=False)
    cooling = models.CharField(_("cooling"), max_length=9, choices=Cooling)
    weight_kg = models.DecimalField(_("kg"), max_digits=7, decimal_places=2, null=True, blank=True)
    noise_db = models.DecimalField(_("dB"), max_digits=5, decimal_places=1, null=True, blank=True)
    voltage = models.CharField(_("voltage"), max_length=80, blank=True)
    release = models.CharField(_("release"), max_length=10, blank=True, help_text=_("YYYY or YYYY-MM"))
    market_status = models.CharField(_("on the market"), max_length=12, blank=True)
    source = models.TextField(_("source"))
    source_url = models.CharField(_("URL"), max_length=600, blank=True)
    as_of = models.CharField(_("as of"), max_length=20, blank=True)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence)
    note = models.TextField(_("note"), blank=True)
    updated_at = models.DateTimeField(_("changed"), editable=False)

    objects = MachineQuerySet.as_manager()

    class Meta:
        verbose_name = _("machine")
        verbose_name_plural = _("machines")
        ordering = ["maker", "model"]
        constraints = [
            models.UniqueConstraint(fields=["maker", "model"], name="machine_is_one_per_maker_and_model"),
            models.CheckConstraint(
                name="machine_hashes_and_draws_power", condition=Q(hashrate_th_s__gt=0, power_w__gt=0)
            ),
            models.CheckConstraint(
                name="machine_algorithm_is_known", condition=Q(algorithm__in=Algorithm.values)
            ),
            models.CheckConstraint(name="machine_cooling_is_known", condition=Q(cooling__in=Cooling.values)),
        ]

    def __str__(self) -> str:
        return f"{self.maker} {self.model}"
