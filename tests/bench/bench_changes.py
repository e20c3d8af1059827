"""One thing at a time against the whole market: one request, one offer, one place."""

import random
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial

import numpy as np

from hosting.matching import ranking
from hosting.matching.asked import Asked
from hosting.matching.book import Book
from hosting.matching.match import evaluate, list_prices
from hosting.matching.records import Need, Offer, Rule
from tests.bench import limits, table
from tests.bench.bench_whole import Differs, same
from tests.bench.industry import AS_OF, Market
from tests.bench.table import Row


def one_request(market: Market, request_count: int, preview_count: int, speed: float) -> Iterator[Row]:
    """Percentiles over many different requests, each asked once; and of previews that explain every gate."""
    book = Book.build(**market.for_book())
    chosen = random.Random(3).sample(market.needs, min(request_count, len(market.needs)))
    taken = []
    for _key, need in chosen:
        began = time.perf_counter()
        ranking.best(book, need)
        taken.append(1000 * (time.perf_counter() - began))
    name = f"one request, {table.short(len(market.offers))} offers"
    note = f"{len(chosen):,} different requests, longest {max(taken):.3g} ms"
    yield table.below(f"{name}: p95", table.percentile(taken, 0.95), "ms", 1, note)
    yield Row(f"{name}: p50", table.percentile(taken, 0.50), "ms")
    yield Row(f"{name}: p99", table.percentile(taken, 0.99), "ms")
    touched = limits.of_one_request(book)
    note = f"{touched / 1e6:,.1f} MB, every column read once; bounds do with less"
    yield Row(f"{name}: physical limit", 1000 * touched / speed, "ms", note=note)
    yield Row(f"{name}: p50, times the limit", table.percentile(taken, 0.5) / (1000 * touched / speed), "x")
    for what, work in (("every gate", _preview), ("every gate and near misses", _preview_of_all)):
        taken = [1000 * table.seconds(partial(work, book, need)) for _key, need in chosen[:preview_count]]
        yield Row(f"{name}: preview with {what}, p95", table.percentile(taken, 0.95), "ms")
    taken = [table.seconds(partial(list_prices, book)) for _turn in range(3)]
    yield Row(f"list prices of {table.short(len(market.offers))} offers", statistics.median(taken), "s")


def _preview(book: Book, need: Need) -> None:
    evaluate(book, need).ranked()


def _preview_of_all(book: Book, need: Need) -> None:
    verdict = evaluate(book, need)
    verdict.ranked()
    verdict.near_misses()


class Stored:
    """The lists of a market as a worker keeps them, ready for reached()."""

    def __init__(self, lists: ranking.Lists) -> None:
        self.lists = lists
        last = np.maximum((lists.at >= 0).sum(axis=1) - 1, 0)
        rows = np.arange(len(last))
        self.score, self.price = lists.score[rows, last], lists.price[rows, last]

    def held(self, book: Book) -> np.ndarray:
        """Positions in another book of the same offers; -1 beyond the end, -2 for one that is not there."""
        moved = [book.position.get(offer.id, -2) for offer in self.lists.book.offers]
        return np.array([*moved, -1], dtype=np.int32)[self.lists.at]

    def reached(
        self, book: Book, asked: Asked, held: np.ndarray | ranking.Holders, offers: list[int]
    ) -> np.ndarray:
        return ranking.reached(
            book, asked, held=held, last_score=self.score, last_price=self.price, offers=offers
        )


def one_offer(market: Market, offer_count: int, compared: int) -> Iterator[Row]:
    """Percentiles over many offers that come new to a market whose lists are stored."""
    new = random.Random(4).sample(market.offers, min(offer_count, len(market.offers) // 2))
    ids = {offer.id for offer in new}
    before = Book.build(**market.for_book() | {"offers": [o for o in market.offers if o.id not in ids]})
    asked = Asked.build(market.needs)
    stored = Stored(ranking.best_of_all(before, asked))
    for offer in new[:compared]:
        _compare(before, asked, stored, offer)
    book = before.with_offers(new, ())
    # Kept beside the lists, like the columns: which of them hold an offer.
    held = ranking.Holders.of(stored.held(book), len(book.offers))
    stored.reached(book, asked, held, [book.position[new[0].id]])
    taken, found = [], []
    for offer in new:
        at = book.position[offer.id]
        began = time.perf_counter()
        rows = stored.reached(book, asked, held, [at])
        taken.append(1000 * (time.perf_counter() - began))
        found.append(len(rows))
    name = f"one offer, {table.short(len(market.needs))} requests"
    lists = statistics.median(found)
    note = f"{len(new):,} offers, longest {max(taken):.3g} ms, {lists:,.0f} lists in the median"
    yield table.below(f"{name}: p95", table.percentile(taken, 0.95), "ms", 2, note)
    yield Row(f"{name}: p50", table.percentile(taken, 0.50), "ms")
    yield Row(f"{name}: p99", table.percentile(taken, 0.99), "ms")


def _compare(before: Book, asked: Asked, stored: Stored, offer: Offer) -> None:
    """Whatever list the offer changes must be named, and no list that stays as it is but for a tie."""
    book = before.with_offers([offer], ())
    held = stored.held(book)
    named = set(stored.reached(book, asked, held, [book.position[offer.id]]).tolist())
    after = ranking.best_of_all(book, asked)
    enters = set(np.flatnonzero((after.at == book.position[offer.id]).any(axis=1)).tolist())
    changed = set(np.flatnonzero((after.at != held).any(axis=1)).tolist())
    if not enters | changed <= named:
        raise Differs(f"offer {offer.id} changes a list that was not named")
    ties = [row for row in named - enters - changed if not _ties(stored, row, book, asked, offer)]
    if ties:
        raise Differs(f"offer {offer.id} is said to reach a list that it does not")


def _ties(stored: Stored, row: int, book: Book, asked: Asked, offer: Offer) -> bool:
    one = evaluate(book, asked.needs[row], only=[book.position[offer.id]]).ranked(1)
    return bool(one) and (one[0].score, one[0].price_micros) == (stored.score[row], stored.price[row])


def one_place(market: Market, rounds: int) -> Iterator[Row]:
    """A levy comes to a place of middle size: its pairs only, against everything again."""
    counts: dict[str, int] = {}
    for offer in market.offers:
        counts[offer.jurisdiction] = counts.get(offer.jurisdiction, 0) + 1
    middle = len(market.offers) / len(counts)
    code = min(counts, key=lambda place: (abs(counts[place] - middle), place))
    law = {"places": market.places, "facts": market.facts, "rules": [*market.rules, _levy(code)]}
    book, asked = Book.build(**market.for_book()), Asked.build(market.needs)
    lists = ranking.best_of_all(book, asked)

    def only_the_place() -> ranking.Lists:
        after = book.with_law(**law)
        offers = [after.position[offer.id] for offer in market.offers if offer.jurisdiction == code]
        return ranking.update_place(after, asked, lists, offers)

    def everything() -> dict[str, float]:
        began = time.perf_counter()
        after, again = Book.build(**market.for_book() | law), Asked.build(market.needs)
        packed = time.perf_counter()
        ranking.best_of_all(after, again)
        return {"all": time.perf_counter() - began, "all ranking": time.perf_counter() - packed}

    def kept() -> dict[str, float]:
        began = time.perf_counter()
        after = book.with_law(**law)
        offers = [after.position[offer.id] for offer in market.offers if offer.jurisdiction == code]
        packed = time.perf_counter()
        ranking.update_place(after, asked, lists, offers)
        return {"place": time.perf_counter() - began, "place ranking": time.perf_counter() - packed}

    if not same(only_the_place(), ranking.best_of_all(book.with_law(**law), asked)):
        raise Differs(f"a levy in {code} leaves other lists than a full re-match")
    taken = table.interleaved({"all": everything, "place": kept}, rounds)
    medians = {part: statistics.median(values) for part, values in taken.items()}
    name = f"one place, {table.size(market)}"
    yield table.at_least(
        f"{name}: times faster than everything again", medians["all"] / medians["place"], "x", 7
    )
    yield Row(
        f"{name}: this place",
        medians["place"],
        "s",
        note=f"a levy comes to {code}, {counts[code]:,} offers; with_law and update_place",
    )
    yield Row(f"{name}: everything again", medians["all"], "s", note="packing included")
    yield Row(f"{name}: times faster, ranking alone", medians["all ranking"] / medians["place ranking"], "x")


def _levy(code: str) -> Rule:
    return Rule(
        id="benchmark-levy",
        jurisdiction=code,
        subject="host",
        effect="levy_per_kwh",
        valid_from=AS_OF - timedelta(days=1),
        levy=((Decimal(0), Decimal("0.002")),),
        levy_currency="USD",
        title="A levy that comes",
    )
