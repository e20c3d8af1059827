"""The ledger: the one door through which capacity is taken, and the bound of a site.

In one transaction: lock the offer's row, sweep phases and live commitments over the period, refuse if any
day falls short, insert. Every path that takes capacity goes through `hold`. Freeing needs no lock.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import events, lifecycle
from accounts.services.errors import Conflict, Invalid
from hosting.models import (
    CapacityPhase,
    CapacityRequest,
    Commitment,
    CommitmentState,
    Offer,
    OfferStatus,
    Site,
)

Step = tuple[date, int]


class NotEnough(Conflict):
    """On some day of the period the offer has less free than asked for."""

    code = "not_enough_capacity"
    message = _("Only %(free_kw)s kW are free on %(day)s.")


class NotOnTheMarket(Conflict):
    """Capacity is taken from published and paused offers only."""

    code = "offer_not_on_the_market"
    message = _("This offer is not on the market.")


class SiteTooSmall(Conflict):
    """On some day the phases of the site's live offers exceed what the site has."""

    code = "site_too_small"
    message = _("On %(day)s the site's offers would need %(needed_kw)s kW; the site has %(total_kw)s kW.")


def steps(
    *, phases: Iterable[tuple[int, date, date | None]], taken: Iterable[tuple[int, date, date]] = ()
) -> list[Step]:
    """Free kW as a staircase: [(first day, kW from that day on)], oldest first. Before the first step it
    is 0."""
    changes: dict[date, int] = {}
    for kw, begins, ends in [*phases, *((-kw, begins, ends) for kw, begins, ends in taken)]:
        changes[begins] = changes.get(begins, 0) + kw
        if ends is not None:
            changes[ends] = changes.get(ends, 0) - kw
    level, staircase = 0, []
    for day in sorted(changes):
        level += changes[day]
        staircase.append((day, level))
    return staircase


def staircase_of(offer: Offer) -> list[Step]:
    """The free capacity of an offer over time, as steps() gives it."""
    return steps(
        phases=[(phase.available_kw, phase.starts_on, phase.ends_on) for phase in offer.phases.all()],
        taken=[
            (one.kw, one.starts_on, one.ends_on)
            for one in offer.commitments.all()
            if one.state != CommitmentState.RELEASED
        ],
    )


def lowest(staircase: list[Step], *, starts_on: date, ends_on: date) -> Step:
    """(day, kW) of the first day of [starts_on, ends_on) on which the least is free."""
    at_start = [kw for day, kw in staircase if day <= starts_on]
    within = [(day, kw) for day, kw in staircase if starts_on < day < ends_on]
    return min([(starts_on, at_start[-1] if at_start else 0), *within], key=lambda step: (step[1], step[0]))


def hold(
    *,
    offer: Offer,
    kw: int,
    starts_on: date,
    ends_on: date,
    held_until: datetime,
    by: User | None,
    now: datetime,
    request: CapacityRequest | None = None,
) -> Commitment:
    """Take kW of a published offer for the days of [starts_on, ends_on) until held_until. Raises
    NotEnough."""
    if kw <= 0 or ends_on <= starts_on:
        raise Invalid({"kw": [_("Hold some kW for at least a day.")]})
    with transaction.atomic():
        locked = _lock(offer.pk)
        if locked.status not in (OfferStatus.PUBLISHED, OfferStatus.PAUSED):
            raise NotOnTheMarket
        day, free_kw = lowest(staircase_of(locked), starts_on=starts_on, ends_on=ends_on)
        if free_kw < kw:
            raise NotEnough(free_kw=free_kw, day=day)
        commitment = Commitment.objects.create(
            offer=locked,
            request=request,
            kw=kw,
            starts_on=starts_on,
            ends_on=ends_on,
            held_until=held_until,
            created_at=now,
            updated_at=now,
        )
        _record(commitment, "held", now, by)
    return commitment


def confirm(*, commitment: Commitment, by: User | None, now: datetime) -> None:
    """The contract is signed: the hold stays until its end."""
    with transaction.atomic():
        _lock(commitment.offer_id)
        lifecycle.move(
            commitment,
            to=CommitmentState.CONFIRMED,
            at=now,
            by=by,
            params=_params(commitment),
            held_until=None,
        )
        events.touch(commitment.offer, at=now)


def release(*, commitment: Commitment, by: User | None, why: str, now: datetime) -> None:
    """Give the kW back."""
    with transaction.atomic():
        lifecycle.move(
            commitment, to=CommitmentState.RELEASED, at=now, by=by, why=why, params=_params(commitment)
        )
        events.touch(commitment.offer, at=now)


def release_due(*, now: datetime) -> int:
    """Holds whose hour has passed, and confirmed ones whose last day has, are released. Gives how many."""
    live: QuerySet[Commitment] = Commitment.objects.live().select_related("offer").order_by("pk")
    over = [
        *live.filter(state=CommitmentState.HELD, held_until__lte=now),
        *live.filter(state=CommitmentState.CONFIRMED, ends_on__lte=now.date()),
    ]
    for commitment in over:
        release(commitment=commitment, by=None, why="", now=now)
    return len(over)


def lock_site(*, site_id: uuid.UUID) -> Site:
    """Lock the site's row (before any of its offers: that is the order of locks)."""
    locked = Site.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("host", "jurisdiction").get(pk=site_id)


def check_site(*, site: Site) -> None:
    """On every day the phases of the site's live offers stay within its total_kw. The site is locked by
    the caller.

    Raises SiteTooSmall.
    """
    phases = CapacityPhase.objects.filter(
        offer__site=site, offer__status__in=(OfferStatus.PUBLISHED, OfferStatus.PAUSED)
    ).values_list("available_kw", "starts_on", "ends_on")
    for day, kw in steps(phases=phases):
        if kw > site.total_kw:
            raise SiteTooSmall(day=day, needed_kw=kw, total_kw=site.total_kw)


def _lock(offer_id: uuid.UUID) -> Offer:
    return (
        Offer.objects.select_for_update(of=("self",), no_key=True)
        .prefetch_related("phases", "commitments")
        .get(pk=offer_id)
    )


def _params(commitment: Commitment) -> dict[str, Any]:
    return {"offer": str(commitment.offer_id), "kw": commitment.kw}


def _record(commitment: Commitment, code: str, now: datetime, by: User | None) -> None:
    events.changed(commitment, code=code, at=now, by=by, params=_params(commitment))
    events.touch(commitment.offer, at=now)
