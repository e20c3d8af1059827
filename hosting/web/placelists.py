"""Places side by side: the list of all of them."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hosting.models import Jurisdiction, Offer
from hosting.web import standings


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Every place we know, with its status, our rating and how many hotels stand there."""
    today = timezone.now().date()
    live = Offer.objects.live(today).values_list("site__jurisdiction").order_by()
    hotels = dict(live.annotate(count=Count("pk")))
    rows = list(Jurisdiction.objects.select_related("parent"))
    known = standings.of_places([row.pk for row in rows], as_of=today)
    rows.sort(key=lambda row: ((row.parent or row).name, row.parent is not None, row.name))
    listed = [(row, known[row.pk], hotels.get(row.pk, 0)) for row in rows]
    return render(request, "place_list.html", {"area": "places", "rows": listed})
