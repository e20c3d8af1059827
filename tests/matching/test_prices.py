"""The effective price, worked out by hand: six models, three meterings, fees over the load, levies, rates.

With 98 % uptime the load is 9800 bp, and a month has 730 x 0.98 = 715.4 hours: 10 USD per kW and month are
13978.19 micro-USD per kWh. Revenue share: 20 % of 50 USD per PH and day at 20 J/TH is 20833.33.
"""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from hosting.matching import match
from hosting.matching.book import Rate
from hosting.matching.pricing import COMPONENTS
from tests.matching.scene import HASHPRICE, TENGE, TODAY, book, failing, gate, judge, need, offer, scale

KAZAKH = (("0", "25"), ("15", "10"), ("24", "1"))
SITE = {"metering": "site", "pue_e4": 11_500}

# offered, asked, then energy, passthrough, hosting_fee, levy, revenue_share, setup in micro-USD per kWh
PRICES = [
    # six price models at the plug
    ({"price_model": "all_in"}, {}, (50_000, 0, 0, 0, 0, 0)),
    (
        {"price_model": "base_plus_metered", "energy_price": D("0.04"), "base_fee_kw_month": D("10")},
        {},
        (40_000, 0, 13_978, 0, 0, 0),
    ),
    (
        {"price_model": "pass_through", "energy_price": D("0.03"), "passthrough_estimate": D("0.02")},
        {},
        (30_000, 20_000, 0, 0, 0, 0),
    ),
    (
        {"price_model": "indexed", "energy_price": D("0.01"), "passthrough_estimate": D("0.045")},
        {},
        (10_000, 45_000, 0, 0, 0, 0),
    ),
    (
        {"price_model": "revenue_share", "energy_price": D("0.01"), "revenue_share_bp": 2000},
        {},
        (10_000, 0, 0, 0, 20_833, 0),
    ),
    (
        {"price_model": "tiered", "tiers": ((2000, D("0.05")), (1, D("0.07")), (1000, D("0.06")))},
        {},
        (60_000, 0, 0, 0, 0, 0),
    ),
    # tiers one kW below and at the next step; the energy price beside them is not read
    (
        {"price_model": "tiered", "tiers": ((1, D("0.07")), (1000, D("0.06")))},
        {"need_kw": 999},
        (70_000, 0, 0, 0, 0, 0),
    ),
    (
        {"price_model": "tiered", "tiers": ((1, D("0.07")), (2000, D("0.05")))},
        {"need_kw": 2000},
        (50_000, 0, 0, 0, 0, 0),
    ),
    (
        {"price_model": "tiered", "energy_price": None, "tiers": ((1, D("0.07")),)},
        {},
        (70_000, 0, 0, 0, 0, 0),
    ),
    # rows that do not name a model apply to every model; an estimate only where it is passed through
    ({"passthrough_estimate": D("0.02")}, {}, (50_000, 0, 0, 0, 0, 0)),
    ({"revenue_share_bp": 500}, {}, (50_000, 0, 0, 0, 5_208, 0)),
    ({"hosting_fee": D("0.005")}, {}, (50_000, 0, 5_000, 0, 0, 0)),
    ({"setup_fee_kw": D("20")}, {}, (50_000, 0, 0, 0, 0, 2_330)),
    ({"setup_fee_kw": D("20")}, {"term_months": 1}, (50_000, 0, 0, 0, 0, 27_956)),
    # three meterings
    ({"metering": "plug", "pue_e4": 20_000}, {}, (50_000, 0, 0, 0, 0, 0)),
    (SITE, {}, (57_500, 0, 0, 0, 0, 0)),
    ({"metering": "nameplate", "metering_uplift_bp": 300}, {}, (51_500, 0, 0, 0, 0, 0)),
    (
        SITE | {"price_model": "pass_through", "passthrough_estimate": D("0.02"), "hosting_fee": D("0.005")},
        {},
        (57_500, 23_000, 5_750, 0, 0, 0),
    ),
    # the factor leaves fees per kW and the share alone
    (
        SITE | {"base_fee_kw_month": D("10"), "setup_fee_kw": D("20"), "revenue_share_bp": 500},
        {},
        (57_500, 0, 13_978, 0, 5_208, 2_330),
    ),
    # half up, and each row once: 5.5 -> 6, 5.25 -> 5, 6.5 -> 7, 3.45 + 13978.19 = 13981.64 -> 13982
    ({"metering": "site", "pue_e4": 11_000, "energy_price": D("0.000005")}, {}, (6, 0, 0, 0, 0, 0)),
    ({"metering": "site", "pue_e4": 10_500, "energy_price": D("0.000005")}, {}, (5, 0, 0, 0, 0, 0)),
    ({"metering": "site", "pue_e4": 13_000, "energy_price": D("0.000005")}, {}, (7, 0, 0, 0, 0, 0)),
    (SITE | {"hosting_fee": D("0.000003"), "base_fee_kw_month": D("10")}, {}, (57_500, 0, 13_982, 0, 0, 0)),
    # load: 95.5 % of the 96.67 % left is 9231 bp, down; 10 USD then are 14839.81
    (
        {"uptime_bp": 9550, "curtailment_bp": 333, "base_fee_kw_month": D("10")},
        {},
        (50_000, 0, 14_840, 0, 0, 0),
    ),
    # conversion is rounded once, before the factor: 25.0005 tenge are 47500.95, 0.06 EUR are 75000
    ({"currency": "KZT", "energy_price": D("25")}, {}, (47_500, 0, 0, 0, 0, 0)),
    ({"currency": "KZT", "energy_price": D("25.0005")}, {}, (47_501, 0, 0, 0, 0, 0)),
    (
        {"currency": "EUR", "energy_price": D("0.06"), "setup_fee_kw": D("16")},
        {},
        (75_000, 0, 0, 0, 0, 2_330),
    ),
]


@pytest.mark.parametrize(("offered", "asked", "expected"), PRICES)
def test_a_price_is_the_sum_of_its_components(offered, asked, expected):
    found = judge(offer(**offered), need(max_price_micros=200_000, **asked))
    assert found.components == dict(zip(COMPONENTS, expected, strict=True))
    assert found.price_micros == sum(expected)


# A Kazakh scale in tenge at 0.0019: steps at 0, 28500 and 45600, amounts of 47500, 19000 and 1900.
LEVIES = [
    ({"currency": "KZT", "energy_price": D("14.999")}, [scale(*KAZAKH)], 47_500),
    ({"currency": "KZT", "energy_price": D("15")}, [scale(*KAZAKH)], 19_000),
    ({"energy_price": D("0.045599")}, [scale(*KAZAKH)], 19_000),
    ({"energy_price": D("0.0456")}, [scale(*KAZAKH)], 1_900),
    ({"energy_price": D("0.0456")}, [scale(*reversed(KAZAKH))], 1_900),
    # with the estimate where it is passed through, without it elsewhere, before the factor
    (
        {"price_model": "pass_through", "energy_price": D("0.02"), "passthrough_estimate": D("0.0256")},
        [scale(*KAZAKH)],
        1_900,
    ),
    ({"energy_price": D("0.02"), "passthrough_estimate": D("0.0256")}, [scale(*KAZAKH)], 47_500),
    (SITE | {"energy_price": D("0.045")}, [scale(*KAZAKH)], 21_850),
    ({"price_model": "tiered", "tiers": ((1, D("0.0456")),)}, [scale(*KAZAKH)], 1_900),
    # none fits, included, not in force, for other sizes, for import
    ({"energy_price": D("0.0455")}, [scale(("24", "1"))], 0),
    ({"levies_included": True}, [scale(*KAZAKH)], 0),
    ({}, [scale(*KAZAKH, valid_from="2026-12-02")], 0),
    ({}, [scale(*KAZAKH, valid_from="2026-12-01")], 1_900),
    ({}, [scale(*KAZAKH, valid_to="2026-12-01")], 0),
    ({}, [scale(*KAZAKH, valid_to="2026-12-02")], 1_900),
    ({}, [scale(*KAZAKH, min_kw=1001)], 0),
    ({}, [scale(*KAZAKH, min_kw=1000, max_kw=1000)], 1_900),
    ({}, [scale(*KAZAKH, max_kw=999)], 0),
    ({}, [scale(*KAZAKH, subject="import")], 0),
    ({}, [scale(*KAZAKH, subject="miner")], 1_900),
    ({}, [scale(*KAZAKH, confidence="low")], 0),
    ({}, [scale(*KAZAKH, jurisdiction="BB")], 0),
    ({"jurisdiction": "AA-1"}, [scale(*KAZAKH)], 1_900),
    ({"connected_on": date(2023, 12, 31)}, [scale(*KAZAKH, new_only=True)], 0),
    ({"connected_on": date(2024, 1, 1)}, [scale(*KAZAKH, new_only=True)], 1_900),
    # levies add up, then the factor, then one rounding: (3 + 3) x 1.15 = 6.9 -> 7
    (
        SITE,
        [
            scale(("0", "0.000003"), levy_currency="USD"),
            scale(("0", "0.000003"), number=2, levy_currency="USD", jurisdiction="AA"),
        ],
        7,
    ),
]


@pytest.mark.parametrize(("offered", "rules", "micros"), LEVIES)
def test_a_levy_is_the_highest_step_not_above_the_rate(offered, rules, micros):
    found = judge(offer(**offered), need(max_price_micros=200_000), rules=rules)
    assert found.components["levy"] == micros
    assert failing(found) == []


@pytest.mark.parametrize(
    ("included", "rows", "comparable"),
    [
        (False, (("0", "1"),), False),
        (False, (("9000", "1"), ("0", "0")), False),
        (False, (("9000", "0"),), False),
        (False, (("0", "0"),), True),
        (True, (("0", "1"),), True),
    ],
)
def test_a_levy_in_force_without_a_rate_is_not_comparable(included, rows, comparable):
    levy = scale(*rows, levy_currency="XAF")
    found = judge(offer(levies_included=included), need(), rules=[levy])
    assert failing(found) == ([] if comparable else ["price_comparable"])
    if not comparable:
        expected = {"currency": "XAF", "rule": "rule-1", "title": "Title 1"}
        assert gate(found, "price_comparable").code == "missing_rate"
        assert gate(found, "price_comparable").params == expected


def tenge(value, days_ago):
    return Rate("fx", "KZT", D(value), TODAY - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("rates", "energy"),
    [
        ([tenge("0.0019", 35)], 47_500),
        ([tenge("0.0019", 36)], None),
        ([tenge("0.0019", -1)], None),
        ([tenge("0.0019", 0), tenge("0.0020", 1)], 47_500),
        ([tenge("0.0020", 1), tenge("0.0019", 0)], 47_500),
        ([tenge("0.0020", 1), tenge("0.0019", -1)], 50_000),
        ([tenge("0.0020", 1), tenge("0", 0)], None),
        ([], None),
    ],
)
def test_the_rate_is_the_latest_of_the_last_35_days(rates, energy):
    found = judge(offer(currency="KZT", energy_price=D("25")), need(), rates=rates)
    assert found.price_micros == energy
    if energy is None:
        assert gate(found, "price_comparable").params == {"currency": "KZT"}


def test_a_dollar_is_a_dollar_whatever_a_row_says():
    assert judge(offer(), need(), rates=[Rate("fx", "USD", D("3"), TODAY)]).price_micros == 50_000


def test_a_share_without_a_hash_price_is_not_comparable():
    for rates in (
        [],
        [Rate("hashprice", None, D("0"), TODAY)],
        [Rate("hashprice", None, D("0.0004"), TODAY)],
    ):
        found = judge(offer(revenue_share_bp=1), need(), rates=rates)
        assert failing(found) == ["price_comparable"]
        assert gate(found, "price_comparable").code == "missing_hashprice"


def test_the_hash_price_is_rounded_to_micros_before_it_is_shared():
    # 0.0005 USD per PH and day are half a micro-USD per TH: one. 100 % of it at 0.01 J/TH: 10000 x 10 / 24.
    rates = [Rate("hashprice", None, D("0.0005"), TODAY)]
    found = judge(offer(revenue_share_bp=10_000), need(efficiency=1), rates=rates)
    assert found.components["revenue_share"] == 4_167


def test_two_rates_of_one_day_are_refused():
    with pytest.raises(ValueError, match="two rates"):
        book(rates=[tenge("0.0019", 0), tenge("0.0020", 0)])


def test_the_list_price_is_read_on_the_day_of_the_run_for_one_megawatt():
    offers = [
        offer(1, price_model="tiered", tiers=((1000, D("0.06")), (1001, D("0.01")))),
        offer(2, revenue_share_bp=2000, phases=()),
        offer(3, energy_price=None),
        offer(4, setup_fee_kw=D("20")),
        offer(5, jurisdiction="BB"),
    ]
    rules = [scale(("0", "1"), jurisdiction="BB", valid_from="2026-11-22", valid_to="2026-11-23")]
    market = book(*offers, rules=rules, rates=[HASHPRICE, TENGE])
    assert match.list_prices(market) == [60_000, 70_833, None, 52_330, 51_900]


def test_a_page_asks_for_one_offer_at_a_typical_fleet():
    market = book(offer(1), offer(2, revenue_share_bp=2000))
    assert match.prices_at(market, offer(2).id, need(efficiency=3200)).components["revenue_share"] == 13_021
    assert match.prices_at(market, offer(3).id, need()) is None
