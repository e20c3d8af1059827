"""The columns a process keeps answer as columns made from nothing do, after whatever change."""

import random
import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hosting.matching import ranking
from hosting.models import CapacityRequest
from hosting.services import engine, keptrequests, needs, offers, snapshots
from tests import factories
from tests.factories import TERMS, TODAY
from tests.services.changing import VERBS, Market

NUMBER = st.integers(min_value=0, max_value=11)
CHANGE = st.tuples(st.sampled_from(range(len(VERBS))), NUMBER, NUMBER, st.booleans())
CHANGES = st.lists(CHANGE, min_size=50, max_size=50)


on_a_server = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite's test database is in memory, where readers lock tables"
)


class Remembering(engine.Kept):
    """Keeps what was read within a test's transaction too: here it is undone together with the columns."""

    def made(self, reading):
        columns = engine._made(reading)
        self._days[columns.as_of] = columns
        return columns


def answers(columns, now):
    return {
        row.pk: ranking.best(columns.book, needs.of_request(row).as_engine(request=row.pk))
        for row in CapacityRequest.objects.open(now)
    }


def assert_fresh(columns, now):
    fresh = engine.afresh(now.date())
    assert columns.inputs_hash == fresh.inputs_hash
    assert columns.live == fresh.live
    assert answers(columns, now) == answers(fresh, now)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="long property tests run once, on SQLite")
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes=CHANGES)
def test_after_any_fifty_changes_kept_columns_answer_as_fresh_ones(changes):
    with transaction.atomic():
        kept, market = Remembering(), Market()
        asked = keptrequests.Requests()
        for verb, one, two, is_looked_at in changes:
            market.do(verb, one, two)
            if is_looked_at:
                kept.current(market.now.date())
                asked = keptrequests.made(keptrequests.read(asked, market.now))
        assert_fresh(kept.current(market.now.date()), market.now)
        asked = keptrequests.made(keptrequests.read(asked, market.now))
        fresh = keptrequests.made(keptrequests.read(keptrequests.Requests(), market.now))
        assert dict(zip(asked.asked.keys, asked.asked.needs, strict=True)) == dict(
            zip(fresh.asked.keys, fresh.asked.needs, strict=True)
        )
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(2))
def test_what_this_process_keeps_is_fresh_after_fifty_committed_changes(seed):
    """The same with real commits, as a worker sees them; on PostgreSQL when the suite runs there."""
    rng = random.Random(seed)
    market = Market()
    for _ in range(50):
        market.do(rng.randrange(len(VERBS)), rng.randrange(12), rng.randrange(12))
        if rng.random() < 0.5:
            engine.current(market.now.date())
    assert_fresh(engine.current(market.now.date()), market.now)


@pytest.mark.django_db(transaction=True)
def test_only_what_differs_is_read_again():
    for _ in range(3):
        factories.offer()
    first = engine.current(TODAY)
    assert engine.current(TODAY).book is first.book
    changed = factories.offer()
    second = engine.current(TODAY)
    kept = {offer.id: offer for offer in first.book.offers}
    again = [offer.id for offer in second.book.offers if kept.get(offer.id) is not offer]
    assert again == [changed.pk]


@pytest.mark.django_db(transaction=True)
def test_the_market_is_read_with_a_fixed_number_of_queries(django_assert_max_num_queries):
    factories.offer(tiers=[(1, TERMS["energy_price"])])
    with django_assert_max_num_queries(18):
        engine.book(TODAY)
    for _ in range(5):
        factories.offer(tiers=[(1, TERMS["energy_price"])])
    with django_assert_max_num_queries(18):
        engine.book(TODAY)
    engine.current(TODAY)
    with django_assert_max_num_queries(12):
        engine.current(TODAY)


@pytest.mark.django_db
def test_the_order_in_which_rows_are_read_does_not_change_the_hash():
    factories.fact("KZ", "legal_status", "legal_licensed")
    for _ in range(3):
        factories.offer()
    fresh = engine.afresh(TODAY)
    turned = dict(reversed(fresh.rows.offers.items()))
    rows = replace(fresh.rows, offers=turned, touched=frozenset(turned))
    law = engine.Law(
        tuple(reversed(fresh.law.places)), fresh.law.facts, fresh.law.rules, fresh.law.rates, frozenset()
    )
    again = engine._made(engine.Reading(TODAY, rows, law, None))
    assert [offer.id for offer in again.book.offers] != [offer.id for offer in fresh.book.offers]
    assert again.inputs_hash == fresh.inputs_hash


@pytest.mark.django_db(transaction=True)
def test_the_hash_differs_where_anything_does_and_returns_with_it():
    offer = factories.offer()
    before = engine.current(TODAY).inputs_hash
    rate = factories.rate("", "50")
    assert engine.current(TODAY).inputs_hash != before
    rate.delete()
    assert engine.current(TODAY).inputs_hash == before
    offers.pause(offer=offer, by=factories.user(), now=factories.NOW)
    assert engine.current(TODAY).inputs_hash != before


@pytest.mark.django_db
def test_what_may_be_undone_is_answered_and_not_kept():
    assert not snapshots.is_lasting()
    offer = factories.offer()
    assert [one.id for one in engine.current(TODAY).book.offers] == [offer.pk]
    assert engine.kept._days == {}


@on_a_server
@pytest.mark.django_db(transaction=True)
def test_nothing_is_read_that_begins_after_the_snapshot():
    """A change committed by somebody else in the middle of the reading is not half in the columns."""
    offer = factories.offer()

    def change_elsewhere():
        try:
            offers.pause(offer=offer, by=factories.user(), now=factories.NOW)
        finally:
            connection.close()

    with snapshots.taken():
        factories.Offer.objects.count()
        other = threading.Thread(target=change_elsewhere)
        other.start()
        other.join()
        reading = engine.kept.read(TODAY)
    assert [one.id for one in engine.kept.made(reading).book.offers] == [offer.pk]
    assert engine.current(TODAY).book.offers == ()


@on_a_server
@pytest.mark.django_db(transaction=True)
def test_reading_stops_no_writer():
    factories.offer()
    with snapshots.taken():
        engine.kept.read(TODAY)
        written = []

        def write_elsewhere():
            try:
                written.append(factories.offer())
            finally:
                connection.close()

        other = threading.Thread(target=write_elsewhere)
        other.start()
        other.join()
        assert len(written) == 1


@pytest.mark.django_db(transaction=True)
def test_the_days_that_are_kept_are_few():
    factories.offer()
    days = [TODAY.replace(day=day) for day in (11, 12, 13)]
    for day in (*days, days[1]):
        assert engine.current(day).as_of == day
    assert len(engine.kept._days) == engine.DAYS_KEPT
