"""The events of the law as an Atom feed, of the world or of a place (?place=KZ): what was last written down
comes first. An unchanged feed answers 304."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Count, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from hosting.filters import RegulationEventFilter
from hosting.models import Confidence, Jurisdiction, RegulationEvent
from hosting.services import regnews

SIZE = 50


@dataclass(frozen=True)
class Channel:
    """A feed: the place's code, "" for the world; its events; how many they are and when one last changed."""

    code: str
    name: str
    events: QuerySet
    count: int
    updated_at: datetime | None


class Atom(Atom1Feed):
    """Atom with the source of an entry as its `via`, and a feed of nothing that does not change by itself."""

    def latest_post_date(self) -> datetime:
        return self.feed["updated_at"] or super().latest_post_date()

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["via"]:
            handler.addQuickElement("link", "", {"rel": "via", "href": item["via"]})


class EventFeed(Feed):
    """The latest events of a channel. Ids are made of rows' UUIDs and codes: they outlive any address."""

    feed_type = Atom

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Channel:
        return _channel(request)

    def title(self, channel: Channel) -> str:
        if not channel.code:
            return _("Mining hotels: events of the law")
        return _("Mining hotels: events of the law in %(place)s") % {"place": channel.name}

    def subtitle(self, channel: Channel) -> str:
        return _("Dated news about where mining is welcome, each with its source and how sure it is.")

    def author_name(self) -> str:
        return _("Mining hotels")

    def feed_guid(self, channel: Channel) -> str:
        return uuid5(NAMESPACE_URL, f"urn:mining-hotels:events:{channel.code}").urn

    def link(self, channel: Channel) -> str:
        return absolute(reverse("events"), channel.code)

    def feed_url(self, channel: Channel) -> str:
        return absolute(reverse("events_feed"), channel.code)

    def feed_extra_kwargs(self, channel: Channel) -> dict[str, Any]:
        return {"updated_at": channel.updated_at}

    def items(self, channel: Channel) -> list[RegulationEvent]:
        rows = list(channel.events.order_by("-updated_at", "-date", "pk")[:SIZE])
        self.places, self.code = regnews.places_of(rows), channel.code
        return rows

    def item_title(self, item: RegulationEvent) -> str:
        if item.jurisdiction == self.code:
            return item.title
        place = regnews.place_name(item.jurisdiction, self.places)
        return _("%(place)s: %(title)s") % {"place": place, "title": item.title}

    def item_description(self, item: RegulationEvent) -> str:
        parts = [regnews.when(item), regnews.kind_name(item.kind)]
        if item.effect_on_legal_status:
            status = item.get_effect_on_legal_status_display()  # type: ignore[attr-defined]
            parts.append(_("legal status: %(status)s") % {"status": status})
        if item.confidence == Confidence.LOW:
            sure = _("unverified")
        else:
            level = item.get_confidence_display()  # type: ignore[attr-defined]
            sure = _("%(level)s confidence") % {"level": level}
        parts.append(_("Source: %(source)s") % {"source": item.source or _("no source")} + f" ({sure})")
        return format_html("<p>{}</p>", " · ".join(parts))

    def item_link(self, item: RegulationEvent) -> str:
        return absolute(reverse("event", args=[item.pk]))

    def item_guid(self, item: RegulationEvent) -> str:
        return item.pk.urn

    def item_updateddate(self, item: RegulationEvent) -> datetime:
        return item.updated_at

    def item_categories(self, item: RegulationEvent) -> list[str]:
        return [item.kind]

    def item_extra_kwargs(self, item: RegulationEvent) -> dict[str, Any]:
        return {"via": item.url}


def absolute(path: str, code: str = "") -> str:
    """A whole address: a reader of the feed is not on our pages."""
    return settings.PUBLIC_URL.rstrip("/") + path + (f"?place={code}" if code else "")


def _channel(request: HttpRequest) -> Channel:
    """What is asked for; kept with the request, which asks three times. 404 for a code nobody knows."""
    if not hasattr(request, "channel"):
        request.channel = _read(request.GET.get("place", "").upper())  # type: ignore[attr-defined]
    return request.channel  # type: ignore[attr-defined]


def _read(code: str) -> Channel:
    asked = {"jurisdiction": code} if code else {}
    found = RegulationEventFilter(asked, RegulationEvent.objects.all())
    if not found.is_valid() or (code and not regnews.is_known(code)):
        raise Http404
    told = found.qs.order_by().aggregate(count=Count("pk"), updated_at=Max("updated_at"))
    place = Jurisdiction.objects.filter(pk=code).first() if code else None
    name = regnews.place_name(code, {code: place} if place else {})
    updated_at = told["updated_at"] or (place.updated_at if place else None)
    return Channel(code=code, name=name, events=found.qs, count=told["count"], updated_at=updated_at)


def _etag(request: HttpRequest) -> str:
    channel = _channel(request)
    parts = (channel.code, channel.name, channel.count, channel.updated_at, get_language())
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _updated_at(request: HttpRequest) -> datetime | None:
    return _channel(request).updated_at


@require_safe
@condition(etag_func=_etag, last_modified_func=_updated_at)
def feed(request: HttpRequest) -> HttpResponse:
    """The feed, or 304 for who has it already."""
    response = EventFeed()(request)
    # It is another one in another language, and whoever keeps it asks whether it is still the same.
    patch_cache_control(response, public=True, no_cache=True)
    return response
