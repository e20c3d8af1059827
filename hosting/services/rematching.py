"""A re-match that somebody asks for: staff by an Event that makes everything due, an operator from a
terminal; and how far it has come."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Due, Event, User
from accounts.services import events, staff
from accounts.services.errors import Invalid
from hosting.models import CapacityRequest, Jurisdiction, MatchList, MatchRun, Offer, RunState
from hosting.services import matchruns
from hosting.services.touched import Touched

KIND = "hosting.rematch"
WAITING = "waiting"


class Unknown(Invalid):
    """What is to be matched again is not there."""

    code = "unknown"
    message = _("There is no %(what)s.")


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


def touched_by(
    *, jurisdiction: str | None = None, request: uuid.UUID | None = None, offer: uuid.UUID | None = None
) -> Touched:
    """What to match for one place with its parts, one request or one offer; for none of them, everything.

    Raises Unknown for a code or an id that nothing has.
    """
    if jurisdiction is not None:
        code = jurisdiction.upper()
        if not Jurisdiction.objects.filter(code=code).exists():
            raise Unknown(what=f"jurisdiction {jurisdiction}")
        within = Q(site__jurisdiction=code) | Q(site__jurisdiction__parent=code)
        return Touched(offers=set(Offer.objects.filter(within).values_list("pk", flat=True)))
    if request is not None:
        if not CapacityRequest.objects.filter(pk=request).exists():
            raise Unknown(what=f"request {request}")
        return Touched(requests={request})
    if offer is not None:
        if not Offer.objects.filter(pk=offer).exists():
            raise Unknown(what=f"offer {offer}")
        return Touched(offers={offer})
    return Touched(is_all=True)
