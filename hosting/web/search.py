"""The search of the header: hotels, places and machines by one line of words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.services.errors import Invalid
from accounts.web import acting
from hosting.services import searching
from hosting.web import standings


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found, by kind; the empty form without words, and 400 for words that can't be looked for."""
    words = request.GET.get("q", "").strip()
    shown: dict[str, Any] = {"area": "search", "words": words, "longest": searching.LONGEST}
    if not words:
        return render(request, "search.html", shown)
    try:
        answer = searching.search(words=words, viewer=acting.viewer_of(request))
    except Invalid as refused:
        return render(request, "search.html", {**shown, "problems": refused.fields["q"]}, status=400)
    codes = [place.code for place in answer.places.rows]
    known = standings.of_places(codes, as_of=timezone.now().date())
    shown |= {"answer": answer, "places": [(place, known[place.code]) for place in answer.places.rows]}
    return render(request, "search.html", shown)
