"""What a miner does about one hotel of a request: shortlist it, decline it with a reason, undo either."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.services.acting import Member
from accounts.services.errors import Invalid
from accounts.web.acting import acts
from hosting.models import CapacityRequest, Decliner, Offer
from hosting.services import interests
from hosting.web.myrequests import own


@require_POST
@acts("write")
def pair(request: HttpRequest, viewer: Member, pk: UUID, offer_pk: UUID) -> HttpResponse:
    """Make or take back the mark that the button names; a decline without a reason comes back to be given."""
    found = get_object_or_404(own(viewer), pk=pk)
    offer = get_object_or_404(_reachable(viewer, found), pk=offer_pk)
    mark = MARKS.get(request.POST.get("mark", ""))
    if mark is None:
        raise Http404
    try:
        messages.info(request, mark(request, viewer, found, offer, timezone.now()))
    except Invalid as refused:
        shown = {"area": "requests", "request_row": found, "offer": offer, "errors": refused.fields}
        shown |= {"reason": request.POST.get("reason", "")}
        return render(request, "request_decline.html", shown, status=400)
    return redirect("request", pk=found.pk)


def _reachable(viewer: Member, found: CapacityRequest) -> QuerySet[Offer]:
    """Hotels the viewer sees, and those that the request has a mark on: a mark can always be taken back."""
    seen = Q(pk__in=Offer.objects.visible_to(viewer).values("pk"))
    return Offer.objects.filter(seen | Q(pk__in=found.interests.values("offer"))).select_related("site")


def _shortlist(
    request: HttpRequest, viewer: Member, found: CapacityRequest, offer: Offer, now: datetime
) -> str:
    interests.shortlist(request=found, offer=offer, by=viewer.user, now=now)
    return _("%(hotel)s is on your shortlist.") % {"hotel": offer.site.name}


def _unlist(request: HttpRequest, viewer: Member, found: CapacityRequest, offer: Offer, now: datetime) -> str:
    interests.unlist(request=found, offer=offer, by=viewer.user, now=now)
    return _("%(hotel)s is no longer on your shortlist.") % {"hotel": offer.site.name}


def _decline(
    request: HttpRequest, viewer: Member, found: CapacityRequest, offer: Offer, now: datetime
) -> str:
    interests.decline(
        request=found,
        offer=offer,
        side=Decliner.MINER,
        reason=request.POST.get("reason", ""),
        by=viewer.user,
        now=now,
    )
    return _("%(hotel)s is declined. It stands at the end of the page.") % {"hotel": offer.site.name}


def _undo(request: HttpRequest, viewer: Member, found: CapacityRequest, offer: Offer, now: datetime) -> str:
    interests.undo_decline(request=found, offer=offer, side=Decliner.MINER, by=viewer.user, now=now)
    return _("%(hotel)s is back in the list.") % {"hotel": offer.site.name}


MARKS = {"shortlist": _shortlist, "unlist": _unlist, "decline": _decline, "undo": _undo}
