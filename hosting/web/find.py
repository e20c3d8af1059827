"""Find a hotel: the need as a form whose address carries it, and the ranked answer beside it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.web import acting
from hosting.models import Offer
from hosting.web import bars, choices, results
from hosting.web.needforms import NeedForm


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The page, or for htmx the list alone. 400, with all that was typed, for a bad need."""
    today = timezone.now().date()
    is_live = bool(request.htmx) and not request.htmx.history_restore_request
    form = NeedForm(request.GET, today=today, is_draft=is_live and "show" not in request.GET)
    asked = _asked(request, form)
    answer = results.answer(form, today=today, asked=asked)
    shown = {"area": "find", "form": form, "answer": answer, "everything": form.address(offer="")}
    shown |= {"keys": {"price": bars.key("price"), "score": bars.key("score")}}
    shown |= choices.of_form(form, today=today)
    return _respond(request, shown, is_live=is_live)


def _asked(request: HttpRequest, form: NeedForm) -> Offer | None:
    """The hotel that ?offer= asks about. 404 for one that this person can't see."""
    if not form.offer:
        return None
    visible = Offer.objects.visible_to(acting.viewer_of(request)).select_related("site")
    return get_object_or_404(visible, pk=results.asked_offer_id(form))


def _respond(request: HttpRequest, shown: dict, *, is_live: bool) -> HttpResponse:
    form = shown["form"]
    adds_line = is_live and "add_line" in request.GET
    template = "_fleet.html" if adds_line else "_find_fragment.html" if is_live else "find.html"
    response = render(request, template, shown, status=400 if form.errors and not adds_line else 200)
    patch_vary_headers(response, ["HX-Request"])
    if is_live and not adds_line:
        response["HX-Push-Url"] = form.address()
    return response
