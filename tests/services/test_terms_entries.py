"""What a host types about terms: read exactly, or refused beside its field; and priced by the one engine."""

from decimal import Decimal

import pytest

from accounts.services.errors import Invalid
from hosting.models import OfferTerms
from hosting.services import matches, terms, termsentries, typicalprices
from tests import factories
from tests.factories import TODAY

RAW = {
    "price_model": "all_in",
    "currency": "USD",
    "energy_price": "0.055",
    "metering": "plug",
    "uptime": "97",
    "cooling": "air",
}
OF_MODEL = {
    "all_in": {},
    "base_plus_metered": {"base_fee_kw_month": "10.50"},
    "pass_through": {"passthrough_estimate": "0.03", "hosting_fee": "0.01"},
    "indexed": {"passthrough_estimate": "0.03"},
    "revenue_share": {"revenue_share": "8"},
    "tiered": {
        "energy_price": "",
        "tiers": [
            {"min_kw": "1000", "energy_price": "0.05"},
            {"min_kw": "100", "energy_price": "0.06"},
        ],
    },
}


def read(**changes):
    return termsentries.read({**RAW, **changes}, today=TODAY)


@pytest.mark.parametrize("model", OF_MODEL)
def test_each_price_model_is_read_with_what_it_asks_for(model):
    entered = read(price_model=model, **OF_MODEL[model])
    OfferTerms(number=1, created_at=factories.NOW, **entered.values).full_clean(
        exclude=["offer"], validate_unique=False, validate_constraints=False
    )
    assert entered.values["price_model"] == model


def test_tiers_are_read_in_order():
    entered = read(price_model="tiered", **OF_MODEL["tiered"])
    assert entered.tiers == [(100, Decimal("0.06")), (1000, Decimal("0.05"))]


@pytest.mark.parametrize(
    ("model", "left_out"),
    [
        ("all_in", "energy_price"),
        ("base_plus_metered", "base_fee_kw_month"),
        ("pass_through", "passthrough_estimate"),
        ("indexed", "passthrough_estimate"),
        ("revenue_share", "revenue_share"),
        ("tiered", "tiers"),
    ],
)
def test_what_a_price_model_needs_is_asked_for(model, left_out):
    with pytest.raises(Invalid) as refusal:
        read(**{"price_model": model, **OF_MODEL[model], left_out: ""})
    assert list(refusal.value.fields) == [left_out]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"energy_price": "0,055"}, "energy_price"),
        ({"energy_price": "3,500"}, "energy_price"),
        ({"energy_price": "55 USD/MWh"}, "energy_price"),
        ({"energy_price": "55"}, "energy_price"),
        ({"energy_price": "-0.01"}, "energy_price"),
        ({"energy_price": "0.0000001"}, "energy_price"),
        ({"energy_price": "NaN"}, "energy_price"),
        ({"energy_price": "1e-2"}, "energy_price"),
        ({"currency": "BTC"}, "currency"),
        ({"currency": ""}, "currency"),
        ({"price_model": "free"}, "price_model"),
        ({"metering": "site"}, "pue"),
        ({"metering": "site", "pue": "0.98"}, "pue"),
        ({"metering": "nameplate"}, "metering_uplift"),
        ({"metering": "moon"}, "metering"),
        ({"uptime": ""}, "uptime"),
        ({"uptime": "101"}, "uptime"),
        ({"curtailment": "99.999"}, "curtailment"),
        ({"cooling": ""}, "cooling"),
        ({"cooling": "ice"}, "cooling"),
        ({"min_kw": "500", "max_kw": "499"}, "max_kw"),
        ({"min_term_months": "24", "max_term_months": "12"}, "max_term_months"),
        ({"deposit_months": "1.5"}, "deposit_months"),
        ({"deposit_months": "99"}, "deposit_months"),
        ({"valid_until": "2027-01-11"}, "valid_until"),
        ({"valid_until": "2099-01-01"}, "valid_until"),
        ({"uptime_remedy": "x" * 301}, "uptime_remedy"),
        ({"accepted_machines": "a\x00b"}, "accepted_machines"),
        ({"firmware": "mine"}, "firmware"),
        ({"has_cross_default": "perhaps"}, "has_cross_default"),
        (
            {
                "price_model": "pass_through",
                "passthrough_estimate": "0.03",
                "passthrough_cap": "0.02",
            },
            "passthrough_cap",
        ),
        (
            {"price_model": "tiered", "tiers": [{"min_kw": "1,000", "energy_price": "0.05"}]},
            "tiers.0.min_kw",
        ),
        (
            {"price_model": "tiered", "tiers": [{"min_kw": "1000", "energy_price": ""}]},
            "tiers.0.energy_price",
        ),
        (
            {"price_model": "tiered", "tiers": [{"min_kw": "5", "energy_price": "0.05"}] * 2},
            "tiers.1.min_kw",
        ),
    ],
)
def test_what_can_not_be_used_is_named(changes, field):
    with pytest.raises(Invalid) as refusal:
        read(**changes)
    assert list(refusal.value.fields) == [field]


def test_a_factor_that_the_metering_does_not_use_is_not_kept():
    entered = read(metering="plug", pue="1.08", metering_uplift="5")
    assert (entered.values["pue"], entered.values["metering_uplift"]) == (None, None)


def test_what_has_no_part_in_a_price_does_not_keep_it_away():
    entered = termsentries.entered_so_far({**RAW, "deposit_months": "many"}, today=TODAY)
    assert (list(entered.wrong), entered.wrong_prices) == (["deposit_months"], {})


@pytest.mark.django_db
@pytest.mark.parametrize("model", OF_MODEL)
def test_the_price_while_typing_is_the_price_once_published(model, hanna):
    factories.rate("KZT", "0.0019")
    factories.rate("", "55")
    factories.rule(
        "KZ", "levy_per_kwh", levy=[{"from": "0", "amount": "2"}], levy_currency="KZT", subject="host"
    )
    site = factories.site()
    entered = read(price_model=model, **OF_MODEL[model], curtailment="3", setup_fee_kw="25")
    typed = typicalprices.of_draft(
        site=site, terms=OfferTerms(**entered.values), tiers=entered.tiers, as_of=TODAY
    )
    offer = factories.offer(site, terms=entered.values, tiers=entered.tiers)
    assert terms.tiers_of(offer.in_force.terms) == entered.tiers
    published = matches.typical(offer_id=offer.pk, as_of=TODAY)
    said = [(j_th, one.price_micros, one.components) for j_th, one in typed]
    assert said == [(j_th, one.price_micros, one.components) for j_th, one in published]
    assert all(price for _j_th, price, _components in said)


@pytest.mark.django_db
def test_pricing_a_draft_takes_a_fixed_number_of_queries(django_assert_num_queries):
    site = factories.site()
    entered = read()
    for _number in range(3):
        factories.offer(factories.site())
    with django_assert_num_queries(5):
        typicalprices.of_draft(site=site, terms=OfferTerms(**entered.values), as_of=TODAY)
