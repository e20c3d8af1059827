"""Match runs: what is due is matched, and every open request's list is stored.

The row is the job: an Event left a due mark, and the mark goes when the lists it touches are stored.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Due
from accounts.services import events
from hosting.models import CapacityRequest, MatchList, MatchRun, RunState
from hosting.services import capacity, engine, listings, matches, needs, offers, requests

READER = "matching"
DAYS = uuid.UUID("6f0f6a8e-3b1d-4e0c-9f5e-0d7c1b2a3e4f")
Clock = Callable[[], datetime]


def begin_day(*, now: datetime) -> bool:
    """The UTC day begins: what ends with the day before ends, and everything is due. True the first time
    only."""
    requests.expire_due(now=now)
    offers.expire_due(now=now)
    capacity.release_due(now=now)
    today = now.date()
    subject = uuid.uuid5(DAYS, today.isoformat())
    return events.record_once(kind="hosting.day", subject_id=subject, code="day_began", at=now)


def match_due(*, now: datetime, clock: Clock) -> MatchRun | None:
    """Match what is due and settle its marks: only the requests themselves when nothing else changed,
    otherwise every open request. None when nothing is due.

    A mark is settled only after its lists are stored, so a run that dies is done again by the next. Run
    twice or two at a time, it leaves what one run leaves.
    """
    marks = events.due(reader=READER)
    if not marks:
        return None
    kind = events.kind_of(CapacityRequest())
    only = {mark.event.subject_id for mark in marks if mark.event.subject_kind == kind}
    is_partial = all(mark.event.subject_kind == kind for mark in marks)
    trigger = marks[-1].event.code if len(marks) == 1 else f"{len(marks)} changes"
    return run(now=now, clock=clock, trigger=trigger, only=only if is_partial else None, marks=marks)


def run(
    *,
    now: datetime,
    clock: Clock,
    trigger: str,
    only: set[uuid.UUID] | None = None,
    marks: Iterable[Due] = (),
) -> MatchRun:
    """Match the open requests (those of `only`, or all), store their lists, settle the marks."""
    marks = list(marks)
    # The number is drawn before anything is read: a run with a higher number has read what is newer.
    this = MatchRun.objects.create(trigger=trigger[:40], as_of=now.date(), started_at=now)
    try:
        changed, looked_at, hashed = _store(this=this, now=now, only=only)
    except Exception as error:
        MatchRun.objects.filter(pk=this.pk).update(
            state=RunState.FAILED, finished_at=clock(), error=f"{type(error).__name__}: {error}"[:2000]
        )
        raise
    events.settle(marks=marks)
    MatchRun.objects.filter(pk=this.pk).update(
        state=RunState.DONE,
        finished_at=clock(),
        requests=looked_at[0],
        offers=looked_at[1],
        lists_changed=changed,
        settled=len(marks),
        inputs_hash=hashed,
    )
    this.refresh_from_db()
    return this


def _store(*, this: MatchRun, now: datetime, only: set[uuid.UUID] | None) -> tuple[int, tuple[int, int], str]:
    columns = engine.book(this.as_of)
    market = engine.fingerprint(columns)
    touched = CapacityRequest.objects.all() if only is None else CapacityRequest.objects.filter(pk__in=only)
    wanted = list(touched.open(now).order_by("pk"))
    changed = 0
    for request in wanted:
        need = needs.of_request(request)
        rows = matches.best(columns, need.as_engine(request=request.pk))
        inputs = hashlib.sha256(f"{market} {need!r}".encode()).hexdigest()
        changed += _replace(request=request, this=this, rows=rows, inputs=inputs, now=now)
    gone = MatchList.objects.filter(request__in=touched, run__lt=this.pk).exclude(request__in=wanted)
    changed += gone.delete()[0]
    if only is None:
        listings.refresh(book=columns, now=now)
    return changed, (len(wanted), len(columns.offers)), market


def _replace(
    *, request: CapacityRequest, this: MatchRun, rows: list[dict[str, Any]], inputs: str, now: datetime
) -> bool:
    """Store the list unless a newer run has; true if it differs from what was there.

    The run that confirms a list takes it over, so that an older one that comes late can't.
    """
    fresh = {"run": this, "as_of": this.as_of, "inputs_hash": inputs, "rows": rows, "updated_at": now}
    with transaction.atomic():
        MatchList.objects.bulk_create([MatchList(request=request, **fresh)], ignore_conflicts=True)
        locked = MatchList.objects.select_for_update(of=("self",), no_key=True)
        stored = locked.get(request=request)
        if stored.run_id >= this.pk:
            return stored.run_id == this.pk
        is_same = stored.rows == rows and stored.as_of == this.as_of
        if is_same:
            fresh = {"run": this, "inputs_hash": inputs}
        MatchList.objects.filter(pk=stored.pk).update(**fresh)
    return not is_same
