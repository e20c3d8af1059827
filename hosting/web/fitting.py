"""A host's requests: those its live offers fit, the near misses in sum; "we are interested", "not for us"."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.services.acting import Member
from accounts.services.errors import Invalid
from accounts.web.acting import acts
from hosting.models import CapacityRequest, Decliner, Interest, Offer
from hosting.services import fitting, fittingwords, interests, reasons, visibility
from hosting.services.fitting import Fit, Fitting
from hosting.services.matches import Found
from hosting.web import requestwords
from hosting.web.requestforms import last_day_of

SHOWN = 50


@require_safe
@acts("read")
def fitting_requests(request: HttpRequest, viewer: Member) -> HttpResponse:
    """The open requests that the acting host's live offers fit, best first."""
    now = timezone.now()
    found = fitting.for_host(host=viewer.organization, now=now)
    marks = _marks(viewer)
    rows = [_row(fit, found, viewer, marks) for fit in found.fits]
    open_rows = [row for row in rows if row["offers"]]
    shown = {
        "area": "fitting",
        "viewer": viewer,
        "found": found,
        "rows": open_rows[:SHOWN],
        "is_longer": len(open_rows) > SHOWN,
        "declined": [row for row in rows if not row["offers"]][:SHOWN],
        "near": [
            ([found.offers[pk] for pk in one.offers], one, fittingwords.cure(one)) for one in found.near
        ],
    }
    return render(request, "fitting_list.html", shown)


def _marks(viewer: Member) -> dict[tuple[UUID, UUID], Interest]:
    """What stands between requests and the host's offers, by (request, offer)."""
    rows = Interest.objects.filter(offer__site__host=viewer.organization)
    return {(row.request_id, row.offer_id): row for row in rows}


def _row(
    fit: Fit, found: Fitting, viewer: Member, marks: dict[tuple[UUID, UUID], Interest]
) -> dict[str, Any]:
    """A request that fits, with the offers that the host has not declined it for."""
    return {
        "request": fit.request,
        "headline": requestwords.headline(fit.request),
        "owner": _owner(fit.request, viewer),
        "last_day": last_day_of(fit.request),
        "offers": [
            {"offer": found.offers[one.offer], "match": one, "mark": marks.get((fit.request.pk, one.offer))}
            for one in fit.matches
            if not _is_declined(marks.get((fit.request.pk, one.offer)))
        ],
    }


def _is_declined(mark: Interest | None) -> bool:
    return mark is not None and mark.declined_by == Decliner.HOST


def _owner(request: CapacityRequest, viewer: Member) -> str:
    """The handle of who asks, "" where that is not this viewer's to know."""
    return request.owner.handle if visibility.may_see(viewer, request, "owner") else ""


@require_safe
@acts("read")
def fitting_request(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """One open request, and how each of the host's live offers stands to it. 404 for one's own."""
    return _page(request, viewer, pk, refused=None)


def _page(request: HttpRequest, viewer: Member, pk: UUID, *, refused: dict[str, Any] | None) -> HttpResponse:
    """`refused`: the offer, the errors and the reason as typed of a decline that could not be kept."""
    now = timezone.now()
    rows = fitting.open_to(viewer.organization, now).prefetch_related("fleet__machine")
    found = get_object_or_404(rows, pk=pk)
    marks = {one.offer_id: one for one in _marks(viewer).values() if one.request_id == found.pk}
    pairs = fitting.of_request(request=found, host=viewer.organization, now=now)
    shown = {"area": "fitting", "request_row": found, "headline": requestwords.headline(found)}
    shown |= {"owner": _owner(found, viewer), "facts": requestwords.facts(found, viewer), "refused": refused}
    shown |= {"pairs": [_pair(one, marks) for one in pairs], "may_write": viewer.may("write")}
    return render(request, "fitting_detail.html", shown, status=400 if refused else 200)


def _pair(found: Found, marks: dict[UUID, Interest]) -> dict[str, Any]:
    """An offer of the host and the request: what fails, in words that keep the miner's secrets."""
    failed = [(reasons.gate_name(gate.name), fittingwords.sentence(gate)) for gate in found.match.failed]
    mark = marks.get(found.offer.pk)
    return {
        "found": found,
        "offer": found.offer,
        "failed": failed,
        "mark": mark,
        "is_declined": _is_declined(mark),
    }


@require_POST
@acts("write")
def interest(request: HttpRequest, viewer: Member, pk: UUID, offer_pk: UUID) -> HttpResponse:
    """Make or take back the mark that the button names. 409 for interest in a pair that does not fit; a
    decline without a reason comes back to be given."""
    found = get_object_or_404(fitting.open_to(viewer.organization, timezone.now()), pk=pk)
    offer = get_object_or_404(Offer.objects.filter(site__host=viewer.organization), pk=offer_pk)
    mark = MARKS.get(request.POST.get("mark", ""))
    if mark is None:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        messages.info(request, mark(found, offer, viewer, reason, timezone.now()))
    except Invalid as refused:
        return _page(
            request, viewer, pk, refused={"offer": offer, "errors": refused.fields, "reason": reason}
        )
    return redirect("fitting_request", pk=found.pk)


def _interested(found: CapacityRequest, offer: Offer, viewer: Member, reason: str, now: datetime) -> str:
    fitting.say_interested(request=found, offer=offer, by=viewer.user, now=now)
    return _("The miner sees now that you are interested.")


def _take_back(found: CapacityRequest, offer: Offer, viewer: Member, reason: str, now: datetime) -> str:
    interests.take_back(request=found, offer=offer, by=viewer.user, now=now)
    return _("The miner no longer sees you as interested.")


def _decline(found: CapacityRequest, offer: Offer, viewer: Member, reason: str, now: datetime) -> str:
    interests.decline(request=found, offer=offer, side=Decliner.HOST, reason=reason, by=viewer.user, now=now)
    return _("Declined. The miner sees that, and your reason.")


def _undo(found: CapacityRequest, offer: Offer, viewer: Member, reason: str, now: datetime) -> str:
    interests.undo_decline(request=found, offer=offer, side=Decliner.HOST, by=viewer.user, now=now)
    return _("The request is back among those that fit.")


MARKS = {"interested": _interested, "take_back": _take_back, "decline": _decline, "undo": _undo}
