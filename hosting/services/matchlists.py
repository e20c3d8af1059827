"""The stored lists: many at a time, each replaced as a whole, never by an older run's."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.services import events
from hosting.models import CapacityRequest, MatchList, MatchRun

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run found for a request: the rows, and a hash of what they follow from."""

    rows: Rows
    inputs_hash: str


def store(
    *, this: MatchRun, answers: Mapping[uuid.UUID, Answer], now: datetime, fence: Callable[[], None]
) -> int:
    """Store the lists unless a newer run has; gives how many differ from what was there.

    The run that confirms a list takes it over, so that an older one that comes late can't. `fence` is called
    within the transaction: it raises where this run has lost its work to another, and nothing is stored.
    """
    with transaction.atomic():
        fence()
        there = _locked(answers)
        missing = answers.keys() - there.keys()
        if missing:
            MatchList.objects.bulk_create(
                (_row(this, request, answers[request], now) for request in sorted(missing)),
                ignore_conflicts=True,
            )
            # Ours now, unless another run has stored one of them in the same moment.
            there |= _locked(missing)
        written, news, changed = [], {}, 0
        for request, stored in there.items():
            answer = answers[request]
            if stored.run_id >= this.pk:
                changed += stored.run_id == this.pk and request in missing
                continue
            is_same = stored.rows == answer.rows and stored.as_of == this.as_of
            changed += not is_same
            written.append(_row(this, request, answer, stored.updated_at if is_same else now))
            moved = _news(before=stored.rows, after=answer.rows)
            if moved:
                news[request] = moved
        MatchList.objects.bulk_create(
            written,
            update_conflicts=True,
            unique_fields=["request"],
            update_fields=["run", "as_of", "inputs_hash", "rows", "updated_at"],
        )
        if news:
            events.record_each(kind="hosting.matchlist", params_of=news, code="list_changed", at=now)
    return changed


def drop(*, this: MatchRun, requests: Collection[uuid.UUID], now: datetime, fence: Callable[[], None]) -> int:
    """Delete the lists of requests that are not open, unless a newer run stored them. Gives how many."""
    if not requests:
        return 0
    with transaction.atomic():
        fence()
        gone = MatchList.objects.filter(request__in=requests, run__lt=this.pk)
        return gone.exclude(request__in=CapacityRequest.objects.open(now)).delete()[0]


def _locked(requests: Collection[uuid.UUID]) -> dict[uuid.UUID, MatchList]:
    rows = MatchList.objects.select_for_update(of=("self",), no_key=True)
    # Everybody locks in the same order.
    return {row.pk: row for row in rows.filter(request__in=list(requests)).order_by("pk")}


def _row(this: MatchRun, request: uuid.UUID, answer: Answer, updated_at: datetime) -> MatchList:
    return MatchList(
        request_id=request,
        run=this,
        as_of=this.as_of,
        inputs_hash=answer.inputs_hash,
        rows=answer.rows,
        updated_at=updated_at,
    )


def _news(*, before: Rows, after: Rows) -> dict[str, Any] | None:
    """What is new when offers entered or left a list that was there, or another one became the first: not
    when only figures changed, nor for the first list of all, which its owner is waiting for."""
    was, becomes = ([row["offer"] for row in rows] for rows in (before, after))
    entered = [offer for offer in becomes if offer not in was]
    left = [offer for offer in was if offer not in becomes]
    best = becomes[0] if becomes and becomes[:1] != was[:1] else None
    return {"entered": entered, "left": left, "best": best} if entered or left or best else None
