"""What search engines are told: the public pages with their last change, and what to leave alone."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.services.acting import Viewer
from hosting.models import Jurisdiction, MachineModel, Offer, RegulationEvent
from hosting.web import publicpages

XML = "application/xml"
# Of a list, the newest change of what it lists.
LISTED: dict[str, Any] = {
    "home": Offer,
    "hotels": Offer,
    "places": Jurisdiction,
    "machines": MachineModel,
    "events": RegulationEvent,
}
# Pages without an address of their own in a search engine: one is nothing without words to look for, the
# other nothing without places to compare.
UNLISTED = ("search", "places_compare")
PRIVATE = (
    "/admin/",
    "/api/",
    "/account/",
    "/organizations/",
    "/notices/",
    "/requests/",
    "/host/",
    "/search/",
)


class Section(Sitemap):
    """One kind of pages. Addresses begin with PUBLIC_URL, whatever name the site was asked under."""

    # A program reads part by part; a part is made in well under a second.
    limit = 2_000

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.PUBLIC_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        public = urlsplit(settings.PUBLIC_URL)
        return f"{public.netloc}{public.path.rstrip('/')}"


class Pages(Section):
    """The pages there is one of each."""

    def items(self) -> list[str]:
        return [name for name in publicpages.PAGES if name not in {*UNLISTED, *publicpages.OF_ONE_THING}]

    def location(self, item: str) -> str:
        return reverse(item)

    def lastmod(self, item: str) -> datetime | None:
        if item not in LISTED:
            return None
        return LISTED[item].objects.aggregate(newest=Max("updated_at"))["newest"]


class Places(Section):
    def items(self) -> QuerySet:
        return Jurisdiction.objects.annotate(
            changed_at=Greatest("updated_at", Coalesce(Max("rules__updated_at"), "updated_at"))
        ).order_by("code")

    def location(self, item: Jurisdiction) -> str:
        return reverse("place", args=[item.code])

    def lastmod(self, item: Any) -> datetime:
        return item.changed_at


class Machines(Section):
    def items(self) -> QuerySet:
        return MachineModel.objects.only("pk", "updated_at").order_by("pk")

    def location(self, item: MachineModel) -> str:
        return reverse("machine", args=[item.pk])

    def lastmod(self, item: MachineModel) -> datetime:
        return item.updated_at


class Events(Section):
    def items(self) -> QuerySet:
        return RegulationEvent.objects.only("pk", "updated_at").order_by("pk")

    def location(self, item: RegulationEvent) -> str:
        return reverse("event", args=[item.pk])

    def lastmod(self, item: RegulationEvent) -> datetime:
        return item.updated_at


class Hotels(Section):
    """What a stranger sees on the market today."""

    def items(self) -> QuerySet:
        live = Offer.objects.visible_to(Viewer()).live(timezone.now().date())
        return live.annotate(changed_at=Greatest("updated_at", "site__updated_at")).only("pk").order_by("pk")

    def location(self, item: Offer) -> str:
        return reverse("hotel", args=[item.pk])

    def lastmod(self, item: Any) -> datetime:
        return item.changed_at


SECTIONS: dict[str, type[Section]] = {
    "pages": Pages,
    "places": Places,
    "events": Events,
    "machines": Machines,
    "hotels": Hotels,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The sections; one of many pages in parts."""
    parts = [
        {"location": f"{_public(reverse('sitemap_section', args=[name]))}{'' if page == 1 else f'?p={page}'}"}
        for name, section in SECTIONS.items()
        for page in section().paginator.page_range
    ]
    return render(request, "sitemap_index.xml", {"sitemaps": parts}, content_type=XML)


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """The pages of one section with their last changes. 404 for a section or a part that is not there."""
    if section not in SECTIONS:
        raise Http404
    try:
        urls = SECTIONS[section]().get_urls(page=request.GET.get("p", "1"))  # type: ignore[arg-type]
    except (EmptyPage, PageNotAnInteger) as unknown:
        raise Http404 from unknown
    return render(request, "sitemap.xml", {"urlset": urls}, content_type=XML)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What programs that read every page may leave alone, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), ""]
    lines.append(f"Sitemap: {_public(reverse('sitemap'))}")
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def _public(path: str) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
