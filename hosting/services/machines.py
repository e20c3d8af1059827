"""The catalogue of machines: how it is read from its file, and how others read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.errors import Invalid
from hosting.models import Algorithm, Confidence, Cooling, LegalStatus, MachineModel, Offer
from hosting.services import places, reading, referencerows
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


@dataclass(frozen=True)
class Welcome:
    """What the hotels of one place say to a machine.

    hotels: on the market there; admits: those whose limit of age and cooling it meets; cheapest_micros: the
    lowest list price of these. too_old: those whose limit it is above, limits from lowest_limit to
    highest_limit in J/TH; other_cooling: those that only cool otherwise. is_banned: the law lets nobody in.
    """

    code: str
    hotels: int
    admits: int
    cheapest_micros: int | None
    too_old: int
    lowest_limit: Decimal | None
    highest_limit: Decimal | None
    other_cooling: int
    is_banned: bool

    @property
    def is_welcome(self) -> bool:
        return self.admits > 0 and not self.is_banned


def welcome(*, machine: MachineModel, as_of: date) -> list[Welcome]:
    """Place by place, whether the hotels on the market would take the machine: the gates machine_age and
    cooling of the matching, and that no law bans mining there. Counted by the database, in five queries.

    The most hotels first; places without one are not there.
    """
    is_old = Q(in_force__terms__max_j_per_th__lt=machine.efficiency_j_th)
    is_cooled = Q(in_force__terms__cooling=machine.cooling)
    statuses = places.statuses(as_of)
    limit = "in_force__terms__max_j_per_th"
    rows = (
        Offer.objects.live(as_of)
        .exclude(site__jurisdiction__in=places.sanctioned_codes(as_of))
        .order_by()
        .values("site__jurisdiction")
        .annotate(
            hotels=Count("pk"),
            admits=Count("pk", filter=~is_old & is_cooled),
            cheapest=Min("list_price_micros", filter=~is_old & is_cooled),
            too_old=Count("pk", filter=is_old),
            lowest=Min(limit, filter=is_old),
            highest=Max(limit, filter=is_old),
            other_cooling=Count("pk", filter=~is_cooled),
        )
    )
    found = [
        Welcome(
            code=row["site__jurisdiction"],
            hotels=row["hotels"],
            admits=row["admits"],
            cheapest_micros=row["cheapest"],
            too_old=row["too_old"],
            lowest_limit=row["lowest"],
            highest_limit=row["highest"],
            other_cooling=row["other_cooling"],
            is_banned=statuses.get(row["site__jurisdiction"]) == LegalStatus.BANNED,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.is_welcome, -one.admits, -one.hotels, one.code))


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
