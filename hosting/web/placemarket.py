"""What a place has on the market: the cheapest hotels today, and its figures of the chosen day."""

from datetime import date
from typing import Any

from django.db.models import F

from accounts.services.acting import Viewer
from hosting.models import Offer, Site, free_kw_on
from hosting.services import placefigures, places

MOST = 20


def of(found: places.Law, *, viewer: Viewer, today: date) -> dict[str, Any]:
    """`hotels`: the MOST cheapest of the place and its parts, today. `figures`: of the day the law was read
    on; None where none were kept. A fixed number of queries; none reads more rows than it shows."""
    codes = {found.place.code, *(part.code for part in found.parts)} - places.sanctioned_codes(today)
    return {
        "hotels": _cheapest(codes, viewer, today),
        "figures": placefigures.of(found.place.code, as_of=found.as_of, today=today),
        "figures_row": f"figures:{found.place.code}",
    }


def _cheapest(codes: set[str], viewer: Viewer, today: date) -> list[Offer]:
    # By their sites: the offers are then walked by price without a look at where each of them stands.
    sites = list(Site.objects.filter(jurisdiction__in=codes).values_list("pk", flat=True))
    live = Offer.objects.visible_to(viewer).live(today).filter(site__in=sites)
    by_price = (F("list_price_micros").asc(nulls_last=True), "pk")
    # First which, then everything of these few: what is free is not summed up for all of a country's hotels.
    chosen = list(live.order_by(*by_price).values_list("pk", flat=True)[:MOST])
    shown = Offer.objects.filter(pk__in=chosen).annotate(free_kw=free_kw_on(today))
    return list(shown.select_related("site").order_by(*by_price))
