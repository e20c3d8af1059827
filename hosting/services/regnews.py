"""Regulation events as people read them: their kinds and places in words, what law they led to, how many a
year, and the rules that are still to come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from hosting.matching import law
from hosting.models import Jurisdiction, JurisdictionFact, RegulationEvent, RegulationRule
from hosting.services import wording
from hosting.services.wording import Text

KINDS: dict[str, Text] = {
    "ban": gettext_lazy("ban"),
    "draft_ban": gettext_lazy("draft of a ban"),
    "moratorium": gettext_lazy("moratorium"),
    "power_cut": gettext_lazy("power cut off"),
    "licensing": gettext_lazy("licensing"),
    "permission": gettext_lazy("permission"),
    "tariff": gettext_lazy("tariff"),
    "tax": gettext_lazy("tax"),
    "import_duty": gettext_lazy("import duty"),
    "court": gettext_lazy("court"),
    "policy": gettext_lazy("policy"),
}
# News comes from places that have no row of their own, too.
BEYOND: dict[str, Text] = {
    "EU": gettext_lazy("European Union"),
    "XK": gettext_lazy("Kosovo"),
}

Places = Mapping[str, Jurisdiction]


@dataclass(frozen=True, slots=True)
class Led:
    """The law that an event is about: published rules and facts of its place that rest on the same source,
    and rules that begin on its very day."""

    rules: tuple[RegulationRule, ...]
    facts: tuple[JurisdictionFact, ...]


def kind_name(kind: str) -> str:
    """The kind in words; one that staff has newly made up is its own word."""
    return str(KINDS.get(kind, kind.replace("_", " ")))


def when(event: RegulationEvent) -> str:
    """The event's date, no more precise than its source dates it: 21 May 2021, May 2021 or 2021."""
    formats = {"day": wording.day_format(), "month": wording.month_format(), "year": "Y"}
    return date_format(event.date, formats[event.date_precision], use_l10n=False)


def place_name(code: str, places: Places) -> str:
    """What the place is called, or its code where we have no name for it."""
    return places[code].name if code in places else str(BEYOND.get(code, code))


def places_of(events: Iterable[RegulationEvent]) -> dict[str, Jurisdiction]:
    """code -> place, for those of the events' places that have a row. One query."""
    return Jurisdiction.objects.in_bulk({event.jurisdiction for event in events})


def latest(*, today: date, most: int) -> list[tuple[RegulationEvent, Jurisdiction | None]]:
    """The newest events everywhere that have happened, with their places where we have them. Two queries."""
    events = list(RegulationEvent.objects.filter(date__lte=today)[:most])
    places = places_of(events)
    return [(event, places.get(event.jurisdiction)) for event in events]


def codes() -> list[str]:
    """The places that have news, and the countries around them. One query."""
    own = set(RegulationEvent.objects.order_by().values_list("jurisdiction", flat=True).distinct())
    return sorted(own | {law.country_of(code) for code in own})


def is_known(code: str) -> bool:
    """Whether the code is a place of ours, or one that has news."""
    there = Q(jurisdiction=code) | Q(jurisdiction__startswith=f"{code}-")
    return Jurisdiction.objects.filter(pk=code).exists() or RegulationEvent.objects.filter(there).exists()


def led_to(events: Iterable[RegulationEvent]) -> dict[UUID, Led]:
    """id of the event -> the law it is about. Two queries, however many they are."""
    events = list(events)
    here = Q(jurisdiction__in={event.jurisdiction for event in events})
    urls = {event.url for event in events if event.url}
    begun = Q(source_url__in=urls) | Q(valid_from__in={event.date for event in events})
    rules = list(RegulationRule.objects.published().filter(here, begun).order_by("valid_from", "id"))
    facts = list(JurisdictionFact.objects.filter(here, url__in=urls).order_by("field", "valid_from"))
    return {
        event.pk: Led(
            rules=tuple(rule for rule in rules if _is_about(event, rule)),
            facts=tuple(
                fact for fact in facts if (fact.jurisdiction_id, fact.url) == (event.jurisdiction, event.url)
            ),
        )
        for event in events
    }


def _is_about(event: RegulationEvent, rule: RegulationRule) -> bool:
    if rule.jurisdiction_id != event.jurisdiction:
        return False
    is_same_day = event.date_precision == "day" and rule.valid_from == event.date
    return is_same_day or (event.url != "" and rule.source_url == event.url)


def per_year(events: QuerySet) -> list[tuple[int, int]]:
    """(year, how many of the events), without a gap from the first year to the last. One query."""
    found = dict(events.order_by().values_list("date__year").annotate(count=Count("pk")))
    return [(year, found.get(year, 0)) for year in range(min(found), max(found) + 1)] if found else []


def coming_rules(*, today: date, code: str = "", year: int | None = None, text: str = "") -> QuerySet:
    """Published rules that begin after today, the next one first; of a place, with its subdivisions."""
    rows = RegulationRule.objects.published().filter(valid_from__gt=today).select_related("jurisdiction")
    if code:
        rows = rows.filter(Q(jurisdiction=code) | Q(jurisdiction__parent=code))
    if year:
        rows = rows.filter(valid_from__year=year)
    for word in text.split():
        rows = rows.filter(Q(title__icontains=word) | Q(source__icontains=word))
    return rows.order_by("valid_from", "jurisdiction", "id")
