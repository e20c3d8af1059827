"""What a person can choose from in the form of a need: machines, countries, places, licences."""

from datetime import date
from itertools import groupby
from typing import Any

from django.utils.functional import SimpleLazyObject
from django_countries import countries

from hosting.models import Jurisdiction, MachineModel, Offer, RegulationRule
from hosting.services import machines
from hosting.web.needforms import NeedForm


def of_form(form: NeedForm, *, today: date) -> dict[str, Any]:
    """The choices for a template; each is read only where the template shows it."""
    return {
        "makers": SimpleLazyObject(makers),
        "countries": SimpleLazyObject(lambda: origins(form)),
        "places": SimpleLazyObject(lambda: places(form, today=today)),
        "licence_types": SimpleLazyObject(licence_types),
    }


def origins(form: NeedForm) -> list[tuple[str, str]]:
    """Every country, and what the address names besides (a subdivision, or something unknown)."""
    known = [(one.code, one.name) for one in countries]
    typed = form.single["origin"]
    return known if not typed or typed in dict(known) else [*known, (typed, typed)]


def makers() -> list[tuple[str, list[MachineModel]]]:
    """The SHA-256 machines of the catalogue by maker."""
    return [
        (maker, list(models)) for maker, models in groupby(machines.catalogue(), key=lambda one: one.maker)
    ]


def places(form: NeedForm, *, today: date) -> list[tuple[str, str]]:
    """(code, name) of places with a hotel and the countries around them, and what the form names besides."""
    with_hotels = Offer.objects.live(today).values("site__jurisdiction")
    rows = Jurisdiction.objects.filter(pk__in=with_hotels).select_related("parent")
    names = {row.code: row.name for row in rows}
    names |= {row.parent.code: row.parent.name for row in rows if row.parent}
    for code in (*form.several["allowed_jurisdictions"], *form.several["excluded_jurisdictions"]):
        names.setdefault(code, code)
    country = {row.code: row.parent.name if row.parent else row.name for row in rows}
    order = sorted(names, key=lambda code: (country.get(code, names[code]), "-" in code, names[code]))
    return [(code, names[code]) for code in order]


def licence_types() -> list[str]:
    """The licences and registrations that published rules ask of miners or hosts."""
    return list(
        RegulationRule.objects.published()
        .exclude(licence_type="")
        .values_list("licence_type", flat=True)
        .distinct()
        .order_by("licence_type")
    )
