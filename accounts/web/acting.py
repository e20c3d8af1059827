"""For whom a person acts on the pages, and that no form is ever posted for the wrong company.

The choice lies in the session. Every form carries the handle it was made for (`{% acting_field %}`); a
form of another organization than the chosen one is refused: somebody has two tabs open.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.services import acting, consents
from accounts.services.acting import Member, Person, Viewer
from accounts.services.errors import NotAllowed
from accounts.services.looking import Looking

CHOICE = "acting"
CONSENTED = "consented"
FIELD = "acting"
SAFE = ("GET", "HEAD", "OPTIONS")
View = Callable[..., HttpResponseBase]


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks at the page: a stranger, a person, or a person acting for an organization.

    A choice that no longer holds (the membership ended) is forgotten.
    """
    if not hasattr(request, "viewer"):
        request.viewer = _viewer(request)  # type: ignore[attr-defined]
    return request.viewer  # type: ignore[attr-defined]


def _viewer(request: HttpRequest) -> Viewer:
    if getattr(request, "looking", None) is not None:
        # One of the staff who looks as an organization (accounts/web/looking.py).
        return request.looking  # type: ignore[attr-defined]
    handle = request.session.get(CHOICE)
    try:
        return acting.as_viewer(request.user, handle=handle)
    except NotAllowed:
        del request.session[CHOICE]
        return acting.as_viewer(request.user)


def choose(request: HttpRequest, handle: str) -> Viewer:
    """Act for this organization from now on. Raises NotAllowed for one the person is no member of."""
    viewer = acting.as_viewer(request.user, handle=handle)
    request.session[CHOICE] = handle
    return viewer


def has_consented(request: HttpRequest) -> bool:
    """Whether the person accepted every paper in force. The session remembers a yes, for these versions."""
    if request.session.get(CONSENTED) != consents.VERSIONS:
        if consents.missing(user=request.user):  # type: ignore[arg-type]
            return False
        request.session[CONSENTED] = dict(consents.VERSIONS)
    return True


def signed_in(view: View) -> View:
    """The page is for people who are signed in; others are sent to the sign-in page and come back.

    So are those who have not accepted the terms in force, to the page that asks for it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not has_consented(request):
            return redirect_to_login(request.get_full_path(), login_url=reverse("consent"))
        return view(request, _as_person(viewer_of(request)), *args, **kwargs)

    return guarded


def _as_person(viewer: Viewer) -> Viewer:
    """The same viewer, of the kind that says what is there: a Member, or a Person."""
    if viewer.user is None or isinstance(viewer, Looking):
        return viewer
    if viewer.organization is None:
        return Person(user=viewer.user, organizations=viewer.organizations)
    return Member(**vars(viewer))


def acts(right: str) -> Callable[[View], View]:
    """The page is for members acting for an organization; an unsafe method needs the right (write, sign)
    and a form made for that organization. The view is given (request, viewer, ...).

    Strangers sign in first; a person without an organization is shown how to found or choose one; a viewer
    who writes gets 403; a form of another organization 409.
    """

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: HttpRequest, viewer: Viewer, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if viewer.organization is None:
                return redirect("organizations")
            if request.method not in SAFE:
                if request.POST.get(FIELD) != viewer.organization.handle:
                    return render(request, "wrong_organization.html", {"viewer": viewer}, status=409)
                if not viewer.may(right):
                    raise NotAllowed
            return view(request, viewer, *args, **kwargs)

        return guarded

    return decorate
