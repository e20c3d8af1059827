"""What the page of a request shows of its hotels: the list, near misses, declined ones, news, interest."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.services.acting import Viewer
from hosting.models import CapacityRequest, Decliner, Interest, Offer
from hosting.services import answers, needs
from hosting.services.answers import Answer, Changes
from hosting.services.requests import CHANGEABLE
from hosting.web import bars, results
from hosting.web.results import Row


def shown(
    request: CapacityRequest, viewer: Viewer, *, now: datetime, asked: Offer | None = None
) -> dict[str, Any]:
    """Everything the list's template needs, read with a fixed number of queries."""
    answer = answers.of_request(request=request, now=now, offer_ids=[asked.pk] if asked else [])
    marks = {one.offer_id: one for one in interests_of(request)}
    declined = [one for one in marks.values() if one.declined_by == Decliner.MINER]
    hidden = {one.offer_id for one in declined}
    rows, near, asked_row = _rows(request, answer)
    changes = _news(request, viewer, answer, now)
    listed = {row.offer.pk for row in (*rows, *near)}
    shortlist = [one for one in marks.values() if one.shortlisted_at]
    return {
        "request_row": request,
        "viewer": viewer,
        "answer": {"asked": asked_row, "asked_offer": asked},
        "found": answer,
        "run": answer.stored.run_id if answer.stored else 0,
        "rows": [_with_mark(row, marks) for row in rows if row.offer.pk not in hidden],
        "near": [_with_mark(row, marks) for row in near if row.offer.pk not in hidden],
        "excluded": results.excluded_of(answer.preview) if len(rows) < results.FEW else [],
        "declined": declined,
        "interested": [one for one in marks.values() if one.interested_at and one.offer_id not in hidden],
        "shortlist": shortlist,
        "shortlist_elsewhere": [one for one in shortlist if one.offer_id not in listed | hidden],
        "changes": changes,
        "news": _in_words(changes, viewer),
        "keys": {"price": bars.key("price"), "score": bars.key("score")},
        "is_live": request.status == "open" and request.expires_at > now,
        "is_changeable": request.status in CHANGEABLE,
        "may_write": viewer.may("write"),
    }


def interests_of(request: CapacityRequest) -> QuerySet[Interest]:
    """What was done about the request's hotels, the oldest first."""
    rows = Interest.objects.filter(request=request).order_by("created_at", "pk")
    return rows.select_related("offer__site__host", "offer__site__jurisdiction")


def _rows(request: CapacityRequest, answer: Answer) -> tuple[list[Row], list[Row], Row | None]:
    need, preview = needs.of_request(request), answer.preview
    everything = [*preview.results, *preview.near, *answer.asked]
    rows = list(results.rows_of(everything, need, preview.as_of, len(preview.results)))
    first, second = len(preview.results), len(preview.results) + len(preview.near)
    return rows[:first], rows[first:second], next(iter(rows[second:]), None)


def _with_mark(row: Row, marks: dict[UUID, Interest]) -> dict[str, Any]:
    return {"row": row, "mark": marks.get(row.offer.pk)}


def _news(request: CapacityRequest, viewer: Viewer, answer: Answer, now: datetime) -> Changes | None:
    """What changed since this person's last visit. A list that is on its way is no news yet."""
    if answer.stored is None or answer.is_on_its_way or viewer.user is None:
        return None
    return answers.look(request=request, person=viewer.user, rows=answer.stored.rows, now=now)


def _in_words(changes: Changes | None, viewer: Viewer) -> dict[str, list[Any]]:
    """The offers of the news; one that the viewer can no longer see has no name here."""
    if not changes:
        return {"came": [], "went": [], "moved": []}
    ids = {*changes.came, *changes.went, *(one.offer for one in changes.moved)}
    rows = Offer.objects.visible_to(viewer).filter(pk__in=ids).select_related("site")
    offers = {row.pk: row for row in rows}
    return {
        "came": [offers.get(pk) for pk in changes.came],
        "went": [offers.get(pk) for pk in changes.went],
        "moved": [(offers.get(one.offer), one) for one in changes.moved],
    }
