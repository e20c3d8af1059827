"""A place: the law now and to come with its scope, and what is known with its sources."""

from datetime import date

import pytest

from tests import factories
from tests.web.placepages import traced
from tests.web.reading import text

# -- the law ------------------------------------------------------------------------------------------------


def test_a_subdivision_takes_the_status_of_its_country_and_says_so(stranger):
    fact = factories.fact("RU", "legal_status", "restricted")
    factories.jurisdiction("RU-IRK", name="Irkutsk")
    answer = stranger.get("/places/RU-IRK/")
    assert "restricted" in traced(answer, f"fact:{fact.pk}", "value")
    assert "RU" in traced(answer, f"fact:{fact.pk}", "jurisdiction_id")


def test_a_banned_country_bans_its_subdivisions_and_its_fact_is_shown(stranger):
    ban = factories.fact("CN", "legal_status", "banned")
    factories.fact("CN-SC", "legal_status", "tolerated")
    answer = stranger.get("/places/CN-SC/")
    assert "banned" in traced(answer, f"fact:{ban.pk}", "value")
    head = text(answer).split("How it came to be")[0]
    assert "tolerated" not in head


def test_a_status_of_low_confidence_is_called_unverified(stranger):
    factories.fact("KZ", "legal_status", "tolerated", confidence="low")
    assert 'class="unverified-value"' in text(stranger.get("/places/KZ/")).split("How it came to be")[0]


def test_the_date_of_a_status_is_as_precise_as_its_source(stranger):
    for code, words, fields in (
        ("NO", "since 2023", {"valid_from_text": "2023"}),
        ("SE", "since Apr 2023", {"valid_from_text": "2023-04"}),
        ("FI", "since 1 Apr 2023", {"valid_from_text": "2023-04-01"}),
        ("IS", "as reported, Apr 2023", {"dated_by": "as_of", "as_of": "2023-04"}),
        ("DE", "undated; counted from 1 Apr 2023, when this was compiled", {"dated_by": "compiled"}),
    ):
        fact = factories.fact(code, "legal_status", "tolerated", **fields)
        assert words in traced(stranger.get(f"/places/{code}/"), f"fact:{fact.pk}", "since")


def test_rules_are_told_in_words_now_and_to_come(stranger):
    factories.rule("KZ", "levy_per_kwh", levy=[{"from": "0", "amount": "2.5"}], levy_currency="KZT")
    factories.rule("KZ", "require_licence", subject="miner", licence_type="kz-2", min_kw=500)
    factories.rule(
        "KZ", "curtail", valid_from=date(2027, 11, 15), valid_to=date(2028, 3, 16), title="Winter stop"
    )
    page = text(stranger.get("/places/KZ/")).split('id="rules-now"')[1]
    assert "A levy per kWh: 2.50 KZT." in page
    assert "The miner needs the licence kz-2. Orders from 500 kW up." in page
    now, coming = page.split("Rules to come")
    assert ">coming<" not in now
    assert coming.count(">coming<") == 1
    assert "Winter stop" in coming
    assert "15 Nov 2027 to 15 Mar 2028" in coming


def test_a_rule_says_whom_and_what_it_touches(stranger):
    rule = factories.rule("KZ", "cap_kw", cap_kw=75_001, min_kw=500, max_kw=3250, new_only=True)
    answer = stranger.get("/places/KZ/")
    said = {
        field: traced(answer, f"rule:{rule.pk}", field)[0].replace("\u00a0", " ")
        for field in ("subject", "cap_kw", "size", "new_only", "period")
    }
    assert said == {
        "subject": "the host",
        "cap_kw": "75.001 MW",
        "size": "from 500 kW to 3.25 MW",
        "new_only": "new ones only",
        "period": "from 1 Jan 2023",
    }


def test_a_moratorium_touches_new_sites_only_whatever_its_column_says(stranger):
    rule = factories.rule("CA-BC", "moratorium_new")
    assert traced(stranger.get("/places/CA-BC/"), f"rule:{rule.pk}", "new_only") == ["new ones only"]


def test_a_rule_of_low_confidence_is_called_unverified_and_not_applied(stranger):
    factories.rule("KZ", "prohibit", confidence="low")
    assert "unverified, not applied" in text(stranger.get("/places/KZ/"))


def test_a_rule_that_only_informs_says_so(stranger):
    factories.rule("KZ", "allow")
    factories.rule("NO", "require_registration", licence_type="no-1")
    assert "for information: bars nothing" in text(stranger.get("/places/KZ/"))
    assert "for information: bars nothing" not in text(stranger.get("/places/NO/"))


def test_a_rule_of_the_country_is_marked_as_inherited(stranger):
    rule = factories.rule("RU", "require_registration", licence_type="ru-1")
    factories.jurisdiction("RU-IRK")
    assert "RU" in traced(stranger.get("/places/RU-IRK/"), f"rule:{rule.pk}", "jurisdiction_id")


@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"status": "superseded"}])
def test_a_rule_that_is_no_law_is_not_shown(stranger, hidden):
    factories.rule("KZ", "prohibit", title="Not this one", **hidden)
    assert "Not this one" not in text(stranger.get("/places/KZ/"))


def test_a_rule_that_is_over_stands_in_the_history_alone(stranger):
    factories.rule("KZ", "prohibit", title="This one", valid_to=factories.TODAY)
    history, now = text(stranger.get("/places/KZ/")).split('id="rules-now"')
    assert "This one" in history
    assert "This one" not in now


def test_a_place_under_sanctions_says_so(stranger):
    factories.fact("IR", "sanctions_comprehensive", "yes")
    assert "no hotel is published here" in text(stranger.get("/places/IR/"))


# -- facts --------------------------------------------------------------------------------------------------


def test_a_fact_has_its_source_and_an_unverified_one_is_called_so(stranger):
    factories.fact("KZ", "vat_pct", "16", title="The tax code")
    factories.fact("KZ", "climate_note", "dry", confidence="low", publisher="unverified", url="")
    page = text(stranger.get("/places/KZ/"))
    assert ">16 %<" in page
    assert 'href="https://example.org/law"' in page
    assert ">The tax code<" in page
    assert '<span class="unverified-value"' in page
    assert "no source found yet" in page


def test_carbon_and_climate_are_sections_of_their_own(stranger):
    factories.fact("KZ", "grid_carbon_gco2_per_kwh", "801.79")
    page = text(stranger.get("/places/KZ/"))
    carbon = page.split('id="facts-carbon"')[1].split("</section>")[0]
    climate = page.split('id="facts-climate"')[1].split("</section>")[0]
    assert "801.79 g CO₂/kWh" in carbon
    assert "unknown" in climate


def test_a_fact_of_the_country_is_marked_as_inherited(stranger):
    fact = factories.fact("RU", "vat_pct", "22")
    factories.jurisdiction("RU-IRK")
    assert traced(stranger.get("/places/RU-IRK/"), f"fact:{fact.pk}", "jurisdiction_id") == ["RU"]


def test_a_field_nobody_has_named_is_shown_all_the_same(stranger):
    factories.fact("KZ", "noise_limit_db", "45")
    assert "noise limit db" in text(stranger.get("/places/KZ/"))


def test_the_latest_fact_holds_and_one_to_come_does_not(stranger):
    factories.fact("KZ", "vat_pct", "12", valid_from=date(2020, 1, 1))
    factories.fact("KZ", "vat_pct", "16", valid_from=date(2026, 1, 1))
    factories.fact("KZ", "vat_pct", "20", valid_from=date(2027, 6, 1))
    page = text(stranger.get("/places/KZ/"))
    assert ">16 %" in page
    assert ">12 %" not in page
    assert ">20 %" not in page


def test_our_rating_is_called_ours_and_gives_its_reason(stranger):
    factories.fact("KZ", "predictability", "2", rationale="Fees change often.", confidence="low")
    page = text(stranger.get("/places/KZ/"))
    assert "predictability, our own rating" in page
    assert "Fees change often." in page


def test_a_place_where_nothing_is_known_says_so(stranger):
    factories.jurisdiction("NO")
    page = text(stranger.get("/places/NO/"))
    assert "unknown" in page
    assert "Nothing dated is recorded of this place yet." in page
    assert "No dated rule is recorded here." in page
    assert "Nothing recorded yet." in page


# -- addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["XX", "kz-nowhere", "KZ' OR 1=1", "%00"])
def test_a_place_we_do_not_have_is_404(stranger, code):
    factories.jurisdiction("KZ")
    assert stranger.get(f"/places/{code}/").status_code == 404


def test_the_code_may_be_typed_in_small_letters(stranger):
    factories.jurisdiction("KZ")
    assert stranger.get("/places/kz/").status_code == 200
