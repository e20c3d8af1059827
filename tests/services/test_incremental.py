"""Matching only what a change touches leaves what matching everything would leave."""

import random

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hosting.models import CapacityRequest, MatchList, MatchRun
from hosting.services import engine, matches, matchruns, matchwork, needs
from tests.services.changing import VERBS, Market

# (which change, of what, how, whether the worker looks after it)
NUMBER = st.integers(min_value=0, max_value=11)
CHANGE = st.tuples(st.sampled_from(range(len(VERBS))), NUMBER, NUMBER, st.booleans())
CHANGES = st.lists(CHANGE, min_size=50, max_size=50)

pytestmark = pytest.mark.django_db


def match_due(market):
    return matchruns.match_due(now=market.now, clock=lambda: market.now)


def stored():
    return {one.request_id: one.rows for one in MatchList.objects.all()}


def afresh(market):
    """What the engine says today of every open request, with nothing remembered."""
    columns = engine.book(market.now.date())
    return {
        request.pk: matches.best(columns, needs.of_request(request).as_engine(request=request.pk))
        for request in CapacityRequest.objects.open(market.now)
    }


@pytest.mark.skipif(connection.vendor != "sqlite", reason="long property tests run once, on SQLite")
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes=CHANGES)
def test_after_any_fifty_changes_the_stored_lists_are_those_of_a_full_match(changes):
    with transaction.atomic():
        market = Market()
        for verb, one, two, is_looked_at in changes:
            market.do(verb, one, two)
            if is_looked_at:
                match_due(market)
        match_due(market)
        assert stored() == afresh(market)
        assert all(one.as_of == market.now.date() for one in MatchList.objects.all())
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_after_fifty_committed_changes_a_worker_that_keeps_columns_leaves_what_a_full_match_would(seed):
    """As above with real commits: columns, requests and lists are kept from one run to the next. The day
    seldom begins, because it makes everything new."""
    rng = random.Random(seed)
    often = [number for number, name in enumerate(VERBS) if name != "next_day"]
    market = Market()
    for step in range(50):
        verb = list(VERBS).index("next_day") if step == 30 else rng.choice(often)
        market.do(verb, rng.randrange(12), rng.randrange(12))
        if rng.random() < 0.6:
            match_due(market)
            assert stored() == afresh(market)
    match_due(market)
    assert stored() == afresh(market)
    kept = matchwork.kept.stored
    assert len(kept.at) == len(kept.runs)
    assert set(MatchRun.objects.values_list("state", "is_wide").distinct()) == {
        ("done", True),
        ("done", False),
    }


def test_each_kind_of_change_can_be_made():
    """Else the test above would hold for changes that are always refused."""
    refused = set()
    for number, name in enumerate(VERBS):
        with transaction.atomic():
            market = Market()
            tries = [(one, two) for one in range(4) for two in range(4)]
            if name in ("resume_offer", "end_rule", "free"):
                before = {"resume_offer": "pause_offer", "end_rule": "publish_rule", "free": "hold"}[name]
                VERBS[before](market, 0, 0)
            if not any(market.do(number, one, two) for one, two in tries):
                refused.add(name)
            transaction.set_rollback(True)
    assert refused == set()


@pytest.mark.parametrize("name", [name for name in VERBS if name != "next_day"])
def test_no_kind_of_change_is_overlooked(name):
    """Each change that alters an answer alters the stored list, although only what it touches is matched."""
    number = list(VERBS).index(name)
    market = Market()
    for setting_up in ("post_request", "publish_rule", "hold"):
        VERBS[setting_up](market, 0, 0)
    match_due(market)
    for one in range(3):
        for two in range(4):
            market.do(number, one, two)
            match_due(market)
            assert stored() == afresh(market)
