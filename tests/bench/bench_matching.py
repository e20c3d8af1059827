"""How long one need takes over 10,000 offers: `make bench`, or python -m tests.bench.bench_matching.

The baseline is the tests' oracle (tests/matching/oracle.py): plain loops and exact fractions, in the words
of the specification. It is timed over a sample of the same offers in the same run and scaled up; both answers
are compared first, since a fast wrong answer has no speed.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable

from hosting.matching.book import Book
from hosting.matching.match import evaluate, list_prices
from hosting.matching.records import Need
from tests.bench.synthetic import AS_OF, BODY, RATES, market
from tests.matching import adapter, oracle


def seconds(work: Callable[[], object], times: int) -> float:
    """The median of so many runs."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def build(jurisdictions: list, rows: list) -> Book:
    return Book.build(
        places=adapter.places(jurisdictions),
        facts=adapter.facts(jurisdictions, []),
        rules=adapter.rules(jurisdictions),
        rates=adapter.rates(RATES),
        offers=adapter.offers(rows, {}),
        as_of=AS_OF,
    )


def same_answers(jurisdictions: list, sample: list) -> bool:
    """Whether engine and baseline rank the sample alike, to the last digit."""
    verdict = evaluate(build(jurisdictions, sample), adapter.need(BODY, []))
    slow = oracle.match(sample, jurisdictions, RATES, [], BODY, AS_OF)
    fast_rows = [(str(m.offer), m.score, m.price_micros, m.start) for m in verdict.ranked(limit=None)]
    return fast_rows == [(p.offer["id"], p.score, p.price, p.start) for p in slow.matched]


def main(offer_count: int, sample_count: int, times: int) -> int:
    """Print the table; 1 if the answers differ."""
    jurisdictions, rows = market(offer_count)
    sample = rows[:sample_count]
    if not same_answers(jurisdictions, sample):
        print("The engine and the baseline disagree; times would mean nothing.", file=sys.stderr)
        return 1
    book, need = build(jurisdictions, rows), adapter.need(BODY, [])
    baseline = seconds(lambda: oracle.match(sample, jurisdictions, RATES, [], BODY, AS_OF), 1)
    baseline *= offer_count / sample_count
    preview = seconds(lambda: evaluate(book, need).ranked(), times)
    lines = [
        ("build the book", seconds(lambda: build(jurisdictions, rows), 1), None),
        ("one need: gates and scores of all", seconds(lambda: evaluate(book, need), times), None),
        ("one need: the best 20, explained", preview, baseline / preview),
        ("one need: near misses too", seconds(lambda: both(book, need), times), None),
        ("list prices of all", seconds(lambda: list_prices(book), times), None),
        (f"baseline: plain loops, scaled up from {sample_count:,}", baseline, 1.0),
    ]
    print(f"{offer_count:,} offers, {evaluate(book, need).matched_count:,} fit; medians of {times}\n")
    print(f"{'':<44}{'ms':>12}{'times faster':>15}")
    for words, taken, ratio in lines:
        print(f"{words:<44}{taken * 1000:>12,.1f}{f'{ratio:,.0f}' if ratio else '':>15}")
    return 0


def both(book: Book, need: Need) -> None:
    verdict = evaluate(book, need)
    verdict.ranked()
    verdict.near_misses()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=300, help="offers the baseline is timed over")
    parser.add_argument("--times", type=int, default=15, help="runs of which the median is taken")
    given = parser.parse_args()
    sys.exit(main(given.offers, given.sample, given.times))
