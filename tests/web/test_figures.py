"""How figures are written."""

from datetime import date
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from hosting.templatetags import market


def plain(value):
    return str(value).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("kw", "words"),
    [(0, "0 kW"), (850, "850 kW"), (999, "999 kW"), (1000, "1.0 MW"), (3250, "3.25 MW"), (3256, "3.256 MW")],
)
def test_power_is_never_rounded(kw, words):
    assert plain(market.power(kw)) == words


def test_a_headline_is_rounded_down_to_whole_mw():
    assert plain(market.megawatts(162_984)) == "162 MW"
    assert plain(market.megawatts(1_000)) == "1 MW"
    assert plain(market.megawatts(840)) == "840 kW"


@pytest.mark.parametrize(
    ("micros", "four", "six"),
    [(61_300, "0.0613", "0.061300"), (61_350, "0.0614", "0.061350"), (0, "0.0000", "0.000000")],
)
def test_prices_have_four_places_in_lists_and_six_in_tables(micros, four, six):
    assert market.price(micros) == four
    assert market.exact_price(micros) == six


@pytest.mark.parametrize(
    ("value", "words"),
    [("0.050000", "0.05"), ("12", "12.00"), ("0.012345", "0.012345"), ("100.10", "100.10"), ("0", "0.00")],
)
def test_amounts_lose_idle_zeros_but_keep_two_places(value, words):
    assert market.amount(Decimal(value)) == words


def test_percent_and_efficiency_lose_idle_zeros():
    assert plain(market.percent(Decimal("95.50"))) == "95.5 %"
    assert plain(market.percent(Decimal("100.00"))) == "100 %"
    assert plain(market.efficiency(Decimal("17.50"))) == "17.5 J/TH"


def test_a_score_has_two_places():
    assert market.score(8725) == "87.25"
    assert market.score(5) == "0.05"


@pytest.mark.parametrize(
    "write",
    [
        market.power,
        market.price,
        market.exact_price,
        market.amount,
        market.percent,
        market.efficiency,
        market.score,
        market.day,
        market.month,
        market.last_day,
        market.known,
    ],
)
def test_unknown_is_a_word_never_zero_or_blank(write):
    assert ">unknown<" in write(None)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "14 Jan 2027"), ("zh-hans", "2027年1月14日"), ("ru", "14 янв 2027")]
)
def test_a_day_is_written_in_the_readers_language(language, words):
    with translation.override(language):
        assert plain(market.day(date(2027, 1, 14))).lower() == words.lower()


def test_a_period_is_read_with_its_last_day():
    start, end = date(2027, 1, 1), date(2027, 2, 1)
    assert market.period(start, end) == "1 Jan 2027 to 31 Jan 2027"
    assert market.period(start, None) == "from 1 Jan 2027"
    assert market.period(None, end) == "until 31 Jan 2027"
    assert market.period(None, None) == "always"


def test_figures_do_not_change_their_point_with_the_language():
    page = Template("{% load market %}{{ price|price }} {{ kw|power }}")
    with translation.override("ru"):
        assert plain(page.render(Context({"price": 61_300, "kw": 3250}))) == "0.0613 3.25 MW"
