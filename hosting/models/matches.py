"""MatchRun, MatchList, Interest: what the engine found, and what people did about it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.rows import Versioned
from hosting.models.offers import Offer
from hosting.models.requests import CapacityRequest


class RunState(models.TextChoices):
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class MatchRun(models.Model):
    """One run of the engine over some or all open requests. Its number says which of two runs is the
    newer one.

    A wide run looks at every open request, and there is one at a time: it works under a lease, and when that
    is over another takes its place. Runs that only serve single requests do not wait for it.
    """

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    trigger = models.CharField(_("trigger"), max_length=40)
    as_of = models.DateField(_("as of"))
    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.RUNNING)
    is_wide = models.BooleanField(_("looks at every request"), default=False)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    requests = models.PositiveIntegerField(_("requests"), default=0)
    offers = models.PositiveIntegerField(_("offers"), default=0)
    lists_changed = models.PositiveIntegerField(_("lists changed"), default=0)
    settled = models.PositiveIntegerField(_("due marks settled"), default=0)
    inputs_hash = models.CharField(_("hash of the inputs"), max_length=64, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("match run")
        verbose_name_plural = _("match runs")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(name="match_run_state_is_known", condition=Q(state__in=RunState.values)),
            models.UniqueConstraint(
                fields=["is_wide"],
                condition=Q(is_wide=True, state="running"),
                name="match_run_wide_is_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trigger} {self.as_of}"


class MatchList(models.Model):
    """The best 20 offers of one request, in order, replaced as a whole. People never change it.

    rows: [{"offer": uuid, "version": int, "score": 0-10000, "price_micros": int, "start": ISO date}, ...]
    """

    request = models.OneToOneField(
        CapacityRequest,
        models.CASCADE,
        primary_key=True,
        related_name="match_list",
        verbose_name=_("request"),
    )
    run = models.ForeignKey(MatchRun, models.PROTECT, related_name="lists", verbose_name=_("run"))
    as_of = models.DateField(_("as of"))
    inputs_hash = models.CharField(_("hash of the inputs"), max_length=64)
    rows = models.JSONField(_("rows"), default=list)
    updated_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("match list")
        verbose_name_plural = _("match lists")

    def __str__(self) -> str:
        return f"{self.request_id}: {len(self.rows)}"


class Decliner(models.TextChoices):
    MINER = "miner", _("miner")
    HOST = "host", _("host")


class Interest(Versioned):
    """What people did about a pair of request and offer. Survives every re-match."""

    request = models.ForeignKey(
        CapacityRequest, models.CASCADE, related_name="interests", verbose_name=_("request")
    )
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="interests", verbose_name=_("offer"))
    shortlisted_at = models.DateTimeField(_("shortlisted by the miner"), null=True, blank=True)
    interested_at = models.DateTimeField(_("host is interested"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    declined_by = models.CharField(_("declined by"), max_length=5, choices=Decliner, blank=True)
    decline_reason = models.TextField(_("reason"), blank=True)
    quoted_at = models.DateTimeField(_("quoted"), null=True, blank=True)

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "offer"], name="interest_is_one_per_request_and_offer"
            ),
            models.CheckConstraint(
                name="interest_declined_says_by_whom_and_why",
                condition=Q(declined_at__isnull=True) | (~Q(declined_by="") & ~Q(decline_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} × {self.offer_id}"


class RequestSeen(models.Model):
    """What a person has seen of a request's list, so that the page can say what changed since.

    `before_rows` are the rows of the visit before this one (as in MatchList), at `before_at`; `last_rows`
    and `last_at` are those of the look just taken. A visit lasts while looks follow each other closely.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(
        CapacityRequest, models.CASCADE, related_name="seen", verbose_name=_("request")
    )
    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    before_rows = models.JSONField(_("rows of the visit before"), default=list, blank=True)
    before_at = models.DateTimeField(_("visit before"), null=True, blank=True)
    last_rows = models.JSONField(_("rows last seen"), default=list, blank=True)
    last_at = models.DateTimeField(_("last look"))

    class Meta:
        verbose_name = _("look at a request")
        verbose_name_plural = _("looks at requests")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "person"], name="request_seen_is_one_per_person_and_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.last_at:%Y-%m-%d}"
