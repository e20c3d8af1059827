"""What the law did: dated, sourced events, with the place they speak of where we have it."""

from datetime import date

from django.db.models import Q, QuerySet

from hosting.models import Jurisdiction, RegulationEvent

News = list[tuple[RegulationEvent, Jurisdiction | None]]


def latest(*, today: date, most: int) -> News:
    """The newest events everywhere that have happened. Two queries."""
    return _with_places(RegulationEvent.objects.filter(date__lte=today)[:most])


def about(code: str, *, most: int) -> News:
    """The newest events of a place, of what lies in it and of its country. Two queries."""
    here = Q(jurisdiction=code) | Q(jurisdiction__startswith=f"{code}-")
    return _with_places(RegulationEvent.objects.filter(here | Q(jurisdiction=code.partition("-")[0]))[:most])


def _with_places(events: QuerySet) -> News:
    rows = list(events)
    places = Jurisdiction.objects.in_bulk([event.jurisdiction for event in rows])
    return [(event, places.get(event.jurisdiction)) for event in rows]
