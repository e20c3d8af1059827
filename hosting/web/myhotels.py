"""A host's own page: its sites, what they offer, what waits for whom, and what is free over time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Organization
from accounts.services.acting import Member
from accounts.web.acting import acts
from hosting.models import Offer, ReviewState, Site, SiteReview
from hosting.services import places, reviews, terms
from hosting.web import offerpages, siteforms, timeline
from hosting.web.offerpages import Stand


@dataclass(frozen=True)
class Ground:
    """A site with its offers; `over_time` is None where nothing is live. `waiting`: what staff looks at."""

    site: Site
    stands: list[Stand]
    over_time: Any
    waiting: list[str]
    refusal: str
    is_sanctioned: bool


@require_safe
@acts("read")
def my_hotels(request: HttpRequest, viewer: Member) -> HttpResponse:
    """All of it on one page."""
    host = viewer.organization
    grounds = list(_grounds(host, timezone.now().date())) if host.is_host else []
    stands = [stand for ground in grounds for stand in ground.stands]
    shown = {
        "area": "host",
        "host": host,
        "grounds": grounds,
        "waiting": [stand for stand in stands if stand.waits_for_host],
        "may_write": viewer.may("write"),
    }
    return render(request, "myhotels.html", shown)


def _grounds(host: Organization, today: date) -> Any:
    """Every site with its offers, in a fixed number of queries."""
    sites = list(Site.objects.filter(host=host).select_related("jurisdiction"))
    offers: dict[Any, list[Offer]] = {site.pk: [] for site in sites}
    for offer in offerpages.with_parts(host).order_by("created_at", "pk"):
        offers[offer.site_id].append(offer)
    ids = [site.pk for site in sites] + [offer.pk for some in offers.values() for offer in some]
    words = reviews.last_words(ids)
    newest = {one.site_id: one for one in SiteReview.objects.filter(site__host=host).order_by("created_at")}
    sanctioned = places.sanctioned_codes(today)
    for site in sites:
        review = newest.get(site.pk)
        state = review.state if review else ""
        said = words.get(site.pk, {}).get("change_rejected")
        yield Ground(
            site=site,
            stands=[offerpages.of_offer(offer, words.get(offer.pk, {})) for offer in offers[site.pk]],
            over_time=_over_time(offers[site.pk], today),
            waiting=[siteforms.label(name) for name in review.fields]
            if review and state == ReviewState.WAITING
            else [],
            refusal=said.why if said and state == ReviewState.REJECTED else "",
            is_sanctioned=site.jurisdiction_id in sanctioned,
        )


def _over_time(offers: list[Offer], today: date) -> Any:
    live = [offer for offer in offers if offer.status in terms.LIVE]
    phases = [phase for offer in live for phase in offer.phases.all()]
    taken = [one for offer in live for one in offer.live_commitments]
    return timeline.of_offer(phases, taken, today=today) if phases else None
