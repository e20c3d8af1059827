"""What the law did, everywhere or in a place: what is to come, then year by year, and one event by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.services import pages
from accounts.services.errors import Invalid
from hosting.filters import RegulationEventFilter
from hosting.models import Jurisdiction, LegalStatus, RegulationEvent
from hosting.services import regnews
from hosting.services.places import Held
from hosting.web import eventstrip, factwords, placelists, rulewords

SIZE = 25
# So many of what is to come are shown; whoever wants the rest names a place.
MOST_COMING = 50
# What the filters are called in the address of the page, where that differs.
NAMES = {"jurisdiction": "place"}
FOLDED = ("kind", "effect", "year", "q")


@dataclass(frozen=True)
class Entry:
    """An event as the page shows it; `place` is None for one that has no row."""

    event: RegulationEvent
    when: str
    kind: str
    place: Jurisdiction | None
    place_name: str
    led: regnews.Led


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """The timeline, filtered as the address says. 400 for an address that can't be read."""
    asked = _asked(request)
    found = RegulationEventFilter(asked, RegulationEvent.objects.all())
    problems = [(NAMES.get(name, name), text) for name, texts in found.form.errors.items() for text in texts]
    shown: dict[str, Any] = {"area": "events", "data": found.form, "problems": problems}
    shown |= {"is_folded_open": any(name in asked for name in FOLDED), **_choices(found)}
    if not problems:
        shown |= _timeline(request, found, asked)
    return render(request, "event_list.html", shown, status=400 if shown["problems"] else 200)


@require_safe
def event(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One event with the law it is about."""
    (entry,) = _entries([get_object_or_404(RegulationEvent, pk=pk)])
    shown = {
        "area": "events",
        "entry": entry,
        "rules": [(rule, rulewords.sentence(rule)) for rule in entry.led.rules],
        "facts": factwords.rows(Held(fact, None) for fact in entry.led.facts),
        "stopping": rulewords.STOPPING,
        "is_coming": entry.event.date > timezone.now().date(),
    }
    return render(request, "event_detail.html", shown)


def _asked(request: HttpRequest) -> QueryDict:
    """The query as the filters know it; a code may be typed in small letters."""
    asked = placelists.given(request)
    if place := request.GET.get("place"):
        asked["jurisdiction"] = place.upper()
    return asked


def _choices(found: RegulationEventFilter) -> dict[str, Any]:
    """What the form offers: places with news and the one that is asked for, kinds, and effects."""
    code = str(found.form["jurisdiction"].value() or "")
    codes = regnews.codes()
    places = Jurisdiction.objects.in_bulk([*codes, code])
    if code in places and code not in codes:
        codes.append(code)
    kinds = [value for value, _label in found.form.fields["kind"].choices if value]
    return {
        "code": code,
        "place": places.get(code),
        "place_name": regnews.place_name(code, places) if code in codes else "",
        "country": places.get(code.partition("-")[0]) if "-" in code else None,
        "places": [(one, regnews.place_name(one, places)) for one in sorted(codes)],
        "kinds": sorted(((kind, regnews.kind_name(kind)) for kind in kinds), key=lambda pair: pair[1]),
        "effects": LegalStatus.choices,
        "feed": reverse("events_feed") + (f"?place={code}" if code in codes else ""),
    }


def _timeline(request: HttpRequest, found: RegulationEventFilter, asked: QueryDict) -> dict[str, Any]:
    """One page of what has been, the strip over all of it, and on the first page what is to come."""
    today = timezone.now().date()
    cursor = request.GET.get("cursor")
    try:
        page = pages.page(found.qs.filter(date__lte=today), order=found.order, cursor=cursor, size=SIZE)
    except Invalid as refused:
        texts = [text for some in refused.fields.values() for text in some]
        return {"problems": [("cursor", text) for text in texts]}
    every = asked.copy()
    every.pop("year", None)
    counts = regnews.per_year(RegulationEventFilter(every, RegulationEvent.objects.all()).qs)
    return {
        "years": _by_year(_entries(page.rows)),
        "bars": eventstrip.bars(
            counts,
            chosen=found.form.cleaned_data["year"],
            address=lambda year: _address(request, year=year, cursor=None),
        ),
        "next": _address(request, cursor=page.next) if page.next else "",
        "previous": _address(request, cursor=page.previous) if page.previous else "",
        **(_coming(found, today) if not cursor else {}),
    }


def _coming(found: RegulationEventFilter, today: date) -> dict[str, Any]:
    """What is dated after today, the next first. A rule has no kind and moves no status by itself: it is left
    out where those are asked for."""
    asked = found.form.cleaned_data
    later = found.qs.filter(date__gt=today).order_by("date", "pk")[: MOST_COMING + 1]
    rows: list[Any] = [(one.event.date, one, None) for one in _entries(later)]
    if not (asked["kind"] or asked["effect"] or asked["updated_since"]):
        rules = regnews.coming_rules(
            today=today, code=asked["jurisdiction"], year=asked["year"], text=asked["q"]
        )
        rows += [(one.valid_from, None, one) for one in rules[: MOST_COMING + 1]]
    rows.sort(key=lambda row: row[0])
    return {
        "coming": [(entry, rule) for _day, entry, rule in rows[:MOST_COMING]],
        "has_more_coming": len(rows) > MOST_COMING,
        "stopping": rulewords.STOPPING,
    }


def _entries(rows: Iterable[RegulationEvent]) -> list[Entry]:
    """Three queries, however many they are."""
    rows = list(rows)
    places, led = regnews.places_of(rows), regnews.led_to(rows)
    return [
        Entry(
            event=row,
            when=regnews.when(row),
            kind=regnews.kind_name(row.kind),
            place=places.get(row.jurisdiction),
            place_name=regnews.place_name(row.jurisdiction, places),
            led=led[row.pk],
        )
        for row in rows
    ]


def _by_year(entries: Iterable[Entry]) -> list[tuple[int, list[tuple[date | None, list[Entry]]]]]:
    """[(year, [(first day of the month, entries)])] in the order they come; None for what is dated by its
    year alone, at the year's end of the list, where January stands."""
    years: dict[int, dict[date | None, list[Entry]]] = {}
    for entry in entries:
        day = entry.event.date
        month = None if entry.event.date_precision == "year" else day.replace(day=1)
        years.setdefault(day.year, {}).setdefault(month, []).append(entry)
    return [
        (year, sorted(months.items(), key=lambda pair: pair[0] is None)) for year, months in years.items()
    ]


def _address(request: HttpRequest, **changes: Any) -> str:
    """The page with the same filters but for these; None takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}" if query else reverse("events")
