"""Deliveries: an event reaches an endpoint, now or on a later try, and what came of it is kept for 30 days.

The row is the job. A try is claimed with a lease, made outside of any transaction, and recorded. Several
endpoints are tried at once, each with one message, so that one that hangs holds up no other for long.
"""

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.adapters import sealing
from accounts.models import Role, User
from accounts.services import events, lifecycle, notices
from accounts.services.errors import Conflict
from hosting.adapters import signing
from hosting.adapters.webhooks import Answer, Sender
from hosting.models import DeliveryStatus, EndpointStatus, PartnerEvent, WebhookDelivery, WebhookEndpoint
from hosting.services import newswords

Clock = Callable[[], datetime]

# The waits before each of the ten tries, as the Standard Webhooks publish them: a little over 75 hours.
SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# Scattered by a tenth to either side, so that not all come back at once.
JITTER = 0.1
# Longer than a try and a slow name server take together; whoever dies with one leaves it for this long.
LEASE = timedelta(minutes=2)
# After a failed try no other message is sent there for a moment: one that hangs would hold up a worker for
# each. What was tried before keeps to the schedule.
REST = timedelta(seconds=30)
AT_ONCE = 8
# One run ends after so long; the next one goes on.
RUN = timedelta(seconds=50)
GONE = 410


class EndpointIsOff(Conflict):
    """Nothing is sent to an endpoint that is off."""

    code = "endpoint_is_off"
    message = _("This webhook is off. Switch it on first.")


class OnItsWay(Conflict):
    """The delivery waits for its next try already."""

    code = "on_its_way"
    message = _("This delivery waits for its next try already.")


def queue(*, event: PartnerEvent, now: datetime) -> int:
    """A delivery of the event for each endpoint that is not off and wants it. Gives how many."""
    wanting = WebhookEndpoint.objects.exclude(status=EndpointStatus.OFF)
    if event.organization_id:
        wanting = wanting.filter(organization=event.organization_id)
    made = [
        WebhookDelivery(endpoint=endpoint, event=event, next_try_at=now, created_at=now, updated_at=now)
        for endpoint in wanting.order_by("pk")
        if event.type in endpoint.events
    ]
    WebhookDelivery.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def redeliver(*, delivery: WebhookDelivery, by: User | None, now: datetime) -> None:
    """Begin a new round of tries with the same message, at once. Raises EndpointIsOff or OnItsWay."""
    with transaction.atomic():
        if WebhookEndpoint.objects.filter(pk=delivery.endpoint_id, status=EndpointStatus.OFF).exists():
            raise EndpointIsOff
        settled = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(status=DeliveryStatus.WAITING)
        if not settled.update(
            status=DeliveryStatus.WAITING,
            attempts=0,
            next_try_at=now,
            delivered_at=None,
            version=F("version") + 1,
            updated_at=now,
        ):
            raise OnItsWay
        organization = delivery.endpoint.organization_id
        events.changed(delivery, code="redelivered", at=now, by=by, on_behalf_of=organization)
    delivery.refresh_from_db()


def send_due(*, clock: Clock, sender: Sender) -> int:
    """Try what is due, the longest waiting first. Gives how many arrived."""
    began, arrived = clock(), 0
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while clock() - began < RUN:
            claimed = _claim(clock())
            if not claimed:
                break
            # Nothing in a thread speaks to the database: it would open a connection of its own.
            letters = [_letter(delivery, clock()) for delivery in claimed]
            answers = list(threads.map(lambda letter: letter.sent_by(sender), letters))
            for delivery, answer in zip(claimed, answers, strict=True):
                arrived += _record(delivery, answer, clock())
    return arrived


def _claim(now: datetime) -> list[WebhookDelivery]:
    """Take up to AT_ONCE deliveries for the length of the lease, each of another endpoint."""
    due = WebhookDelivery.objects.filter(
        Q(endpoint__rests_until__isnull=True) | Q(endpoint__rests_until__lte=now) | Q(attempts__gt=0),
        status=DeliveryStatus.WAITING,
        next_try_at__lte=now,
    ).exclude(endpoint__status=EndpointStatus.OFF)
    claimed: dict[object, WebhookDelivery] = {}
    while len(claimed) < AT_ONCE:
        rows = due.exclude(endpoint__in=list(claimed)).order_by("next_try_at", "pk")
        delivery = rows.select_related("endpoint__organization", "event").first()
        if delivery is None:
            break
        # Only the one who finds the row as it was read has it.
        untouched = WebhookDelivery.objects.filter(
            pk=delivery.pk, status=DeliveryStatus.WAITING, next_try_at=delivery.next_try_at
        )
        if untouched.update(attempts=F("attempts") + 1, next_try_at=now + LEASE):
            delivery.attempts += 1
            delivery.next_try_at = now + LEASE
            claimed[delivery.endpoint_id] = delivery
    return list(claimed.values())


@dataclass(frozen=True)
class Letter:
    """One signed message, ready to be sent without the database. Without headers it can't be signed."""

    url: str
    body: bytes
    headers: dict[str, str]

    def sent_by(self, sender: Sender) -> Answer:
        if not self.headers:
            return Answer(None, "unreadable_secret")
        return sender.send(url=self.url, body=self.body, headers=self.headers)


def body_of(event: PartnerEvent) -> str:
    """The message as sent: type, timestamp and data. The same text on every try."""
    content = {"type": event.type, "timestamp": _text(event.at), "data": event.data}
    return json.dumps(content, separators=(",", ":"), sort_keys=True)


def _text(moment: datetime) -> str:
    """As every other time of the API."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _letter(delivery: WebhookDelivery, now: datetime) -> Letter:
    endpoint, body = delivery.endpoint, body_of(delivery.event)
    sealed = [endpoint.secret_sealed]
    if endpoint.previous_until and now < endpoint.previous_until:
        sealed.append(endpoint.previous_secret_sealed)
    try:
        keys = [sealing.unseal(one) for one in sealed]
    except sealing.Unreadable:
        return Letter(endpoint.url, body.encode(), {})
    headers = signing.headers(keys=keys, message_id=str(delivery.event_id), at=now, body=body)
    return Letter(endpoint.url, body.encode(), headers)


def _record(delivery: WebhookDelivery, answer: Answer, now: datetime) -> bool:
    """Keep what came of a claimed try; true if it arrived."""
    arrived = answer.status is not None and 200 <= answer.status < 300
    error = answer.error or ("" if arrived else "status")
    this = {"at": _text(now), "status": answer.status, "error": error, "ms": answer.ms}
    values = {"tries": [*delivery.tries, this], "updated_at": now, "version": F("version") + 1}
    is_last = delivery.attempts >= len(SCHEDULE)
    if arrived:
        values |= {"status": DeliveryStatus.DELIVERED, "delivered_at": now}
    elif is_last or answer.status == GONE:
        values |= {"status": DeliveryStatus.FAILED}
    else:
        values |= {"next_try_at": now + wait_after(delivery.attempts)}
    with transaction.atomic():
        # The lease is the claim: whoever took longer than it records nothing.
        mine = WebhookDelivery.objects.filter(pk=delivery.pk, next_try_at=delivery.next_try_at)
        if not mine.update(**values):
            return arrived
        rest = None if arrived else now + REST
        WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(rests_until=rest)
        if arrived:
            _judge(delivery.endpoint, EndpointStatus.ACTIVE, now, only=EndpointStatus.FAILING)
        elif answer.status == GONE:
            _judge(delivery.endpoint, EndpointStatus.OFF, now)
        elif is_last:
            _judge(delivery.endpoint, EndpointStatus.FAILING, now, only=EndpointStatus.ACTIVE)
    return arrived


def _judge(endpoint: WebhookEndpoint, status: EndpointStatus, now: datetime, *, only: str = "") -> None:
    """Move the endpoint, from `only` this status if one is given, and tell its owners if that is bad news.

    Of one that the owner has just switched or removed nothing is said.
    """
    held = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True)
    row = held.select_related("organization").filter(pk=endpoint.pk).first()
    if row is None or (only and row.status != only) or not lifecycle.can_move(row, to=status):
        return
    lifecycle.move(row, to=status, at=now, on_behalf_of=row.organization_id)
    if status == EndpointStatus.OFF:
        drop(endpoint=row, now=now)
    if status != EndpointStatus.ACTIVE:
        owners = User.objects.filter(
            memberships__organization=row.organization, memberships__role=Role.OWNER, is_active=True
        )
        notices.tell(
            recipients=owners,
            organization=row.organization,
            code="webhook_failing",
            about=f"webhook:{row.pk}:{row.version}",
            params={"webhook": str(row.pk), "url": row.url, "status": status},
            way=newswords.KINDS["webhook_failing"].way,
            now=now,
        )


def drop(*, endpoint: WebhookEndpoint, now: datetime) -> int:
    """Give up what waits for an endpoint that is off. It can be delivered by hand later."""
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, status=DeliveryStatus.WAITING)
    return waiting.update(status=DeliveryStatus.FAILED, updated_at=now, version=F("version") + 1)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many tries of a round, scattered."""
    return SCHEDULE[attempts] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - a wait is no secret
