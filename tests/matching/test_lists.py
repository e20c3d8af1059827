"""Lists found by passing over most of the market are those of the whole market, to the last digit."""

from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hosting.matching import ranking
from hosting.matching.asked import Asked
from hosting.matching.book import Book
from hosting.matching.match import evaluate
from hosting.matching.ranking import Ranked
from tests.bench import industry
from tests.matching import adapter, scene
from tests.matching.markets import markets
from tests.matching.markets_need import needs
from tests.matching.test_oracle_agrees import THOROUGH, asked_of_oracle, book_of


def ranked_by(verdict, limit):
    """The first of a verdict as lines of a list."""
    return [
        Ranked(one.offer, one.version, one.score, one.price_micros, one.start)
        for one in verdict.ranked(limit)
    ]


def oracle_lines(market, limit):
    return [
        Ranked(UUID(pair.offer["id"]), pair.offer["version"], pair.score, pair.price, pair.start)
        for pair in asked_of_oracle(market).matched[:limit]
    ]


@st.composite
def crowds(draw):
    """A market, and some more needs around the same days."""
    market = draw(markets())
    bodies = [market.body, *draw(st.lists(needs(market.as_of), max_size=1))]
    return market, [replace(market, body=body) for body in bodies]


def asked_of(askers):
    return Asked.build(
        [
            (UUID(int=number + 1), adapter.need(market.body, market.machines))
            for number, market in enumerate(askers)
        ]
    )


@settings(THOROUGH, max_examples=1000)
@given(crowds(), st.sampled_from((20, 1, 3)))
def test_the_best_of_every_request_are_the_oracle_s(crowd, limit):
    market, askers = crowd
    book = book_of(market)
    lists = ranking.best_of_all(book, asked_of(askers))
    for number, asker in enumerate(askers):
        lines = oracle_lines(asker, 20)
        assert lists.of(number) == lines
        assert ranking.best(book, adapter.need(asker.body, asker.machines), limit) == lines[:limit]


@pytest.fixture(scope="module")
def crowded():
    """Enough offers for blocks to be passed over."""
    return industry.market(4_000, 400, seed=6)


@pytest.fixture(scope="module")
def big(crowded):
    return Book.build(**crowded.for_book()), Asked.build(crowded.needs)


def test_in_a_crowded_market_blocks_passed_over_held_nothing_better(crowded, big):
    book, asked = big
    lists = ranking.best_of_all(book, asked)
    full = 0
    for number, (_key, need) in enumerate(crowded.needs):
        lines = lists.of(number)
        assert lines == ranked_by(evaluate(book, need), 20)
        full += len(lines) == 20
    assert full > 100


def test_threads_share_the_requests_and_change_nothing(big):
    book, asked = big
    alone, shared = ranking.best_of_all(book, asked), ranking.best_of_all(book, asked, threads=3)
    for name in ("at", "score", "price", "start"):
        assert np.array_equal(getattr(alone, name), getattr(shared, name))


def test_some_rows_are_answered_as_among_all(big):
    book, asked = big
    every, some = ranking.best_of_all(book, asked), ranking.best_of_all(book, asked, rows=[7, 3, 399])
    assert [some.of(number) for number in range(3)] == [every.of(row) for row in (7, 3, 399)]


def test_rows_of_the_market_in_another_order_give_the_same_lists(crowded, big):
    book, asked = big
    turned = crowded.for_book() | {"offers": crowded.offers[::-1]}
    other = ranking.best_of_all(Book.build(**turned), asked)
    lists = ranking.best_of_all(book, asked)
    assert [other.of(row) for row in range(400)] == [lists.of(row) for row in range(400)]


@pytest.mark.parametrize("cheap", [-1, 9_000])
def test_offers_and_needs_beyond_the_kernel_s_numbers_are_in_the_lists(crowded, cheap):
    wide = [
        # Cheaper than anything else; and dear, but not too dear for a boundless ceiling.
        replace(crowded.offers[0], id=UUID(int=1), energy_price=cheap, currency="USD", price_model="all_in"),
        replace(crowded.offers[1], id=UUID(int=2), energy_price=10**9, currency="USD", price_model="all_in"),
    ]
    book = Book.build(**crowded.for_book() | {"offers": [*wide, *crowded.offers[:300]]})
    assert book.odd.tolist() == [0, 1]
    wishes = [
        replace(need, max_price_micros=price) for _key, need in crowded.needs[:30] for price in (10**5, 2**61)
    ]
    lists = ranking.best_of_all(book, Asked.build([(UUID(int=n), need) for n, need in enumerate(wishes)]))
    found = set()
    for number, need in enumerate(wishes):
        lines = ranked_by(evaluate(book, need), 20)
        assert lists.of(number) == lines
        found |= {line.offer for line in lines} & {UUID(int=1), UUID(int=2)}
    assert found


def test_the_asker_s_own_commitments_leave_room_for_it(crowded):
    from_request = {}
    for offer in crowded.offers:
        for taken in offer.commitments:
            if taken.request is not None:
                from_request.setdefault(taken.request, offer.id)
    own = [(key, need) for key, need in crowded.needs if key in from_request]
    assert own
    book = Book.build(**crowded.for_book())
    for _key, need in own:
        assert ranking.best(book, need) == ranked_by(evaluate(book, need), 20)


def test_a_price_of_nothing_and_the_first_age_leave_the_score_alone():
    # A key's parts are at their largest here: none may carry into the next.
    market = scene.book(*(scene.offer(number, energy_price=0) for number in (2, 1, 3)))
    lines = ranking.best(market, scene.need())
    assert lines == ranked_by(evaluate(market, scene.need()), 20)
    assert [(line.offer.int, line.price_micros) for line in lines] == [(1, 0), (2, 0), (3, 0)]


def test_a_list_may_be_empty_and_an_empty_market_has_only_those(crowded):
    book = Book.build(**crowded.for_book() | {"offers": []})
    assert ranking.best(book, crowded.needs[0][1]) == []
    assert ranking.best_of_all(book, Asked.build([])).at.shape == (0, 20)
    assert ranking.best_of_all(book, Asked.build(crowded.needs[:2])).of(1) == []


def test_two_requests_with_one_id_are_refused(crowded):
    with pytest.raises(ValueError, match="share an id"):
        Asked.build([crowded.needs[0], crowded.needs[0]])
