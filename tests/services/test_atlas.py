"""Places side by side: what holds in each, in which order, and which are compared."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services.errors import Invalid
from hosting.models import Jurisdiction
from hosting.services import atlas, places
from hosting.services.placefigures import PlaceFigures
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = factories.TODAY
LOW, HIGH = atlas.LOWEST_POWER, atlas.HIGHEST_POWER


def entry(code, as_of=TODAY):
    return {one.place.code: one for one in atlas.entries(as_of=as_of)}[code]


def test_a_place_shows_what_holds_on_the_day():
    factories.fact("KZ", "legal_status", "tolerated", valid_from=date(2020, 1, 1))
    factories.fact("KZ", "legal_status", "legal_licensed", valid_from=date(2023, 4, 1))
    factories.fact("KZ", "predictability", "2")
    assert (entry("KZ").status, entry("KZ").rating) == ("legal_licensed", 2)
    assert entry("KZ", as_of=date(2022, 1, 1)).status == "tolerated"
    assert entry("KZ", as_of=date(2019, 1, 1)).status is None


def test_what_nobody_knows_is_none():
    factories.jurisdiction("NO")
    found = entry("NO")
    assert (found.status, found.rating, found.power, found.banned_by) == (None, None, (None, None), None)
    assert found.figures == PlaceFigures(hotels=0, organizations=0)


def test_a_place_takes_from_its_country_what_it_does_not_have_and_says_so():
    factories.fact("RU", LOW, "0.045")
    factories.fact("RU", "legal_status", "legal_licensed")
    factories.fact("RU-IRK", "legal_status", "restricted")
    found = entry("RU-IRK")
    assert found.power == (Decimal("0.045"), None)
    assert found.inherited_from(LOW) == "RU"
    assert (found.status, found.inherited_from("legal_status")) == ("restricted", None)


def test_a_banned_country_bans_its_places_by_its_own_fact():
    factories.fact("CN", "legal_status", "banned", publisher="Eleven departments")
    factories.fact("CN-SC", "legal_status", "tolerated")
    found = entry("CN-SC")
    assert (found.status, found.banned_by) == ("banned", "CN")
    assert found.fact("legal_status").publisher == "Eleven departments"
    assert found.inherited_from("legal_status") == "CN"


@pytest.mark.parametrize("value", ["about 0.05", "NaN", "-0.01", "Infinity"])
def test_a_price_that_is_no_number_is_not_made_one(value):
    factories.fact("KZ", LOW, value)
    assert entry("KZ").power == (None, None)


def test_power_for_nothing_is_a_price():
    factories.fact("KZ", LOW, "0")
    assert entry("KZ").power == (Decimal(0), None)


def test_statuses_are_those_of_the_matching():
    factories.fact("CN", "legal_status", "banned")
    factories.fact("US", "legal_status", "legal_unregulated", confidence="low")
    for code in ("CN-SC", "US-TX", "NO"):
        factories.jurisdiction(code)
    assert {one.place.code: one.status for one in atlas.entries(as_of=TODAY)} == places.statuses(TODAY)


def test_countries_come_by_name_with_their_parts_behind_them():
    factories.jurisdiction("AM", name="Armenia")
    factories.jurisdiction("RU", name="Russia")
    factories.jurisdiction("RU-IRK", name="Irkutsk")
    factories.jurisdiction("SE", name="Sweden")
    assert [one.place.code for one in atlas.entries(as_of=TODAY)] == ["AM", "RU", "RU-IRK", "SE"]


@pytest.mark.parametrize(
    ("by", "codes"),
    [
        ("name", ["AM", "KZ", "NO", "SE"]),
        ("-legal_status", ["KZ", "SE", "AM", "NO"]),
        ("legal_status", ["AM", "SE", "KZ", "NO"]),
        ("-predictability", ["AM", "SE", "KZ", "NO"]),
        ("power_price", ["AM", "KZ", "SE", "NO"]),
        ("-power_price", ["SE", "KZ", "AM", "NO"]),
        ("-hotels", ["AM", "KZ", "NO", "SE"]),
    ],
)
def test_places_are_ordered_and_what_is_unknown_goes_last(by, codes):
    cases = (
        ("AM", "restricted", "5", "0.03"),
        ("KZ", "legal_licensed", "2", "0.04"),
        ("SE", "tolerated", "4", "0.05"),
    )
    for code, status, rating, price in cases:
        factories.fact(code, "legal_status", status)
        factories.fact(code, "predictability", rating)
        factories.fact(code, HIGH if code == "KZ" else LOW, price)
    factories.jurisdiction("NO")
    assert [one.place.code for one in atlas.ordered(atlas.entries(as_of=TODAY), by=by)] == codes


def test_places_are_compared_in_the_order_asked_and_each_once():
    for code in ("KZ", "NO", "US-TX"):
        factories.fact(code, "vat_pct", "10")
    found = atlas.compared(codes=["us-tx", "KZ", "US-TX"], as_of=TODAY)
    assert [one.entry.place.code for one in found] == ["US-TX", "KZ"]
    assert found[0].entry.fact("vat_pct").value == "10"


def test_a_compared_place_has_its_rules_and_those_of_its_country_now_and_to_come():
    factories.rule("RU", "require_registration", subject="miner", licence_type="ru", title="register")
    factories.rule("RU-IRK", "prohibit", title="ban", valid_from=TODAY)
    factories.rule("RU-IRK", "curtail", title="winter", valid_from=TODAY + timedelta(9))
    factories.rule("RU-IRK", "allow", title="over", valid_to=TODAY)
    factories.rule("RU-IRK", "allow", title="draft", status="draft")
    factories.rule("RU-BU", "prohibit", title="elsewhere")
    (found,) = atlas.compared(codes=["RU-IRK"], as_of=TODAY)
    assert [rule.title for rule in found.in_force] == ["register", "ban"]
    assert [rule.title for rule in found.coming] == ["winter"]


def test_more_than_five_are_refused_and_an_unknown_one_is_not_there():
    for code in ("KZ", "NO", "SE", "FI", "IS", "AM"):
        factories.jurisdiction(code)
    with pytest.raises(Invalid) as refused:
        atlas.compared(codes=["KZ", "NO", "SE", "FI", "IS", "AM"], as_of=TODAY)
    assert list(refused.value.fields) == ["place"]
    with pytest.raises(Jurisdiction.DoesNotExist):
        atlas.compared(codes=["KZ", "XX"], as_of=TODAY)


def test_a_levy_is_told_in_dollars_at_a_dated_rate_and_never_without_one():
    tenge = factories.rule("KZ", "levy_per_kwh", levy=[{"from": "0", "amount": "2"}], levy_currency="KZT")
    krona = factories.rule("SE", "levy_per_kwh", levy=[{"from": "0", "amount": "1"}], levy_currency="SEK")
    steps = [{"from": "0", "amount": "2"}, {"from": "9", "amount": "1"}]
    sliding = factories.rule("KZ", "levy_per_kwh", levy=steps, levy_currency="KZT")
    factories.rate("KZT", "0.002", on=TODAY - timedelta(30))
    factories.rate("SEK", "0.1", on=TODAY - timedelta(400))
    found = atlas.in_dollars([tenge, krona, sliding], as_of=TODAY)
    assert {pk: (one.micros, one.rate.on) for pk, one in found.items()} == {
        tenge.pk: (4000, TODAY - timedelta(30))
    }


def queries(deed):
    with CaptureQueriesContext(connection) as counted:
        deed()
    return len(counted)


def test_more_places_and_facts_do_not_mean_more_queries():
    factories.fact("KZ", "legal_status", "tolerated")
    factories.fact("NO", "legal_status", "tolerated")
    few = queries(lambda: atlas.entries(as_of=TODAY))
    two = queries(lambda: atlas.compared(codes=["KZ", "NO"], as_of=TODAY))
    for code in ("SE", "FI", "IS", "CA-QC", "US-TX"):
        factories.fact(code, "legal_status", "tolerated")
        factories.fact(code, LOW, "0.05")
        factories.rule(code, "allow")
    assert queries(lambda: atlas.entries(as_of=TODAY)) == few
    five = ["KZ", "NO", "SE", "CA-QC", "US-TX"]
    assert queries(lambda: atlas.compared(codes=five, as_of=TODAY)) == two
