"""What a day of a machine costs and earns: the numbers, worked by hand, and the spec's own check."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.services.errors import Invalid
from hosting.models import MachineModel, Offer
from hosting.services import engine, listings, machineearnings
from hosting.services.machineearnings import Assumed, Start
from tests import factories

NOTHING = Start(price_micros=80_000, is_median=False, rate=None, is_old=False)


def machine(power_w=3250, hashrate_th_s="110", algorithm="SHA-256", **fields):
    hashrate = Decimal(hashrate_th_s)
    fields.setdefault("efficiency_j_th", (Decimal(power_w) / hashrate).quantize(Decimal("0.01")))
    return MachineModel(power_w=power_w, hashrate_th_s=hashrate, algorithm=algorithm, **fields)


def day(one, price, hashprice):
    assumed = Assumed(Decimal(price), None if hashprice is None else Decimal(hashprice))
    return machineearnings.of_day(machine=one, assumed=assumed)


def test_a_day_of_an_s19_pro_by_hand():
    found = day(machine(), "0.05", "50")
    assert found.energy_kwh == 78
    assert found.cost_micros == 3_900_000
    assert found.revenue_micros == 5_500_000
    assert found.margin_micros == 1_600_000
    # 50 USD/PH/s = 0.05 USD/TH/s; 29.55 J/TH = 0.7092 kWh a day: 70502.0... micro-USD a kWh.
    assert found.breakeven_micros == 70_502


def test_a_kwh_earns_five_times_the_specs_check_of_a_fifth():
    whole = day(machine(power_w=20, hashrate_th_s="1"), "0", "50").breakeven_micros
    assert whole == 104_167
    assert (2 * whole * 20 + 100) // 200 == 20_833


def test_at_the_breakeven_price_a_day_loses_nothing_beyond_rounding():
    one = machine(power_w=3500, hashrate_th_s="200")
    breakeven = day(one, "0", "41.7").breakeven_micros
    found = day(one, Decimal(breakeven) / 10**6, "41.7")
    # Half a micro-USD a kWh, 84 kWh a day.
    assert abs(found.margin_micros) <= 42


def test_what_it_loses_is_less_than_nothing():
    found = day(machine(), "0.10", "30")
    assert found.margin_micros == 3_300_000 - 7_800_000
    assert found.loss_micros == 4_500_000


@pytest.mark.parametrize(
    ("one", "hashprice"),
    [(machine(algorithm="Scrypt", power_w=3425, hashrate_th_s="0.0095"), "50"), (machine(), None)],
)
def test_who_mines_no_bitcoin_or_has_no_hashprice_costs_and_earns_nothing_known(one, hashprice):
    found = day(one, "0.05", hashprice)
    assert found.cost_micros > 0
    assert found.revenue_micros is found.margin_micros is found.breakeven_micros is None


def test_the_form_starts_from_the_usual_price_where_there_is_no_market(db):
    assert machineearnings.start(as_of=factories.TODAY) == NOTHING
    assert machineearnings.read({}, start=NOTHING) == Assumed(Decimal("0.08"), None)


def test_the_form_starts_from_the_median_of_what_is_on_the_market(steppe):
    site = factories.site(steppe)
    for price in ("0.04", "0.05", "0.09"):
        factories.offer(site, terms={"energy_price": Decimal(price)})
    hidden = factories.offer(site, terms={"energy_price": Decimal("0.01")})
    listings.refresh(book=engine.book(factories.TODAY), now=factories.NOW)
    assert machineearnings.median_list_price(as_of=factories.TODAY) == 45_000
    Offer.objects.filter(pk=hidden.pk).update(status="paused")
    start = machineearnings.start(as_of=factories.TODAY)
    assert (start.price_micros, start.is_median) == (50_000, True)


@pytest.mark.parametrize(("days", "is_old"), [(0, False), (35, False), (36, True), (400, True)])
def test_the_latest_hashprice_is_taken_and_called_old_past_its_age(db, days, is_old):
    factories.rate(value="40", on=factories.TODAY - timedelta(days))
    factories.rate(value="60", on=factories.TODAY - timedelta(days + 1))
    factories.rate(value="99", on=factories.TODAY + timedelta(1))
    factories.rate("EUR", value="1.08")
    start = machineearnings.start(as_of=factories.TODAY)
    assert (start.rate.value, start.is_old) == (40, is_old)
    assert machineearnings.read({}, start=start).hashprice_usd == 40


def test_what_is_typed_wins_over_what_is_stored():
    typed = machineearnings.read({"price_usd": " 0.0615 ", "hashprice_usd": "41.5"}, start=NOTHING)
    assert typed == Assumed(Decimal("0.0615"), Decimal("41.5"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("price_usd", "cheap"),
        ("price_usd", "0,06"),
        ("price_usd", "-0.01"),
        ("price_usd", "11"),
        ("price_usd", "0.0600001"),
        ("price_usd", "NaN"),
        ("price_usd", "1e-2"),
        ("hashprice_usd", "-1"),
        ("hashprice_usd", "100001"),
        ("hashprice_usd", "50 USD"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(name, value):
    with pytest.raises(Invalid) as refused:
        machineearnings.read({name: value}, start=NOTHING)
    assert list(refused.value.fields) == [name]
