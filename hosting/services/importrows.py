"""Offers in a file: each line an offer of one of the host's sites, with its terms, tiers and first phase.

Read by the same readers as the form and the API; all that is wrong is told by line and column.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.services.errors import Invalid
from hosting.models import Offer, OfferStatus, Site
from hosting.services import phaseentries, siteentries, terms, termsentries
from hosting.services.entries import Entries, as_uuid
from hosting.services.importreading import Record, Report

TITLE_LENGTH = 140
PHASE = ("available_kw", "starts_on", "ends_on", "state")
REQUIRED = ("site", "title", "price_model", "currency", "metering", "uptime", "cooling", *PHASE[:2])
COLUMNS = ("site", "title", *terms.COLUMNS, "tiers", *PHASE)
# Rows between two signs of life.
STEP = 100
Tell = Callable[[int], None]


@dataclass(frozen=True)
class Drafted:
    """An offer as a line describes it: columns of OfferTerms, tiers (kW, price), columns of CapacityPhase."""

    line: int
    site: Site
    title: str
    terms: dict[str, Any]
    tiers: list[tuple[int, Decimal]]
    phase: dict[str, Any]


def read(
    rows: Iterable[Record], *, host: Organization, today: date, report: Report, tell: Tell
) -> list[Drafted]:
    """What the lines describe; what is wrong goes to the report. `tell` hears how many have been read."""
    sites = list(Site.objects.filter(host=host))
    at = {str(site.pk): site for site in sites} | {site.name.casefold(): site for site in sites}
    taken = _titles(host)
    drafted = []
    for number, row in enumerate(rows, 1):
        wrong: dict[str, list[str]] = {}
        found = _read(row, at, taken, today, wrong)
        report.add_all(row.line, wrong)
        if found is not None and not wrong:
            drafted.append(found)
        if number % STEP == 0:
            tell(number)
    return drafted


def _titles(host: Organization) -> dict[tuple[uuid.UUID, str], int]:
    """Which titles stand at which site already (line 0), so that a file sent twice lists nothing twice."""
    standing = Offer.objects.filter(site__host=host).exclude(status=OfferStatus.WITHDRAWN)
    return {(site, title.casefold()): 0 for site, title in standing.values_list("site", "title")}


def _read(
    row: Record,
    sites: Mapping[str, Site],
    taken: dict[tuple[uuid.UUID, str], int],
    today: date,
    wrong: dict[str, list[str]],
) -> Drafted | None:
    site = _site(row, sites, wrong)
    title = _title(row, site, taken, wrong)
    entered = termsentries.entered_so_far(_raw(row, wrong), today=today)
    phase = _phase(row, wrong)
    for name, said in entered.wrong.items():
        # A tier is one cell of the line: "tiers.0.min_kw" is told under "tiers".
        wrong.setdefault(name.partition(".")[0], []).extend(said)
    if site is None:
        return None
    return Drafted(row.line, site, title, entered.values, entered.tiers, phase)


def _site(row: Record, sites: Mapping[str, Site], wrong: dict[str, list[str]]) -> Site | None:
    named = str(row.cells.get("site", ""))
    found = sites.get(str(as_uuid(named) or named).casefold())
    if found is None:
        wrong["site"] = [
            _("You have no site of this name or id. Describe the site first.")
            if named
            else _("Name one of your sites.")
        ]
    return found


def _title(
    row: Record, site: Site | None, taken: dict[tuple[uuid.UUID, str], int], wrong: dict[str, list[str]]
) -> str:
    entries = Entries(row.cells)
    title = siteentries.text(entries, "title", TITLE_LENGTH)
    if not title and not entries.wrong:
        entries.refuse("title", _("Give the offer a title."))
    if site is not None and title:
        key = (site.pk, title.casefold())
        if taken.get(key) == 0:
            entries.refuse("title", _("This site has an offer of this title already."))
        elif key in taken:
            entries.refuse("title", _("Line %(line)s has this title too.") % {"line": taken[key]})
        else:
            taken[key] = row.line
    wrong.update(entries.wrong)
    return title


def _raw(row: Record, wrong: dict[str, list[str]]) -> dict[str, Any]:
    """The cells as the reader of terms takes them."""
    raw: dict[str, Any] = {name: row.cells.get(name, "") for name in terms.COLUMNS}
    raw["tiers"] = _tiers(str(row.cells.get("tiers", "")), wrong)
    for name in ("price_model", "metering", "cooling", *termsentries.CHOICES, *termsentries.YES_NO):
        raw[name] = str(raw[name]).lower()
    return raw


def _tiers(cell: str, wrong: dict[str, list[str]]) -> list[dict[str, str]]:
    """ "1:0.062; 500:0.058" as the reader of terms takes tiers: from kW, price."""
    tiers = []
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        min_kw, colon, price = part.partition(":")
        if not colon:
            wrong.setdefault("tiers", []).append(
                _("Write each tier as kW:price and a semicolon between two, for example 1:0.062; 500:0.058.")
            )
            return []
        tiers.append({"min_kw": min_kw.strip(), "energy_price": price.strip()})
    return tiers


def _phase(row: Record, wrong: dict[str, list[str]]) -> dict[str, Any]:
    try:
        return phaseentries.read({name: row.cells.get(name, "") for name in PHASE})
    except Invalid as refused:
        for name, said in refused.fields.items():
            wrong.setdefault(name, []).extend(str(one) for one in said)
        return {}
