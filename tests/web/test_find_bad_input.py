"""Bad input: a clear sentence beside the field and on top, status 400, nothing typed lost."""

import pytest

from tests import factories
from tests.web.reading import text

UNKNOWN = "00000000-0000-0000-0000-000000000000"

# what was changed in the need, the field the page names, words of the sentence
BAD = [
    ({"need_kw": "-5"}, "need_kw", "at least 1"),
    ({"need_kw": "0"}, "need_kw", "at least 1"),
    ({"need_kw": ""}, "need_kw", "Enter the kW you need"),
    ({"need_kw": "3,500"}, "need_kw", "A comma can mean two things"),
    ({"need_kw": "1.5"}, "need_kw", "whole number"),
    ({"need_kw": "99999999999999999999"}, "need_kw", "at most"),
    ({"need_kw": "5 MW"}, "need_kw", "number alone, in kW"),
    ({"need_kw": "NaN"}, "need_kw", "Enter a number"),
    ({"need_kw": "NaN", "unit": "MW"}, "need_kw", "Enter a number"),
    ({"need_kw": "1e3", "unit": "MW"}, "need_kw", "Enter a number"),
    ({"need_kw": "-2", "unit": "MW"}, "need_kw", "at least 1"),
    ({"efficiency_j_th": "Infinity"}, "efficiency_j_th", "Enter a number"),
    ({"max_price_usd": "NaN"}, "max_price_usd", "Enter a number"),
    ({"max_price_usd": "-0.05"}, "max_price_usd", "at least"),
    ({"max_price_usd": "0"}, "max_price_usd", "at least"),
    ({"max_price_usd": "80"}, "max_price_usd", "check the unit"),
    ({"max_price_usd": ""}, "max_price_usd", "Enter a number"),
    ({"term_months": "0"}, "term_months", "at least 1"),
    ({"term_months": "9999"}, "term_months", "at most"),
    ({"latest_start": "2027-01-30"}, "latest_start", "before the earliest"),
    ({"earliest_start": "2026-01-01", "latest_start": "2026-02-01"}, "latest_start", "has passed"),
    ({"latest_start": "2207-01-30"}, "latest_start", "check the year"),
    ({"latest_start": "30.01.2027"}, "latest_start", "YYYY-MM-DD"),
    ({"latest_start": "2027-02-30"}, "latest_start", "does not exist"),
    ({"earliest_start": ""}, "earliest_start", "Enter a date"),
    ({"min_uptime": "101"}, "min_uptime", "at most 100"),
    ({"max_curtailment": "5%"}, "max_curtailment", "number alone"),
    ({"cooling": ["steam"]}, "cooling", "steam"),
    ({"price_models": ["free"]}, "price_models", "free"),
    ({"origin": "ZZ"}, "origin", "ZZ"),
    ({"allowed_jurisdictions": ["XX"]}, "allowed_jurisdictions", "XX"),
    ({"allowed_jurisdictions": ["KZ"], "excluded_jurisdictions": ["KZ"]}, "excluded_jurisdictions", "KZ"),
    ({"min_legal_status": "fine"}, "min_legal_status", "Choose one of"),
    ({"min_predictability": "6"}, "min_predictability", "at most 5"),
    ({"min_evidence": "sworn"}, "min_evidence", "Choose one of"),
    ({"weight_price": "101"}, "weight-price", "at most 100"),
    ({"weight_price": "-1"}, "weight-price", "at least 0"),
    ({"licence": [""], "licence_from": ["2027-01-01"], "licence_until": [""]}, "licence-0", "Name the type"),
    ({"licence": ["x"], "licence_until": ["soon"]}, "licence-0", "YYYY-MM-DD"),
    ({"by": "fleet"}, "machine-0", "at least one machine"),
    ({"by": "fleet", "machine": ["x"], "quantity": ["3"]}, "machine-0", "from the catalogue"),
    ({"by": "fleet", "machine": [UNKNOWN], "quantity": ["3"]}, "machine-0", "from the catalogue"),
]


@pytest.mark.parametrize(("changes", "field", "words"), BAD)
def test_a_bad_entry_is_named_beside_its_field_and_on_top(ask, db, changes, field, words):
    answer = ask(**changes)
    page = text(answer)
    assert answer.status_code == 400
    assert 'role="alert" id="problems"' in page
    assert f'<a href="#f-{field}">' in page
    assert f'id="f-{field}"' in page
    assert words in page[page.index(f'href="#f-{field}"') :][:400]


@pytest.mark.parametrize(("changes", "field", "words"), BAD)
def test_a_bad_entry_asked_live_is_named_in_the_fragment(ask, db, changes, field, words):
    answer = ask(htmx=True, show="1", **changes)
    page = text(answer)
    assert answer.status_code == 400
    assert "<html" not in page
    assert words in page


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("need_kw", "3,500"),
        ("max_price_usd", "<b>cheap</b>"),
        ("latest_start", "2026-01-01"),
        ("origin", "ZZ"),
    ],
)
def test_nothing_typed_is_lost(ask, db, name, typed):
    page = text(ask(**{name: typed, "min_uptime": "97"}))
    shown = typed.replace("<", "&lt;").replace(">", "&gt;")
    assert f'value="{shown}"' in page
    assert 'name="min_uptime" value="97"' in page
    assert "<b>cheap" not in page


def test_a_bad_field_points_at_its_words(ask, db):
    page = text(ask(need_kw="-5"))
    at = page.index('id="f-need_kw"')
    assert 'aria-describedby="h-need_kw e-need_kw" aria-invalid="true"' in page[at : at + 300]


def test_a_good_field_is_not_called_bad(ask, karaganda):
    assert "aria-invalid" not in text(ask())


def test_everything_that_is_wrong_is_said_at_once(ask, db):
    page = text(ask(need_kw="-5", term_months="0", max_price_usd="NaN"))
    assert "3 entries can’t be read" in page


def test_all_weights_zero_is_refused_and_shown_unfolded(ask, db):
    parts = ("price", "regulation", "start", "trust", "uptime", "energy")
    answer = ask(**{f"weight_{part}": "0" for part in parts})
    assert answer.status_code == 400
    assert "At least one weight must be above zero." in text(answer)
    assert "<details open><summary>Weights of the score" in text(answer)


def test_a_scrypt_machine_is_refused_by_name(ask, db):
    machine = factories.machine(maker="Bitmain", model="L9", algorithm="Scrypt")
    answer = ask(by="fleet", machine=[str(machine.pk)], quantity=["10"])
    assert answer.status_code == 400
    assert "Bitmain L9 mines Scrypt; only SHA-256 machines mine bitcoin." in text(answer)
    assert f'<option value="{machine.pk}" selected>' in text(answer)


def test_the_line_that_is_wrong_is_the_line_that_is_marked(ask, db):
    machine = factories.machine()
    lines = {"machine": [str(machine.pk), "", str(machine.pk)], "quantity": ["5", "", "many"]}
    page = text(ask(by="fleet", **lines))
    assert "Enter a number" in page[page.index('id="e-quantity-2"') :][:120]
    assert '<p class="error" id="e-quantity-0"></p>' in page


def test_a_machine_listed_twice_is_refused(ask, db):
    machine = factories.machine()
    answer = ask(by="fleet", machine=[str(machine.pk)] * 2, quantity=["5", "6"])
    assert answer.status_code == 400
    assert "listed twice" in text(answer)


def test_a_thousand_lines_are_cut_and_refused(ask, db):
    answer = ask(by="fleet", machine=["x"] * 1000, quantity=["1"] * 1000)
    assert answer.status_code == 400


def test_a_script_in_the_address_is_only_text(ask, db):
    page = text(ask(licence=["<script>alert(1)</script>"], allowed_jurisdictions=["<script>"]))
    assert "<script>alert" not in page


def test_a_null_byte_is_refused_and_breaks_nothing(ask, db):
    assert ask(origin="K\x00").status_code == 400
    assert ask(licence=["a\x00b"]).status_code in (200, 400)


def test_unknown_parameters_of_the_page_are_passed_over(ask, karaganda):
    assert ask(utm_source="mail").status_code == 200
