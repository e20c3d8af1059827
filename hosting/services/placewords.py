"""Notices about places in words. What everybody may read of the law; a row that is gone leaves its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Notice
from accounts.services.digests import Said
from hosting.models import (
    Confidence,
    Jurisdiction,
    JurisdictionFact,
    RegulationEvent,
    RegulationRule,
    RuleStatus,
)
from hosting.services import regnews, wording

MOST_PLACES = 5


@dataclass(frozen=True)
class Rows:
    """What the notices speak of: places by code, all else by UUID as text."""

    places: dict[str, Jurisdiction]
    events: dict[str, RegulationEvent]
    rules: dict[str, RegulationRule]
    facts: dict[str, JurisdictionFact]

    def place(self, code: str) -> str:
        return regnews.place_name(code, self.places) if code else _("A place")


def rows(notices: Iterable[Notice]) -> Rows:
    """One query for each kind of thing that is spoken of."""
    spoken = [notice.params for notice in notices]
    codes = {one["place"] for one in spoken if one.get("place")}
    codes |= {code for one in spoken for code in one.get("places", ())}
    return Rows(
        places={row.pk: row for row in Jurisdiction.objects.filter(pk__in=codes)},
        events=_by_id(RegulationEvent, spoken, "event"),
        rules=_by_id(RegulationRule, spoken, "rule"),
        facts=_by_id(JurisdictionFact, spoken, "fact"),
    )


def _by_id(model: Any, spoken: list[dict[str, Any]], name: str) -> dict[str, Any]:
    keys = {UUID(one[name]) for one in spoken if one.get(name)}
    return {str(row.pk): row for row in model.objects.filter(pk__in=keys)}


def news(params: dict[str, Any], found: Rows) -> Said:
    """A regulation event; or that new data about several places was loaded."""
    if "places" in params:
        return _renewed(params, found)
    event = found.events.get(params.get("event", ""))
    place = found.place(params.get("place", ""))
    if event is None:
        return Said(_("%(place)s: news of the law") % {"place": place})
    parts = [regnews.when(event), regnews.kind_name(event.kind)]
    if event.effect_on_legal_status:
        parts.append(_("legal status: %(status)s") % {"status": wording.word(event.effect_on_legal_status)})
    return Said(
        _("%(place)s: %(title)s") % {"place": place, "title": event.title},
        (" · ".join(parts), _source(event.source, event.confidence)),
    )


def _renewed(params: dict[str, Any], found: Rows) -> Said:
    codes = sorted(params["places"])
    names = ", ".join(found.place(code) for code in codes[:MOST_PLACES])
    if len(codes) > MOST_PLACES:
        more = len(codes) - MOST_PLACES
        names = _("%(names)s and %(count)s more") % {"names": names, "count": more}
    return Said(_("What we know of the law was renewed: %(names)s") % {"names": names})


def rule(params: dict[str, Any], found: Rows) -> Said:
    """A rule that counts from now on, or no longer."""
    row = found.rules.get(params.get("rule", ""))
    place = found.place(params.get("place", ""))
    if row is None:
        return Said(_("%(place)s: a rule changed") % {"place": place})
    said = {"place": place, "title": row.title}
    first = wording.day(row.valid_from.isoformat())
    period = _("from %(start)s") % {"start": first}
    line = f"{row.get_effect_display()} · {period}"
    if params.get("became") == RuleStatus.SUPERSEDED:
        title = _("%(place)s: a rule no longer counts: %(title)s") % said
    else:
        title = _("%(place)s: a rule is published: %(title)s") % said
    return Said(title, (line, _source(row.source, row.confidence)))


def status(params: dict[str, Any], found: Rows) -> Said:
    """The legal status, or our rating, that holds now or from a day to come."""
    said = {
        "place": found.place(params.get("place", "")),
        "became": wording.word(params.get("became")),
        "day": wording.day(params["from"]) if params.get("from") else "",
    }
    is_rating = params.get("field") == "predictability"
    if is_rating and said["day"]:
        title = _("%(place)s: our rating of predictability is %(became)s of 5 from %(day)s") % said
    elif is_rating:
        title = _("%(place)s: our rating of predictability is now %(became)s of 5") % said
    elif said["day"]:
        title = _("%(place)s: the legal status is “%(became)s” from %(day)s") % said
    else:
        title = _("%(place)s: the legal status is now “%(became)s”") % said
    lines = [_("Before: %(was)s.") % {"was": wording.word(params.get("was"))}]
    fact = found.facts.get(params.get("fact", ""))
    if fact is not None:
        lines.append(_source(fact.publisher, fact.confidence))
    return Said(title, tuple(lines))


def _source(name: str, confidence: str) -> str:
    said = {"source": name or _("no source"), "level": Confidence(confidence).label}
    if confidence == Confidence.LOW:
        return _("Source: %(source)s (unverified)") % said
    return _("Source: %(source)s (%(level)s confidence)") % said
