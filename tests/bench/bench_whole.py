"""The whole market at once: against PostgreSQL, against brute-force numpy, and at the scale of the industry.

Packing is included and means everything between the records a worker keeps and the kernel's first pair:
Book.build (currencies converted, law resolved, timelines laid out, blocks sorted, bounds taken) and
Asked.build. What reads records from a database is not in it, nor is it in the baselines.
"""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from uuid import UUID

import numpy as np

from hosting.matching import ranking
from hosting.matching.asked import Asked
from hosting.matching.book import Book
from hosting.matching.records import Need
from hosting.matching.windows import day_of
from tests.bench import limits, postgres, table
from tests.bench.brute import match as brute
from tests.bench.brute.book import Book as BruteBook
from tests.bench.industry import Market
from tests.bench.table import Row

THREADS = (1, 2)


class Differs(Exception):
    """Two engines gave different answers: times would mean nothing."""


def ours(market: Market, name: str, threads: int = 1) -> dict[str, float]:
    """Seconds of packing and of ranking everything, under the parts' names."""
    began = time.perf_counter()
    book, asked = Book.build(**market.for_book()), Asked.build(market.needs)
    packed = time.perf_counter()
    ranking.best_of_all(book, asked, threads=threads)
    done = time.perf_counter()
    return {f"{name} packing": packed - began, f"{name} ranking": done - packed, name: done - began}


def plain(rows: Sequence[ranking.Ranked]) -> list[tuple]:
    """A list of ours or the baseline's as plain values."""
    return [(one.offer, one.score, one.price_micros, one.start) for one in rows]


def brute_seconds(market: Market, sample: list[tuple[UUID, Need]]) -> float:
    """What the baseline would take for all requests: its packing once, the sample's time scaled up."""
    began = time.perf_counter()
    book = BruteBook.build(**market.for_book())
    packed = time.perf_counter()
    for _key, need in sample:
        brute.evaluate(book, need).ranked()
    return packed - began + (time.perf_counter() - packed) * len(market.needs) / len(sample)


def compare_with_brute(market: Market, numbers: Sequence[int]) -> None:
    """Lists of these requests, made all at once, one by one and by the baseline. Differs when they do."""
    book, asked, judge = (
        Book.build(**market.for_book()),
        Asked.build(market.needs),
        BruteBook.build(**market.for_book()),
    )
    lists = ranking.best_of_all(book, asked, rows=numbers)
    for place, number in enumerate(numbers):
        key, need = market.needs[number]
        expected = plain(brute.evaluate(judge, need).ranked())
        if plain(lists.of(place)) != expected or plain(ranking.best(book, need)) != expected:
            raise Differs(f"request {key} gets another list than the baseline's")


def compare_with_postgres(market: Market, lateral: postgres.Lateral) -> None:
    """Every list of the flat market against PostgreSQL's. Differs when one does."""
    lists = ranking.best_of_all(Book.build(**market.for_book()), Asked.build(market.needs))
    for number, theirs in enumerate(lateral.lists()):
        mine = [(*row[:3], day_of(row[3])) for row in plain(lists.of(number))]
        if mine != theirs:
            raise Differs(f"request {market.needs[number][0]} gets another list than PostgreSQL's")


def against_postgres(market: Market, address: str, rounds: int) -> Iterator[Row]:
    """Times faster than one LATERAL query on one connection, for identical lists."""
    lateral = postgres.Lateral(address, market)
    compare_with_postgres(market, lateral)
    works = {
        "postgres": lambda: {"postgres": table.seconds(lateral.work)},
        "ours": lambda: ours(market, "ours"),
    }
    taken = {part: statistics.median(values) for part, values in table.interleaved(works, rounds).items()}
    lateral.close()
    size = f"{table.size(market)} flat"
    first = ", ".join(lateral.index)
    yield table.at_least(f"{size}: times faster than PostgreSQL", taken["postgres"] / taken["ours"], "x", 50)
    yield Row(f"{size}: PostgreSQL, LATERAL, index on ({first})", taken["postgres"], "s")
    yield Row(f"{size}: engine, packing included", taken["ours"], "s")
    yield Row(f"{size}: engine, columns kept", taken["ours ranking"], "s")
    yield Row(f"{size}: times faster, columns kept", taken["postgres"] / taken["ours ranking"], "x")


def against_brute(market: Market, sample_size: int, rounds: int) -> Iterator[Row]:
    """Times faster than brute-force numpy of the full spec."""
    numbers = random.Random(1).sample(range(len(market.needs)), min(sample_size, len(market.needs)))
    compare_with_brute(market, numbers)
    sample = [market.needs[number] for number in numbers]
    works = {
        "brute": lambda: {"brute": brute_seconds(market, sample)},
        "ours": lambda: ours(market, "ours"),
    }
    taken = {part: statistics.median(values) for part, values in table.interleaved(works, rounds).items()}
    size = f"{table.size(market)} full"
    yield table.at_least(
        f"{size}: times faster than brute-force numpy", taken["brute"] / taken["ours"], "x", 50
    )
    scaled = f"scaled up from {len(sample)} requests"
    yield Row(f"{size}: brute-force numpy", taken["brute"], "s", note=scaled)
    yield Row(f"{size}: engine, packing included", taken["ours"], "s")
    yield Row(f"{size}: engine, columns kept", taken["ours ranking"], "s")


def at_scale(market: Market, sample_size: int, rounds: int, speed: float) -> Iterator[Row]:
    """Seconds of the largest run, with one thread and with two; the bytes it must touch; its memory."""
    numbers = random.Random(2).sample(range(len(market.needs)), min(sample_size, len(market.needs)))
    compare_with_brute(market, numbers)
    works = {str(threads): lambda t=threads: ours(market, str(t), t) for threads in THREADS}
    taken = {part: statistics.median(values) for part, values in table.interleaved(works, rounds).items()}
    size = f"{table.size(market)} full"
    yield table.below(f"{size}: one thread, packing included", taken["1"], "s", 2, "what a worker uses")
    yield Row(f"{size}: one thread, columns kept", taken["1 ranking"], "s")
    yield Row(f"{size}: packing", taken["1 packing"], "s")
    yield Row(f"{size}: two threads, packing included", taken["2"], "s")
    yield Row(f"{size}: two threads, columns kept", taken["2 ranking"], "s")
    book, asked = Book.build(**market.for_book()), Asked.build(market.needs)
    touched = limits.of_a_full_run(book, asked, len(market.needs))
    least = touched / speed
    yield Row(
        f"{size}: physical limit",
        1000 * least,
        "ms",
        note=f"{touched / 1e6:,.0f} MB at least, read or written once",
    )
    yield Row(f"{size}: columns kept, times the limit", taken["1 ranking"] / least, "x")
    pairs = len(market.needs) * len(market.offers)
    yield Row(f"{size}: pairs a second, columns kept", pairs / taken["1 ranking"] / 1e9, "G/s")


def memory(offer_count: int, request_count: int) -> Iterator[Row]:
    """The peak of a process that holds the records and runs everything once."""
    command = [sys.executable, "-m", "tests.bench.memory", str(offer_count), str(request_count)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    records, peak = (int(text) / 2**20 for text in answer.stdout.split())
    size = f"{table.short(request_count)} x {table.short(offer_count)} full"
    note = f"{records:,.0f} MB of it the interpreter and the records"
    yield table.below(f"{size}: peak memory", peak, "MB", 1000, note)


def same(one: ranking.Lists, other: ranking.Lists) -> bool:
    """Whether two answers over all requests are equal, offer by offer and figure by figure."""
    ids = [np.array([offer.id.int % 2**63 for offer in lists.book.offers] + [-1]) for lists in (one, other)]
    return np.array_equal(ids[0][one.at], ids[1][other.at]) and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("score", "price", "start")
    )
