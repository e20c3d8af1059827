"""The first page: what this is, the market in figures, a need in three fields, and what the law did."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hosting.services import matches, regnews
from hosting.web import choices
from hosting.web.needforms import NeedForm

NEWS = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The market in figures and the short form, which leads straight to the results."""
    now = timezone.now()
    today = now.date()
    form = NeedForm(QueryDict(""), today=today)
    form.rows = 1
    shown = {
        "area": "home",
        "market": matches.market(as_of=today, now=now),
        "form": form,
        "news": regnews.latest(today=today, most=NEWS),
        **choices.of_form(form, today=today),
    }
    return render(request, "home.html", shown)
