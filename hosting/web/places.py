"""A place: what the law is and will be there, what is known of it, and the hotels."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.web import acting
from hosting.models import Jurisdiction, Offer, free_kw_on
from hosting.services import places as law
from hosting.web import factwords, news, rulewords, standings

NEWS = 12


@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One place. 404 for a code we do not have."""
    today = timezone.now().date()
    try:
        found = law.law_of(code.upper(), as_of=today)
    except Jurisdiction.DoesNotExist as unknown:
        raise Http404 from unknown
    here = Q(site__jurisdiction=found.place) | Q(site__jurisdiction__parent=found.place)
    visible = Offer.objects.visible_to(acting.viewer_of(request)).live(today).filter(here)
    hotels = visible.annotate(free_kw=free_kw_on(today)).select_related("site", "in_force__terms")
    shown = {"area": "places", "law": found, "hotels": hotels.order_by("list_price_micros"), **_words(found)}
    return render(request, "place_detail.html", {**shown, "news": news.about(found.place.code, most=NEWS)})


def _words(found: law.Law) -> dict[str, Any]:
    return {
        "standing": standings.of_places([found.place.code], as_of=found.as_of)[found.place.code],
        "in_force": [(rule, rulewords.sentence(rule)) for rule in found.in_force],
        "coming": [(rule, rulewords.sentence(rule)) for rule in found.coming],
        "stopping": rulewords.STOPPING,
        "facts": factwords.rows(found.facts),
    }
