"""The phases of a host's offers: when how much power is there."""

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

from accounts.services.acting import Member
from accounts.web.acting import acts
from hosting.models import CapacityPhase, Offer
from hosting.services import phaseentries, phases
from hosting.web import hostforms
from hosting.web.myoffers import own_offer
from hosting.web.offerforms import PHASE_ASKS, PhaseForm


def own_phase(viewer: Member, pk: UUID) -> CapacityPhase:
    """The phase, if its offer is the organization's; 404 else."""
    mine = CapacityPhase.objects.filter(offer__site__host=viewer.organization)
    return get_object_or_404(mine.select_related("offer__site"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acts("write")
def phase_new(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """Add power to an offer. Sent twice, it is added once."""
    offer = own_offer(viewer, pk)
    form = PhaseForm.posted(request.POST) if request.method == "POST" else PhaseForm({})
    if request.method == "POST" and form.attempt(partial(_add, form, offer, viewer, timezone.now())):
        messages.success(request, _("The capacity is added."))
        return redirect("offer_edit", pk=pk)
    return _page(request, viewer, form, offer)


def _add(form: PhaseForm, offer: Offer, viewer: Member, now: datetime) -> CapacityPhase:
    values = phaseentries.read(form.raw)
    return phases.add(offer=offer, id=form.id, by=viewer.user, now=now, **values)


@require_http_methods(["GET", "HEAD", "POST"])
@acts("write")
def phase_edit(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """Change a phase or end it."""
    phase = own_phase(viewer, pk)
    form = PhaseForm.posted(request.POST) if request.method == "POST" else _form_of(phase)
    if request.method == "POST" and form.attempt(partial(_change, form, phase, viewer, timezone.now())):
        messages.success(request, _("The capacity is changed."))
        return redirect("offer_edit", pk=phase.offer_id)
    return _page(request, viewer, form, phase.offer, own_phase(viewer, pk))


def _change(form: PhaseForm, phase: CapacityPhase, viewer: Member, now: datetime) -> bool:
    values = phaseentries.read(form.raw)
    phases.change(phase=phase, version=form.seen, by=viewer.user, now=now, **values)
    return True


@require_POST
@acts("write")
def phase_remove(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """Take a phase away that was never there."""
    phase = own_phase(viewer, pk)
    form = _form_of(phase)
    form.version = request.POST.get("version", "")
    if form.attempt(partial(_remove, form, phase, viewer, timezone.now())):
        messages.success(request, _("The capacity is removed."))
        return redirect("offer_edit", pk=phase.offer_id)
    return _page(request, viewer, form, phase.offer, own_phase(viewer, pk))


def _remove(form: PhaseForm, phase: CapacityPhase, viewer: Member, now: datetime) -> bool:
    phases.remove(phase=phase, version=form.seen, by=viewer.user, now=now)
    return True


def _form_of(phase: CapacityPhase) -> PhaseForm:
    form = PhaseForm(
        {
            "available_kw": str(phase.available_kw),
            "starts_on": phase.starts_on.isoformat(),
            "ends_on": hostforms.last_day(phase.ends_on),
            "state": phase.state,
        }
    )
    form.version = str(phase.version)
    return form


def _page(
    request: HttpRequest,
    viewer: Member,
    form: PhaseForm,
    offer: Offer,
    phase: CapacityPhase | None = None,
) -> HttpResponse:
    if form.is_stale and phase is not None:
        now_form = _form_of(phase)
        form.meanwhile = [
            (str(ask.label), "", hostforms.in_words(ask, now_form.values[name]))
            for name, ask in PHASE_ASKS.items()
            if now_form.values[name] != form.values[name]
        ]
        form.version = now_form.version
    shown: dict[str, Any] = {"area": "host", "form": form, "offer": offer, "phase": phase}
    shown["may_write"] = viewer.may("write")
    return render(request, "phase_form.html", shown, status=form.status)
