"""A re-match that staff asks for: an Event that makes everything due, and how far it has come."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import Due, Event, User
from accounts.services import events, staff
from hosting.models import CapacityRequest, MatchList, MatchRun, RunState
from hosting.services import matchruns

KIND = "hosting.rematch"
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: `state` is "waiting" (no worker has begun), running, done or failed; `matched` of
    `requests` open requests have been looked at."""

    state: str
    run: MatchRun | None
    matched: int
    requests: int

    @property
    def is_over(self) -> bool:
        return self.state in (RunState.DONE, RunState.FAILED)


def ask(*, by: User, why: str, now: datetime) -> Event:
    """Make every open request due; the worker is rung as after any change. Raises NotAllowed and Invalid."""
    staff.only(by)
    return events.record(
        kind=KIND, subject_id=uuid.uuid4(), code="rematch_asked", at=now, by=by, why=staff.reason(why)
    )


def asked(*, uid: uuid.UUID) -> Event:
    """The wish with this public id. Raises Event.DoesNotExist."""
    return Event.objects.get(subject_kind=KIND, uid=uid)


def progress(*, event: Event, now: datetime) -> Progress:
    """How far the run that settles this wish has come. After a failure the next run tries it again."""
    later = MatchRun.objects.filter(Q(finished_at__gte=event.at) | Q(state=RunState.RUNNING))
    if Due.objects.filter(reader=matchruns.READER, event=event).exists():
        latest = later.order_by("-number").first()
        return Progress(WAITING, None, 0, 0) if latest is None else of(latest, now=now)
    done = later.filter(state=RunState.DONE).order_by("number").first()
    # The marks go a moment before the run says that it is done.
    return (
        of(done or later.latest("number"), now=now)
        if done or later.exists()
        else Progress(WAITING, None, 0, 0)
    )


def of(run: MatchRun, *, now: datetime) -> Progress:
    """How far a run has come. A run takes over every list it has looked at."""
    if run.state != RunState.RUNNING:
        return Progress(run.state, run, run.requests, run.requests)
    taken = MatchList.objects.filter(run=run).count()
    return Progress(run.state, run, taken, max(taken, CapacityRequest.objects.open(now).count()))
