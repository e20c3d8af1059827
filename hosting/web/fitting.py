"""A host's requests: those its live offers fit, the near misses in sum, and "we are interested"."""

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
from accounts.web.acting import acts
from hosting.models import CapacityRequest, Interest, Offer
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
    shown = {
        "area": "fitting",
        "viewer": viewer,
        "found": found,
        "rows": [_row(fit, found, viewer, marks) for fit in found.fits[:SHOWN]],
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
    return {
        "request": fit.request,
        "headline": requestwords.headline(fit.request),
        "owner": _owner(fit.request, viewer),
        "last_day": last_day_of(fit.request),
        "offers": [
            {"offer": found.offers[one.offer], "match": one, "mark": marks.get((fit.request.pk, one.offer))}
            for one in fit.matches
        ],
    }


def _owner(request: CapacityRequest, viewer: Member) -> str:
    """The handle of who asks, "" where that is not this viewer's to know."""
    return request.owner.handle if visibility.may_see(viewer, request, "owner") else ""


@require_safe
@acts("read")
def fitting_request(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """One open request, and how each of the host's live offers stands to it. 404 for one's own."""
    now = timezone.now()
    rows = fitting.open_to(viewer.organization, now).prefetch_related("fleet__machine")
    found = get_object_or_404(rows, pk=pk)
    marks = {one.offer_id: one for one in _marks(viewer).values() if one.request_id == found.pk}
    pairs = fitting.of_request(request=found, host=viewer.organization, now=now)
    shown = {"area": "fitting", "request_row": found, "headline": requestwords.headline(found)}
    shown |= {"owner": _owner(found, viewer), "facts": requestwords.facts(found, viewer)}
    shown |= {"pairs": [_pair(one, marks) for one in pairs], "may_write": viewer.may("write")}
    return render(request, "fitting_detail.html", shown)


def _pair(found: Found, marks: dict[UUID, Interest]) -> dict[str, Any]:
    """An offer of the host and the request: what fails, in words that keep the miner's secrets."""
    failed = [(reasons.gate_name(gate.name), fittingwords.sentence(gate)) for gate in found.match.failed]
    mark = marks.get(found.offer.pk)
    return {"found": found, "offer": found.offer, "failed": failed, "mark": mark}


@require_POST
@acts("write")
def interest(request: HttpRequest, viewer: Member, pk: UUID, offer_pk: UUID) -> HttpResponse:
    """Say "we are interested", or take that back. 409 for a pair that does not fit."""
    now = timezone.now()
    found = get_object_or_404(fitting.open_to(viewer.organization, now), pk=pk)
    offer = get_object_or_404(Offer.objects.filter(site__host=viewer.organization), pk=offer_pk)
    mark = MARKS.get(request.POST.get("mark", ""))
    if mark is None:
        raise Http404
    messages.info(request, mark(found, offer, viewer, now))
    return redirect("fitting_request", pk=found.pk)


def _interested(found: CapacityRequest, offer: Offer, viewer: Member, now: datetime) -> str:
    fitting.say_interested(request=found, offer=offer, by=viewer.user, now=now)
    return _("The miner sees now that you are interested.")


def _take_back(found: CapacityRequest, offer: Offer, viewer: Member, now: datetime) -> str:
    interests.take_back(request=found, offer=offer, by=viewer.user, now=now)
    return _("The miner no longer sees you as interested.")


MARKS = {"interested": _interested, "take_back": _take_back}
