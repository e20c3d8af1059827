"""The catalogue of machines: how it is read from its file, and how others read it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.errors import Invalid
from hosting.models import Algorithm, Confidence, Cooling, MachineModel
from hosting.services import reading, referencerows
from hosting.services.reading import Line

COLUMNS = (
    "maker",
    "model",
    "algorithm",
    "hashrate_th_s",
    "power_w",
    "efficiency_j_th",
    "cooling",
    "release",
    "voltage",
    "weight_kg",
    "noise_db",
    "market_status",
    "as_of",
    "source",
    "source_url",
    "confidence",
    "note",
)
HUNDREDTH = Decimal("0.01")


def efficiency_j_th(*, power_w: int, hashrate_th_s: Decimal, step: Decimal = HUNDREDTH) -> Decimal:
    """W divided by TH/s, rounded half up to `step`."""
    return (Decimal(power_w) / hashrate_th_s).quantize(step, rounding=ROUND_HALF_UP)


def catalogue() -> Iterable[MachineModel]:
    """The machines that can stand in a fleet (SHA-256), by maker and model."""
    return MachineModel.objects.mines_bitcoin().order_by("maker", "model")


def by_id(*, ids: Iterable[UUID]) -> dict[UUID, MachineModel]:
    """The machines with these ids, of any algorithm; an id nobody knows is left out."""
    return MachineModel.objects.in_bulk(list(ids))


def save(
    *,
    values: Mapping[str, Any],
    by: User,
    now: datetime,
    why: str = "",
    machine: MachineModel | None = None,
) -> MachineModel:
    """Enter a machine, or correct the one given; its J/TH follows from its W and TH/s. Requests keep what
    they were published with. Raises NotAllowed and Invalid."""
    if values["hashrate_th_s"] <= 0:
        raise Invalid({"hashrate_th_s": [_("A machine hashes: this must be above 0.")]})
    if values["power_w"] <= 0:
        raise Invalid({"power_w": [_("A machine draws power: this must be above 0.")]})
    said = {name: values[name] for name in ("power_w", "hashrate_th_s")}
    whole = {**values, "efficiency_j_th": efficiency_j_th(**said)}
    if machine is None:
        return referencerows.enter(MachineModel(), values=whole, by=by, why=why, now=now)
    return referencerows.correct(machine, values=whole, key=("maker", "model"), by=by, why=why, now=now)


def read(folder: Path, *, now: datetime) -> list[tuple[Line, MachineModel]]:
    """machines.csv as rows. Raises Malformed, also where J/TH is not what W and TH/s give."""
    found = reading.lines(folder / "machines.csv", columns=COLUMNS)
    return [(line, _machine_of(line, now)) for line in found]


def _machine_of(line: Line, now: datetime) -> MachineModel:
    hashrate, power_w = line.decimal("hashrate_th_s"), line.whole("power_w")
    if hashrate <= 0:
        raise line.refusal("hashrate_th_s", _("A machine hashes: this must be above 0."))
    if power_w <= 0:
        raise line.refusal("power_w", _("A machine draws power: this must be above 0."))
    stated = line.decimal("efficiency_j_th")
    # The file rounds large figures to whole numbers: it is compared at its own precision.
    step = Decimal(1).scaleb(int(stated.as_tuple().exponent))
    if stated != efficiency_j_th(power_w=power_w, hashrate_th_s=hashrate, step=step):
        raise line.refusal("efficiency_j_th", _("This is not power_w divided by hashrate_th_s."))
    row = MachineModel(
        maker=line.text("maker"),
        model=line.text("model"),
        algorithm=line.choice("algorithm", Algorithm.values),
        hashrate_th_s=hashrate,
        power_w=power_w,
        efficiency_j_th=efficiency_j_th(power_w=power_w, hashrate_th_s=hashrate),
        cooling=line.choice("cooling", Cooling.values),
        release=line.cells["release"],
        voltage=line.cells["voltage"],
        weight_kg=line.decimal("weight_kg") if line.cells["weight_kg"] else None,
        noise_db=line.decimal("noise_db") if line.cells["noise_db"] else None,
        market_status=line.cells["market_status"],
        as_of=line.cells["as_of"],
        source=line.text("source"),
        source_url=line.cells["source_url"],
        confidence=line.choice("confidence", Confidence.values),
        note=line.cells["note"],
        updated_at=now,
    )
    return line.checked(row, columns={})
