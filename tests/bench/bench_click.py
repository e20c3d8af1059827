"""From click to list: a published request's way through the database, the queue and a worker to its list.

The real programs: a database, a queue's server, a worker as `manage.py up` starts it. python -m
tests.bench.bench_click prints the rows; --quick takes a small market and a few seconds.
"""

import argparse
import dataclasses
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import postgres, table
from tests.bench.table import Row
from tests.house.files import ROOT
from tests.races.programs import Site, drop_database, kill, new_database, until

OFFERS, PER_SECOND, SECONDS = 50_000, 4, 60
CLICK = "click to list"
START = "worker's start to first list"


def rows(
    *, offers: int = OFFERS, per_second: int = PER_SECOND, seconds: int = SECONDS
) -> list[dict[str, Any]]:
    """The figures of the table: p50, p95 and the longest wait, how many were lost, and a worker's start."""
    with postgres.server() as address:
        database = new_database(address) if address else ""
        try:
            with tempfile.TemporaryDirectory(prefix="bench-click-", ignore_cleanup_errors=True) as folder:
                os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / "var" / "numba"))
                site = Site(Path(folder), database)
                try:
                    found = _measured(site, offers, per_second, seconds)
                finally:
                    site.stop()
        finally:
            if database:
                drop_database(address, database)
    return [dataclasses.asdict(row) for row in found]


def _measured(site: Site, offers: int, per_second: int, seconds: int) -> list[Row]:
    count = per_second * seconds
    site.queue()
    site.run("manage.py", "migrate")
    began = time.perf_counter()
    site.run("-m", "tests.bench.click_market", "load", str(offers), str(count + 2))
    loaded = time.perf_counter() - began
    # The first worker of all compiles the engine; the second finds it compiled, as after any restart.
    first = _started(site, "first")
    again = _started(site, "second")
    found = json.loads(site.run("-m", "tests.bench.click_market", "publish", str(per_second), str(count)))
    waits, on = found["seconds"], "PostgreSQL" if site.database else "SQLite"
    note = f"{offers} offers, {per_second}/s for {seconds} s, {on}, one worker; loaded in {loaded:.0f} s"
    p50, p95 = (table.percentile(waits, part) for part in (0.5, 0.95))
    return [
        Row(f"{CLICK}, p50", p50, "s"),
        table.below(f"{CLICK}, p95", p95, "s", 1, note),
        Row(f"{CLICK}, longest", max(waits), "s"),
        Row(f"{CLICK}, lost", found["lost"], "", "0", found["lost"] == 0 and found["due"] == 0),
        table.below(START, again, "s", 10, f"engine compiled before; without that {first:.1f} s"),
    ]


def _started(site: Site, name: str) -> float:
    """Seconds from the start of a worker's program to the list of a request that waits for it."""
    site.run("-m", "tests.bench.click_market", "wait")
    lists = site.lists
    began = time.perf_counter()
    worker = site.worker(name, "--beat")
    until(lambda: site.lists > lists, "a worker's first list")
    taken = time.perf_counter() - began
    until(lambda: site.due == 0, "the run of the day")
    if name == "first":
        kill(worker)
    return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = {"offers": 500, "seconds": 3} if parser.parse_args().quick else {}
    table.show([Row(**row) for row in rows(**quick)], "From click to list")


if __name__ == "__main__":
    main()
