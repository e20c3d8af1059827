"""What waits for staff, each with how much there is and since when the oldest has been waiting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import (
    Document,
    Event,
    Licence,
    Organization,
    Review,
    Verification,
)
from accounts.services import backlog
from hosting.models import (
    DeliveryStatus,
    MatchRun,
    Offer,
    OfferStatus,
    Rate,
    RegulationRule,
    ReviewState,
    RuleStatus,
    RunState,
    SiteReview,
    TermsReview,
    WebhookDelivery,
)
from hosting.services import rates

# A run that failed is done again by the next one: after these days it is history.
FAILED_SHOWN = timedelta(days=7)
# A rate is to be renewed before it is too old to count, while there is this much left.
RENEW_BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Queue:
    """`name` says which; `since` is when the oldest began to wait, or None when nothing does."""

    name: str
    count: int
    since: datetime | None


def queues(*, now: datetime) -> list[Queue]:
    """Every queue in the order of the work, also those in which nothing waits. One query or two each."""
    return [
        _since_event("organizations", Organization.objects.filter(verification__in=TO_VERIFY), TO_VERIFY),
        _since_event("lifts", Organization.objects.filter(lift_proposed_by__isnull=False), ("suspended",)),
        _since("documents", Document.objects.filter(review=Review.SUBMITTED)),
        _since("licences", Licence.objects.filter(review=Review.SUBMITTED)),
        _since_event("offers", Offer.objects.filter(status=OfferStatus.IN_REVIEW), ("in_review",)),
        _since("terms", TermsReview.objects.filter(state=ReviewState.WAITING)),
        _since("sites", SiteReview.objects.filter(state=ReviewState.WAITING)),
        _since("rules_to_review", RegulationRule.objects.filter(status=RuleStatus.DRAFT)),
        _since_event(
            "rules_to_publish", RegulationRule.objects.filter(status=RuleStatus.REVIEWED), ("reviewed",)
        ),
        _rates(now),
        _since("runs", failed_runs(now), "started_at"),
        _since("mail", backlog.failing_mail()),
        _since("deliveries", failing_deliveries()),
        _since("unsettled", backlog.late(now), "event__at"),
    ]


TO_VERIFY = (Verification.SUBMITTED, Verification.IN_REVIEW)


def failed_runs(now: datetime) -> models.QuerySet[MatchRun]:
    """Runs that failed lately."""
    return MatchRun.objects.filter(state=RunState.FAILED, started_at__gte=now - FAILED_SHOWN)


def failing_deliveries() -> models.QuerySet[WebhookDelivery]:
    """What was given up, and what is tried again after having failed."""
    again = models.Q(status=DeliveryStatus.WAITING, attempts__gt=1)
    return WebhookDelivery.objects.filter(models.Q(status=DeliveryStatus.FAILED) | again)


def aging_rates(now: datetime) -> dict[str, datetime | None]:
    """Currency ("" = hashprice) -> the day of its newest rate (None without any), of the rates that prices
    need and that are missing, too old, or about to be."""
    today = now.date()
    newest = dict(
        Rate.objects.filter(on__lte=today, value__gt=0)
        .order_by()
        .values("currency")
        .annotate(last_on=Max("on"))
        .values_list("currency", "last_on")
    )
    renew_from = today - (timedelta(days=settings.RATE_MAX_AGE) - RENEW_BEFORE)
    found: dict[str, datetime | None] = {}
    for currency in rates.needed(today):
        last_on = newest.get(currency)
        if last_on is None or last_on < renew_from:
            found[currency] = datetime.combine(last_on, time(), UTC) if last_on else None
    return found


def _rates(now: datetime) -> Queue:
    aging = aging_rates(now)
    days = [day for day in aging.values() if day is not None]
    return Queue("rates", len(aging), min(days, default=None))


def _since(name: str, rows: models.QuerySet, field: str = "created_at") -> Queue:
    found = rows.order_by().aggregate(count=Count("pk"), since=Min(field))
    return Queue(name, found["count"], found["since"])


def _since_event(name: str, rows: models.QuerySet, statuses: Iterable[str]) -> Queue:
    """Waiting since the row came into one of the statuses, which its Event tells; a row whose story is not
    told, since it was last changed."""
    came = Event.objects.filter(
        subject_kind=rows.model._meta.label_lower, subject_id=OuterRef("pk"), status_to__in=statuses
    )
    # The latest move into the first of the statuses: taking a dossier up does not make it younger.
    first = came.filter(status_to=next(iter(statuses))).order_by("-pk").values("at")[:1]
    told = rows.annotate(came_at=Coalesce(Subquery(first), "updated_at"))
    return _since(name, told, "came_at")
