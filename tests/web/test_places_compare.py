"""Places side by side: law, licences, power, duty, climate, hotels."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hosting.services.atlas import LOWEST_POWER
from tests import factories
from tests.web.reading import text


def lines(answer):
    """name of the line -> its cells by place."""
    return {
        str(line.name): {cell.place.code: cell for cell in line.cells}
        for group in answer.context["groups"]
        for line in group.lines
    }


def compare(client, *codes):
    return client.get("/places/compare/", {"place": codes})


def test_each_place_has_its_law_with_confidence_and_since(stranger):
    factories.fact("KZ", "legal_status", "legal_licensed", valid_from_text="2023-04")
    factories.fact("PY", "legal_status", "tolerated", confidence="low", publisher="unverified", url="")
    page = text(compare(stranger, "KZ", "PY"))
    assert "high confidence, since Apr 2023" in page
    assert 'class="sourced unverified" tabindex="0">tolerated' in page
    assert page.index("Place KZ") < page.index("Place PY")


def test_our_rating_is_called_ours_with_its_reason(stranger):
    factories.fact("KZ", "predictability", "2", rationale="Fees change often.", confidence="low")
    cell = lines(compare(stranger, "KZ"))["Predictability, our own rating"]["KZ"]
    assert (cell.text, cell.note, cell.fact) == ("2 of 5", "Fees change often.", None)


def test_unknown_says_unknown_and_nothing_is_filled_in(stranger):
    factories.jurisdiction("NO")
    answer = compare(stranger, "NO")
    facts = ("Legal status", "Industrial power, USD/kWh", "VAT", "Import duty on mining machines")
    climate = ("Typical summer maximum", "Carbon of the grid")
    assert all(lines(answer)[name]["NO"].text == "" for name in (*facts, *climate))
    assert text(answer).count('<span class="unknown">unknown</span>') == sum(
        cell["NO"].text == "" and cell["NO"].rules is None and cell["NO"].hotels is None
        for cell in lines(answer).values()
    )
    assert "none that we know of" in text(answer)


def test_a_value_of_the_country_is_marked_as_its(stranger):
    factories.fact("US", LOWEST_POWER, "0.054")
    factories.fact("US", "vat_pct", "0")
    factories.fact("US-TX", "vat_pct", "6")
    found = lines(compare(stranger, "US-TX"))
    assert found["Industrial power, USD/kWh"]["US-TX"].inherited_from == "US"
    assert found["VAT"]["US-TX"].inherited_from is None
    assert "from US" in text(compare(stranger, "US-TX"))


def test_licences_are_told_for_host_and_miner_apart(stranger):
    factories.rule("KZ", "require_licence", licence_type="kz-1", title="For centres")
    factories.rule("KZ", "require_registration", subject="miner", licence_type="kz-2", title="For owners")
    found = lines(compare(stranger, "KZ"))
    assert [one.rule.title for one in found["The host needs"]["KZ"].rules] == ["For centres"]
    assert [one.rule.title for one in found["The miner needs"]["KZ"].rules] == ["For owners"]


def test_rules_in_force_and_coming_stand_in_the_line_of_what_they_do(stranger):
    factories.rule("RU", "prohibit", title="South")
    factories.rule(
        "RU-IRK", "curtail", title="Winter", valid_from=date(2027, 11, 15), valid_to=date(2028, 3, 16)
    )
    factories.rule("RU", "allow", title="A word")
    factories.rule("RU", "prohibit", subject="import", title="No old machines")
    answer = compare(stranger, "RU-IRK")
    found = lines(answer)
    stops = found["Bans, pauses, caps and stops"]["RU-IRK"].rules
    assert [(one.rule.title, one.is_coming, one.other) for one in stops] == [
        ("South", False, "RU"),
        ("Winter", True, ""),
    ]
    assert [one.rule.title for one in found["Notes on the law"]["RU-IRK"].rules] == ["A word"]
    assert [one.rule.title for one in found["Rules on import"]["RU-IRK"].rules] == ["No old machines"]
    assert "15 Nov 2027 to 15 Mar 2028" in text(answer)


def test_every_rule_of_a_place_stands_in_exactly_one_line(stranger):
    levy = {"levy": [{"from": "0", "amount": "1"}], "levy_currency": "USD"}
    needed = {
        "cap_kw": {"cap_kw": 100},
        "levy_per_kwh": levy,
        "require_licence": {"licence_type": "a"},
        "require_registration": {"licence_type": "b"},
    }
    effects = ("prohibit", "moratorium_new", "cap_kw", "curtail", "levy_per_kwh", "allow")
    made = {
        factories.rule("KZ", effect, subject=subject, **needed.get(effect, {})).pk
        for effect in (*effects, "require_licence", "require_registration")
        for subject in ("host", "miner", "import")
    }
    shown = [
        one.rule.pk for cells in lines(compare(stranger, "KZ")).values() for one in cells["KZ"].rules or ()
    ]
    assert len(shown) == len(made)
    assert set(shown) == made


def test_a_rule_of_low_confidence_is_called_unverified(stranger):
    factories.rule("KZ", "prohibit", title="Hearsay", confidence="low")
    assert "unverified; not counted by the matching" in text(compare(stranger, "KZ"))


def test_a_levy_is_told_with_its_rate_and_the_rates_day(stranger):
    levy = {"levy": [{"from": "0", "amount": "2"}], "levy_currency": "KZT"}
    factories.rule("KZ", "levy_per_kwh", **levy)
    page = text(compare(stranger, "KZ"))
    assert "A levy per kWh: 2.00 KZT." in page
    assert "USD/kWh at the rate" not in page
    factories.rate("KZT", "0.002", on=factories.TODAY - timedelta(10))
    assert "about 0.004000 USD/kWh at the rate of 1 Jan 2027" in text(compare(stranger, "KZ"))


def test_a_surcharge_has_its_currency_only_where_it_is_an_amount(stranger):
    for code, value, currency in (("KZ", "1-25", "KZT"), ("UZ", "2x", "UZS"), ("NO", "none", "USD")):
        factories.fact(code, "mining_power_surcharge_value", value)
        factories.fact(code, "mining_power_surcharge_currency", currency)
    cells = lines(compare(stranger, "KZ", "UZ", "NO"))["Surcharge on power for mining"]
    assert [str(cells[code].text) for code in ("KZ", "UZ", "NO")] == ["1-25 KZT", "2x", "none"]


def test_hotels_free_capacity_and_median_price_are_those_of_the_market(stranger):
    factories.jurisdiction("NO")
    for _host in range(2):
        factories.offer(phases=[(5000, factories.TODAY, None)])
    found = lines(compare(stranger, "KZ", "NO"))
    assert [found["On the market"][code].hotels for code in ("KZ", "NO")] == [2, 0]
    assert [found["Free today"][code].text for code in ("KZ", "NO")] == ["too few hosts to show", "no hotel"]
    factories.offer(phases=[(5000, factories.TODAY, None)])
    assert lines(compare(stranger, "KZ"))["Free today"]["KZ"].text == "15.0\u00a0MW"


@pytest.mark.parametrize(("count", "status"), [(0, 200), (1, 200), (5, 200), (6, 400)])
def test_up_to_five_places_are_compared(stranger, count, status):
    codes = ["KZ", "NO", "SE", "FI", "IS", "AM"][:count]
    for code in codes:
        factories.jurisdiction(code)
    answer = compare(stranger, *codes)
    assert answer.status_code == status
    assert ("At most 5 places are compared at a time." in text(answer)) is (status == 400)


def test_with_no_place_the_page_says_what_to_do(stranger):
    factories.jurisdiction("KZ")
    page = text(stranger.get("/places/compare/?place="))
    assert "Nothing to compare yet" in page
    assert '<option value="KZ">' in page


def test_a_place_can_be_added_and_taken_away_by_links_and_a_form(stranger):
    for code in ("KZ", "NO", "SE"):
        factories.jurisdiction(code)
    page = text(compare(stranger, "KZ", "NO"))
    assert (
        '<input type="hidden" name="place" value="KZ"><input type="hidden" name="place" value="NO">' in page
    )
    assert '<option value="SE">' in page
    assert '<option value="KZ">' not in page
    assert 'href="?place=NO">remove' in page


@pytest.mark.parametrize("code", ["XX", "KZ' OR 1=1", "<script>", "KZ-nowhere"])
def test_a_place_we_do_not_have_is_404(stranger, code):
    factories.jurisdiction("KZ")
    assert compare(stranger, "KZ", code).status_code == 404


def test_more_rules_facts_and_hotels_do_not_mean_more_queries(stranger, steppe):
    for code in ("KZ", "US-TX"):
        factories.fact(code, "legal_status", "tolerated")
    few = queries(stranger, "KZ", "US-TX")
    for code in ("KZ", "US-TX", "NO"):
        factories.fact(code, "vat_pct", "10")
        factories.rule(code, "levy_per_kwh", levy=[{"from": "0", "amount": "1"}], levy_currency="KZT")
        factories.rule(code, "allow")
        factories.offer(factories.site(steppe, code=code))
    assert queries(stranger, "KZ", "US-TX", "NO") == few


def queries(client, *codes):
    with CaptureQueriesContext(connection) as counted:
        assert compare(client, *codes).status_code == 200
    return len(counted)
