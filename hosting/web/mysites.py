"""A host's sites: described, changed, shown in pictures."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Event
from accounts.services.acting import Member
from accounts.web.acting import acts
from hosting.models import Jurisdiction, ReviewState, Site, SitePhoto, SiteReview
from hosting.services import photos, reviews, siteentries, sites
from hosting.web import hostforms, siteforms
from hosting.web.siteforms import SiteForm


def own_site(viewer: Member, pk: UUID) -> Site:
    """The site, if it is the organization's; 404 else."""
    mine = Site.objects.filter(host=viewer.organization).select_related("jurisdiction", "host")
    return get_object_or_404(mine, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acts("write")
def site_new(request: HttpRequest, viewer: Member) -> HttpResponse:
    """Describe a site. Sent twice, it is described once."""
    if not viewer.organization.is_host:
        raise sites.NotAHost(handle=viewer.organization.handle)
    form = SiteForm.posted(request.POST) if request.method == "POST" else SiteForm.blank()
    if request.method == "POST":
        site = form.attempt(partial(_create, form, viewer, timezone.now()))
        if site:
            messages.success(request, _("The site is described. Now list what it offers."))
            return redirect("site_edit", pk=site.pk)
    return _page(request, viewer, form, None)


def _create(form: SiteForm, viewer: Member, now: datetime) -> Site:
    values = siteentries.read(form.raw, today=now.date())
    return sites.create(host=viewer.organization, id=form.id, by=viewer.user, now=now, **values)


@require_http_methods(["GET", "HEAD", "POST"])
@acts("write")
def site_edit(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """A site with its form, photos and offers."""
    site = own_site(viewer, pk)
    if request.method == "POST":
        form = SiteForm.posted(request.POST)
        if form.attempt(partial(_change, form, site, viewer, timezone.now())):
            messages.success(request, _("The site is saved."))
            return redirect("site_edit", pk=site.pk)
        return _page(request, viewer, form, own_site(viewer, pk))
    return _page(request, viewer, SiteForm.of_site(site, _review(site, ReviewState.WAITING)), site)


def _change(form: SiteForm, site: Site, viewer: Member, now: datetime) -> bool:
    values = siteentries.read(form.raw, today=now.date())
    sites.change(site=site, values=values, version=form.seen, by=viewer.user, now=now)
    return True


def _review(site: Site, state: str) -> SiteReview | None:
    return site.reviews.filter(state=state).order_by("-created_at").first()


def _page(request: HttpRequest, viewer: Member, form: SiteForm, site: Site | None) -> HttpResponse:
    shown: dict[str, Any] = {
        "area": "host",
        "form": form,
        "site": site,
        "may_write": viewer.may("write"),
        "places": _places(),
    }
    if site is not None:
        if form.is_stale:
            form.meanwhile = _meanwhile(site, form.seen)
            form.version = str(site.version)
        shown |= _about(site)
    return render(request, "site_form.html", shown, status=form.status)


def _about(site: Site) -> dict[str, Any]:
    waiting = _review(site, ReviewState.WAITING)
    return {
        "photos": list(site.photos.all()),
        "most_photos": photos.PER_SITE,
        "offers": list(site.offers.order_by("created_at")),
        "waiting": [siteforms.label(name) for name in waiting.fields] if waiting else [],
        "refusal": reviews.last_words([site.pk]).get(site.pk, {}).get("change_rejected"),
    }


def _meanwhile(site: Site, seen: int) -> list[tuple[str, str, str]]:
    """(field, "", what it is now) of all that others changed since the version that was seen."""
    told = Event.objects.filter(subject_kind="hosting.site", subject_id=site.pk)
    names = {
        name
        for event in told
        if event.params.get("version", 0) > seen
        for name in (*event.params.get("fields", ()), *event.params.get("waiting", ()))
    }
    return [
        (siteforms.label(name), "", hostforms.in_words(siteforms.ASKS.get(name), getattr(site, name)))
        for name in sorted(names)
    ]


def _places() -> list[tuple[str, str]]:
    """(code, name) of every place, each country before its parts."""
    rows = list(Jurisdiction.objects.select_related("parent"))
    rows.sort(key=lambda row: ((row.parent or row).name, row.parent is not None, row.name))
    return [(row.code, f"{row.parent.name}: {row.name}" if row.parent else row.name) for row in rows]


@require_POST
@acts("write")
def photo_add(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """Add a picture to a site."""
    site = own_site(viewer, pk)
    form = SiteForm.of_site(site, _review(site, ReviewState.WAITING))
    upload = request.FILES.get("photo")
    if form.attempt(partial(_add_photo, site, upload, viewer, timezone.now())):
        messages.success(request, _("The photo is added."))
        return redirect("site_edit", pk=pk)
    return _page(request, viewer, form, site)


def _add_photo(site: Site, upload: Any, viewer: Member, now: datetime) -> SitePhoto:
    return photos.add(site=site, file=upload, by=viewer.user, now=now)


@require_POST
@acts("write")
def photo_remove(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """Take a picture away."""
    photo = get_object_or_404(SitePhoto.objects.filter(site__host=viewer.organization), pk=pk)
    photos.remove(photo=photo, by=viewer.user, now=timezone.now())
    messages.success(request, _("The photo is removed."))
    return redirect("site_edit", pk=photo.site_id)
