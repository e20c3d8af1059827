"""A host's offers: begun, written anew, moved from step to step, copied."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.services.acting import Member
from accounts.services.errors import Invalid
from accounts.web.acting import acts
from hosting.models import Offer, Rate, RateKind, Site
from hosting.services import offers, terms, termsentries
from hosting.services.entries import Entries, as_uuid
from hosting.services.siteentries import text
from hosting.web import bars, hostforms, offerpages, offerprices, timeline
from hosting.web.mysites import own_site
from hosting.web.offerforms import OfferForm

STEPS: dict[str, Callable[..., None]] = {
    "submit": offers.submit,
    "draft": offers.redraft,
    "pause": offers.pause,
    "resume": offers.resume,
    "withdraw": offers.withdraw,
}
DONE = {
    "submit": gettext_lazy("The offer is with staff now."),
    "draft": gettext_lazy("The offer is a draft again."),
    "pause": gettext_lazy("The offer is off the market until you list it again."),
    "resume": gettext_lazy("The offer is on the market again."),
    "withdraw": gettext_lazy("The offer is withdrawn."),
}
TITLE_LENGTH = 140


def own_offer(viewer: Member, pk: UUID) -> Offer:
    """The offer with its parts, if it is the organization's; 404 else."""
    return get_object_or_404(offerpages.with_parts(viewer.organization), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acts("write")
def offer_new(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """Choose a price model, then fill in the form of that model. Sent twice, the offer is begun once."""
    site, now = own_site(viewer, pk), timezone.now()
    if request.method != "POST":
        form = OfferForm.begun(site, request.GET.get("price_model", ""))
        return _form_page(request, viewer, form, site=site, today=now.date())
    form = OfferForm.posted(request.POST)
    offer = None if form.is_draft else form.attempt(partial(_begin, form, site, viewer, now))
    if offer:
        messages.success(request, _("The draft is saved. Now say when how much power is there."))
        return redirect("offer_edit", pk=offer.pk)
    return _form_page(request, viewer, form, site=site, today=now.date())


def _begin(form: OfferForm, site: Site, viewer: Member, now: datetime) -> Offer:
    title, entered = _entered(form, now.date())
    return offers.begin(
        site=site,
        id=form.id,
        title=title,
        values=entered.values,
        tiers=entered.tiers,
        by=viewer.user,
        now=now,
    )


def _entered(form: OfferForm, today: date) -> tuple[str, termsentries.Entered]:
    """Title and terms; Invalid with what is wrong in either."""
    entries = Entries({"title": form.values["title"]})
    title = text(entries, "title", TITLE_LENGTH)
    if not title and not entries.wrong:
        entries.refuse("title", _("Give the offer a title."))
    entered = termsentries.entered_so_far(form.raw, today=today)
    if entries.wrong or entered.wrong:
        raise Invalid({**entries.wrong, **entered.wrong})
    return title, entered


@require_http_methods(["GET", "HEAD", "POST"])
@acts("write")
def offer_edit(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """An offer: where it is, its capacity, its terms."""
    offer, now = own_offer(viewer, pk), timezone.now()
    if request.method != "POST":
        form = OfferForm.of_terms(offer, offerpages.newest_terms(offer))
        return _form_page(request, viewer, form, site=offer.site, offer=offer, today=now.date())
    form = OfferForm.posted(request.POST)
    written = None if form.is_draft else form.attempt(partial(_write, form, offer, viewer, now))
    if written:
        messages.success(request, _saved(written))
        return redirect("offer_edit", pk=pk)
    offer = own_offer(viewer, pk)
    return _form_page(request, viewer, form, site=offer.site, offer=offer, today=now.date())


def _write(form: OfferForm, offer: Offer, viewer: Member, now: datetime) -> Any:
    title, entered = _entered(form, now.date())
    written = terms.write(
        offer=offer, terms=entered.values, tiers=entered.tiers, by=viewer.user, now=now, version=form.seen
    )
    offers.retitle(offer=offer, title=title, by=viewer.user, now=now)
    return written


def _saved(written: Any) -> str:
    if hasattr(written, "review") and written.review.state == "waiting":
        return _("Version %(number)s waits for staff; the version before it stays live.") % {
            "number": written.number
        }
    return _("The terms are saved as version %(number)s.") % {"number": written.number}


def _form_page(
    request: HttpRequest,
    viewer: Member,
    form: OfferForm,
    *,
    site: Site,
    today: date,
    offer: Offer | None = None,
) -> HttpResponse:
    form.currencies = _currencies(form.values["currency"])
    shown: dict[str, Any] = {"area": "host", "form": form, "site": site, "offer": offer}
    shown |= {"may_write": viewer.may("write"), "keys": {"price": bars.key("price")}}
    if offer is not None:
        shown |= _about(offer, form, today)
    elif not form.model:
        return render(request, "offer_model.html", shown, status=form.status)
    shown["prices"] = offerprices.of_form(site, form, today=today)
    shown["is_wrong"] = bool(form.errors)
    return render(request, "offer_form.html", shown, status=form.status)


def _about(offer: Offer, form: OfferForm, today: date) -> dict[str, Any]:
    if form.is_stale:
        form.meanwhile = offerpages.meanwhile(offer, form.seen)
        newest = offerpages.newest_terms(offer)
        form.version = str(newest.number if newest else "")
    return {
        "stand": offerpages.stand_of(offer),
        "timeline": timeline.of_offer(offer.phases.all(), offer.live_commitments, today=today),
        "copy_id": hostforms.fresh_id(),
    }


def _currencies(current: str) -> list[tuple[str, str]]:
    """The dollar, the currencies we have a rate for, and the one that is there."""
    known = set(Rate.objects.filter(kind=RateKind.FX).values_list("currency", flat=True).order_by())
    return [(code, code) for code in ("USD", *sorted({*known, current} - {"USD", ""}))]


@require_safe
@acts("write")
def offer_prices(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """The prices of terms that are being typed, for the page to show beside them. Nothing is stored."""
    site, form = own_site(viewer, pk), OfferForm.posted(request.GET)
    shown = {"site": site, "prices": offerprices.of_form(site, form, today=timezone.now().date())}
    return render(request, "_offer_prices.html", shown)


@require_POST
@acts("write")
def offer_step(request: HttpRequest, viewer: Member, pk: UUID, step: str) -> HttpResponse:
    """Submit, take back, pause, resume, withdraw."""
    if step not in STEPS:
        raise Http404
    offer = own_offer(viewer, pk)
    seen = OfferForm.posted(request.POST).seen
    more = {"why": request.POST.get("why", "").strip()[:1000]} if step == "withdraw" else {}
    STEPS[step](offer=offer, by=viewer.user, now=timezone.now(), version=seen, **more)
    messages.success(request, str(DONE[step]))
    return redirect("offer_edit", pk=pk)


@require_POST
@acts("write")
def offer_copy(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """A new draft with the terms of this one. Sent twice, it is copied once."""
    offer = own_offer(viewer, pk)
    copy_id = as_uuid(request.POST.get("id", "")) or hostforms.fresh_id()
    copy = offers.duplicate(offer=offer, id=copy_id, by=viewer.user, now=timezone.now())
    messages.success(request, _("Copied into a new draft. Its capacity is for you to say."))
    return redirect("offer_edit", pk=copy.pk)
