"""The stored answer to a request, explained again by the engine when somebody looks.

A MatchList holds offers in order and no more. Parts, components and gates are worked out here from the market
as it stands; where that no longer agrees with the list, a new list is on its way.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Due, User
from accounts.services import events
from hosting.matching import match
from hosting.matching.match import Match, Verdict
from hosting.models import CapacityRequest, MatchList, RequestSeen, RequestStatus
from hosting.services import engine, matches, matchruns, needs
from hosting.services.matches import Found, Preview

# Looks that follow each other within this time are one visit: a page reloaded shows the same news.
VISIT = timedelta(minutes=30)
# A look is not written down again for less than this.
GLANCE = timedelta(minutes=1)


@dataclass(frozen=True)
class Answer:
    """What a request's page says of the market.

    preview.results are the stored rows in their order; those that fit no longer are left out and counted
    in `left`. `stored` is None for a request that has no list (yet). `is_on_its_way`: a newer list is due.
    `asked`: the offers asked for by id, in that order; one that is not on the market is not among them.
    """

    preview: Preview
    stored: MatchList | None
    is_on_its_way: bool
    left: int = 0
    asked: list[Found] = field(default_factory=list)


def stored_list(request: CapacityRequest) -> MatchList | None:
    """The request's list with its run, or None."""
    return MatchList.objects.select_related("run").filter(request=request).first()


def is_due(request: CapacityRequest, stored: MatchList | None, *, now: datetime) -> bool:
    """Whether an open request waits for a list newer than its own last change, or of this day.

    The Event of a change is the due mark: it stays until the list that follows from it is stored.
    """
    if request.status != RequestStatus.OPEN or request.expires_at <= now:
        return False
    if stored is None or stored.as_of < now.date():
        return True
    return Due.objects.filter(
        reader=matchruns.READER, event__subject_kind=events.kind_of(request), event__subject_id=request.pk
    ).exists()


def has_new_list(request: CapacityRequest, *, run: int, now: datetime) -> bool:
    """Whether there is a list that a page showing the list of `run` (0 for none) should load now."""
    stored = stored_list(request)
    return stored is not None and stored.run_id != run and not is_due(request, stored, now=now)


def of_request(*, request: CapacityRequest, now: datetime, offer_ids: Iterable[uuid.UUID] = ()) -> Answer:
    """The stored list of an open request, explained; for a draft, what it would get if it were posted now.

    Read with a fixed number of queries. Near misses are worked out anew; so are the offers asked for.
    """
    is_open = request.status == RequestStatus.OPEN and request.expires_at > now
    stored = stored_list(request) if is_open else None
    as_of = stored.as_of if stored else now.date()
    columns = engine.current(as_of).book
    verdict = match.evaluate(columns, needs.of_request(request).as_engine(request=request.pk))
    listed = _listed(verdict, stored) if is_open else verdict.ranked(matches.BEST)
    near = verdict.near_misses(matches.BEST)
    asked = [one for one in map(verdict.explain, offer_ids) if one]
    rows = matches.rows_of({one.offer for one in (*listed, *near, *asked)}, as_of)
    preview = Preview(
        as_of=as_of,
        results=[Found(one, rows[one.offer]) for one in listed],
        near=[Found(one, rows[one.offer]) for one in near],
        looked_at=len(columns.offers),
        matched=verdict.matched_count,
        excluded_by=matches.excluded_by(verdict),
    )
    is_on_its_way = is_due(request, stored, now=now)
    if stored and not is_on_its_way and _differs(stored, listed):
        is_on_its_way = Due.objects.filter(reader=matchruns.READER).exists()
    return Answer(
        preview=preview,
        stored=stored,
        is_on_its_way=is_on_its_way,
        left=len(stored.rows) - len(listed) if stored else 0,
        asked=[Found(one, rows[one.offer]) for one in asked],
    )


def _listed(verdict: Verdict, stored: MatchList | None) -> list[Match]:
    """The rows of the list as the engine sees them now, in the list's order; without what fits no longer."""
    explained = [verdict.explain(uuid.UUID(row["offer"])) for row in (stored.rows if stored else ())]
    return [one for one in explained if one and not one.failed]


def _differs(stored: MatchList, listed: list[Match]) -> bool:
    return [(row["offer"], row["score"], row["price_micros"], row["start"]) for row in stored.rows] != [
        (str(one.offer), one.score, one.price_micros, one.start.isoformat() if one.start else None)
        for one in listed
    ]


# -- what changed since a person's last visit ---------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """A row of the list then and now; ranks from 1, prices in micro-USD per kWh."""

    offer: uuid.UUID
    rank_before: int
    rank: int
    price_before: int | None
    price: int | None
    start_before: date | None
    start: date | None
    is_rewritten: bool


@dataclass(frozen=True)
class Changes:
    """What differs between two visits: offers that came, that went, and that moved."""

    since: datetime
    came: list[uuid.UUID]
    went: list[uuid.UUID]
    moved: list[Moved]

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.moved)


def look(
    *, request: CapacityRequest, person: User, rows: list[dict[str, Any]], now: datetime
) -> Changes | None:
    """Remember that the person has seen these rows; give what changed since the visit before, if any."""
    seen, is_first = RequestSeen.objects.get_or_create(
        request=request, person=person, defaults={"last_rows": rows, "last_at": now}
    )
    if is_first:
        return None
    if now - seen.last_at > VISIT:
        seen.before_rows, seen.before_at = seen.last_rows, seen.last_at
    if seen.last_rows != rows or now - seen.last_at > GLANCE:
        seen.last_rows, seen.last_at = rows, now
        seen.save()
    return changes(seen.before_rows, rows, since=seen.before_at) if seen.before_at else None


def changes(before: list[dict[str, Any]], rows: list[dict[str, Any]], *, since: datetime) -> Changes:
    """What differs between two lists of rows as a MatchList keeps them."""
    then = {row["offer"]: (rank, row) for rank, row in enumerate(before, 1)}
    now = {row["offer"]: (rank, row) for rank, row in enumerate(rows, 1)}
    return Changes(
        since=since,
        came=[uuid.UUID(offer) for offer in now if offer not in then],
        went=[uuid.UUID(offer) for offer in then if offer not in now],
        moved=[
            _moved(offer, *then[offer], *now[offer])
            for offer in now
            if offer in then and _essence(*then[offer]) != _essence(*now[offer])
        ],
    )


def _essence(rank: int, row: dict[str, Any]) -> tuple:
    return rank, row["price_micros"], row["start"]


def _moved(offer: str, rank_before: int, before: dict[str, Any], rank: int, row: dict[str, Any]) -> Moved:
    return Moved(
        offer=uuid.UUID(offer),
        rank_before=rank_before,
        rank=rank,
        price_before=before["price_micros"],
        price=row["price_micros"],
        start_before=_day(before["start"]),
        start=_day(row["start"]),
        is_rewritten=before["version"] != row["version"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
