"""Figures beyond int64: the columns switch to Python's integers, and the answer stays exact."""

from datetime import date
from decimal import Decimal as D
from fractions import Fraction
from uuid import UUID

import pytest

from hosting.matching import match
from hosting.matching.asked import Asked
from hosting.matching.book import Phase
from tests.matching.scene import book, failing, judge, need, offer, scale


def half_up(value):
    return int((2 * value + 1) // 2)


HUGE = {
    "energy_price": D("123456789012.345679"),
    "hosting_fee": D("98765432109.876543"),
    "base_fee_kw_month": D("55555555555.55"),
    "setup_fee_kw": D("77777777777.77"),
    "revenue_share_bp": 9_999,
    "metering": "site",
    "pue_e4": 19_999,
}


def test_a_price_beyond_int64_is_exact():
    one = offer(**HUGE)
    found = judge(one, need(max_price_micros=2**61), rules=[scale(("0", "1000000000"))])
    factor, load = Fraction(19_999, 10_000), Fraction(9_800, 10_000)
    micro = 10**6
    exact = {
        "energy": HUGE["energy_price"] * micro * factor.numerator / factor.denominator,
        "levy": Fraction(1_900_000 * micro) * factor,
        "passthrough": 0,
        "hosting_fee": Fraction(HUGE["hosting_fee"]) * micro * factor
        + Fraction(HUGE["base_fee_kw_month"]) * micro / (730 * load),
        "revenue_share": Fraction(9_999 * 50_000 * 10, 24 * 2_000),
        "setup": Fraction(HUGE["setup_fee_kw"]) * micro / (730 * 12 * load),
    }
    assert found.components == {name: half_up(Fraction(value)) for name, value in exact.items()}
    assert found.price_micros == sum(found.components.values())
    assert failing(found) == []


def test_only_what_is_beyond_the_kernel_s_numbers_is_answered_without_it():
    assert book(offer(1), offer(2, **HUGE)).odd.tolist() == [1]
    assert book(offer(1, energy_price=D("-0.01")), offer(2)).odd.tolist() == [0]
    assert book(offer(), rules=[scale(("0", "999999999999"))]).odd.tolist() == [0]
    assert book(offer(price_model="tiered", tiers=((1, D("1")), (2, D("99999")))), offer(2)).odd.tolist() == [
        0
    ]
    asked = [
        (UUID(int=1), need()),
        (UUID(int=2), need(max_price_micros=2**29)),
        (UUID(int=3), need(need_kw=2**31)),
    ]
    assert Asked.build(asked).wide.tolist() == [1, 2]


def test_one_absurd_offer_changes_no_other_answer():
    plain = [
        offer(1),
        offer(2, price_model="tiered", tiers=((1, D("0.06")), (1000, D("0.04")))),
        offer(3, price_model="pass_through", passthrough_estimate=D("0.01"), setup_fee_kw=D("20")),
        offer(4, currency="KZT", energy_price=D("30"), min_kw=1001),
    ]
    laws = [scale(("0", "2"), ("24", "1"))]
    narrow = match.evaluate(book(*plain, rules=laws), need())
    wide = match.evaluate(book(offer(9, **HUGE), *plain, rules=laws), need())
    assert wide.table.dtype == object
    assert wide.ranked() == narrow.ranked()
    assert [found.offer.int for found in wide.near_misses()] == [4, 9]
    for one in plain:
        assert wide.explain(one.id) == narrow.explain(one.id)


def test_prices_beyond_int64_are_ranked_by_their_size():
    dear = [offer(n, energy_price=D(10**30 + n)) for n in (3, 1, 2)]
    near = match.evaluate(book(*dear), need(max_price_micros=2**62)).near_misses()
    assert [found.offer.int for found in near] == [1, 2, 3]
    assert near[0].price_micros == 10**36 + 10**6


@pytest.mark.parametrize(
    "wrong",
    [
        {"uptime_bp": 10_001},
        {"curtailment_bp": -1},
        {"reputation": 10_001},
        {"min_kw": 10**13},
        {"phases": (Phase(10**13, date(2026, 1, 1)),)},
        {"price_model": "free"},
        {"metering": "guess"},
        {"evidence": "rumour"},
        {"cooling": "snow"},
    ],
)
def test_an_offer_out_of_bounds_is_refused(wrong):
    with pytest.raises(ValueError, match="must lie between|unknown"):
        offer(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"need_kw": 0},
        {"term_months": 0},
        {"max_price_micros": 0},
        {"efficiency": -1},
        {"min_uptime_bp": 10_001},
        {"min_legal_status": "fine"},
        {"min_evidence": "rumour"},
    ],
)
def test_a_need_out_of_bounds_is_refused(wrong):
    with pytest.raises(ValueError, match="must lie between|unknown"):
        need(**wrong)


def test_two_offers_with_one_id_or_two_tiers_at_one_kw_are_refused():
    with pytest.raises(ValueError, match="share an id"):
        book(offer(1), offer(1))
    with pytest.raises(ValueError, match="same kW"):
        book(offer(price_model="tiered", tiers=((1, D(1)), (1, D(2)))))


def test_records_cannot_be_changed():
    one, wish = offer(), need()
    with pytest.raises(AttributeError):
        one.max_kw = 1
    with pytest.raises(AttributeError):
        wish.need_kw = 1
