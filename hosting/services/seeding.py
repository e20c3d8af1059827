"""Loads the shipped reference data: all files or none, and a second time changes nothing."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.services import events
from hosting.models import (
    Jurisdiction,
    JurisdictionFact,
    MachineModel,
    Rate,
    RegulationEvent,
    RegulationRule,
)
from hosting.services import machines, places, rates, reading_places, reading_rules
from hosting.services.reading import Line

FOLDER = settings.BASE_DIR / "hosting" / "reference"
NAMESPACE = uuid5(NAMESPACE_URL, "urn:mining-hotels:reference")
BATCH = 200
# Never overwritten: they tell of this row, not of what the file says. A rule that was superseded stays so.
OWN_FIELDS = frozenset({"id", "version", "status", "created_at", "updated_at"})


@dataclass(frozen=True, slots=True)
class Table:
    """A file, the rows it becomes, and the natural key that makes two rows the same one."""

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    read: Callable[..., list[tuple[Line, Any]]]

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one file did: rows in it, new ones, changed ones."""

    file: str
    rows: int
    added: int
    changed: int


# Places first: facts and rules are checked against them.
TABLES = (
    Table("jurisdictions", Jurisdiction, ("code",), reading_places.places),
    Table(
        "jurisdiction_facts",
        JurisdictionFact,
        ("jurisdiction_id", "field", "valid_from"),
        reading_places.facts,
    ),
    Table(
        "regulation_rules",
        RegulationRule,
        ("jurisdiction_id", "subject", "effect", "valid_from", "title"),
        reading_rules.rules,
    ),
    Table("regulation_events", RegulationEvent, ("date", "jurisdiction", "title"), reading_places.news),
    Table("machines", MachineModel, ("maker", "model"), machines.read),
    Table("rates", Rate, ("kind", "currency", "on"), rates.read),
)
NAMES = tuple(table.name for table in TABLES)


def seed(
    *,
    now: datetime,
    only: Collection[str] = NAMES,
    folder: Path | None = None,
    report: Callable[[Loaded], object] = lambda loaded: None,
) -> list[Loaded]:
    """Load the files named in `only` (all of them), in one transaction; `report` hears of each as it is done.

    Rows that a file no longer has stay: what was true on a day stays true of it. Raises reading.Malformed,
    and then nothing is saved.
    """
    done = []
    with transaction.atomic():
        for table in TABLES:
            if table.name in only:
                done.append(_load(table, folder=folder or FOLDER, now=now))
                report(done[-1])
    return done


def id_of(*, file: str, key: Iterable[Any]) -> UUID:
    """The id of a row of a file: the same on every installation."""
    return uuid5(NAMESPACE, "|".join([file, *(str(part) for part in key)]))


def _load(table: Table, *, folder: Path, now: datetime) -> Loaded:
    found = table.read(folder, now=now)
    rows = _each_once(table, found)
    stored = {_key(table, row): row for row in table.model._default_manager.all()}
    compared = [
        field.attname
        for field in table.model._meta.concrete_fields
        if field.name not in OWN_FIELDS and field.attname not in table.key
    ]
    added, changed = [], []
    for key, row in rows.items():
        if key not in stored:
            if hasattr(row, "id"):
                row.id = id_of(file=table.file, key=key)
            added.append(row)
        elif any(getattr(row, name) != getattr(stored[key], name) for name in compared):
            changed.append(_with_values_of(row, stored[key], compared, now))
    table.model._default_manager.bulk_create(added, batch_size=BATCH)
    versioned = ["version"] if hasattr(table.model, "version") else []
    dated = ["updated_at"] if hasattr(table.model, "updated_at") else []
    table.model._default_manager.bulk_update(changed, [*compared, *versioned, *dated], batch_size=BATCH)
    if added or changed:
        _touch_places(table, [*added, *changed], now)
        events.record(
            kind="hosting.reference",
            subject_id=uuid5(NAMESPACE, table.file),
            code="loaded",
            params={
                "file": table.file,
                "added": len(added),
                "changed": len(changed),
                # Who follows a place is told of what is new; the first data of all is new to nobody.
                "places": _law_of_places([*added, *changed]) if stored else {},
            },
            at=now,
        )
    return Loaded(file=table.file, rows=len(found), added=len(added), changed=len(changed))


def _key(table: Table, row: models.Model) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in table.key)


def _each_once(table: Table, found: list[tuple[Line, Any]]) -> dict[tuple[Any, ...], Any]:
    rows: dict[tuple[Any, ...], Any] = {}
    for line, row in found:
        if rows.setdefault(_key(table, row), row) is not row:
            raise line.refusal(next(iter(line.cells)), _("A line above says the same already."))
    return rows


def _with_values_of(row: Any, stored: Any, names: Iterable[str], now: datetime) -> Any:
    for name in names:
        setattr(stored, name, getattr(row, name))
    if hasattr(stored, "version"):
        stored.version += 1
    if hasattr(stored, "updated_at"):
        stored.updated_at = now
    return stored


def _law_of_places(rows: Iterable[Any]) -> dict[str, int]:
    """code -> how many of the rows are news, rules, or facts that decide something there."""
    codes = []
    for row in rows:
        if isinstance(row, RegulationEvent):
            codes.append(row.jurisdiction)
        elif isinstance(row, RegulationRule) or (
            isinstance(row, JurisdictionFact) and row.field in places.DECIDING
        ):
            codes.append(row.jurisdiction_id)
    return dict(sorted(Counter(codes).items()))


def _touch_places(table: Table, rows: list[Any], now: datetime) -> None:
    """A place shows its facts and rules: when they change, it has changed."""
    if table.model in (JurisdictionFact, RegulationRule):
        codes = {row.jurisdiction_id for row in rows}
        # Places that came in this very run are new anyway.
        older = Jurisdiction.objects.filter(code__in=codes).exclude(updated_at=now)
        older.update(version=F("version") + 1, updated_at=now)
