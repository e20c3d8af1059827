"""`manage.py rematch`: everything, or what one place, offer or request touches; through the worker's door."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Due
from hosting.management.commands import rematch
from hosting.models import MatchList, MatchRun
from hosting.services import matchruns
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _held_clock(monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return factories.NOW

    monkeypatch.setattr(rematch, "datetime", Clock)


@pytest.fixture
def market():
    for code in ("KZ", "NO"):
        factories.fact(code, "legal_status", "legal_licensed")
        factories.fact(code, "predictability", "3")
    here = factories.offer(factories.site(code="KZ"), phases=[(1500, factories.TODAY, None)])
    there = factories.offer(factories.site(code="NO"), terms={"energy_price": Decimal("0.07")})
    small, large = factories.request(need_kw=1000), factories.request(need_kw=2000)
    return here, there, small, large


def said(*words):
    out = StringIO()
    call_command("rematch", *words, stdout=out)
    return out.getvalue()


def test_without_options_every_open_request_is_matched(market):
    here, there, small, large = market
    assert "2 lists looked at, 2 changed, 2 offers" in said()
    assert "2 lists looked at, 0 changed" in said()
    run = MatchRun.objects.latest("number")
    assert (run.trigger, run.state, run.is_wide) == ("rematch all", "done", True)
    assert [len(MatchList.objects.get(request=one).rows) for one in (small, large)] == [2, 1]


@pytest.mark.parametrize(("option", "looked_at"), [("jurisdiction", 1), ("offer", 1), ("request", 1)])
def test_one_place_offer_or_request_matches_what_it_touches(market, option, looked_at):
    here, _there, small, _large = market
    said()
    # A request that is due is looked at whatever else was asked for.
    Due.objects.all().delete()
    MatchList.objects.filter(request=small).update(rows=[])
    value = {"jurisdiction": "kz", "offer": str(here.pk), "request": str(small.pk)}[option]
    answer = said(f"--{option}", value)
    assert f"{looked_at} lists looked at, 1 changed" in answer
    assert f"run {MatchRun.objects.latest('number').number}:" in answer
    assert len(MatchList.objects.get(request=small).rows) == 2


@pytest.mark.parametrize("option", ["jurisdiction", "offer", "request"])
def test_what_is_not_there_is_named(market, option):
    wanted = "XX" if option == "jurisdiction" else str(uuid.uuid4())
    with pytest.raises(CommandError, match=f"There is no {option} {wanted}"):
        said(f"--{option}", wanted)
    assert not MatchRun.objects.exists()


def test_an_id_that_is_none_is_refused(market):
    with pytest.raises(CommandError, match="invalid UUID value"):
        said("--offer", "the-cheap-one")


def test_it_waits_for_a_run_at_work_and_says_when_it_gives_up(market, monkeypatch):
    MatchRun.objects.create(
        trigger="x",
        as_of=factories.TODAY,
        is_wide=True,
        started_at=factories.NOW,
        lease_until=factories.NOW + timedelta(seconds=1),
    )
    monkeypatch.setattr(rematch, "PATIENCE_SECONDS", 0)
    with pytest.raises(CommandError, match="Another match run is at work"):
        said()


def test_it_takes_the_place_of_a_run_whose_worker_was_killed(market):
    killed = MatchRun.objects.create(
        trigger="x",
        as_of=factories.TODAY,
        is_wide=True,
        started_at=factories.NOW - timedelta(seconds=90),
        lease_until=factories.NOW - timedelta(seconds=1),
    )
    said()
    killed.refresh_from_db()
    assert killed.state == "failed"


def test_while_a_wide_run_is_at_work_another_is_refused(market):
    MatchRun.objects.create(
        trigger="x",
        as_of=factories.TODAY,
        is_wide=True,
        started_at=factories.NOW,
        lease_until=datetime(2100, 1, 1, tzinfo=UTC),
    )
    with pytest.raises(matchruns.Busy):
        matchruns.run(now=factories.NOW, clock=lambda: factories.NOW, trigger="by hand")
    # Nobody waits for it with a single request.
    assert "1 lists looked at" in said("--request", str(market[2].pk))
