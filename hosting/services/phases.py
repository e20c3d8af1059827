"""Phases of an offer: added, changed, ended, and never beneath what is committed or above what the site has.

Site first, then the offer: that is the order of locks.
"""

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services import events, lifecycle
from accounts.services.errors import Conflict, Invalid
from hosting.models import CapacityPhase, Commitment, Offer, PhaseState
from hosting.services import capacity, terms


class BeneathCommitted(Conflict):
    """On some day less would be left than is committed. `conflicts`: the commitments of the days that fall
    short, as dicts of kw, starts_on and ends_on (exclusive)."""

    code = "phase_beneath_committed"
    message = gettext_lazy("On %(day)s the offer would lack %(short_kw)s kW for what is already committed.")

    def __init__(self, *, day: date, short_kw: int, conflicts: list[dict[str, Any]]) -> None:
        super().__init__(day=day, short_kw=short_kw, conflicts=conflicts)


def add(
    *,
    offer: Offer,
    available_kw: int,
    starts_on: date,
    ends_on: date | None = None,
    state: str = PhaseState.ENERGISED,
    by: User,
    now: datetime,
    id: uuid.UUID | None = None,
) -> CapacityPhase:
    """Add kW for the days of [starts_on, ends_on). On a live offer the site's total_kw is checked, with
    the site locked. A second call with the `id` of a phase the offer has gives that phase.

    Raises Invalid, terms.NotEditable or capacity.SiteTooSmall.
    """
    _check(available_kw=available_kw, starts_on=starts_on, ends_on=ends_on)
    there = CapacityPhase.objects.filter(pk=id, offer=offer).first() if id else None
    if there is not None:
        return there
    phase = CapacityPhase(
        id=id or uuid.uuid4(),
        offer=offer,
        available_kw=available_kw,
        starts_on=starts_on,
        ends_on=ends_on,
        state=state,
        created_at=now,
        updated_at=now,
    )
    params = {"kw": available_kw}
    try:
        _settle(phase, "added", lambda: phase.save(force_insert=True), by=by, now=now, params=params)
    except IntegrityError as error:
        # Sent twice in the same moment: the first one's stays. Or the id is somebody else's.
        there = CapacityPhase.objects.filter(pk=phase.pk, offer=offer).first()
        if there is None:
            raise Conflict from error
        return there
    offer.refresh_from_db()
    return phase


def change(
    *,
    phase: CapacityPhase,
    available_kw: int,
    starts_on: date,
    ends_on: date | None,
    state: str,
    version: int,
    by: User,
    now: datetime,
) -> None:
    """Change a phase; an earlier `ends_on` ends it. The same values again change nothing.

    Raises Invalid, lifecycle.Stale, BeneathCommitted, terms.NotEditable or capacity.SiteTooSmall.
    """
    _check(available_kw=available_kw, starts_on=starts_on, ends_on=ends_on)
    values = {"available_kw": available_kw, "starts_on": starts_on, "ends_on": ends_on, "state": state}

    def write() -> None:
        lifecycle.check_version(phase, version)
        for name, value in values.items():
            setattr(phase, name, value)
        phase.version += 1
        phase.updated_at = now
        phase.save(update_fields=[*values, "version", "updated_at"])

    phase.refresh_from_db()
    fields = sorted(name for name, value in values.items() if getattr(phase, name) != value)
    if fields:
        _settle(phase, "changed", write, by=by, now=now, params={"fields": fields, "kw": available_kw})


def remove(*, phase: CapacityPhase, version: int, by: User, now: datetime) -> None:
    """Take a phase away altogether. Raises lifecycle.Stale, BeneathCommitted or terms.NotEditable."""

    def write() -> None:
        lifecycle.check_version(phase, version)
        CapacityPhase.objects.filter(pk=phase.pk).delete()

    _settle(phase, "removed", write, by=by, now=now, params={"kw": phase.available_kw})


def _settle(
    phase: CapacityPhase,
    code: str,
    write: Callable[[], Any],
    *,
    by: User,
    now: datetime,
    params: dict[str, Any],
) -> None:
    """Lock, write, see that every promise still holds, and record it."""
    with transaction.atomic():
        site = capacity.lock_site(site_id=phase.offer.site_id)
        offer = Offer.objects.select_for_update(of=("self",), no_key=True).get(pk=phase.offer_id)
        terms.check_editable(offer)
        if code != "added":
            phase.refresh_from_db()
        write()
        check_commitments(offer)
        if offer.status in terms.LIVE:
            capacity.check_site(site=site)
        events.touch(offer, at=now)
        events.changed(phase, code=code, at=now, by=by, params={"offer": str(offer.pk), **params})


def check_commitments(offer: Offer) -> None:
    """Raise BeneathCommitted if on some day the phases hold less than is held or confirmed."""
    live = list(offer.commitments.live().order_by("starts_on", "pk"))
    staircase = capacity.steps(
        phases=[(one.available_kw, one.starts_on, one.ends_on) for one in offer.phases.all()],
        taken=[(one.kw, one.starts_on, one.ends_on) for one in live],
    )
    short = [(day, kw) for day, kw in staircase if kw < 0]
    if short:
        day, lowest = min(short, key=lambda step: (step[1], step[0]))
        raise BeneathCommitted(day=day, short_kw=-lowest, conflicts=_conflicts(live, staircase))


def _conflicts(live: Iterable[Commitment], staircase: list[capacity.Step]) -> list[dict[str, Any]]:
    ends = [day for day, _kw in staircase[1:]]
    short = [(day, end) for (day, kw), end in zip(staircase, [*ends, date.max], strict=True) if kw < 0]
    return [
        {"kw": one.kw, "starts_on": one.starts_on, "ends_on": one.ends_on}
        for one in live
        if any(one.starts_on < end and begin < one.ends_on for begin, end in short)
    ]


def _check(*, available_kw: int, starts_on: date, ends_on: date | None) -> None:
    wrong: dict[str, list[Any]] = {}
    if available_kw <= 0:
        wrong["available_kw"] = [_("A phase has some power.")]
    if ends_on is not None and ends_on <= starts_on:
        wrong["ends_on"] = [_("A phase ends after it begins.")]
    if wrong:
        raise Invalid(wrong)
