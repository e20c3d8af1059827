"""A fleet: which machines, how many, and what they draw and hash together."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from hosting.models import Algorithm, MachineModel
from hosting.services.entries import Entries, as_uuid

LINES = 50


@dataclass(frozen=True)
class Line:
    """So many machines of one model."""

    machine: MachineModel
    quantity: int


def measure(fleet: list[Line]) -> tuple[int, Decimal | None, Decimal | None]:
    """(kW rounded up, J/TH of the whole, J/TH of the worst line), the latter two to hundredths, half up."""
    if not fleet:
        return 0, None, None
    watts = sum(line.machine.power_w * line.quantity for line in fleet)
    hashing = sum(Fraction(line.machine.hashrate_th_s) * line.quantity for line in fleet)
    worst = max(Fraction(line.machine.power_w) / Fraction(line.machine.hashrate_th_s) for line in fleet)
    return -(-watts // 1000), _hundredths(Fraction(watts) / hashing), _hundredths(worst)


def _hundredths(value: Fraction) -> Decimal:
    return Decimal((2 * value.numerator * 100 + value.denominator) // (2 * value.denominator)) / 100


def read(entries: Entries) -> list[Line]:
    """The lines of the field "fleet"; what is wrong with them is kept in the entries."""
    lines = entries.listed("fleet")
    if not lines:
        return []
    for name in ("need_kw", "efficiency_j_th", "worst_j_th"):
        if entries.given(name) is not None:
            entries.refuse(name, _("Leave this empty when you list the machines: it follows from them."))
    if len(lines) > LINES:
        entries.refuse("fleet", _("At most %(lines)s lines.") % {"lines": LINES})
        return []
    named = (as_uuid(line.get("machine")) for line in lines if isinstance(line, Mapping))
    wanted = {machine for machine in named if machine is not None}
    machines = {row.pk: row for row in MachineModel.objects.filter(pk__in=wanted)}
    fleet: list[Line] = []
    for number, line in enumerate(lines):
        if not isinstance(line, Mapping):
            entries.refuse(f"fleet.{number}", _("Send a machine and a quantity."))
            continue
        named_here = as_uuid(line.get("machine"))
        machine = None if named_here is None else machines.get(named_here)
        quantity = entries.number(
            f"fleet.{number}.quantity",
            places=0,
            low="1",
            high="10000000",
            required=True,
            raw=line.get("quantity"),
        )
        for key in set(line) - {"machine", "quantity"}:
            entries.refuse(f"fleet.{number}.{str(key)[:40]}", _("There is no such field."))
        if machine is None:
            entries.refuse(f"fleet.{number}.machine", _("Choose a machine from the catalogue."))
        elif machine.algorithm != Algorithm.SHA256:
            entries.refuse(
                f"fleet.{number}.machine",
                _("%(machine)s mines %(algorithm)s; only SHA-256 machines mine bitcoin.")
                % {"machine": machine, "algorithm": machine.algorithm},
            )
        elif any(other.machine == machine for other in fleet):
            entries.refuse(
                f"fleet.{number}.machine", _("This machine is listed twice; add the quantities up.")
            )
        elif quantity is not None:
            fleet.append(Line(machine, int(quantity)))
    return fleet
