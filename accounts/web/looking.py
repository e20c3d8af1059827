"""Staff looks at the pages as an organization sees them: read-only, for an hour, begun and ended in writing.

The session says for which organization. While it does, every unsafe request is refused, whatever it asks.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organization
from accounts.services import looking
from accounts.services.acting import Person
from accounts.services.errors import Invalid
from accounts.services.looking import Looking
from accounts.web import acting, staffsite

SESSION = "looking"


def is_on(request: HttpRequest) -> bool:
    """Whether somebody of the staff looks as an organization now."""
    # Who came with no session is not asked for one: the answer to them need not vary by it.
    return settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION in request.session


def viewer_of(request: HttpRequest) -> Looking | None:
    """The viewer as whom staff looks, or None; the middleware has seen that it still may."""
    return getattr(request, "looking", None)


@require_http_methods(["GET", "HEAD", "POST"])
@acting.signed_in
def begin(request: HttpRequest, viewer: Person, handle: str) -> HttpResponse:
    """Ask why, write it down, and go to the organization's pages. 404 for everybody but staff."""
    if not may_look(request):
        raise Http404
    organization, errors = get_object_or_404(Organization, handle=handle), {}
    if request.method == "POST":
        try:
            return _begun(request, organization)
        except Invalid as refused:
            errors = refused.fields
    shown = {"organization": organization, "errors": errors, "why": request.POST.get("why", "")}
    return render(request, "looking_form.html", shown, status=400 if errors else 200)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Look as oneself again, at the organization in the admin."""
    seen = viewer_of(request)
    if seen is None:
        return redirect("home")
    stop(request)
    messages.success(request, _("You look as yourself again."))
    return redirect("admin:accounts_organization_change", seen.organization.pk)


def may_look(request: HttpRequest) -> bool:
    """Whether the person is of the staff, with a second factor, and may see organizations."""
    user = request.user
    if not user.is_authenticated or not user.is_staff or staffsite.lacks_second_factor(request):
        return False
    return user.is_active and user.has_perm("accounts.view_organization")


def _begun(request: HttpRequest, organization: Organization) -> HttpResponse:
    now = timezone.now()
    why = request.POST.get("why", "")
    looking.begin(organization=organization, by=request.user, why=why, now=now)  # type: ignore[arg-type]
    request.session[SESSION] = {"organization": str(organization.pk), "since": now.isoformat()}
    return redirect("organization", organization.handle)


def stop(request: HttpRequest) -> None:
    """End the look and write it down."""
    seen = viewer_of(request)
    request.session.pop(SESSION, None)
    if seen is not None:
        looking.end(organization=seen.organization, by=seen.user, now=timezone.now())
        request.looking = None  # type: ignore[attr-defined]


class ReadOnly:
    """Middleware: while staff looks as an organization nothing is changed, by no form and no call.

    Two ways out stay open, the end of the look and signing out; after an hour it ends by itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_on(request):
            self.settle(request)
        if viewer_of(request) is not None and request.method not in acting.SAFE:
            if request.path == reverse("logout"):
                stop(request)
            elif request.path != reverse("looking_end"):
                return render(request, "looking_refused.html", status=403)
        return self.get_response(request)

    def settle(self, request: HttpRequest) -> None:
        """Put the viewer onto the request, or end what has lasted too long or may be no more."""
        kept = request.session[SESSION]
        organization = Organization.objects.filter(pk=kept["organization"]).first()
        if organization is None or not request.user.is_authenticated:
            del request.session[SESSION]
            return
        request.looking = looking.as_viewer(organization=organization, by=request.user)  # type: ignore
        since = datetime.fromisoformat(kept["since"])
        if looking.is_over(since=since, now=timezone.now()) or not may_look(request):
            stop(request)
