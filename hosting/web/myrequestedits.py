"""Posting a need: the form with its live preview, changing what was posted, and the steps of its life."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Event
from accounts.services import events, lifecycle
from accounts.services.acting import Member
from accounts.services.errors import Conflict, Invalid, NotAllowed
from accounts.web.acting import acts
from hosting.models import CapacityRequest, RequestStatus
from hosting.services import requests
from hosting.services.entries import as_uuid
from hosting.web import bars, choices, requestwords, results
from hosting.web.myrequests import own
from hosting.web.requestforms import RequestForm, last_day_of, query_of, whole


@require_http_methods(["GET", "HEAD", "POST"])
@acts("write")
def request_new(request: HttpRequest, viewer: Member) -> HttpResponse:
    """A new need. The address may carry one (from "find a hotel"); htmx is given the preview alone."""
    requests.check_owner(viewer.organization)
    now = timezone.now()
    if request.method == "POST":
        return _post_new(request, viewer, now)
    is_live = bool(request.htmx) and not request.htmx.history_restore_request
    form = RequestForm(request.GET, today=now.date(), is_draft=is_live)
    return _page(request, form, now, previews=not form.is_blank, is_live=is_live)


def _post_new(request: HttpRequest, viewer: Member, now: datetime) -> HttpResponse:
    form = RequestForm(request.POST, today=now.date())
    if _is_only_shown(request):
        return _page(request, form, now, previews="preview" in request.POST)
    try:
        need, expires_at = form.read(today=now.date())
    except Invalid:
        return _page(request, form, now)
    made = requests.create(
        owner=viewer.organization,
        need=need,
        expires_at=expires_at,
        is_anonymous=form.is_anonymous,
        id=form.id,
        by=viewer.user,
        now=now,
    )
    return _saved(request, viewer, made, now)


@require_http_methods(["GET", "HEAD", "POST"])
@acts("write")
def request_edit(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """Change a draft or an open request. 409 with what changed meanwhile when somebody was first."""
    now = timezone.now()
    found = get_object_or_404(own(viewer), pk=pk)
    if found.status not in requests.CHANGEABLE:
        raise requests.NotChangeable(status=found.get_status_display())
    if request.method == "POST":
        return _post_edit(request, viewer, found, now)
    form = RequestForm(query_of(found), today=now.date())
    return _page(request, form, now, found=found, previews=True)


def _post_edit(request: HttpRequest, viewer: Member, found: CapacityRequest, now: datetime) -> HttpResponse:
    form = RequestForm(request.POST, today=now.date())
    if _is_only_shown(request):
        return _page(request, form, now, found=found, previews="preview" in request.POST)
    try:
        changed = _change(found, form, viewer, now)
    except Invalid as refused:
        form.errors = refused.fields
        return _page(request, form, now, found=found)
    except lifecycle.Stale:
        return _stale(request, form, found, now)
    return _saved(request, viewer, changed, now)


def _change(found: CapacityRequest, form: RequestForm, viewer: Member, now: datetime) -> CapacityRequest:
    need, expires_at = form.read(today=now.date())
    # The form knows days; an hour that came by the API stays unless the day was changed.
    keeps_hour = form.expires_on == last_day_of(found).isoformat()
    return requests.change(
        request=found,
        need=need,
        version=form.version,
        expires_at=None if keeps_hour else expires_at,
        is_anonymous=form.is_anonymous,
        by=viewer.user,
        now=now,
    )


def _stale(request: HttpRequest, form: RequestForm, found: CapacityRequest, now: datetime) -> HttpResponse:
    """The form again with all that was typed, and what the row says now where it was changed meanwhile."""
    found.refresh_from_db()
    changed = Event.objects.filter(
        subject_kind=events.kind_of(found),
        subject_id=found.pk,
        code="changed",
        params__version__gt=form.version,
    )
    fields = {name for event in changed for name in event.params["fields"]}
    meanwhile = [
        (label, requestwords.of(found, name))
        for name, label in requestwords.LABELS.items()
        if name in fields and name in requestwords.WORDS
    ]
    form.version = found.version
    return _page(request, form, now, found=found, meanwhile=meanwhile, is_stale=True)


def _is_only_shown(request: HttpRequest) -> bool:
    """Whether the button pressed asks for the form again and saves nothing."""
    return "preview" in request.POST or "add_line" in request.POST


def _page(
    request: HttpRequest,
    form: RequestForm,
    now: datetime,
    *,
    previews: bool = False,
    is_live: bool = False,
    is_stale: bool = False,
    **more: Any,
) -> HttpResponse:
    """The form, with the ranked hotels beside it if `previews`; the hotels alone if `is_live`."""
    today = now.date()
    answer = results.answer(form, today=today) if previews else None
    shown = {"area": "requests", "form": form, "answer": answer, "is_stale": is_stale, **more}
    shown |= {"keys": {"price": bars.key("price"), "score": bars.key("score")}}
    shown |= choices.of_form(form, today=today) | {"everything": ""}
    shown["countries"] = _countries(form, shown["countries"])
    status = 409 if is_stale else 400 if form.errors and "add_line" not in request.POST else 200
    template = "_find_fragment.html" if is_live else "request_form.html"
    response = render(request, template, shown, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _countries(form: RequestForm, known: Any) -> list[tuple[str, str]]:
    """The countries, and a subdivision that a request made by the API names."""
    origin = form.single["origin"]
    extra = [(origin, origin)] if origin and origin not in dict(known) and "origin" not in form.errors else []
    return [*extra, *known]


def _saved(request: HttpRequest, viewer: Member, made: CapacityRequest, now: datetime) -> HttpResponse:
    """On to the request's page; opened first if that button was pressed. Unverified: the draft is kept."""
    words = _("Saved. The hotels follow.") if made.status == RequestStatus.OPEN else _("Saved as a draft.")
    if "publish" in request.POST and made.status == RequestStatus.DRAFT:
        try:
            requests.publish(request=made, by=viewer.user, now=now)
            words = _("Your request is open. Hosts can see it now.")
        except (NotAllowed, Invalid, Conflict) as refused:
            sentences = [str(one) for some in getattr(refused, "fields", {}).values() for one in some]
            words = f"{_('Saved as a draft.')} {' '.join(sentences) or refused}"
    messages.info(request, words)
    return redirect("request", pk=made.pk)


@require_POST
@acts("write")
def request_step(request: HttpRequest, viewer: Member, pk: UUID, step: str) -> HttpResponse:
    """Publish, withdraw or repost. 409 when somebody changed the request since the page was opened."""
    found = get_object_or_404(own(viewer), pk=pk)
    if step not in STEPS:
        raise Http404
    return STEPS[step](request, viewer, found, timezone.now())


def _publish(request: HttpRequest, viewer: Member, found: CapacityRequest, now: datetime) -> HttpResponse:
    version = whole(request.POST.get("version"))
    requests.publish(request=found, version=version, by=viewer.user, now=now)
    messages.info(request, _("Your request is open. Hosts can see it now."))
    return redirect("request", pk=found.pk)


def _withdraw(request: HttpRequest, viewer: Member, found: CapacityRequest, now: datetime) -> HttpResponse:
    version, why = whole(request.POST.get("version")), request.POST.get("why", "").strip()[:500]
    requests.withdraw(request=found, version=version, why=why, by=viewer.user, now=now)
    messages.info(request, _("The request is withdrawn. Hosts no longer see it."))
    return redirect("request", pk=found.pk)


def _repost(request: HttpRequest, viewer: Member, found: CapacityRequest, now: datetime) -> HttpResponse:
    made = requests.repost(request=found, id=as_uuid(request.POST.get("id")), by=viewer.user, now=now)
    messages.info(request, _("This is a new draft with the same need. Check the dates, then publish it."))
    return redirect("request_edit", pk=made.pk)


STEPS = {"publish": _publish, "withdraw": _withdraw, "repost": _repost}
