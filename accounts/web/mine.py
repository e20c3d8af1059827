"""Pages of one organization, by its handle: for its members alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from accounts.services.acting import Person
from accounts.services.errors import NotAllowed
from accounts.web import acting
from accounts.web.acting import View


def of_mine(right: str) -> Callable[[View], View]:
    """The view is given (request, viewer, organization, ...). Whoever is no member gets 404, as if it did
    not exist.

    Looking needs no choice. An unsafe method needs the person to act for this organization (409), a form
    that was made for it (409), and the right: write or sign (403).
    """

    def decorate(view: View) -> View:
        @acting.signed_in
        @wraps(view)
        def guarded(
            request: HttpRequest, viewer: Person, handle: str, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            organization = next((one for one in viewer.organizations if one.handle == handle), None)
            if organization is None:
                raise Http404
            if request.method not in acting.SAFE:
                if not viewer.owns(organization.pk) or request.POST.get(acting.FIELD) != handle:
                    return render(request, "wrong_organization.html", {"viewer": viewer}, status=409)
                if not viewer.may(right):
                    raise NotAllowed
            return view(request, viewer, organization, *args, **kwargs)

        return guarded

    return decorate
