"""The places as a map and as a list that can be filtered, sorted and compared from."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from hosting.filters import PlaceListFilter
from hosting.models import Jurisdiction, JurisdictionFact
from hosting.services import atlas
from hosting.services.atlas import Entry
from hosting.web import maplooks, needfields, worldmap
from hosting.web.standings import Standing

# Columns that can be sorted by: the direction that a first click gives.
COLUMNS = {
    "name": "name",
    "legal_status": "-legal_status",
    "predictability": "-predictability",
    "power_price": "power_price",
    "free_kw": "-free_kw",
    "hotels": "-hotels",
}
CHOICES = {"statuses": needfields.STATUSES, "ratings": needfields.RATINGS}


@dataclass(frozen=True, slots=True)
class Row:
    """A place as the list shows it. `power` is a range in USD/kWh as text, "" where nobody knows; `..._from`
    the code of the parent that a value is taken from."""

    entry: Entry
    standing: Standing
    power: str
    power_fact: JurisdictionFact | None
    status_from: str | None
    rating_from: str | None
    power_from: str | None


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """All places on the map, and those that pass the filters as a list. 400 for an address that can't be
    read; for htmx the list without the map."""
    today = timezone.now().date()
    found = PlaceListFilter(given(request), Jurisdiction.objects.all(), today=today)
    is_live = bool(request.htmx) and not request.htmx.history_restore_request
    entries = atlas.entries(as_of=today)
    shown: dict[str, Any] = {"area": "places", "filter": found, **CHOICES, **_listed(request, found, entries)}
    if not is_live:
        shown["map"] = worldmap.of_places(entries, by=shown["by"])
    response = render(request, "place_list.html", shown, status=400 if shown["problems"] else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def given(request: HttpRequest) -> QueryDict:
    """The query without what a form sends empty."""
    query = request.GET.copy()
    for name, values in request.GET.lists():
        query.setlist(name, [value for value in values if value])
        if not query.getlist(name):
            del query[name]
    return query


def _listed(request: HttpRequest, found: PlaceListFilter, entries: list[Entry]) -> dict[str, Any]:
    """Rows in their order, what the links carry on, or what is wrong with the address."""
    problems = [
        (name, found.form.fields[name].label, text)
        for name, texts in found.form.errors.items()
        for text in texts
    ]
    asked = found.form.cleaned_data
    ordering, by = asked.get("ordering") or "name", asked.get("by") or "legal_status"
    passing = set() if problems else set(found.qs.values_list("code", flat=True))
    rows = atlas.ordered((entry for entry in entries if entry.place.code in passing), by=ordering)
    return {
        "problems": problems,
        "rows": [_row(entry) for entry in rows],
        "total": len(entries),
        "ordering": ordering,
        "by": by,
        "colours": [(name, words, _address(request, by=name)) for name, words in found.COLOURS.items()],
        "columns": {name: _column(request, name, ordering) for name in COLUMNS},
        "is_folded_open": any(request.GET.get(name) for name in ("max_power_price", "unverified")),
    }


def _row(entry: Entry) -> Row:
    standing = Standing(
        entry.place.code, entry.fact("legal_status"), entry.fact("predictability"), entry.banned_by
    )
    field = maplooks.power_field(entry)
    sources = (entry.inherited_from(name) for name in ("legal_status", "predictability", field))
    return Row(entry, standing, maplooks.power_range(entry), entry.fact(field), *sources)


def _column(request: HttpRequest, name: str, ordering: str) -> dict[str, str]:
    """Where a heading leads, and what it says of the order now (as aria-sort has it, "" for none)."""
    first = COLUMNS[name]
    again = name if first.startswith("-") else f"-{name}"
    follows = again if ordering == first and name != "name" else first
    order = ""
    if ordering.removeprefix("-") == name:
        order = "descending" if ordering.startswith("-") else "ascending"
    return {"order": order, "address": _address(request, ordering=follows) + "#rows"}


def _address(request: HttpRequest, **changes: str) -> str:
    """The address of this page with the same filters, but for these."""
    query = given(request)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"
