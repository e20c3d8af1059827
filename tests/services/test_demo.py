"""The demo market: complete, matchable, and safe to run twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from accounts.models import Due, Event, Licence, Membership, Organization, OutboxMail, User
from hosting.matching.gates import GATES
from hosting.models import (
    CapacityPhase,
    CapacityRequest,
    Commitment,
    Effect,
    Evidence,
    Jurisdiction,
    Mandate,
    Metering,
    Offer,
    OfferTerms,
    PhaseState,
    PriceModel,
    Rate,
    RegulationRule,
    Site,
)
from hosting.services import demo, engine, mandates, matches, needs, places, rates, seeding

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
KEPT = (User, Organization, Membership, Licence, Site, Offer, OfferTerms, CapacityPhase, Commitment)
COUNTED = (*KEPT, CapacityRequest, Event)


@pytest.fixture(scope="module")
def market(django_db_setup, django_db_blocker):
    """Opened once for the module and rolled back behind it; each test has a savepoint of its own."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        seeding.seed(now=NOW)
        yield demo.open_market(now=NOW)
        transaction.set_rollback(True)


@pytest.fixture
def previews(market):
    """The engine's answer to every request."""
    found = {}
    for request in CapacityRequest.objects.open(NOW):
        need = needs.of_request(request)
        found[request.pk] = matches.preview(need=need, as_of=TODAY, near=True)
    return found


def live():
    return Offer.objects.live(TODAY)


def test_it_has_about_forty_hotels_in_fourteen_places_and_25_requests(market):
    assert 36 <= live().count() <= 48
    assert live().values("site__jurisdiction").distinct().count() >= 14
    assert CapacityRequest.objects.open(NOW).count() == 25
    assert (market.offers, market.requests) == (Offer.objects.count(), 25)


def test_nothing_of_it_lies_in_a_sanctioned_or_banned_place(market):
    used = set(Site.objects.values_list("jurisdiction", flat=True))
    assert not used & places.sanctioned_codes(TODAY)
    assert "banned" not in {places.statuses(TODAY)[code] for code in used}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("in_force__terms__price_model", PriceModel.values),
        ("in_force__terms__metering", Metering.values),
        ("in_force__terms__cooling", ["air", "hydro", "immersion"]),
        ("evidence", Evidence.values),
        ("phases__state", PhaseState.values),
    ],
)
def test_every_kind_of_offer_is_there(market, path, values):
    assert set(live().values_list(path, flat=True)) == set(values)


def test_every_effect_that_has_a_real_rule_bears_on_some_hotel(market):
    real = set(RegulationRule.objects.not_over(TODAY).values_list("effect", flat=True))
    bearing = {
        rule.effect
        for code in set(live().values_list("site__jurisdiction", flat=True))
        for rule in places.law_of(code, as_of=TODAY).in_force
    }
    assert bearing == real
    assert set(Effect.values) - real == {"cap_kw"}


def test_levies_of_four_countries_are_charged_on_hotels_there(market):
    levied = Jurisdiction.objects.filter(rules__effect="levy_per_kwh").distinct()
    assert {"KZ", "UZ", "SE", "FI"} == set(levied.values_list("code", flat=True))
    charged = live().filter(in_force__terms__levies_included=False, site__jurisdiction__in=levied)
    assert set(charged.values_list("site__jurisdiction", flat=True)) == {"KZ", "UZ", "SE", "FI"}


def test_a_pause_for_new_sites_spares_an_old_one_and_not_a_new_one(market):
    for code in ("CA-MB", "CA-QC", "ET"):
        pauses = RegulationRule.objects.filter(jurisdiction=code, effect="moratorium_new").not_over(TODAY)
        began = pauses.latest("valid_from").valid_from
        connected = set(live().filter(site__jurisdiction=code).values_list("site__connected_on", flat=True))
        assert {day < began for day in connected} == {True, False}


def test_phases_overlap_lie_ahead_and_end(market):
    phases = CapacityPhase.objects.filter(offer__in=live())
    assert phases.filter(starts_on__gt=TODAY).exists()
    assert phases.filter(ends_on__isnull=False).exists()
    assert max(Counter(phases.values_list("offer", flat=True)).values()) >= 3


def test_capacity_is_held_and_confirmed(market):
    assert set(Commitment.objects.values_list("state", flat=True)) == {"held", "confirmed"}
    assert Commitment.objects.filter(starts_on__gt=TODAY).exists()


def test_every_gate_fails_for_some_pair(previews):
    failed = set().union(*(preview.excluded_by for preview in previews.values()))
    assert failed == set(GATES)


def test_every_request_has_a_match_or_a_near_miss_and_most_have_a_match(previews):
    assert all(preview.results or preview.near for preview in previews.values())
    assert sum(bool(preview.results) for preview in previews.values()) >= 20


def test_most_hotels_pay_for_a_machine_of_today(market):
    # A PH/s at 17 J/TH draws 17 kW, 408 kWh a day: what it earns in micro-USD a day, shared out among them.
    ceiling = int(demo.HASHPRICE * 1_000_000) // (24 * 17)
    ids = live().values_list("pk", flat=True)
    typical = [matches.typical(offer_id=pk, as_of=TODAY)[2][1] for pk in ids]
    paying = [one for one in typical if one and one.price_micros and one.price_micros <= ceiling]
    assert ceiling == 67_892
    assert len(paying) > len(typical) / 2


def test_the_engine_reads_the_whole_market(market):
    assert len(engine.book(TODAY).offers) == live().count()


def test_what_the_pages_must_hide_is_there_to_be_hidden(market):
    assert CapacityRequest.objects.filter(is_anonymous=True).exists()
    assert not Site.objects.filter(address="").exists()
    assert set(Offer.objects.values_list("status", flat=True)) == {"published", "paused", "in_review"}


def test_the_cast_can_sign_in_and_has_its_roles(market):
    for email, password, words in demo.PEOPLE:
        assert User.objects.get(email=email).check_password(password)
        assert str(words)
    roles = set(
        Membership.objects.filter(user__email__in=[row[0] for row in demo.PEOPLE]).values_list(
            "user__name", "organization__handle", "role"
        )
    )
    assert roles == {
        ("Hanna", "fjellro", "owner"),
        ("Min", "longtan-digital", "owner"),
        ("Mina", "longtan-digital", "trader"),
        ("Paul", "atlas-index", "owner"),
    }
    assert set(User.objects.filter(is_staff=True).values_list("name", flat=True)) == {"Sam", "Sara"}
    assert not User.objects.get(email="desk@caprock-halls.example.org").has_usable_password()


def test_every_price_has_its_rate_of_today_worth_the_newest_real_one(market):
    needed = rates.needed(TODAY)
    assert {"", "NOK", "EUR", "SEK", "CAD", "RUB", "KZT", "UZS", "GEL", "BRL", "AED"} <= set(needed)
    for currency in needed:
        today = Rate.objects.get(currency=currency, on=TODAY)
        real = Rate.objects.filter(currency=currency).exclude(source="demo").latest("on")
        assert today.source == "demo"
        assert today.value == (real.value if currency else demo.HASHPRICE)
    assert rates.watch(now=NOW) == []


def test_a_second_run_on_the_same_day_changes_nothing(market):
    before = [list(model.objects.order_by("pk").values()) for model in (*COUNTED, Rate)]
    again = demo.open_market(now=NOW + timedelta(hours=5))
    assert (again.offers, again.requests, again.rates) == (0, 0, 0)
    assert [list(model.objects.order_by("pk").values()) for model in (*COUNTED, Rate)] == before


def test_a_run_on_another_day_adds_the_rates_of_that_day_and_nothing_else(market):
    before = [list(model.objects.order_by("pk").values()) for model in KEPT]
    later = NOW + timedelta(days=50)
    again = demo.open_market(now=later)
    assert (again.offers, again.requests, again.rates) == (0, 0, market.rates)
    assert [list(model.objects.order_by("pk").values()) for model in KEPT] == before
    newest = Rate.objects.filter(currency="NOK").exclude(source="demo").latest("on")
    assert Rate.objects.get(currency="NOK", on=later.date()).value == newest.value


def test_a_rate_that_somebody_entered_for_the_day_stays(market):
    later = NOW + timedelta(days=1)
    rates.save_rate(kind="fx", currency="NOK", value=Decimal(2), on=later.date(), source="bank", now=later)
    demo.open_market(now=later)
    assert Rate.objects.get(currency="NOK", on=later.date()).source == "bank"


def test_the_command_prints_the_sign_ins_and_no_other_secret(market):
    out = StringIO()
    call_command("demo", stdout=out)
    assert "hanna@example.org" in out.getvalue()
    assert configured.SECRET_KEY not in out.getvalue()
    assert not any(person.password in out.getvalue() for person in User.objects.exclude(password=""))


def test_an_invented_past_is_no_news(market):
    # What the reference files brought is for those who follow a place; nobody does yet.
    due = Due.objects.filter(reader="notices").exclude(event__subject_kind="hosting.reference")
    assert not due.exists()
    assert not OutboxMail.objects.exists()


def test_a_miner_lets_a_broker_act_for_it_until_it_ends_that(market):
    granted = Mandate.objects.get()
    assert (granted.miner.handle, granted.broker.handle) == ("longtan-digital", "atlas-index")
    mandates.end(mandate=granted, by=granted.miner.memberships.get(role="owner").user, now=NOW)
    demo.open_market(now=NOW)
    assert not Mandate.objects.valid(NOW.date()).exists()
