"""A fleet in a file: machines by the catalogue, counted together. A CSV by hand, or what pyasic exports.

Makers write one model in many ways ("Antminer S19j Pro 104T", "S19J PRO"); names are compared without case,
without the maker's brand and without the hash rate, and the hash rate then says which of the catalogue's
variants it is. Where that leaves two, or none, the line is refused with their names.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from hosting.models import Algorithm, MachineModel
from hosting.services import fleets, machines
from hosting.services.entries import Entries, as_uuid
from hosting.services.fleets import Line
from hosting.services.importreading import Record, Report

COLUMNS = ("machine", "maker", "hashrate_th_s", "quantity")
REQUIRED = ("machine",)
# What stands between maker and model in one list and not in the other.
BRANDS = ("antminer", "whatsminer", "avalonminer", "avalon", "sealminer", "teraflux", "ebit")
HASH_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*t(?:h(?:/s)?)?$")
# pyasic names a WhatsMiner's board revision behind its model: "M30S++ VH40".
REVISION = re.compile(r"\s+v[a-z]?\d+[a-z]?\d*$")
# A machine that hashes this share more or less than its model is another model.
TOLERANCE = Decimal("0.15")
UNITS = {"H": 0, "KH": 3, "MH": 6, "GH": 9, "TH": 12, "PH": 15, "EH": 18}
# How many of the catalogue's names a refusal lists.
NAMED = 6


@dataclass(frozen=True)
class Catalogue:
    """The machines of the catalogue by id and by their name without maker, brand and hash rate."""

    by_id: Mapping[str, MachineModel]
    by_name: Mapping[str, list[MachineModel]]


def read(rows: Iterable[Record], *, report: Report) -> list[Line]:
    """The fleet, one line a model; what is wrong goes to the report. Cells as COLUMNS; text."""
    known = _catalogue()
    counted: dict[Any, int] = {}
    models: dict[Any, MachineModel] = {}
    for row in rows:
        entries = Entries(row.cells)
        machine = _machine(entries, known)
        quantity = entries.whole("quantity", low="1", high="10000000") if "quantity" in row.cells else 1
        if quantity is None and not entries.wrong:
            entries.refuse("quantity", _("Enter a number."))
        report.add_all(row.line, entries.wrong)
        if machine is not None and quantity is not None:
            models[machine.pk] = machine
            counted[machine.pk] = counted.get(machine.pk, 0) + quantity
    if len(counted) > fleets.LINES:
        report.add(1, "machine", _("At most %(lines)s models in one fleet.") % {"lines": fleets.LINES})
        return []
    return [Line(models[pk], quantity) for pk, quantity in counted.items()]


def of_pyasic(rows: Iterable[Mapping[str, Any]], *, report: Report) -> list[Record]:
    """pyasic's machines as records; the line of a refusal is the place in the list, from 1."""
    records = []
    for number, row in enumerate(rows, 1):
        model = str(row.get("model") or "")
        if not model:
            report.add(number, "model", _("pyasic could not tell what machine this is."))
            continue
        rate = next(filter(None, (_th_s(row.get(name)) for name in _RATES)), None)
        cells = {"maker": row.get("make") or "", "machine": model, "hashrate_th_s": rate or ""}
        records.append(Record(number, cells))
    return records


# What is printed on it, what it should do, what it does now: the first that is known.
_RATES = ("sticker_hashrate", "expected_hashrate", "hashrate")


def _th_s(value: Any) -> str | None:
    """A hash rate of pyasic in TH/s: {"rate": 104.0, "unit": "TH/s" or hashes per second}, or a number."""
    rate, unit = (value.get("rate"), value.get("unit")) if isinstance(value, Mapping) else (value, None)
    try:
        number = Decimal(str(rate))
        per_unit = Decimal(10) ** _power(unit)
    except (InvalidOperation, KeyError):
        return None
    in_th = number * per_unit / Decimal(10) ** 12 if number.is_finite() and number > 0 else Decimal(0)
    return f"{in_th:.6f}" if Decimal(0) < in_th < 10**6 else None


def _power(unit: Any) -> int:
    """Which power of ten a unit stands for; TH/s when none is given. Raises KeyError or InvalidOperation."""
    if unit is None:
        return 12
    text = str(unit).upper().removesuffix("/S")
    if text in UNITS:
        return UNITS[text]
    number = Decimal(text)
    if not number.is_finite() or number < 1 or number > 10**18:
        raise KeyError(text)
    return number.adjusted()


def _catalogue() -> Catalogue:
    found = list(MachineModel.objects.order_by("maker", "model"))
    by_name: dict[str, list[MachineModel]] = {}
    for machine in found:
        by_name.setdefault(_named(machine.model)[0], []).append(machine)
    return Catalogue({str(machine.pk): machine for machine in found}, by_name)


def _named(name: str) -> tuple[str, Decimal | None]:
    """A model's name without brand, revision and hash rate; and that hash rate in TH/s."""
    text = " ".join(name.casefold().split())
    rate = HASH_RATE.search(text)
    text = text[: rate.start()].strip() if rate else text
    for brand in BRANDS:
        text = text.removeprefix(brand).strip()
    return REVISION.sub("", text), Decimal(rate[1]) if rate else None


def _machine(entries: Entries, known: Catalogue) -> MachineModel | None:
    named = str(entries.given("machine") or "")
    if not named:
        entries.refuse("machine", _("Name the machine."))
        return None
    machine = known.by_id.get(str(as_uuid(named))) or _by_name(entries, named, known)
    if machine is not None and machine.algorithm != Algorithm.SHA256:
        entries.refuse(
            "machine",
            _("%(machine)s mines %(algorithm)s; only SHA-256 machines mine bitcoin.")
            % {"machine": machine, "algorithm": machine.algorithm},
        )
        return None
    return machine


def _by_name(entries: Entries, named: str, known: Catalogue) -> MachineModel | None:
    maker = str(entries.given("maker") or "").casefold()
    name, rate = _named(named.casefold().removeprefix(maker).strip() if maker else named)
    found = known.by_name.get(name, [])
    if not found:
        # "Bitmain Antminer S21 200T": the maker stands before the model, in the same cell.
        found = known.by_name.get(_named(named.partition(" ")[2])[0], [])
        found = [one for one in found if named.casefold().startswith(one.maker.casefold())]
    stated = entries.number("hashrate_th_s", places=6, low="0.000001", high="1000000", unit="TH/s")
    rate = stated or rate
    fitting = [one for one in found if rate is None or _is_near(one.hashrate_th_s, rate)]
    if rate is not None and fitting:
        nearest = min(abs(one.hashrate_th_s - rate) for one in fitting)
        fitting = [one for one in fitting if abs(one.hashrate_th_s - rate) == nearest]
    if len(fitting) != 1:
        entries.refuse("machine", _refusal(named, found, rate))
        return None
    return fitting[0]


def _is_near(of_model: Decimal, rate: Decimal) -> bool:
    return abs(of_model - rate) <= of_model * TOLERANCE


def _refusal(named: str, found: list[MachineModel], rate: Decimal | None) -> str:
    if not found:
        return _("%(name)s is not in the catalogue of machines.") % {"name": named[:60]}
    names = ", ".join(str(one) for one in found[:NAMED])
    if rate is None:
        return _("Which one? Name its hash rate: %(names)s.") % {"names": names}
    return _("No machine of this name hashes %(rate)s TH/s; the catalogue has: %(names)s.") % {
        "rate": rate.normalize().to_eng_string()[:12],
        "names": names,
    }


def summary(fleet: list[Line]) -> dict[str, Any]:
    """What the fleet is together, as it stands in an answer."""
    need_kw, efficiency, worst = fleets.measure(fleet)
    return {
        "machines": sum(line.quantity for line in fleet),
        "models": len(fleet),
        "need_kw": need_kw,
        "efficiency_j_th": None if efficiency is None else f"{efficiency:.2f}",
        "worst_j_th": None if worst is None else f"{worst:.2f}",
    }


def results(fleet: list[Line]) -> list[dict[str, Any]]:
    """The fleet as the body of a request takes it, with each machine's name beside it."""
    return [
        {"machine": str(line.machine.pk), "name": str(line.machine), "quantity": line.quantity}
        for line in fleet
    ]


def stored(results: Iterable[Mapping[str, Any]]) -> list[Line]:
    """What results() wrote, as a fleet again; a machine that left the catalogue is left out."""
    rows = list(results)
    found = machines.by_id(ids=[row["machine"] for row in rows])
    by_text = {str(pk): machine for pk, machine in found.items()}
    return [Line(by_text[row["machine"]], row["quantity"]) for row in rows if row["machine"] in by_text]
