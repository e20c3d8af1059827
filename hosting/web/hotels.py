"""The hotels on the market as a list that can be filtered, and one hotel with everything it states."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Licence, Review
from accounts.services import pages
from accounts.services.acting import Viewer
from accounts.services.errors import Invalid
from accounts.web import acting
from hosting.filters import OfferFilter
from hosting.models import Claim, ClaimField, Commitment, Cooling, Jurisdiction, Offer, PriceModel
from hosting.services import matches, places, visibility
from hosting.web import bars, contract, needfields, results, rulewords, standings, timeline

SIZE = 25
FOLDED = ("min_legal_status", "evidence", "min_renewable", "cooling", "price_model")
FILTER_CHOICES = {
    "statuses": needfields.STATUSES,
    "evidence": needfields.EVIDENCE,
    "cooling": Cooling.choices,
    "price_models": PriceModel.choices,
}


@require_safe
def hotels(request: HttpRequest) -> HttpResponse:
    """Everything on the market today, filtered and sorted as the address says."""
    today = timezone.now().date()
    viewer = acting.viewer_of(request)
    found = OfferFilter(_given(request), _on_the_market(viewer, today), today=today)
    shown: dict[str, Any] = {"area": "hotels", "filter": found, "choices": _places(today), **FILTER_CHOICES}
    shown["is_folded_open"] = any(request.GET.get(name) for name in FOLDED)
    shown |= _page(request, found, today)
    return render(request, "hotel_list.html", shown, status=400 if shown["problems"] else 200)


def _given(request: HttpRequest) -> QueryDict:
    """The query without what a form sends empty."""
    given = request.GET.copy()
    for name, values in request.GET.lists():
        given.setlist(name, [value for value in values if value])
        if not given.getlist(name):
            del given[name]
    return given


def _on_the_market(viewer: Viewer, today: date) -> QuerySet:
    rows = Offer.objects.visible_to(viewer).live(today)
    return rows.select_related("site__host", "site__jurisdiction", "in_force__terms").prefetch_related(
        "phases", "claims"
    )


def _page(request: HttpRequest, found: OfferFilter, today: date) -> dict[str, Any]:
    """Rows and neighbours of one page, or what is wrong with the address."""
    problems = [(name, text) for name, texts in found.form.errors.items() for text in texts]
    try:
        page = pages.page(
            found.qs if not problems else found.queryset.none(),
            order=found.order,
            cursor=None if problems else request.GET.get("cursor"),
            size=SIZE,
        )
    except Invalid as refused:
        texts = [text for some in refused.fields.values() for text in some]
        return {"problems": [("cursor", text) for text in texts], "rows": []}
    codes = {offer.site.jurisdiction_id for offer in page.rows}
    known = standings.of_places(codes, as_of=today)
    rows = [
        {
            "offer": offer,
            "standing": known[offer.site.jurisdiction_id],
            "total_kw": results.total_kw(offer, today),
        }
        for offer in page.rows
    ]
    return {
        "rows": rows,
        "problems": problems,
        "next": _beside(request, page.next),
        "previous": _beside(request, page.previous),
    }


def _beside(request: HttpRequest, cursor: str | None) -> str:
    """The address of a neighbouring page with the same filters, "" where there is none."""
    if cursor is None:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"?{query.urlencode()}"


def _places(today: date) -> QuerySet:
    """Places with a hotel on the market, and the countries around them."""
    with_hotels = Offer.objects.live(today).values("site__jurisdiction")
    direct = Jurisdiction.objects.filter(pk__in=with_hotels)
    return (
        (direct | Jurisdiction.objects.filter(subdivisions__pk__in=with_hotels)).distinct().order_by("code")
    )


@require_safe
def hotel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One hotel. 404 for one that this person can't see."""
    today = timezone.now().date()
    viewer = acting.viewer_of(request)
    offer = get_object_or_404(_whole(viewer, today), pk=pk)
    return render(request, "hotel_detail.html", {"area": "hotels", **_shown(offer, viewer, today)})


def _whole(viewer: Viewer, today: date) -> QuerySet:
    live = Prefetch("commitments", Commitment.objects.live(), to_attr="live_commitments")
    reviewed = Prefetch(
        "site__host__licences", Licence.objects.filter(review=Review.REVIEWED), to_attr="reviewed"
    )
    return (
        Offer.objects.visible_to(viewer)
        .select_related("site__host", "site__jurisdiction__parent", "in_force__terms")
        .prefetch_related("phases", "claims", "in_force__terms__tiers", live, reviewed)
    )


def _shown(offer: Offer, viewer: Viewer, today: date) -> dict[str, Any]:
    """What the page shows of an offer. The address stands there only for those who may see it."""
    terms = offer.in_force.terms if hasattr(offer, "in_force") else None
    law = places.law_of(offer.site.jurisdiction_id, as_of=today)
    standing = standings.of_places([law.place.code], as_of=today)[law.place.code]
    over_time = timeline.of_offer(offer.phases.all(), offer.live_commitments, today=today)
    return {
        "offer": offer,
        "terms": terms,
        "sections": contract.sections(terms) if terms else [],
        "timeline": over_time,
        "free_kw": over_time.steps[0].free_kw,
        "law": law,
        "standing": standing,
        "in_force": [(rule, rulewords.sentence(rule)) for rule in law.in_force],
        "coming": [(rule, rulewords.sentence(rule)) for rule in law.coming],
        "stopping": rulewords.STOPPING,
        "claims": _claims(offer, today),
        "typical": _typical(offer, today),
        "keys": {"price": bars.key("price")},
        "address": offer.site.address if visibility.may_see(viewer, offer.site, "address") else "",
    }


def _claims(offer: Offer, today: date) -> list[tuple[ClaimField, Claim | None]]:
    """Each field that evidence is asked of, with what was shown for it; None: the host's word alone."""
    held = {
        claim.field: claim
        for claim in offer.claims.all()
        if claim.valid_until is None or claim.valid_until > today
    }
    return [(field, held.get(field)) for field in ClaimField]


def _typical(offer: Offer, today: date) -> list[dict[str, Any]]:
    """The price at the three typical fleets, its bar and components; empty when not on the market."""
    found = matches.typical(offer_id=offer.pk, as_of=today)
    full = max([match.price_micros or 0 for _j_th, match in found if match] + [1])
    return [
        {
            "j_th": j_th,
            "match": match,
            "bar": bars.of_price(match.components, ceiling_micros=full, full_micros=full),
            "components": bars.named(match.components),
            "too_old": any(gate.name == "machine_age" for gate in match.failed),
            "gates": [results.in_words(gate) for gate in match.failed if gate.name == "price_comparable"],
        }
        for j_th, match in found
        if match
    ]
