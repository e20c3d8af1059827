"""A miner's own requests: the list of them, and the page of one with its hotels."""

from typing import Any
from uuid import UUID, uuid4

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.services import pages
from accounts.services.acting import Member
from accounts.services.pages import Order
from accounts.web.acting import acts
from hosting.models import CapacityRequest, FleetLine, Offer
from hosting.services import answers
from hosting.services.entries import as_uuid
from hosting.web import myrequestlists, requestwords
from hosting.web.requestforms import last_day_of

SIZE = 25
NEWEST = Order("-created", "created_at", descending=True)
FOUND_BY_NAME = 10


def own(viewer: Member) -> QuerySet[CapacityRequest]:
    """The requests of the organization the viewer acts for, with their machines."""
    fleet = Prefetch("fleet", FleetLine.objects.select_related("machine"))
    return (
        CapacityRequest.objects.filter(owner=viewer.organization)
        .select_related("owner")
        .prefetch_related(fleet)
    )


@require_safe
@acts("read")
def my_requests(request: HttpRequest, viewer: Member) -> HttpResponse:
    """Every request of the organization, the newest first, with what was found and what was done."""
    rows = (
        own(viewer)
        .select_related("match_list__run")
        .annotate(
            shortlisted=Count("interests", filter=Q(interests__shortlisted_at__isnull=False)),
            interested=Count("interests", filter=Q(interests__interested_at__isnull=False)),
        )
    )
    page = pages.page(rows, order=NEWEST, cursor=request.GET.get("cursor"), size=SIZE)
    shown = {"area": "requests", "viewer": viewer, "page": page, "rows": _with_best(page.rows)}
    return render(request, "myrequests.html", shown)


def _with_best(rows: list[CapacityRequest]) -> list[dict[str, Any]]:
    """Each request with its stored list, the best hotel of it, and how it is called in a line."""
    lists = {row.pk: getattr(row, "match_list", None) for row in rows}
    best = {pk: found.rows[0] for pk, found in lists.items() if found and found.rows}
    ids = {row["offer"] for row in best.values()}
    offers = {
        str(one.pk): one for one in Offer.objects.filter(pk__in=ids).select_related("site__jurisdiction")
    }
    return [
        {
            "request": row,
            "headline": requestwords.headline(row),
            "last_day": last_day_of(row),
            "list": lists[row.pk] if row.status == "open" else None,
            "best": best.get(row.pk) if row.status == "open" else None,
            "best_offer": offers.get(best[row.pk]["offer"]) if row.pk in best else None,
        }
        for row in rows
    ]


@require_safe
@acts("read")
def request_page(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """One request: what it asks for, the hotels that fit, what changed, what was done about them."""
    now = timezone.now()
    found = get_object_or_404(own(viewer), pk=pk)
    asked = _asked(request, viewer)
    shown = myrequestlists.shown(found, viewer, now=now, asked=asked)
    shown |= {"area": "requests", "facts": requestwords.facts(found, viewer)}
    shown |= {"headline": requestwords.headline(found), "by_name": _by_name(request, viewer, now.date())}
    # A copy is made once, however often its form is sent.
    shown |= {"copy_id": uuid4()}
    return render(request, "request_detail.html", shown)


def _asked(request: HttpRequest, viewer: Member) -> Offer | None:
    """The hotel that ?offer= asks about. 404 for one that the viewer can't see."""
    text = request.GET.get("offer", "").strip()
    if not text:
        return None
    visible = Offer.objects.visible_to(viewer).select_related("site")
    return get_object_or_404(visible, pk=as_uuid(text))


def _by_name(request: HttpRequest, viewer: Member, today: Any) -> dict[str, Any]:
    """Hotels on the market whose name holds what ?hotel= says."""
    text = request.GET.get("hotel", "").strip()[:80]
    if not text:
        return {"text": "", "offers": []}
    named = Q(site__name__icontains=text) | Q(title__icontains=text)
    rows = Offer.objects.visible_to(viewer).live(today).filter(named).select_related("site__jurisdiction")
    return {"text": text, "offers": list(rows.order_by("site__name", "title", "pk")[:FOUND_BY_NAME])}


@require_safe
@acts("read")
def request_list_fragment(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """The list alone, once there is one newer than that of ?run=; until then 204, and the page asks again."""
    now = timezone.now()
    found = get_object_or_404(own(viewer), pk=pk)
    text = request.GET.get("run", "")
    run = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    if found.status == "open" and not answers.has_new_list(found, run=run, now=now):
        response = HttpResponse(status=204)
    else:
        response = render(request, "_request_list.html", myrequestlists.shown(found, viewer, now=now))
    patch_cache_control(response, no_store=True)
    return response
