"""Match runs: what is due is matched, and the lists it touches are stored.

The row is the job: an Event left a due mark, and the mark goes when the lists it touches are stored. A run
claims its marks, draws its number, opens one snapshot, works, and saves while the marks are still its own.
So a run with a higher number has read everything that any run before it was called for.

Single requests are matched by as many workers as there are. Whatever else is due (an offer, a place, a rate,
the day) is a wide run's, which looks at every open request: there is one at a time. It re-matches whatever
request has a mark of its own, so it need not know what the others are at.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Due
from accounts.services import claims, events, organizations
from accounts.services.errors import Conflict
from hosting.models import MatchRun, RunState
from hosting.services import (
    capacity,
    listings,
    matchlists,
    matchwork,
    offers,
    placefigures,
    requests,
    touched,
)
from hosting.services.matchwork import OF_A_REQUEST, Work
from hosting.services.touched import Touched

READER = touched.READER
DAYS = uuid.UUID("6f0f6a8e-3b1d-4e0c-9f5e-0d7c1b2a3e4f")
# No run takes as long: one that is still running then has lost its worker.
LONGEST = timedelta(minutes=30)
Clock = Callable[[], datetime]
# Called with the lists looked at so far and the lists to look at.
Report = Callable[[int, int], None]


class Busy(Conflict):
    """A run over everything is at work, and there is one at a time."""

    code = "run_at_work"
    message = _("Another match run is at work. Try again when it is done.")


class Overtaken(Exception):
    """This run gave no sign of life for too long, and another has taken its place."""


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
    """A run whose worker was killed says so; its marks are still due, and another run does its work."""
    is_over = Q(lease_until__lt=now) | Q(lease_until__isnull=True, started_at__lt=now - LONGEST)
    dead = MatchRun.objects.filter(is_over, state=RunState.RUNNING)
    dead.update(state=RunState.FAILED, finished_at=now, error="The worker ended before the run did.")


def match_due(*, now: datetime, clock: Clock, report: Report | None = None) -> MatchRun | None:
    """Match what the due changes touch, and nothing else; then settle their marks. None when nothing is due
    that nobody else is at.

    A mark is settled only after its lists are stored, so a run that dies is done again by the next, when its
    lease is over. Run twice or two at a time, it leaves what one run leaves.
    """
    job = _claim(now=now, clock=clock)
    return job.do(now=now, report=report) if job else None


def run(
    *,
    now: datetime,
    clock: Clock,
    trigger: str,
    what: Touched | None = None,
    report: Report | None = None,
) -> MatchRun:
    """Match what is touched (everything when `what` is left out) though nothing is due. Raises Busy."""
    what = what or Touched(is_all=True)
    _bury_the_dead(now=now)
    is_wide = bool(what.is_all or what.offers)
    this = _begin(uuid.uuid4(), trigger=trigger, is_wide=is_wide, now=now, clock=clock)
    if this is None:
        raise Busy
    return Job(this, (), what, clock).do(now=now, report=report)


def _claim(*, now: datetime, clock: Clock, is_narrow: bool = False) -> "Job | None":
    """Marks that nobody is at, and a run for them: also the wide ones, unless a wide run is at work."""
    _bury_the_dead(now=now)
    is_narrow = is_narrow or MatchRun.objects.filter(is_wide=True, state=RunState.RUNNING).exists()
    token = uuid.uuid4()
    kinds = (OF_A_REQUEST,) if is_narrow else ()
    marks = claims.claim(reader=READER, by=token, now=now, until=_lease(clock), kinds=kinds)
    this = _begin_for(token, marks, now, clock)
    if this is None:
        # Somebody began a wide run in this very moment.
        claims.give_back(by=token, but=(OF_A_REQUEST,))
        marks = [mark for mark in marks if mark.event.subject_kind == OF_A_REQUEST]
        this = _begin_for(token, marks, now, clock)
    return Job(this, tuple(marks), None, clock) if this and marks else None


def _begin_for(token: uuid.UUID, marks: list[Due], now: datetime, clock: Clock) -> MatchRun | None:
    """The run of these marks, if there are any."""
    if not marks:
        return None
    trigger = marks[-1].event.code if len(marks) == 1 else f"{len(marks)} changes"
    is_wide = any(mark.event.subject_kind != OF_A_REQUEST for mark in marks)
    return _begin(token, trigger=trigger, is_wide=is_wide, now=now, clock=clock)


def _begin(token: uuid.UUID, *, trigger: str, is_wide: bool, now: datetime, clock: Clock) -> MatchRun | None:
    """Draw the number: after the marks are claimed, before anything is read. None: a wide run is at work."""
    try:
        with transaction.atomic():
            return MatchRun.objects.create(
                id=token,
                trigger=trigger[:40],
                as_of=now.date(),
                is_wide=is_wide,
                started_at=now,
                lease_until=_lease(clock),
            )
    except IntegrityError:
        return None


def _lease(clock: Clock) -> datetime:
    return clock() + timedelta(seconds=settings.MATCH_LEASE)


@dataclass(frozen=True, slots=True)
class Job:
    """A run and its claim; `what` says what to match where there are no marks."""

    this: MatchRun
    marks: tuple[Due, ...]
    what: Touched | None
    clock: Clock

    def do(self, *, now: datetime, report: Report | None) -> MatchRun:
        """Work, save, settle. What fails leaves its marks to the next run, and its reason with this one."""
        this = self.this
        try:
            done = self._work(now, report)
            with transaction.atomic():
                self.fence()
                claims.settle(by=this.id, marks=len(self.marks))
                MatchRun.objects.filter(pk=this.pk).update(
                    state=RunState.DONE, finished_at=self.clock(), settled=len(self.marks), **done
                )
        except Exception as error:
            # Whatever it was, staff reads it with the run; then it rises as it would have.
            MatchRun.objects.filter(pk=this.pk, state=RunState.RUNNING).update(
                state=RunState.FAILED,
                finished_at=self.clock(),
                error=f"{type(error).__name__}: {error}"[:2000],
            )
            claims.give_back(by=this.id)
            raise
        this.refresh_from_db()
        return this

    def fence(self) -> None:
        """Hold our place for this transaction, and show a sign of life. Raises Overtaken or claims.Lost."""
        until = _lease(self.clock)
        running = MatchRun.objects.filter(pk=self.this.pk, state=RunState.RUNNING)
        if not running.update(lease_until=until):
            raise Overtaken
        claims.renew(by=self.this.id, marks=len(self.marks), until=until)

    def _work(self, now: datetime, report: Report | None) -> dict[str, Any]:
        this, changed, looked_at = self.this, 0, 0
        work = self._read(now)
        for answers in work.answers():
            if looked_at:
                self._serve_others()
            changed += matchlists.store(this=this, answers=answers, now=now, fence=self.fence)
            looked_at += len(answers)
            if report:
                report(looked_at, len(work.rows))
        changed += matchlists.drop(this=this, requests=work.closed, now=now, fence=self.fence)
        if work.repriced is None or work.repriced:
            with transaction.atomic():
                self.fence()
                listings.refresh(book=work.columns.book, now=now, only=work.repriced)
        if work.repriced is None:
            # Smaller changes wait for the clock (tasks.count_places): no list waits for figures.
            placefigures.refresh(as_of=this.as_of, now=now)
        return {
            "requests": looked_at,
            "offers": len(work.columns.book.offers),
            "lists_changed": changed,
            "inputs_hash": work.columns.inputs_hash,
        }

    def _read(self, now: datetime) -> Work:
        as_of = self.this.as_of
        if self.this.is_wide:
            return matchwork.of_changes(self.what or self.marks, as_of=as_of, now=now)
        ids = self.what.requests if self.what else {mark.event.subject_id for mark in self.marks}
        return matchwork.of_requests(ids, as_of=as_of, now=now)

    def _serve_others(self) -> None:
        """In the middle of a long run: whoever has posted a request meanwhile does not wait for its end."""
        if self.this.is_wide:
            now = self.clock()
            job = _claim(now=now, clock=self.clock, is_narrow=True)
            if job:
                job.do(now=now, report=None)
