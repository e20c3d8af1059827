"""Follow a place: two buttons that need no script, and the list of what one follows."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.services.acting import Person
from accounts.web import acting
from hosting.models import Jurisdiction
from hosting.services import follows
from hosting.web import standings

# Where a form may ask to lead back to; anything else leads to the place.
LIST = "list"


@require_safe
@acting.signed_in
def followed_places(request: HttpRequest, viewer: Person) -> HttpResponse:
    """The person's places, with what holds there today."""
    places = [row.place for row in follows.of(viewer.user)]
    known = standings.of_places([place.pk for place in places], as_of=timezone.now().date())
    rows = [(place, known[place.pk]) for place in places]
    return render(request, "followed_places.html", {"rows": rows, "area": "notices"})


@require_POST
@acting.signed_in
def follow(request: HttpRequest, viewer: Person, code: str) -> HttpResponse:
    """Hear of the place from now on."""
    place = get_object_or_404(Jurisdiction, pk=code)
    follows.follow(person=viewer.user, place=place, now=timezone.now())
    messages.success(request, _("You follow %(place)s.") % {"place": place.name})
    return _back(request, place)


@require_POST
@acting.signed_in
def unfollow(request: HttpRequest, viewer: Person, code: str) -> HttpResponse:
    """Hear of the place no more."""
    place = get_object_or_404(Jurisdiction, pk=code)
    follows.unfollow(person=viewer.user, place=place)
    messages.success(request, _("You no longer follow %(place)s.") % {"place": place.name})
    return _back(request, place)


def _back(request: HttpRequest, place: Jurisdiction) -> Any:
    if request.POST.get("back") == LIST:
        return redirect("followed_places")
    return redirect("place", place.pk)
