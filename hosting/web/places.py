"""A place on a day: what the law is, was and will be there, what is known of it, and its hotels."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.web import acting
from hosting.models import Jurisdiction, LegalStatus, RegulationRule
from hosting.services import placehistory, regnews
from hosting.services import places as law
from hosting.web import asof, factwords, placemarket, placetimeline, rulewords, standings

NEWS = 8


@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One place on the day that is asked for. 404 for a code we do not have, 400 for a day that is none."""
    today = timezone.now().date()
    as_of, problem = asof.asked(request.GET, today=today)
    try:
        found = law.law_of(code.upper(), as_of=as_of, today=today)
    except Jurisdiction.DoesNotExist as unknown:
        raise Http404 from unknown
    shown = {"area": "places", "law": found, "today": today, "problem": problem}
    shown |= _day(found, today, request.GET.get("as_of", "")) | _words(found) | _past(found, today)
    shown |= placemarket.of(found, viewer=acting.viewer_of(request), today=today)
    return render(request, "place_detail.html", shown, status=400 if problem else 200)


def _day(found: law.Law, today: date, given: str) -> dict[str, Any]:
    """The day as the page says and keeps it; links to other places stay on it."""
    is_other = found.as_of != today
    return {
        "is_other_day": is_other,
        "is_past": found.as_of < today,
        "day_row": f"day:{found.as_of.isoformat()}",
        "day_query": f"?as_of={found.as_of.isoformat()}" if is_other else "",
        "day_given": given or found.as_of.isoformat(),
    }


def _words(found: law.Law) -> dict[str, Any]:
    status = found.deciding
    codes = [found.place.code, *(part.code for part in found.parts)]
    standing = standings.of_places(codes, as_of=found.as_of)
    return {
        "status": status,
        "status_words": LegalStatus(status.fact.value).label if status else "",
        "status_since": factwords.since(status.fact) if status else "",
        "in_force": [_rule(rule) for rule in found.in_force],
        "coming": [_rule(rule) for rule in found.coming],
        "stopping": rulewords.STOPPING,
        "groups": factwords.groups(found.facts),
        "parts": [(part, standing[part.code]) for part in found.parts],
    }


def _rule(rule: RegulationRule) -> dict[str, Any]:
    words = {"sentence": rulewords.sentence(rule), "scope": rulewords.scope(rule)}
    return {"rule": rule, "is_applied": rulewords.is_applied(rule), **words}


def _past(found: law.Law, today: date) -> dict[str, Any]:
    history = placehistory.of(found, today=today)
    return {
        "statuses": LegalStatus.choices,
        "picture": placetimeline.picture(history),
        "entries": placetimeline.entries(history, code=found.place.code),
        "news": [_news(one) for one in history.news[:NEWS]],
    }


def _news(one: placehistory.News) -> dict[str, Any]:
    code = one.event.jurisdiction
    name = regnews.place_name(code, {code: one.place} if one.place else {})
    return {"told": one, "when": regnews.when(one.event), "place_name": name}
