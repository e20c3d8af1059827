"""Feed: what partners are told, in the events feed and by webhooks. Written from due marks in a task.

Who is told what follows the table "who sees what": an organization hears of its own requests and offers, and
a broker of the requests it runs under a mandate; offers that are listed and rules of places are public. What
is told names things by their UUIDs and says no more; who may see them reads them over the API.
"""

import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Event
from accounts.services import events
from accounts.services.acting import STRANGER, Viewer
from hosting.models import (
    CapacityRequest,
    Decliner,
    EventType,
    Interest,
    Offer,
    OfferStatus,
    PartnerEvent,
    RegulationRule,
    RequestStatus,
    RuleStatus,
)
from hosting.services import deliveries

log = logging.getLogger(__name__)

READER = "webhooks"
KEPT = timedelta(days=30)
# The feed shows what is at least so old: whatever was recorded before it has been committed by then, and
# nobody who walks the feed misses a row that came late.
SETTLING = timedelta(seconds=10)

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Told:
    """A type and its data, for one organization, or for everybody."""

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    organization: uuid.UUID | None = None


def record_due(*, clock: Clock) -> int:
    """Record what the due Events have to tell, with a delivery for each endpoint that wants it, and settle
    their marks. Gives how many were recorded.

    Each Event in a transaction of its own; one that can't be told is logged, stays due and is tried again.
    """
    recorded = 0
    for mark in events.due(reader=READER):
        try:
            with transaction.atomic():
                recorded += sum(_record(mark.event, told, clock()) for told in _tell(mark.event))
                events.settle(marks=[mark])
        except Exception:
            # Whatever is wrong with one Event must not silence the others.
            log.exception("event %s could not be told to partners", mark.event_id)
    return recorded


def readable(*, viewer: Viewer, now: datetime) -> QuerySet:
    """The feed as this viewer reads it now."""
    return PartnerEvent.objects.visible_to(viewer).settled(now - SETTLING)


def forget(*, now: datetime) -> int:
    """Delete what is older than the log is kept, deliveries included. Gives how many events went."""
    old = PartnerEvent.objects.filter(recorded_at__lt=now - KEPT)
    count = old.count()
    old.delete()
    return count


def _record(event: Event, told: Told, now: datetime) -> bool:
    # The same Event told twice is the same row: two workers, or one that died in the middle.
    key = uuid.uuid5(event.uid, f"{told.type} {told.organization or ''}")
    made, is_new = PartnerEvent.objects.get_or_create(
        pk=key,
        defaults={
            "type": told.type,
            "organization_id": told.organization,
            "at": event.at,
            "recorded_at": now,
            "data": told.data,
        },
    )
    if is_new:
        deliveries.queue(event=made, now=now)
    return is_new


def _tell(event: Event) -> Iterator[Told]:
    teller = TELLERS.get(event.subject_kind)
    if teller is not None:
        yield from teller(event)


def _list_changed(event: Event) -> Iterator[Told]:
    request = _request_of(event)
    if request is not None and event.code == "list_changed":
        said = {name: event.params.get(name) for name in ("entered", "left", "best")}
        for organization in _miners(request, event):
            yield Told(EventType.MATCH_LIST_CHANGED, {"request": str(request.pk), **said}, organization)


def _request_of(event: Event) -> CapacityRequest | None:
    return CapacityRequest.objects.select_related("mandate").filter(pk=event.subject_id).first()


def _miners(request: CapacityRequest, event: Event) -> list[uuid.UUID]:
    """The owner, and the broker who ran the request for it when it happened."""
    told = {request.owner_id}
    if request.mandate is not None and request.mandate.is_valid_on(event.at.date()):
        told.add(request.mandate.broker_id)
    return sorted(told)


OPENED_OR_CLOSED = {
    RequestStatus.OPEN: EventType.REQUEST_OPENED,
    RequestStatus.AWARDED: EventType.REQUEST_CLOSED,
    RequestStatus.SUSPENDED: EventType.REQUEST_CLOSED,
    RequestStatus.EXPIRED: EventType.REQUEST_CLOSED,
    RequestStatus.WITHDRAWN: EventType.REQUEST_CLOSED,
}


def _request(event: Event) -> Iterator[Told]:
    """A draft that is withdrawn was never open."""
    if not event.status_to or (event.status_from, event.status_to) == ("draft", "withdrawn"):
        return
    request = _request_of(event)
    kind = OPENED_OR_CLOSED.get(RequestStatus(event.status_to))
    if request is not None and kind is not None:
        for organization in _miners(request, event):
            yield Told(kind, {"request": str(request.pk), "status": event.status_to}, organization)


def _offer(event: Event) -> Iterator[Told]:
    """Public while the offer is; of one that is not (its host is not verified), its own side hears."""
    kind = {OfferStatus.PUBLISHED: EventType.OFFER_PUBLISHED, OfferStatus.PAUSED: EventType.OFFER_PAUSED}
    if event.status_to not in kind:
        return
    offer = Offer.objects.select_related("site__host").filter(pk=event.subject_id).first()
    if offer is None:
        return
    is_public = Offer.objects.visible_to(STRANGER).filter(pk=offer.pk).exists()
    if event.status_to == OfferStatus.PAUSED and event.status_from == OfferStatus.PUBLISHED:
        # Nobody but its own side sees a paused one; that it left the lists is seen by everybody.
        is_public = offer.site.host.is_verified
    data = {"offer": str(offer.pk), "site": str(offer.site_id)}
    yield Told(kind[OfferStatus(event.status_to)], data, None if is_public else offer.site.host_id)


def _rule(event: Event) -> Iterator[Told]:
    if event.status_to != RuleStatus.PUBLISHED:
        return
    rule = RegulationRule.objects.filter(pk=event.subject_id, status=RuleStatus.PUBLISHED).first()
    if rule is not None:
        yield Told(EventType.RULE_PUBLISHED, {"rule": str(rule.pk), "jurisdiction": rule.jurisdiction_id})


def _interest(event: Event) -> Iterator[Told]:
    """Who acted hears of it. The other side hears what the notices tell it: of interest, and of a no where it
    had acted itself; a shortlist is the miner's alone."""
    rows = Interest.objects.select_related("request__mandate", "offer__site")
    interest = rows.filter(pk=event.subject_id).first()
    kind = MARKS.get(event.code)
    if interest is None or kind is None:
        return
    miners, host = set(_miners(interest.request, event)), {interest.offer.site.host_id}
    data = {name: str(getattr(interest, f"{name}_id")) for name in ("request", "offer")}
    if kind in (EventType.INTEREST_SHORTLISTED, EventType.INTEREST_UNLISTED):
        told = miners
    elif kind in (EventType.INTEREST_EXPRESSED, EventType.INTEREST_TAKEN_BACK):
        told = miners | host
    elif kind == EventType.INTEREST_DECLINE_UNDONE:
        told = _who_heard_of_the_no(interest)
    else:
        data["side"] = interest.declined_by
        told = _who_hears_of_the_no(interest, miners=miners, host=host)
    for organization in sorted(told):
        yield Told(kind, {"interest": str(interest.pk), **data}, organization)


def _who_hears_of_the_no(
    interest: Interest, *, miners: set[uuid.UUID], host: set[uuid.UUID]
) -> set[uuid.UUID]:
    """Nobody, if it has been taken back by now."""
    if interest.declined_by == Decliner.MINER:
        return miners | host if interest.interested_at else miners
    if interest.declined_by == Decliner.HOST:
        return miners | host if interest.interested_at or interest.shortlisted_at else host
    return set()


def _who_heard_of_the_no(interest: Interest) -> set[uuid.UUID]:
    """Those to whom the latest no was told: the row itself no longer says whose it was."""
    heard = PartnerEvent.objects.filter(
        type=EventType.INTEREST_DECLINED, data__interest=str(interest.pk), organization__isnull=False
    )
    latest = heard.order_by("-at").first()
    return set(heard.filter(at=latest.at).values_list("organization_id", flat=True)) if latest else set()


MARKS = {
    "shortlisted": EventType.INTEREST_SHORTLISTED,
    "unlisted": EventType.INTEREST_UNLISTED,
    "interested": EventType.INTEREST_EXPRESSED,
    "interest_taken_back": EventType.INTEREST_TAKEN_BACK,
    "declined": EventType.INTEREST_DECLINED,
    "decline_undone": EventType.INTEREST_DECLINE_UNDONE,
}
TELLERS: dict[str, Callable[[Event], Iterator[Told]]] = {
    "hosting.matchlist": _list_changed,
    "hosting.capacityrequest": _request,
    "hosting.offer": _offer,
    "hosting.regulationrule": _rule,
    "hosting.interest": _interest,
}
