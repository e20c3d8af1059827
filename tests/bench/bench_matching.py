"""How fast the engine is: `make bench`, or python -m tests.bench.bench_matching [--quick] [--only NAME].

Prints a table and writes it to DATA_DIR/bench.json (var/ when not set). The exit code is 1 when two engines
answer differently, never for a goal that is missed: docs/benchmarks.md says how each figure is taken.
"""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench import bench_changes, bench_click, bench_whole, industry, limits, postgres, table
from tests.bench.notes import IN_THE_WAY
from tests.bench.table import Row


@dataclass(frozen=True)
class Sizes:
    """How large everything is; requests and offers of the smaller and the larger market first."""

    small: tuple[int, int] = (10_000, 10_000)
    large: tuple[int, int] = (100_000, 50_000)
    sample: int = 100
    requests: int = 2_000
    previews: int = 100
    offers: int = 500
    compared: int = 2
    rounds: int = 5
    megabytes: int = 256
    click: tuple[int, int] = (50_000, 60)


QUICK = Sizes((120, 200), (150, 300), 20, 40, 20, 6, 1, 1, 16, (100, 2))


class Bench:
    """The parts of the benchmark, by the names --only takes. Markets are made when first wanted."""

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self._large: industry.Market | None = None
        self._speed: dict[str, float] | None = None

    def parts(self) -> dict[str, Callable[[], Iterator[Row]]]:
        return {
            "limit": self.limit,
            "postgres": self.postgres,
            "brute": self.brute,
            "whole": self.whole,
            "memory": self.memory,
            "request": self.request,
            "offer": self.offer,
            "place": self.place,
            "click": self.click,
        }

    @property
    def large(self) -> industry.Market:
        if self._large is None:
            requests, offers = self.sizes.large
            self._large = industry.market(offers, requests)
            # A worker's records live as long as it does; what they cost the collector is not the engine's.
            gc.collect()
            gc.freeze()
        return self._large

    @property
    def speed(self) -> float:
        if self._speed is None:
            self._speed = limits.bandwidth(self.sizes.megabytes)
        return max(self._speed.values())

    def limit(self) -> Iterator[Row]:
        """What this machine's memory gives one core."""
        best = self.speed
        assert self._speed is not None
        for kind, value in self._speed.items():
            note = f"arrays of {self.sizes.megabytes} MB" + (
                ", taken for the limits" if value == best else ""
            )
            yield Row(f"memory bandwidth, {kind}", value / 1e9, "GB/s", note=note)

    def postgres(self) -> Iterator[Row]:
        requests, offers = self.sizes.small
        with postgres.server() as address:
            if address is None:
                name = f"{table.short(requests)} x {table.short(offers)} flat: times faster than PostgreSQL"
                yield table.unmeasured(name, "x", ">= 50", "no PostgreSQL here")
                return
            yield from bench_whole.against_postgres(
                industry.flat(offers, requests), address, self.sizes.rounds
            )

    def brute(self) -> Iterator[Row]:
        requests, offers = self.sizes.small
        market = industry.market(offers, requests)
        yield from bench_whole.against_brute(market, self.sizes.sample, self.sizes.rounds)

    def whole(self) -> Iterator[Row]:
        yield from bench_whole.at_scale(self.large, self.sizes.sample, self.sizes.rounds, self.speed)

    def memory(self) -> Iterator[Row]:
        requests, offers = self.sizes.large
        yield from bench_whole.memory(offers, requests)

    def request(self) -> Iterator[Row]:
        yield from bench_changes.one_request(self.large, self.sizes.requests, self.sizes.previews, self.speed)

    def offer(self) -> Iterator[Row]:
        yield from bench_changes.one_offer(self.large, self.sizes.offers, self.sizes.compared)

    def place(self) -> Iterator[Row]:
        yield from bench_changes.one_place(self.large, self.sizes.rounds)

    def click(self) -> Iterator[Row]:
        """The real programs take their turn last, without the large market beside them."""
        self._large = None
        gc.unfreeze()
        gc.collect()
        count, seconds = self.sizes.click
        for row in bench_click.rows(offers=count, seconds=seconds):
            yield Row(**row)


def explained(part: str, row: Row) -> Row:
    """A missed goal says what stands in the way."""
    if row.met is False and part in IN_THE_WAY:
        return replace(row, note="; ".join(filter(None, (row.note, IN_THE_WAY[part]))))
    return row


def main(sizes: Sizes, only: list[str], to: Path) -> int:
    """Measure, print and keep; 1 if answers differ."""
    rows: list[Row] = []
    try:
        for part, measure in Bench(sizes).parts().items():
            if not only or part in only:
                print(f"measuring: {part}", file=sys.stderr, flush=True)
                rows += [explained(part, row) for row in measure()]
    except bench_whole.Differs as error:
        print(f"Answers differ, times would mean nothing: {error}", file=sys.stderr)
        return 1
    table.show(rows, f"The engine; medians of {sizes.rounds} interleaved rounds")
    table.keep(rows, to)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny markets: whether it runs, not how fast")
    parser.add_argument("--only", action="append", default=[], choices=list(Bench(QUICK).parts()))
    given = parser.parse_args()
    target = Path(os.environ.get("DATA_DIR", "var")) / "bench.json"
    sys.exit(main(QUICK if given.quick else Sizes(), given.only, target))
