"""What a host types or sends about a site, turned into columns, with a sentence for what can't be used."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.services.errors import Invalid
from hosting.models import Cooling, Jurisdiction
from hosting.services import places, sites
from hosting.services.entries import Entries

LENGTHS = {"name": 120, "region": 120, "address": 1000, "grid": 200, "insurance": 200}
REQUIRED = ("name", "region")


def read(raw: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """The columns of a site. energy_mix: {source: whole percent}. Raises Invalid with all that is wrong."""
    entries = Entries(raw)
    values: dict[str, Any] = {name: text(entries, name, longest) for name, longest in LENGTHS.items()}
    values["jurisdiction"] = _place(entries, today)
    values["total_kw"] = entries.whole("total_kw", low="1", high="10000000", unit="kW", required=True)
    values["connected_on"] = entries.day("connected_on")
    if values["connected_on"] and values["connected_on"].year < 1900:
        entries.refuse("connected_on", _("Please check the year."))
    values["cooling"] = list(entries.words("cooling", among=Cooling.values))
    values["energy_mix"] = _mix(entries)
    values["pue"] = entries.number("pue", places=4, low="1", high="3")
    if entries.wrong:
        raise Invalid(dict(entries.wrong))
    return values


def text(entries: Entries, name: str, longest: int) -> str:
    """A line or a paragraph; "" when left out and not required."""
    value = entries.given(name)
    if value is None:
        if name in REQUIRED:
            entries.refuse(name, _("Fill this in."))
        return ""
    if not isinstance(value, str) or "\x00" in value:
        entries.refuse(name, _("Enter text."))
        return ""
    if len(value) > longest:
        entries.refuse(
            name,
            _("Use at most %(longest)s characters; these are %(count)s.")
            % {"longest": longest, "count": len(value)},
        )
    return value


def _place(entries: Entries, today: date) -> Jurisdiction | None:
    code = entries.given("jurisdiction")
    place = Jurisdiction.objects.filter(pk=code).first() if isinstance(code, str) else None
    if place is None:
        entries.refuse("jurisdiction", _("Choose the place from the list."))
    elif places.is_sanctioned(place.code, as_of=today):
        entries.refuse(
            "jurisdiction",
            _("%(place)s is under comprehensive sanctions; nothing can be published there.")
            % {"place": place.name},
        )
    return place


def _mix(entries: Entries) -> dict[str, int]:
    mix: dict[str, int] = {}
    given = entries.mapping("energy_mix")
    for source, share in given.items():
        field = f"energy_mix.{str(source)[:20]}"
        if source not in sites.SOURCES:
            entries.refuse(field, _("There is no such source of energy."))
            continue
        number = entries.number(field, places=0, low="0", high="100", unit="%", raw=share)
        if number:
            mix[source] = int(number)
    is_readable = not any(field.startswith("energy_mix.") for field in entries.wrong)
    if mix and is_readable and sum(mix.values()) != 100:
        entries.refuse(
            "energy_mix",
            _("The parts of the energy mix add up to 100 %%; these add up to %(sum)s %%.")
            % {"sum": sum(mix.values())},
        )
    return mix
