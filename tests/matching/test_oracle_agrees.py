"""The engine against the oracle over a thousand drawn markets: they agree to the last digit."""

from dataclasses import replace
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hosting.matching.book import Book
from hosting.matching.match import evaluate, list_prices
from tests.matching import adapter, oracle
from tests.matching.markets import markets

THOROUGH = settings(
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def book_of(market, *, order=list):
    """The market as the engine's columns; order is applied to every list of rows."""
    rows = [
        row | {"phases": order(row["phases"]), "tiers": order(row["tiers"] or [])} for row in market.offers
    ]
    return Book.build(
        places=order(adapter.places(market.jurisdictions)),
        facts=order(adapter.facts(market.jurisdictions, market.other_facts)),
        rules=order(adapter.rules(market.jurisdictions)),
        rates=order(adapter.rates(market.rates)),
        offers=order(adapter.offers(rows, market.own_commitments)),
        as_of=market.as_of,
    )


def asked_of_engine(market, *, order=list, of=None):
    """The engine's verdict over the offers of these ids, or all."""
    book = book_of(market, order=order)
    only = None if of is None else [book.position[id_] for id_ in of]
    return evaluate(book, adapter.need(market.body, market.machines), only=only)


def asked_of_oracle(market):
    return oracle.match(
        market.offers, market.jurisdictions, market.rates, market.machines, market.body, market.as_of
    )


def engine_says(match):
    """One of the engine's matches as plain values."""
    return {
        "offer": str(match.offer),
        "version": match.version,
        "gates": [(gate.name, gate.passed) for gate in match.gates],
        "start": match.start,
        "read_on": match.read_on,
        "price": match.price_micros,
        "components": match.components,
        "curtailment": match.total_curtailment_bp,
        "free_kw": match.free_kw_on_start,
        "score": match.score,
        "parts": [(part.name, part.weight, part.value, part.points) for part in match.parts or ()],
    }


def oracle_says(pair):
    """The same of a pair of the oracle."""
    return {
        "offer": pair.offer["id"],
        "version": pair.offer["version"],
        "gates": list(pair.gates.items()),
        "start": pair.start,
        "read_on": pair.read_on,
        "price": pair.price,
        "components": pair.components,
        "curtailment": pair.curtailment,
        "free_kw": pair.free_kw,
        "score": pair.score,
        "parts": [tuple(part.values()) for part in pair.parts or ()],
    }


@THOROUGH
@given(markets())
def test_the_engine_agrees_with_the_oracle(market):
    verdict, answer = asked_of_engine(market), asked_of_oracle(market)
    for row in market.offers:
        assert engine_says(verdict.explain(UUID(row["id"]))) == oracle_says(answer.pair(row["id"]))
    assert verdict.matched_count == len(answer.matched)
    assert [engine_says(match) for match in verdict.ranked()] == [oracle_says(p) for p in answer.matched[:20]]
    assert [engine_says(match) for match in verdict.near_misses()] == [
        oracle_says(p) for p in answer.nearly[:20]
    ]


@settings(THOROUGH, max_examples=200)
@given(markets(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(market, random):
    def shuffled(rows):
        return random.sample(rows, len(rows))

    given_order, other_order = asked_of_engine(market), asked_of_engine(market, order=shuffled)
    assert other_order.ranked() == given_order.ranked()
    for one, other in zip(given_order.near_misses(), other_order.near_misses(), strict=True):
        assert engine_says(one) == engine_says(other)
    for row in market.offers:
        id_ = UUID(row["id"])
        assert engine_says(other_order.explain(id_)) == engine_says(given_order.explain(id_))


@settings(THOROUGH, max_examples=100)
@given(markets(), st.randoms(use_true_random=False))
def test_some_offers_are_answered_as_among_all(market, random):
    ids = [UUID(row["id"]) for row in market.offers]
    chosen = random.sample(ids, random.randint(0, len(ids)))
    of_all, of_some = asked_of_engine(market), asked_of_engine(market, of=chosen)
    for id_ in ids:
        assert of_some.explain(id_) == (of_all.explain(id_) if id_ in chosen else None)
    assert of_some.ranked() == [match for match in of_all.ranked(None) if match.offer in chosen]


@settings(THOROUGH, max_examples=100)
@given(markets())
def test_list_prices_are_those_of_1_mw_at_20_j_th_for_a_year_from_today(market):
    today = market.as_of.isoformat()
    typical = {"need_kw": 1000, "efficiency_j_th": "20.00", "term_months": 12, "max_price_usd": "1"}
    typical |= {"earliest_start": today, "latest_start": today}
    expected = [pair.price for pair in asked_of_oracle(replace(market, body=typical)).pairs]
    assert list_prices(book_of(market)) == expected
