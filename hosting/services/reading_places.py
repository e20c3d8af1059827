"""Turns the lines of the shipped files about places into rows: jurisdictions, their facts, and news."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from hosting.models import (
    Confidence,
    DatedBy,
    Jurisdiction,
    JurisdictionFact,
    RegulationEvent,
)
from hosting.services import reading
from hosting.services.reading import Line

# The day the files were compiled: what has no day of its own counts from here, and says so.
COMPILED_ON = date(2026, 11, 22)

PLACE_COLUMNS = ("code", "parent_code", "name_en")
SOURCE_COLUMNS = ("as_of", "source", "source_url", "confidence")
# What jurisdictions.csv says of a place; it counts only where jurisdiction_facts.csv says nothing of it.
SUMMARY_COLUMNS = (
    "legal_status",
    "effective_date",
    "licence_required",
    "foreign_ownership_allowed",
    "mining_power_surcharge_kind",
    "mining_power_surcharge_low",
    "mining_power_surcharge_high",
    "mining_power_surcharge_currency",
    "mining_power_surcharge_unit",
    "mining_power_surcharge_note",
    "notable_tax",
    "import_duty_on_asics_pct",
    "vat_pct",
    "industrial_power_price_low_usd_kwh",
    "industrial_power_price_high_usd_kwh",
    "grid_carbon_gco2_per_kwh",
    "typical_summer_max_c",
    "climate_note",
    "predictability",
    "predictability_rationale",
    "sanctions_comprehensive",
    "sanctions_note",
)
FACT_COLUMNS = ("code", "field", "value", "as_of", "publisher", "title", "url", "confidence")
NEWS_COLUMNS = (
    "date",
    "date_precision",
    "jurisdiction",
    "kind",
    "title",
    "effect_on_legal_status",
    "source",
    "source_url",
    "confidence",
    "note",
)
# Cells that describe another fact and are none of their own: field -> the one they belong to.
BELONGS_TO = {"effective_date": "legal_status", "predictability_rationale": "predictability"}

CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")

# A line and the row it became.
Read = tuple[Line, Any]


def places(folder: Path, *, now: datetime) -> list[Read]:
    """Code, parent and name of every place; a subdivision's parent is its country."""
    found = _summaries(folder)
    codes = {line.cells["code"] for line in found}
    rows = []
    for line in found:
        code, parent = line.text("code"), line.cells["parent_code"]
        if not CODE.fullmatch(code):
            raise line.refusal("code", _("This is no ISO 3166 code."))
        country, dash, _subdivision = code.partition("-")
        if parent != (country if dash else "") or (parent and parent not in codes):
            raise line.refusal(
                "parent_code",
                _("A country has no parent; a subdivision's parent is its country, in the same file."),
            )
        row = Jurisdiction(code=code, parent_id=parent or None, name=line.text("name_en"), updated_at=now)
        rows.append((line, line.checked(row, columns={"name": "name_en"})))
    return rows


def facts(folder: Path, *, now: datetime) -> list[Read]:
    """The dated facts. A place that jurisdiction_facts.csv does not know takes its filled cells of
    jurisdictions.csv."""
    known = set(Jurisdiction.objects.values_list("code", flat=True))
    cells: dict[tuple[str, str], Line] = {}
    own: list[Line] = []
    for line in reading.lines(folder / "jurisdiction_facts.csv", columns=FACT_COLUMNS):
        key = (known_place(line, "code", known), line.text("field"))
        line.text("value")
        # One value of one day each; the two dependent fields have no day of their own and come once.
        if key[1] in BELONGS_TO and key in cells:
            raise line.refusal("field", _("This place has this field twice."))
        cells[key] = line
        if key[1] not in BELONGS_TO:
            own.append(line)
    for (code, field), line in cells.items():
        if field in BELONGS_TO and (code, BELONGS_TO[field]) not in cells:
            raise line.refusal("field", _("What it describes is missing: %s.") % BELONGS_TO[field])
    rows = [(line, _fact_of(line, cells)) for line in own]
    described = {code for code, _field in cells}
    for line in _summaries(folder):
        if known_place(line, "code", known) not in described:
            rows += _facts_of_summary(line)
    return rows


def news(folder: Path, *, now: datetime) -> list[Read]:
    """Dated news; its place is text, for EU and XK have no place of their own."""
    rows = []
    for line in reading.lines(folder / "regulation_events.csv", columns=NEWS_COLUMNS):
        day, precision = line.first_day("date")
        if line.text("date_precision") != precision:
            raise line.refusal("date_precision", _("The date beside it is more or less precise than this."))
        if not CODE.fullmatch(line.text("jurisdiction")):
            raise line.refusal("jurisdiction", _("This is no ISO 3166 code."))
        row = RegulationEvent(
            date=day,
            date_precision=precision,
            jurisdiction=line.text("jurisdiction"),
            kind=line.text("kind"),
            title=line.text("title"),
            effect_on_legal_status=line.cells["effect_on_legal_status"],
            source=line.cells["source"],
            url=line.cells["source_url"],
            confidence=line.choice("confidence", Confidence.values),
            note=line.cells["note"],
            updated_at=now,
        )
        rows.append((line, line.checked(row, columns={"url": "source_url"})))
    return rows


def _summaries(folder: Path) -> list[Line]:
    return reading.lines(
        folder / "jurisdictions.csv", columns=(*PLACE_COLUMNS, *SUMMARY_COLUMNS, *SOURCE_COLUMNS)
    )


def known_place(line: Line, column: str, known: Iterable[str]) -> str:
    code = line.text(column)
    if code not in known:
        raise line.refusal(column, _("This place is not in jurisdictions.csv."))
    return code


def _fact_of(line: Line, cells: dict[tuple[str, str], Line]) -> JurisdictionFact:
    code, field = line.cells["code"], line.cells["field"]
    effective = cells.get((code, "effective_date")) if field == "legal_status" else None
    rationale = cells.get((code, "predictability_rationale")) if field == "predictability" else None
    since = effective.day_surely_reached("value") if effective else None
    row = JurisdictionFact(
        jurisdiction_id=code,
        field=field,
        value=line.cells["value"],
        rationale=rationale.cells["value"] if rationale else "",
        valid_from_text=effective.cells["value"] if effective else "",
        as_of=line.cells["as_of"],
        publisher=line.cells["publisher"],
        title=line.cells["title"],
        url=line.cells["url"],
        confidence=line.choice("confidence", Confidence.values),
        **_dated(since, line.day_surely_reached("as_of")),
    )
    return _sound(line, row, value_column="value", columns={})


def _facts_of_summary(line: Line) -> list[Read]:
    """legal_status and its date have the line's source; the other cells have none and are low."""
    publisher, _colon, title = line.cells["source"].partition(": ")
    sourced = {
        "as_of": line.cells["as_of"],
        "publisher": publisher,
        "title": title,
        "url": line.cells["source_url"],
        "confidence": line.choice("confidence", Confidence.values),
        "valid_from_text": line.cells["effective_date"],
        **_dated(line.day_surely_reached("effective_date"), line.day_surely_reached("as_of")),
    }
    unsourced = {"confidence": Confidence.LOW, **_dated(None, None)}
    rows: list[Read] = []
    for field in SUMMARY_COLUMNS:
        if field in BELONGS_TO or not line.cells[field]:
            continue
        row = JurisdictionFact(
            jurisdiction_id=line.cells["code"],
            field=field,
            value=line.cells[field],
            rationale=line.cells["predictability_rationale"] if field == "predictability" else "",
            **(sourced if field == "legal_status" else unsourced),
        )
        columns = {"url": "source_url", "publisher": "source", "title": "source"}
        rows.append((line, _sound(line, row, value_column=field, columns=columns)))
    return rows


def _dated(effective: date | None, as_of: date | None) -> dict[str, Any]:
    if effective:
        return {"valid_from": effective, "dated_by": DatedBy.EFFECTIVE}
    if as_of:
        return {"valid_from": as_of, "dated_by": DatedBy.AS_OF}
    return {"valid_from": COMPILED_ON, "dated_by": DatedBy.COMPILED}


# Fields that decide something: a word beyond these would be read as something else.
_VALUES = {
    "legal_status": ("banned", "restricted", "tolerated", "legal_unregulated", "legal_licensed"),
    "predictability": ("1", "2", "3", "4", "5"),
    "sanctions_comprehensive": ("yes", "no"),
}


def _sound(line: Line, row: JurisdictionFact, *, value_column: str, columns: dict[str, str]) -> Any:
    if row.field in _VALUES:
        line.choice(value_column, _VALUES[row.field])
    return line.checked(row, columns={"value": value_column, **columns})
