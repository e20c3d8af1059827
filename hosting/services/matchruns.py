"""Match runs: what is due is matched, and every open request's list is stored.

The row is the job: an Event left a due mark, and the mark goes when the lists it touches are stored.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Due
from accounts.services import events, organizations
from hosting.matching import match
from hosting.matching.book import Book
from hosting.matching.records import Need
from hosting.models import CapacityRequest, MatchList, MatchRun, RunState
from hosting.services import capacity, engine, listings, matches, needs, offers, requests, touched
from hosting.services.touched import Touched

READER = "matching"
DAYS = uuid.UUID("6f0f6a8e-3b1d-4e0c-9f5e-0d7c1b2a3e4f")
# No run takes as long: one that is still running then has lost its worker.
LONGEST = timedelta(minutes=30)
Clock = Callable[[], datetime]


def begin_day(*, now: datetime) -> bool:
    """The UTC day begins: what ends with the day before ends, and everything is due. True the first time
    only."""
    organizations.expire_due(now=now)
    requests.expire_due(now=now)
    offers.expire_due(now=now)
    capacity.release_due(now=now)
    _bury_the_dead(now=now)
    today = now.date()
    subject = uuid.uuid5(DAYS, today.isoformat())
    return events.record_once(kind="hosting.day", subject_id=subject, code="day_began", at=now)


def _bury_the_dead(*, now: datetime) -> None:
    """A run whose worker was killed says so; its marks are still due, and another run has done its work."""
    dead = MatchRun.objects.filter(state=RunState.RUNNING, started_at__lt=now - LONGEST)
    dead.update(state=RunState.FAILED, finished_at=now, error="The worker ended before the run did.")


def match_due(*, now: datetime, clock: Clock) -> MatchRun | None:
    """Match what the due changes touch, and nothing else; then settle their marks. None when nothing is due.

    A mark is settled only after its lists are stored, so a run that dies is done again by the next. Run
    twice or two at a time, it leaves what one run leaves.
    """
    marks = events.due(reader=READER)
    if not marks:
        return None
    trigger = marks[-1].event.code if len(marks) == 1 else f"{len(marks)} changes"
    return run(now=now, clock=clock, trigger=trigger, what=touched.by(marks), marks=marks)


def run(
    *,
    now: datetime,
    clock: Clock,
    trigger: str,
    what: Touched | None = None,
    marks: Iterable[Due] = (),
) -> MatchRun:
    """Match the open requests that are touched (all of them when `what` is left out) and settle the marks."""
    marks = list(marks)
    # The number is drawn before anything is read: a run with a higher number has read what is newer.
    this = MatchRun.objects.create(trigger=trigger[:40], as_of=now.date(), started_at=now)
    try:
        done = _store(this=this, now=now, what=what or Touched(is_all=True))
    except Exception as error:
        # Whatever it was, staff reads it with the run; then it rises as it would have.
        MatchRun.objects.filter(pk=this.pk).update(
            state=RunState.FAILED, finished_at=clock(), error=f"{type(error).__name__}: {error}"[:2000]
        )
        raise
    events.settle(marks=marks)
    MatchRun.objects.filter(pk=this.pk).update(
        state=RunState.DONE, finished_at=clock(), settled=len(marks), **done
    )
    this.refresh_from_db()
    return this


def _store(*, this: MatchRun, now: datetime, what: Touched) -> dict[str, Any]:
    columns = engine.book(this.as_of)
    market = engine.fingerprint(columns)
    lists = {one.request_id: one for one in MatchList.objects.all()}
    # A day that nobody has begun yet makes everything old.
    is_all = what.is_all or any(one.as_of != this.as_of for one in lists.values())
    changed, matched, untouched = 0, 0, []
    is_open = CapacityRequest.objects.open(now)
    for request in is_open.order_by("pk"):
        stored = lists.pop(request.pk, None)
        need = needs.of_request(request)
        asked = need.as_engine(request=request.pk)
        if not (is_all or request.pk in what.requests or _reaches(what, columns, asked, stored)):
            untouched.append(request.pk)
            continue
        rows = matches.best(columns, asked)
        inputs = hashlib.sha256(f"{market} {need!r}".encode()).hexdigest()
        changed += _replace(request=request, this=this, rows=rows, inputs=inputs, now=now)
        matched += 1
    # They too were looked at: a run that read less, and comes late, must not write over them.
    MatchList.objects.filter(request__in=untouched, run__lt=this.pk).update(run=this)
    gone = MatchList.objects.filter(request__in=lists, run__lt=this.pk).exclude(request__in=is_open)
    changed += gone.delete()[0]
    if is_all or what.offers:
        listings.refresh(book=columns, now=now)
    return {
        "requests": matched,
        "offers": len(columns.offers),
        "lists_changed": changed,
        "inputs_hash": market,
    }


def _reaches(what: Touched, columns: Book, need: Need, stored: MatchList | None) -> bool:
    """Whether a touched offer stands in the list or fits the need now; if neither, the list can't change."""
    if stored is None:
        return True
    if any(uuid.UUID(row["offer"]) in what.offers for row in stored.rows):
        return True
    at = [columns.position[offer] for offer in what.offers if offer in columns.position]
    return bool(at) and match.evaluate(columns, need, only=at).matched_count > 0


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
        _record_news(request=request, before=stored.rows, after=rows, now=now)
    return not is_same


def _record_news(
    *, request: CapacityRequest, before: list[dict[str, Any]], after: list[dict[str, Any]], now: datetime
) -> None:
    """An Event when offers entered or left a list that was there, or another one became the first: not
    when only figures changed, nor for the first list of all, which its owner is waiting for."""
    was, becomes = ([row["offer"] for row in rows] for rows in (before, after))
    entered = [offer for offer in becomes if offer not in was]
    left = [offer for offer in was if offer not in becomes]
    best = becomes[0] if becomes and becomes[:1] != was[:1] else None
    if entered or left or best:
        params = {"entered": entered, "left": left, "best": best}
        events.record(
            kind="hosting.matchlist", subject_id=request.pk, code="list_changed", at=now, params=params
        )
