"""CapacityRequest: what a miner needs; FleetLine: which machines."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.models.rows import Versioned
from accounts.services.acting import Viewer
from hosting.models.machines import MachineModel
from hosting.models.mandates import Mandate


class RequestStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    AWARDED = "awarded", _("awarded")
    FULFILLED = "fulfilled", _("fulfilled")
    SUSPENDED = "suspended", _("suspended")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")


REQUEST_MOVES: dict[str, frozenset[str]] = {
    RequestStatus.DRAFT: frozenset({RequestStatus.OPEN, RequestStatus.WITHDRAWN}),
    RequestStatus.OPEN: frozenset(
        {RequestStatus.AWARDED, RequestStatus.SUSPENDED, RequestStatus.EXPIRED, RequestStatus.WITHDRAWN}
    ),
    RequestStatus.AWARDED: frozenset({RequestStatus.OPEN, RequestStatus.FULFILLED}),
    RequestStatus.SUSPENDED: frozenset({RequestStatus.OPEN}),
    RequestStatus.FULFILLED: frozenset(),
    RequestStatus.EXPIRED: frozenset(),
    RequestStatus.WITHDRAWN: frozenset(),
}


class RequestQuerySet(models.QuerySet):
    def open(self, now) -> "RequestQuerySet":
        """Open and not expired: what is matched."""
        return self.filter(status=RequestStatus.OPEN, expires_at__gt=now)

    def visible_to(self, viewer: Viewer) -> "RequestQuerySet":
        """Open ones for everybody (with the fields of the table "who sees what"), one's own, and all for
        staff."""
        if viewer.is_staff:
            return self
        seen = Q(status=RequestStatus.OPEN)
        if viewer.organization:
            seen |= Q(owner=viewer.organization)
        return self.filter(seen)

    def run_by(self, organization: Organization | None, day: date) -> "RequestQuerySet":
        """Those the organization decides about on the day: its own, and those it posted as a broker under a
        mandate that is valid."""
        if organization is None:
            return self.none()
        mandates = Mandate.objects.valid(day).filter(broker=organization)
        return self.filter(Q(owner=organization) | Q(mandate__in=mandates))

    def with_broker(self, day: date) -> "RequestQuerySet":
        """With `broker_id`: who may act for the owner on the day; None where nobody may."""
        is_valid = Q(
            mandate__ended_at__isnull=True, mandate__valid_from__lte=day, mandate__valid_until__gt=day
        )
        return self.annotate(broker_id=Case(When(is_valid, then=F("mandate__broker"))))


def _bounded(field: str, top: int) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0, f"{field}__lte": top})


class CapacityRequest(Versioned):
    """A need for hosting. Left out (null) means: no bound; an empty list means: all. Money in USD."""

    owner = models.ForeignKey(Organization, models.PROTECT, related_name="requests", verbose_name=_("owner"))
    mandate = models.ForeignKey(
        Mandate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("mandate"),
        help_text=_("under which a broker posted it for its owner"),
    )
    status = models.CharField(_("status"), max_length=10, choices=RequestStatus, default=RequestStatus.DRAFT)
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    need_kw = models.PositiveIntegerField(_("kW needed"))
    efficiency_j_th = models.DecimalField(_("J/TH"), max_digits=12, decimal_places=2, null=True, blank=True)
    worst_j_th = models.DecimalField(_("worst J/TH"), max_digits=12, decimal_places=2, null=True, blank=True)
    origin = models.CharField(_("where the machines are"), max_length=6, blank=True, help_text=_("ISO 3166"))
    earliest_start = models.DateField(_("earliest start"))
    latest_start = models.DateField(_("latest start"))
    term_months = models.PositiveSmallIntegerField(_("term in months"))
    max_price_usd = models.DecimalField(
        _("highest effective price, USD/kWh"), max_digits=12, decimal_places=6
    )
    max_deposit_months = models.PositiveSmallIntegerField(
        _("highest deposit in months"), null=True, blank=True
    )
    min_uptime = models.DecimalField(
        _("lowest uptime, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    max_curtailment = models.DecimalField(
        _("highest curtailment, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    min_renewable = models.DecimalField(
        _("lowest renewable share, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    cooling = models.JSONField(_("cooling"), default=list, blank=True)
    price_models = models.JSONField(_("price models"), default=list, blank=True)
    allowed_jurisdictions = models.JSONField(_("allowed jurisdictions"), default=list, blank=True)
    excluded_jurisdictions = models.JSONField(_("excluded jurisdictions"), default=list, blank=True)
    min_legal_status = models.CharField(_("lowest legal status"), max_length=20, blank=True)
    min_predictability = models.PositiveSmallIntegerField(_("lowest predictability"), null=True, blank=True)
    licences = models.JSONField(_("licences held"), default=list, blank=True)
    min_evidence = models.CharField(_("lowest evidence"), max_length=10, blank=True)
    weights = models.JSONField(_("weights"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    MOVES = REQUEST_MOVES

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("capacity request")
        verbose_name_plural = _("capacity requests")
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["status", "expires_at"], name="request_by_status")]
        constraints = [
            models.CheckConstraint(
                name="request_status_is_known", condition=Q(status__in=RequestStatus.values)
            ),
            models.CheckConstraint(name="request_needs_some_kw", condition=Q(need_kw__gt=0)),
            models.CheckConstraint(
                name="request_starts_are_in_order", condition=Q(latest_start__gte=F("earliest_start"))
            ),
            models.CheckConstraint(name="request_lasts_at_least_a_month", condition=Q(term_months__gte=1)),
            models.CheckConstraint(
                name="request_price_ceiling_is_positive", condition=Q(max_price_usd__gt=0)
            ),
            models.CheckConstraint(
                name="request_uptime_is_a_percentage", condition=_bounded("min_uptime", 100)
            ),
            models.CheckConstraint(
                name="request_curtailment_is_a_percentage", condition=_bounded("max_curtailment", 100)
            ),
            models.CheckConstraint(
                name="request_renewable_is_a_percentage", condition=_bounded("min_renewable", 100)
            ),
            models.CheckConstraint(
                name="request_predictability_is_one_to_five",
                condition=Q(min_predictability__isnull=True) | Q(min_predictability__range=(1, 5)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_kw} kW"


class FleetLine(models.Model):
    """So many machines of one model."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(
        CapacityRequest, models.CASCADE, related_name="fleet", verbose_name=_("request")
    )
    machine = models.ForeignKey(MachineModel, models.PROTECT, related_name="+", verbose_name=_("machine"))
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("fleet line")
        verbose_name_plural = _("fleet lines")
        ordering = ["machine"]
        constraints = [
            models.UniqueConstraint(fields=["request", "machine"], name="fleet_line_is_one_per_machine"),
            models.CheckConstraint(name="fleet_line_has_machines", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.machine}"
