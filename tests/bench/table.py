"""Rows of the benchmark: how they are timed, judged, printed and kept."""

import gc
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.industry import Market


@dataclass(frozen=True)
class Row:
    """One figure. Without a goal it is only reported; `met` is None there and where nothing was measured."""

    name: str
    value: float | None
    unit: str
    goal: str | None = None
    met: bool | None = None
    note: str = ""


def below(name: str, value: float, unit: str, bound: float, note: str = "") -> Row:
    """A figure that is to stay under a bound."""
    return Row(name, value, unit, f"< {bound:g}", value < bound, note)


def at_least(name: str, value: float, unit: str, bound: float, note: str = "") -> Row:
    """A figure that is to reach a bound."""
    return Row(name, value, unit, f">= {bound:g}", value >= bound, note)


def unmeasured(name: str, unit: str, goal: str, why: str) -> Row:
    """A figure nobody could take here."""
    return Row(name, None, unit, goal, None, f"not measured: {why}")


def seconds(work: Callable[[], object]) -> float:
    """How long one piece of work takes by the wall clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def interleaved(works: dict[str, Callable[[], dict[str, float]]], rounds: int) -> dict[str, list[float]]:
    """Every work once a round, in turn, so that a noisy neighbour slows all of them.

    A work gives the seconds of its parts by name; the answer holds the times of each part, one a round.
    """
    taken: dict[str, list[float]] = {}
    for _round in range(rounds):
        for work in works.values():
            gc.collect()
            for part, value in work().items():
                taken.setdefault(part, []).append(value)
    return taken


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that so large a part of the values do not exceed."""
    return sorted(values)[max(0, math.ceil(part * len(values)) - 1)]


def show(rows: Sequence[Row], title: str) -> None:
    """Print the table."""
    print(f"{title}\n")
    width = max(len(row.name) for row in rows)
    for row in rows:
        met = {True: "met", False: "MISSED", None: ""}[row.met]
        cells = f"{row.name:<{width}} {_figure(row.value):>9} {row.unit:<5} {row.goal or '':>8} {met:<7}"
        print(f"{cells} {row.note}".rstrip())


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"


def short(count: int) -> str:
    """10k for 10,000."""
    return f"{count // 1000}k" if count % 1000 == 0 else f"{count:,}"


def size(market: Market) -> str:
    """Requests x offers of a market."""
    return f"{short(len(market.needs))} x {short(len(market.offers))}"


def keep(rows: Sequence[Row], path: Path) -> None:
    """Write the rows as JSON, in place of those of an earlier run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
