"""A re-match that staff asks for: an Event that makes everything due, and how far it has come."""

import uuid
from dataclasses import dataclass
from datetime import datetime

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
    newest = MatchRun.objects.order_by("-number").values_list("number", flat=True).first()
    return events.record(
        kind=KIND,
        subject_id=uuid.uuid4(),
        code="rematch_asked",
        at=now,
        by=by,
        why=staff.reason(why),
        params={"after_run": newest or 0},
    )


def asked(*, uid: uuid.UUID) -> Event:
    """The wish with this public id. Raises Event.DoesNotExist."""
    return Event.objects.get(subject_kind=KIND, uid=uid)


def progress(*, event: Event, now: datetime) -> Progress:
    """How far the run that settles this wish has come. After a failure the next run tries it again."""
    later = MatchRun.objects.filter(number__gt=event.params["after_run"]).order_by("number")
    if Due.objects.filter(reader=matchruns.READER, event=event).exists():
        # The marks go a moment before the run says that it is done.
        run = later.last()
    else:
        # A run that had begun before the wish may have read it; there is no other then.
        run = later.filter(state=RunState.DONE).first() or later.last() or MatchRun.objects.first()
    return Progress(WAITING, None, 0, 0) if run is None else of(run, now=now)


def of(run: MatchRun, *, now: datetime) -> Progress:
    """How far a run has come. A run takes over every list it has looked at."""
    if run.state != RunState.RUNNING:
        return Progress(run.state, run, run.requests, run.requests)
    taken = MatchList.objects.filter(run=run).count()
    return Progress(run.state, run, taken, max(taken, CapacityRequest.objects.open(now).count()))
