"""Rates: the newest usable one counts, what is missing or old is told to staff, once a day."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Event, Notice
from accounts.services.errors import Invalid
from hosting.models import Rate
from hosting.services import rates
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def days(number):
    return timedelta(days=number)


def save(value="0.002174", **fields):
    values = {"kind": "fx", "currency": "KZT", "on": TODAY, "source": "bank", "now": NOW, **fields}
    return rates.save_rate(value=Decimal(value), **values)


def test_the_newest_rate_not_after_the_day_counts():
    factories.rate("KZT", "0.0020", TODAY - days(3))
    factories.rate("KZT", "0.0021", TODAY - days(1))
    factories.rate("KZT", "0.0099", TODAY + days(1))
    assert rates.latest(TODAY)["KZT"].value == Decimal("0.0021")


def test_a_rate_counts_until_it_is_too_old(settings):
    settings.RATE_MAX_AGE = 35
    factories.rate("KZT", "0.0020", TODAY - days(35))
    factories.rate("EUR", "1.1", TODAY - days(36))
    assert set(rates.latest(TODAY)) == {"KZT"}


def test_a_newest_rate_of_zero_counts_as_missing():
    factories.rate("KZT", "0.0020", TODAY - days(2))
    factories.rate("KZT", "0", TODAY - days(1))
    assert rates.latest(TODAY) == {}


def test_a_saved_rate_is_kept_to_twelve_places_and_writes_an_event():
    rate = save("0.0021738875004")
    rate.refresh_from_db()
    assert rate.value == Decimal("0.002173887500")
    event = Event.objects.get(subject_kind="hosting.rate")
    assert (event.code, event.subject_id, event.params["currency"]) == ("entered", rate.pk, "KZT")


def test_the_same_rate_again_changes_nothing():
    save()
    save()
    assert Rate.objects.count() == 1
    assert Event.objects.filter(subject_kind="hosting.rate").count() == 1


def test_a_corrected_rate_replaces_that_of_the_day_and_says_so():
    save()
    save("0.0022")
    assert [rate.value for rate in Rate.objects.all()] == [Decimal("0.0022")]
    codes = Event.objects.filter(subject_kind="hosting.rate").order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["entered", "corrected"]


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("value", {"value": "0"}),
        ("value", {"value": "-1"}),
        ("value", {"value": "NaN"}),
        ("value", {"value": "1000000000000"}),
        ("currency", {"currency": ""}),
        ("currency", {"kind": "hashprice"}),
        ("kind", {"kind": "btc", "currency": ""}),
    ],
)
def test_a_rate_that_can_not_be_is_refused_beside_its_field(field, fields):
    with pytest.raises(Invalid) as caught:
        save(**fields)
    assert field in caught.value.fields
    assert not Rate.objects.exists()


def test_live_offers_and_levies_say_which_currencies_are_needed():
    factories.offer(terms={"currency": "NOK"})
    factories.offer(terms={"currency": "USD"})
    factories.offer(terms={"currency": "BRL"}, status="draft")
    scale = [{"from": "0", "amount": "1"}]
    factories.rule("KZ", "levy_per_kwh", levy=scale, levy_currency="KZT")
    factories.rule("SE", "levy_per_kwh", levy=scale, levy_currency="SEK", valid_to=TODAY)
    factories.rule("FI", "levy_per_kwh", levy=scale, levy_currency="EUR", confidence="low")
    assert rates.needed(TODAY) == ["", "KZT", "NOK"]


def test_staff_is_told_of_a_missing_and_of_an_old_rate_once_a_day(sam, sara, mallory, settings):
    settings.RATE_MAX_AGE = 35
    factories.offer(terms={"currency": "NOK"})
    factories.rate("", "27.7", TODAY)
    factories.rate("NOK", "0.1", TODAY - days(36))
    assert rates.watch(now=NOW) == ["NOK"]
    assert rates.watch(now=NOW + timedelta(hours=3)) == ["NOK"]
    told = Notice.objects.filter(code="rate_too_old")
    assert {notice.recipient for notice in told} >= {sam, sara}
    assert mallory not in {notice.recipient for notice in told}
    assert told.filter(recipient=sam).count() == 1
    assert told.filter(recipient=sam).get().params == {
        "kind": "fx",
        "currency": "NOK",
        "last_on": (TODAY - days(36)).isoformat(),
        "max_age_days": 35,
    }
    rates.watch(now=NOW + days(1))
    assert told.filter(recipient=sam).count() == 2


def test_nobody_is_told_while_all_rates_are_fresh(sam):
    factories.offer(terms={"currency": "NOK"})
    factories.rate("", "27.7")
    factories.rate("NOK", "0.1")
    assert rates.watch(now=NOW) == []
    assert not Notice.objects.exists()
