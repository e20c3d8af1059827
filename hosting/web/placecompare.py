"""Places side by side: law, licences, rules, power, levies, duty, climate, hotels."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.services.errors import Invalid
from hosting.models import Effect, Jurisdiction, JurisdictionFact, LegalStatus, RegulationRule, Subject
from hosting.services import atlas
from hosting.services.atlas import Compared, InDollars
from hosting.templatetags import market
from hosting.web import factwords, maplooks, rulewords

# Whom a rule binds once the machines are there.
HERE = (Subject.HOST, Subject.MINER)
SURCHARGE, SURCHARGE_IN = "mining_power_surcharge_value", "mining_power_surcharge_currency"
AMOUNTS = re.compile(r"[\d.]+(-[\d.]+)?")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in a cell: what it does, in words; `other` is the parent it comes from."""

    rule: RegulationRule
    words: str
    is_coming: bool
    other: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one place has to say in a line. text "" and no fact: nobody knows."""

    place: Jurisdiction
    text: Any = ""
    fact: JurisdictionFact | None = None
    inherited_from: str | None = None
    note: Any = ""
    rules: tuple[RuleLine, ...] | None = None
    hotels: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    name: Any
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    title: Any
    lines: tuple[Line, ...]


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The places of ?place=&place=. 400 for more than are compared at a time, 404 for one we do not have."""
    today = timezone.now().date()
    codes = [code for code in request.GET.getlist("place") if code]
    shown: dict[str, Any] = {"area": "places", "most": atlas.MOST_COMPARED, "rows": []}
    try:
        rows = atlas.compared(codes=codes, as_of=today)
    except Jurisdiction.DoesNotExist as unknown:
        raise Http404 from unknown
    except Invalid as refused:
        shown["sentences"] = [one for some in refused.fields.values() for one in some]
        return render(request, "place_compare.html", shown, status=400)
    return render(request, "place_compare.html", shown | _shown(rows, today))


def _shown(rows: list[Compared], today: date) -> dict[str, Any]:
    codes = [row.entry.place.code for row in rows]
    return {
        "rows": [(row.entry.place, _without(codes, row.entry.place.code)) for row in rows],
        "codes": codes,
        "others": Jurisdiction.objects.exclude(code__in=codes).order_by("name"),
        "groups": list(_groups(rows, atlas.in_dollars(_levies(rows), as_of=today))) if rows else [],
    }


def _without(codes: list[str], code: str) -> str:
    return "?" + "&".join(f"place={one}" for one in codes if one != code)


def _levies(rows: list[Compared]) -> list[RegulationRule]:
    return [
        rule for row in rows for rule in (*row.in_force, *row.coming) if rule.effect == Effect.LEVY_PER_KWH
    ]


def _groups(rows: list[Compared], dollars: dict[Any, InDollars]) -> Iterable[Group]:
    def line(name: Any, cell: Callable[[Compared], Cell]) -> Line:
        return Line(name, tuple(cell(row) for row in rows))

    def fact(field: str) -> Line:
        return line(factwords.NAMES[field][0], lambda row: _of_fact(row, field))

    def ruled(name: Any, *effects: str, of: tuple[Subject, ...] = HERE) -> Line:
        return line(name, lambda row: _of_rules(row, effects, of, dollars))

    licences = (Effect.REQUIRE_LICENCE, Effect.REQUIRE_REGISTRATION)
    yield Group(
        _("Law"),
        (
            line(_("Legal status"), _status),
            line(_("Predictability, our own rating"), _rating),
            ruled(
                _("Bans, pauses, caps and stops"),
                Effect.PROHIBIT,
                Effect.MORATORIUM_NEW,
                Effect.CAP_KW,
                Effect.CURTAIL,
            ),
            ruled(_("Notes on the law"), Effect.ALLOW),
            fact("foreign_ownership_allowed"),
            fact("sanctions_comprehensive"),
        ),
    )
    yield Group(
        _("Licences"),
        (
            ruled(_("The host needs"), *licences, of=(Subject.HOST,)),
            ruled(_("The miner needs"), *licences, of=(Subject.MINER,)),
            fact("licence_required"),
        ),
    )
    yield Group(
        _("Power and levies"),
        (
            line(_("Industrial power, USD/kWh"), _power),
            ruled(_("Levies per kWh"), Effect.LEVY_PER_KWH),
            line(factwords.NAMES[SURCHARGE][0], _surcharge),
            fact("mining_power_surcharge_note"),
            fact("vat_pct"),
            fact("notable_tax"),
        ),
    )
    yield Group(
        _("Bringing machines in"),
        (
            fact("import_duty_on_asics_pct"),
            ruled(_("Rules on import"), *Effect.values, of=(Subject.IMPORT,)),
        ),
    )
    yield Group(
        _("Climate and grid"),
        (fact("typical_summer_max_c"), fact("climate_note"), fact("grid_carbon_gco2_per_kwh")),
    )
    yield Group(
        _("Hotels"),
        (
            line(_("On the market"), _hotels),
            line(_("Free today"), _free),
            line(_("Median list price"), _price),
        ),
    )


def _status(row: Compared) -> Cell:
    fact = row.entry.fact("legal_status")
    if fact is None:
        return Cell(row.entry.place)
    label = LegalStatus(fact.value).label
    return _sourced(row, label, "legal_status", note=_trust(fact))


def _trust(fact: JurisdictionFact) -> str:
    level = _("%(level)s confidence") % {"level": fact.get_confidence_display()}
    return f"{level}, {factwords.since(fact)}"


def _rating(row: Compared) -> Cell:
    fact = row.entry.fact("predictability")
    if fact is None:
        return Cell(row.entry.place)
    # Our own words are no claim of somebody else's: said with their reason, not with a source.
    words = _("%(rating)s of 5") % {"rating": fact.value}
    inherited = row.entry.inherited_from("predictability")
    return Cell(row.entry.place, words, None, inherited, note=fact.rationale)


def _of_fact(row: Compared, field: str) -> Cell:
    fact = row.entry.fact(field)
    return Cell(row.entry.place) if fact is None else _sourced(row, factwords.value(fact), field)


def _power(row: Compared) -> Cell:
    words = maplooks.power_range(row.entry)
    field = maplooks.power_field(row.entry)
    fact = row.entry.fact(field)
    if not words or fact is None:
        return Cell(row.entry.place)
    return _sourced(row, words, field, note=_trust(fact))


def _surcharge(row: Compared) -> Cell:
    """An amount with its currency; the line beneath says what it is paid on."""
    fact, currency = row.entry.fact(SURCHARGE), row.entry.fact(SURCHARGE_IN)
    if fact is None or currency is None or not AMOUNTS.fullmatch(fact.value):
        return _of_fact(row, SURCHARGE)
    return _sourced(row, f"{fact.value} {currency.value}", SURCHARGE)


def _sourced(row: Compared, words: Any, field: str, note: Any = "") -> Cell:
    entry = row.entry
    return Cell(entry.place, words, entry.fact(field), entry.inherited_from(field), note)


def _of_rules(
    row: Compared, effects: tuple[str, ...], subjects: tuple[Subject, ...], dollars: dict[Any, InDollars]
) -> Cell:
    """The rules that have one of these effects on one of these subjects, in force and coming."""
    found = []
    for is_coming, rules in ((False, row.in_force), (True, row.coming)):
        for rule in rules:
            if rule.effect in effects and rule.subject in subjects:
                other = "" if rule.jurisdiction_id == row.entry.place.code else rule.jurisdiction_id
                # A note does nothing that a sentence could tell: its title stands for itself.
                words = "" if rule.effect == Effect.ALLOW else rulewords.sentence(rule)
                found.append(RuleLine(rule, words, is_coming, other, _in_dollars(dollars.get(rule.pk))))
    return Cell(row.entry.place, rules=tuple(found))


def _in_dollars(found: InDollars | None) -> str:
    if found is None:
        return ""
    words = {"price": market.exact_price(found.micros), "date": market.day(found.rate.on)}
    return _("about %(price)s USD/kWh at the rate of %(date)s") % words


def _hotels(row: Compared) -> Cell:
    return Cell(row.entry.place, hotels=row.entry.figures.hotels)


def _free(row: Compared) -> Cell:
    return Cell(row.entry.place, _shown_figure(row, row.entry.figures.free_kw, market.power))


def _price(row: Compared) -> Cell:
    def priced(micros: int) -> str:
        return f"{market.price(micros)} USD/kWh"

    return Cell(row.entry.place, _shown_figure(row, row.entry.figures.median_price_micros, priced))


def _shown_figure(row: Compared, value: int | None, written: Callable[[int], str]) -> str:
    """A figure of the market, or why there is none."""
    if value is not None:
        return written(value)
    return _("too few hosts to show") if row.entry.figures.hotels else _("no hotel")
