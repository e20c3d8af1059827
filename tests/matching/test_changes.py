"""What is brought up to date change by change answers as what is built anew; lists that a change does not
reach are not touched, and are right nevertheless."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import numpy as np
import pytest

from hosting.matching import match, ranking
from hosting.matching.asked import Asked
from hosting.matching.book import Book, Taken
from tests.bench import industry

OFFERS, REQUESTS, STEPS = 260, 60, 50
MARKET = industry.market(OFFERS + 120, REQUESTS + 30, seed=60)


class Living:
    """A market that changes, kept twice: as records, and as columns with lists brought up to date."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.offers = {offer.id: offer for offer in MARKET.offers[:OFFERS]}
        self.needs = dict(MARKET.needs[:REQUESTS])
        self.rules, self.facts = list(MARKET.rules), list(MARKET.facts)
        self.spare_offers, self.spare_needs = MARKET.offers[OFFERS:], MARKET.needs[REQUESTS:]
        self.book, self.asked = self.fresh_book(), Asked.build(list(self.needs.items()))
        lists = ranking.best_of_all(self.book, self.asked)
        self.stored = {key: lists.of(row) for row, key in enumerate(self.asked.keys)}
        self.reached = 0

    def fresh_book(self):
        kept = {"rules": self.rules, "facts": self.facts, "offers": list(self.offers.values())}
        return Book.build(**MARKET.for_book() | kept)

    def step(self):
        self.rng.choice([self.offer, self.offer, self.offer, self.gone, self.new, self.need, self.law])()

    def offer(self):
        """Some of an offer's terms change, or what is taken of it."""
        some = self.rng.sample(sorted(self.offers), self.rng.choice((1, 1, 3)))
        changed = []
        for key in some:
            one = self.offers[key]
            taken = Taken(self.rng.choice((50, 5_000)), MARKET.as_of, None, self.rng.choice(list(self.needs)))
            change = self.rng.choice(
                [
                    {"energy_price": Decimal(self.rng.randint(20_000, 90_000)) / 10**6, "currency": "USD"},
                    {"max_kw": self.rng.choice((None, 100, 5_000)), "min_kw": self.rng.choice((None, 40))},
                    {"commitments": (*one.commitments, taken)},
                    {"commitments": ()},
                    {"evidence": self.rng.choice(("claimed", "verified")), "version": one.version + 1},
                    {"uptime_bp": self.rng.randint(9_000, 10_000)},
                    {"connected_on": MARKET.as_of - timedelta(days=self.rng.randint(0, 2_000))},
                    {"jurisdiction": self.rng.choice(MARKET.offers).jurisdiction},
                    {"energy_price": Decimal("9999999"), "currency": "USD"},
                ]
            )
            changed.append(replace(one, **change))
        self.apply(changed, [])

    def gone(self):
        self.apply([], self.rng.sample(sorted(self.offers), 2))

    def new(self):
        self.apply([self.rng.choice(self.spare_offers)], [])

    def apply(self, changed, gone):
        self.offers = {key: offer for key, offer in self.offers.items() if key not in gone}
        self.offers |= {offer.id: offer for offer in changed}
        self.book = self.book.with_offers(changed, gone)
        position = self.book.position
        held = np.full((len(self.asked.keys), 20), -1, dtype=np.int64)
        last = np.zeros((2, len(self.asked.keys)), dtype=np.int64)
        for row, key in enumerate(self.asked.keys):
            for place, line in enumerate(self.stored[key]):
                held[row, place] = position.get(line.offer, -2)
                last[:, row] = line.score, line.price_micros
        rows = ranking.reached(
            self.book,
            self.asked,
            held=held,
            last_score=last[0],
            last_price=last[1],
            offers=[position[offer.id] for offer in changed],
        )
        self.reached += len(rows)
        lists = ranking.best_of_all(self.book, self.asked, rows=rows)
        for number, row in enumerate(rows.tolist()):
            self.stored[self.asked.keys[row]] = lists.of(number)

    def need(self):
        key, need = self.rng.choice(list(self.needs.items()))
        changed = [(key, replace(need, max_price_micros=self.rng.choice((45_000, 60_000, 2**40))))]
        changed += self.rng.sample(self.spare_needs, self.rng.choice((0, 1, 2)))
        gone = self.rng.sample(list(self.needs), self.rng.choice((0, 1)))
        gone = [key for key in gone if key not in dict(changed)]
        self.needs = {key: need for key, need in self.needs.items() if key not in gone} | dict(changed)
        self.asked = self.asked.with_needs(changed, gone)
        for key in gone:
            del self.stored[key]
        rows = [self.asked.position[key] for key, _need in changed]
        lists = ranking.best_of_all(self.book, self.asked, rows=rows)
        for number, (key, _need) in enumerate(changed):
            self.stored[key] = lists.of(number)

    def law(self):
        """A rule or a fact of a place changes; only pairs with its offers are looked at."""
        code = self.rng.choice(list(self.offers.values())).jurisdiction
        if self.rng.random() < 0.5:
            self.facts = [one for one in self.facts if one.jurisdiction != code or self.rng.random() < 0.5]
        elif self.rng.random() < 0.5:
            self.rules = [one for one in self.rules if one.jurisdiction != code]
        else:
            model = self.rng.choice(MARKET.rules)
            fresh = replace(model, id=f"drawn-{self.rng.random()}", jurisdiction=code, confidence="high")
            self.rules = [*self.rules, fresh]
        before = ranking.best_of_all(self.book, self.asked)
        self.book = self.book.with_law(places=MARKET.places, facts=self.facts, rules=self.rules)
        touched = [
            at for at, one in enumerate(self.book.offers) if code in (one.jurisdiction, one.jurisdiction[:2])
        ]
        lists = ranking.update_place(self.book, self.asked, before, touched)
        self.stored = {key: lists.of(row) for row, key in enumerate(self.asked.keys)}


@pytest.mark.parametrize("seed", range(6))
def test_after_fifty_changes_everything_is_as_if_built_anew(seed):
    living = Living(seed)
    for step in range(STEPS):
        living.step()
        if step % 10 == 9:
            fresh = living.fresh_book()
            lists = ranking.best_of_all(fresh, Asked.build(list(living.needs.items())))
            assert living.stored == {key: lists.of(row) for row, key in enumerate(living.needs)}
    assert living.reached > 0
    fresh = living.fresh_book()
    prices = dict(zip((one.id for one in fresh.offers), match.list_prices(fresh), strict=True))
    assert prices == dict(
        zip((one.id for one in living.book.offers), match.list_prices(living.book), strict=True)
    )
    free = dict(zip((one.id for one in fresh.offers), match.free_kw(fresh, fresh.as_of), strict=True))
    assert free == dict(
        zip((one.id for one in living.book.offers), match.free_kw(living.book, fresh.as_of), strict=True)
    )
    for need in list(living.needs.values())[:5]:
        some = match.evaluate(living.book, need)
        every = match.evaluate(fresh, need)
        assert some.near_misses() == every.near_misses()
        for one in fresh.offers[::9]:
            assert some.explain(one.id) == every.explain(one.id)


def test_a_change_of_one_offer_reaches_few_lists():
    living = Living(1)
    living.apply([replace(living.book.offers[0], version=99)], [])
    assert living.reached < REQUESTS


def test_gone_and_unknown_ids_are_no_error():
    living = Living(2)
    kept = living.book.with_offers([], [UUID(int=5)])
    assert len(kept.offers) == OFFERS
    assert len(living.asked.with_needs([], [UUID(int=5)]).keys) == REQUESTS
    nothing = living.book.with_offers([], list(living.offers))
    assert ranking.best(nothing, living.asked.needs[0]) == []
    again = nothing.with_offers(list(living.offers.values()), [])
    assert ranking.best(again, living.asked.needs[0]) == living.stored[living.asked.keys[0]]
