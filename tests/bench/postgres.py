"""The market of industry.flat() in PostgreSQL, and the one query that gives every request its best twenty.

The query has what a careful author would give it: a LATERAL over a covering index, index-only scans on a
vacuumed table, whole numbers, no JIT, no row sent to the client while time is taken. Which places a request
may use is settled beforehand, and the faster of two indexes is kept. Both favour PostgreSQL.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg

from hosting.matching.records import COOLINGS, EVIDENCE, Need
from tests.bench.brute import gates, scoring
from tests.bench.brute.book import Book
from tests.bench.brute.windows import day_of
from tests.bench.industry import Market

SCHEMA = "bench_matching"
UNLIMITED = 2**30
OFFER_COLUMNS = (
    *("price", "place", "min_kw", "max_kw", "kw", "begins", "min_term", "max_term", "deposit", "uptime"),
    *("curtailment", "renewable", "evidence", "cooling", "max_j", "age", "law", "trust", "id"),
)
REQUEST_COLUMNS = (
    *(
        "id",
        "need_kw",
        "first",
        "latest",
        "term",
        "max_price",
        "max_deposit",
        "min_uptime",
        "max_curtailment",
    ),
    *("min_renewable", "min_evidence", "cooling", "worst_j", "takes_all_in", "places"),
    *("w_price", "w_law", "w_start", "w_trust", "w_uptime", "w_renewable", "w_all"),
)
# The covering index begins with the price, or with the place and then the price.
INDEXES = (("price",), ("place", "price"))
QUERY = """
select r.id, l.id, l.score, l.price, l.start
from {schema}.request r cross join lateral (
  select o.id, o.price, o.age, greatest(r.first, o.begins) as start,
    (r.w_price * (10000 * (r.max_price - o.price) / r.max_price)
     + r.w_law * o.law
     + r.w_start * case when r.latest = r.first then 10000
         else 10000 * (r.latest - greatest(r.first, o.begins)) / (r.latest - r.first) end
     + r.w_trust * o.trust
     + r.w_uptime * greatest(0, 10 * (o.uptime - 9000))
     + r.w_renewable * o.renewable) / r.w_all as score
  from {schema}.offer o
  where o.price <= r.max_price and o.place = any(r.places)
    and o.min_kw <= r.need_kw and o.max_kw >= r.need_kw and o.kw >= r.need_kw
    and o.begins <= r.latest and o.min_term <= r.term and o.max_term >= r.term
    and o.deposit <= r.max_deposit and o.uptime >= r.min_uptime and o.curtailment <= r.max_curtailment
    and o.renewable >= r.min_renewable and o.evidence >= r.min_evidence
    and r.cooling & o.cooling <> 0 and o.max_j >= r.worst_j
  order by score desc, o.price, o.age limit 20
) l
where r.latest >= r.first and r.takes_all_in and {only}
"""
CHECKSUM = "select count(*), sum(score), sum(price), sum(start) from ({query}) q(r, o, score, price, start)"


@contextlib.contextmanager
def server() -> Iterator[str | None]:
    """The address of a PostgreSQL: DATABASE_URL, else a throw-away cluster of our own, else None."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    binaries = found[-1].parent if found else None
    if binaries is None and (on_path := shutil.which("initdb")):
        binaries = Path(on_path).resolve().parent
    if binaries is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="bench-pg-", ignore_cleanup_errors=True) as scratch:
        yield from _throw_away(binaries, Path(scratch))


def _throw_away(binaries: Path, scratch: Path) -> Iterator[str]:
    # PostgreSQL refuses to run as root.
    demote = ["su", "postgres", "-s", "/bin/sh", "-c"] if os.geteuid() == 0 else ["/bin/sh", "-c"]
    data = scratch / "data"
    data.mkdir()
    if os.geteuid() == 0:
        scratch.chmod(0o711)
        shutil.chown(data, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off "
        "-c shared_buffers=256MB -c work_mem=64MB -c jit=off -c max_parallel_workers_per_gather=0"
    )

    def run(command: str, *, check: bool = True) -> None:
        subprocess.run([*demote, command], check=check, stdout=subprocess.DEVNULL, cwd="/")

    run(f"'{binaries}/initdb' -D '{data}' -U market --auth=trust -E UTF8 --locale=C")
    run(f"'{binaries}/pg_ctl' -w -D '{data}' -l '{data}/log' -o '{settings}' start")
    try:
        yield f"postgres://market@127.0.0.1:{port}/postgres"
    finally:
        run(f"'{binaries}/pg_ctl' -w -D '{data}' -m immediate stop", check=False)


class Lateral:
    """The flat market in tables of a schema of its own, on one connection."""

    def __init__(self, address: str, market: Market) -> None:
        self.market = market
        self.connection = psycopg.connect(address, autocommit=True)
        book = Book.build(**market.for_book())
        self.offer_ids = [offer.id for offer in book.offers]
        self._run(f"drop schema if exists {SCHEMA} cascade")
        self._run(f"create schema {SCHEMA}")
        self._load("offer", OFFER_COLUMNS, _offers(book), "integer", {})
        requests = [_request(number, need, book) for number, (_key, need) in enumerate(market.needs)]
        self._load("request", REQUEST_COLUMNS, requests, "bigint",
                   {"places": "integer[]", "takes_all_in": "boolean"})  # fmt: skip
        self.index = min(INDEXES, key=self._try)
        self._try(self.index)

    def _load(self, table: str, columns: tuple, rows: list, kind: str, others: dict[str, str]) -> None:
        described = ", ".join(f"{name} {others.get(name, kind)}" for name in columns)
        self._run(f"create table {SCHEMA}.{table} ({described})")
        with self.connection.cursor().copy(f"copy {SCHEMA}.{table} from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        self._run(f"vacuum analyze {SCHEMA}.{table}")

    def _try(self, keys: tuple[str, ...]) -> float:
        """Make this the covering index, and give the seconds a small share of the requests takes with it."""
        others = ", ".join(name for name in OFFER_COLUMNS if name not in keys)
        self._run(f"drop index if exists {SCHEMA}.covering")
        self._run(f"create index covering on {SCHEMA}.offer ({', '.join(keys)}) include ({others})")
        self._run(f"vacuum analyze {SCHEMA}.offer")
        self.work(only="r.id % 20 = 0")
        began = time.perf_counter()
        self.work(only="r.id % 20 = 0")
        return time.perf_counter() - began

    def work(self, only: str = "true") -> None:
        """Rank everything, and send nothing but a checksum that needs every row."""
        self._run(CHECKSUM.format(query=QUERY.format(schema=SCHEMA, only=only)))

    def lists(self) -> list[list[tuple]]:
        """For each request its (offer id, score, price, day of the start), best first."""
        found: list[list[tuple]] = [[] for _need in self.market.needs]
        cursor = self.connection.cursor(binary=True)
        query = QUERY.format(schema=SCHEMA, only="true") + " order by r.id, l.score desc, l.price, l.age"
        for request, offer, score, price, start in cursor.execute(query):
            found[request].append((self.offer_ids[offer], score, price, start))
        return found

    def plan(self) -> str:
        """How PostgreSQL goes about it."""
        rows = self.connection.execute("explain " + QUERY.format(schema=SCHEMA, only="true"))
        return "\n".join(line for (line,) in rows)

    def close(self) -> None:
        """Leave nothing behind."""
        self._run(f"drop schema if exists {SCHEMA} cascade")
        self.connection.close()

    def _run(self, statement: str) -> None:
        self.connection.execute(statement)


def _offers(book: Book) -> list[tuple]:
    column = {name: values.tolist() for name, values in book.columns.items()}
    limited = {name: [min(value, UNLIMITED) for value in column[name]] for name in
               ("max_kw", "max_term_months", "max_j_per_th")}  # fmt: skip
    law = [book.places[place].value for place in column["place"]]
    return list(
        zip(
            book.amounts["energy_price"].tolist(),
            column["place"],
            column["min_kw"],
            limited["max_kw"],
            [offer.phases[0].kw for offer in book.offers],
            [day_of(offer.phases[0].starts_on or date.min) for offer in book.offers],
            column["min_term_months"],
            limited["max_term_months"],
            column["deposit_months"],
            column["uptime_bp"],
            column["curtailment_bp"],
            column["renewable_bp"],
            column["evidence"],
            [1 << cooling % 4 for cooling in column["cooling"]],
            limited["max_j_per_th"],
            column["age_rank"],
            law,
            column["trust_value"],
            range(len(book.offers)),
            strict=True,
        )
    )


def _request(number: int, need: Need, book: Book) -> tuple:
    def bound(value: int | None, empty: int) -> int:
        return empty if value is None else value

    places = [
        at
        for at, place in enumerate(book.places)
        if gates.barred_by(need, place) is None
        and gates.is_allowed(need, place)
        and not gates.fails_status(need, place)
        and not gates.fails_predictability(need, place)
    ]
    # One bit a word; the offers that name none have bit 3, which is in "all" and in no set.
    cooling = 15 if not need.cooling else sum(1 << COOLINGS.index(word) for word in need.cooling)
    weights = scoring.weights_of(need.weights)
    return (
        number,
        need.need_kw,
        max(day_of(need.earliest_start), day_of(book.as_of)),
        day_of(need.latest_start),
        need.term_months,
        need.max_price_micros,
        bound(need.max_deposit_months, UNLIMITED),
        bound(need.min_uptime_bp, 0),
        bound(need.max_curtailment_bp, 10_000),
        bound(need.min_renewable_bp, 0),
        0 if need.min_evidence is None else EVIDENCE.index(need.min_evidence),
        cooling,
        # Unknown machines fit only where no limit is set.
        bound(need.worst_j_th, UNLIMITED),
        not need.price_models or "all_in" in need.price_models,
        places,
        *weights,
        sum(weights),
    )
