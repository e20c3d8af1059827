"""A need as it is typed or sent: what is refused, with which words, and what is read."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.services.errors import Invalid
from hosting.services import needs
from tests import factories
from tests.factories import NEED, TODAY

pytestmark = pytest.mark.django_db

COMMA = "A comma can mean two things. Write 3500 or 3.5, with a point and no thousands mark."


def wrong(strict=True, **fields):
    with pytest.raises(Invalid) as refusal:
        needs.read({**NEED, **fields}, today=TODAY, strict=strict)
    return refusal.value.fields


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("need_kw", "3,500", COMMA),
        ("need_kw", "-5", "It must be at least 1."),
        ("need_kw", "0", "It must be at least 1."),
        ("need_kw", "99999999999", "It must be at most 10000000; please check the unit."),
        ("need_kw", "1.5", "Use a whole number."),
        ("need_kw", "9" * 40, "It must be at most 10000000; please check the unit."),
        ("need_kw", Decimal("1E+5000"), "Enter a number in digits, for example 3500 or 0.065."),
        ("max_price_usd", "0." + "0" * 37 + "1", "Use at most 6 decimal places."),
        ("need_kw", "3 MW", "Write the number alone, in kW."),
        ("need_kw", "NaN", "Enter a number in digits, for example 3500 or 0.065."),
        ("need_kw", True, "Enter a number."),
        ("need_kw", [1], "Enter a number."),
        ("need_kw", None, "Enter the kW you need, or the machines you have."),
        ("max_price_usd", "6.5 ct", "Write the number alone, in USD per kWh."),
        ("max_price_usd", "0", "It must be at least 0.000001."),
        ("max_price_usd", "0.0612345", "Use at most 6 decimal places."),
        ("max_price_usd", Decimal("Infinity"), "Enter a number in digits, for example 3500 or 0.065."),
        ("max_price_usd", "1e3", "Enter a number in digits, for example 3500 or 0.065."),
        ("min_uptime", "100.01", "It must be at most 100; please check the unit."),
        ("min_uptime", "97 %", "Write the number alone, in %."),
        ("term_months", "0", "It must be at least 1."),
        ("earliest_start", "01.02.2027", "Write the date as YYYY-MM-DD, for example 2027-01-31."),
        ("earliest_start", "2027-02-30", "This day does not exist in the calendar."),
        ("earliest_start", "9999-01-01", "This is more than ten years away; please check the year."),
        ("latest_start", (TODAY - timedelta(days=1)).isoformat(), "This day has passed."),
        (
            "latest_start",
            (TODAY + timedelta(days=19)).isoformat(),
            "The latest start lies before the earliest.",
        ),
        ("origin", "ZZ", "ZZ is no country or subdivision we know."),
        ("allowed_jurisdictions", ["Texas"], "Texas is no country or subdivision we know."),
        ("cooling", ["water"], "water is not among: air, hydro, immersion."),
        ("min_evidence", "sworn", "Choose one of: claimed, documented, verified."),
        ("min_predictability", "6", "It must be at most 5; please check the unit."),
        ("weights", "price", "Send an object."),
        ("licences", [{"type": ""}], None),
        ("fleet", "all", None),
    ],
)
def test_what_can_not_be_used_is_refused_beside_its_field(field, value, words):
    fields = wrong(**{field: value})
    if words is None:
        assert any(name.startswith(field) for name in fields)
    else:
        assert fields[field] == [words]


def test_everything_that_is_wrong_is_said_at_once():
    assert set(wrong(need_kw="x", term_months="y", max_price_usd="")) == {
        "need_kw",
        "term_months",
        "max_price_usd",
    }


def test_weights_that_are_all_zero_are_refused():
    parts = ("price", "regulation", "start", "trust", "uptime", "energy")
    assert wrong(weights=dict.fromkeys(parts, 0))["weights"] == ["At least one weight must be above zero."]


@pytest.mark.parametrize(
    ("allowed", "excluded"), [(["KZ"], ["KZ"]), (["US-TX"], ["US"]), (["KZ", "US"], ["US"])]
)
def test_a_place_that_is_allowed_and_excluded_at_once_is_refused(allowed, excluded):
    assert "excluded_jurisdictions" in wrong(allowed_jurisdictions=allowed, excluded_jurisdictions=excluded)


def test_a_country_may_be_allowed_without_one_of_its_parts():
    need = factories.need(allowed_jurisdictions=["US"], excluded_jurisdictions=["US-NY"])
    assert need.as_engine().excluded == frozenset({"US-NY"})


def test_unknown_fields_are_refused_where_a_program_speaks():
    assert wrong(max_prise_usd="0.08")["max_prise_usd"] == ["There is no such field."]
    needs.read({**NEED, "csrfmiddlewaretoken": "x"}, today=TODAY)


def test_a_fleet_gives_kw_and_efficiency_rounded_as_the_spec_says():
    old = factories.machine(hashrate_th_s=Decimal("13.5"), power_w=1323)
    new = factories.machine(hashrate_th_s=Decimal("234"), power_w=3531)
    fleet = [{"machine": str(old.pk), "quantity": 3}, {"machine": str(new.pk), "quantity": "100"}]
    need = factories.need(fleet=fleet, need_kw=None, efficiency_j_th=None, worst_j_th=None)
    # 3 x 1,323 W + 100 x 3,531 W = 357,069 W; over 23,440.5 TH/s = 15.2329...
    assert (need.need_kw, need.efficiency_j_th, need.worst_j_th) == (358, Decimal("15.23"), Decimal("98.00"))


@pytest.mark.parametrize("quantity", ["0", "-1", "", None, "2.5", "3,500"])
def test_a_fleet_line_needs_a_whole_number_of_machines(quantity):
    line = {"machine": str(factories.machine().pk), "quantity": quantity}
    assert "fleet.0.quantity" in wrong(fleet=[line], need_kw=None, efficiency_j_th=None, worst_j_th=None)


def test_scrypt_machines_are_refused_by_name():
    scrypt = factories.machine(model="L9", algorithm="Scrypt")
    fields = wrong(
        fleet=[{"machine": str(scrypt.pk), "quantity": 1}],
        need_kw=None,
        efficiency_j_th=None,
        worst_j_th=None,
    )
    assert fields == {
        "fleet.0.machine": ["Maker L9 mines Scrypt; only SHA-256 machines mine bitcoin."],
    }


def test_an_empty_fleet_is_no_fleet():
    assert "need_kw" in wrong(fleet=[], need_kw=None)


def test_kw_and_a_fleet_at_once_are_refused():
    line = {"machine": str(factories.machine().pk), "quantity": 1}
    assert "need_kw" in wrong(fleet=[line])


def test_a_saved_need_is_read_back_as_it_was():
    request = factories.request(
        licences=[{"type": "kz-digital-mining-2", "valid_from": "2026-01-01", "valid_to": None}],
        cooling=["hydro", "air"],
        weights={"price": 90},
        min_uptime="95.5",
    )
    request.refresh_from_db()
    need = needs.of_request(request)
    assert (
        need.as_engine()
        == factories.need(
            licences=[{"type": "kz-digital-mining-2", "valid_from": "2026-01-01"}],
            cooling=["air", "hydro"],
            weights={"price": 90},
            min_uptime="95.5",
        ).as_engine()
    )
