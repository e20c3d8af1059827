"""A place: the law on any day and how it came about, facts with their sources, news, hotels and figures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hosting.models import Offer, RegulationEvent
from hosting.services import placefigures
from hosting.web import placemarket
from tests import factories
from tests.web import tracing
from tests.web.reading import text


def traced(answer, row, field):
    """The texts that the page traces to a column of a row (of any row of a kind)."""
    page = tracing.read(answer.content.decode())
    return [one.text for one in page.traced if one.row.startswith(row) and one.field == field]


def event(code, **fields):
    values = {
        "date": date(2021, 5, 25),
        "date_precision": "day",
        "kind": "ban",
        "title": f"News of {code}",
        "confidence": "high",
        "source": "The Post",
        "url": "https://example.org/news",
        "updated_at": factories.NOW,
    }
    return RegulationEvent.objects.create(jurisdiction=code, **{**values, **fields})


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


# -- any day ------------------------------------------------------------------------------------------------


def test_a_place_is_read_on_the_day_that_is_asked_for(stranger):
    factories.fact("CN", "legal_status", "tolerated", valid_from=date(2019, 1, 1))
    factories.fact("CN", "legal_status", "banned", valid_from=date(2021, 9, 24))
    factories.rule("CN", "prohibit", valid_from=date(2021, 9, 24), title="Notice")
    event("CN", title="The vow", date=date(2021, 5, 21))
    event("CN", title="The notice", date=date(2021, 9, 24))
    page = text(stranger.get("/places/CN/?as_of=2021-05-25"))
    assert "As of" in page
    assert ">25 May 2021<" in page
    assert 'href="/places/CN/">Back to today' in page
    head = page.split("How it came to be")[0]
    assert "tolerated" in head
    assert "banned" not in head
    now, coming = page.split('id="rules-now"')[1].split("Rules to come")
    assert "Notice" not in now
    assert "Notice" in coming
    assert "The vow" in page
    assert "The notice" not in page


def test_a_day_to_come_shows_what_is_dated_already(stranger):
    factories.fact("NO", "legal_status", "tolerated")
    factories.fact("NO", "legal_status", "banned", valid_from=date(2028, 1, 1))
    page = text(stranger.get("/places/NO/?as_of=2028-01-01"))
    assert "This day is still to come" in page
    assert ">banned<" in page.split("How it came to be")[0]


def test_today_has_no_banner(stranger):
    factories.jurisdiction("NO")
    for address in ("/places/NO/", f"/places/NO/?as_of={factories.TODAY}", "/places/NO/?as_of="):
        assert "Back to today" not in text(stranger.get(address))


@pytest.mark.parametrize(
    "day",
    [*("yesterday", "25.05.2021", "2021-02-30", "20210525", "2021-5-25", "2008-12-31", "2101-01-01")]
    + ["2021-W21-2", "2021-05-25T00:00", "-2021-05-25", "٢٠٢١-٠٥-٢٥", "<b>", "2021-05-25'", "9" * 400],
)
def test_a_day_that_is_none_is_refused_and_said_so(stranger, day):
    factories.jurisdiction("NO")
    answer = stranger.get("/places/NO/", {"as_of": day})
    page = text(answer)
    assert answer.status_code == 400
    assert 'aria-invalid="true" aria-describedby="as_of-problem"' in page
    assert 'id="as_of-problem" role="alert"' in page
    assert "<b>" not in page.split("day-line")[1].split("</form>")[0]


def test_links_to_other_places_stay_on_the_day(stranger):
    factories.fact("RU-IRK", "legal_status", "restricted")
    assert 'href="/places/RU/?as_of=2025-06-01"' in text(stranger.get("/places/RU-IRK/?as_of=2025-06-01"))
    assert 'href="/places/RU-IRK/?as_of=2025-06-01"' in text(stranger.get("/places/RU/?as_of=2025-06-01"))


# -- history and news ---------------------------------------------------------------------------------------


def test_the_picture_and_the_table_say_the_same(stranger):
    fact = factories.fact("KZ", "legal_status", "legal_licensed", valid_from_text="2023-04-01")
    rule = factories.rule("KZ", "prohibit", title="The rule", valid_to=date(2024, 1, 1))
    told = event("KZ", date=date(2021, 5, 1), date_precision="month")
    drawing, table = text(stranger.get("/places/KZ/")).split("<details>")
    table = table.split("</details>")[0]
    for part in (drawing, table):
        for row in (f"fact:{fact.pk}", f"rule:{rule.pk}", f"event:{told.pk}"):
            assert f'data-row="{row}"' in part
    assert "May 2021" in table
    assert "1 Jan 2023 to 31 Dec 2023" in table
    assert "since 1 Apr 2023" in table
    assert "high" in table


def test_news_has_its_source_and_low_confidence_is_said(stranger):
    factories.jurisdiction("KZ")
    event("KZ", confidence="low", effect_on_legal_status="restricted", note="Only a draft")
    page = text(stranger.get("/places/KZ/")).split('id="news-here"')[1]
    assert 'href="https://example.org/news"' in page
    assert "low confidence: unverified" in page
    assert ">restricted<" in page
    assert "Only a draft" in page


def test_news_of_a_part_says_of_which(stranger):
    factories.jurisdiction("CN-NM", name="Inner Mongolia")
    event("CN-NM")
    page = text(stranger.get("/places/CN/")).split('id="news-here"')[1]
    assert '<a href="/places/CN-NM/">Inner Mongolia</a>' in page


# -- the market ---------------------------------------------------------------------------------------------


def test_hotels_here_are_those_on_the_market(stranger, as_mallory, karaganda):
    factories.offer(factories.site(name="Hidden Hall"), status="draft")
    factories.offer(factories.site(code="KZ-KAR", name="Below Hall"), terms={"energy_price": Decimal("0.05")})
    for client in (stranger, as_mallory):
        page = text(client.get("/places/KZ/"))
        assert "Steppe Hall 2" in page
        assert "Below Hall" in page
        assert "Hidden Hall" not in page
        assert 'href="/hotels/?jurisdiction=KZ"' in page


def test_only_the_cheapest_hotels_are_listed_and_unpriced_ones_come_last(stranger, steppe, monkeypatch):
    monkeypatch.setattr(placemarket, "MOST", 3)
    site = factories.site(steppe)
    for title, micros in (("dear", 90_000), ("cheap", 40_000), ("unpriced", None), ("middle", 60_000)):
        made = factories.offer(site, title=title, phases=((100, factories.TODAY, None),))
        Offer.objects.filter(pk=made.pk).update(list_price_micros=micros)
    answer = stranger.get("/places/KZ/")
    assert traced(answer, "offer:", "title") == ["cheap", "middle", "dear"]
    assert traced(answer, "offer:", "list_price_micros") == ["0.0400", "0.0600", "0.0900"]
    monkeypatch.setattr(placemarket, "MOST", 4)
    assert traced(stranger.get("/places/KZ/"), "offer:", "list_price_micros")[-1] == "unknown"


def test_a_sanctioned_place_has_no_hotels(stranger, karaganda):
    factories.fact("KZ", "sanctions_comprehensive", "yes")
    assert "Steppe Hall 2" not in text(stranger.get("/places/KZ/"))


def test_figures_behind_which_there_are_too_few_hosts_are_withheld(stranger, karaganda):
    page = text(stranger.get("/places/KZ/"))
    assert page.count("fewer than three hosts<") == 3
    for _host in range(2):
        factories.offer(factories.site())
    answer = stranger.get("/places/KZ/")
    assert traced(answer, "figures:KZ", "free_kw") == ["15.0 MW"]
    # Nothing has a price in this market yet.
    assert text(answer).count("fewer than three hosts<") == 1


def test_a_day_that_is_over_shows_the_figures_that_were_kept_of_it(stranger, karaganda):
    yesterday = factories.TODAY - timedelta(days=1)
    page = text(stranger.get(f"/places/KZ/?as_of={yesterday}"))
    assert "No figures of the market were kept on that day." in page
    assert "The cheapest hotels here today, whatever day is chosen above" in page
    placefigures.refresh(as_of=yesterday, now=factories.NOW)
    answer = stranger.get(f"/places/KZ/?as_of={yesterday}")
    assert traced(answer, "figures:KZ", "organizations") == ["1"]


def test_nobody_knows_what_a_day_to_come_will_have(stranger, karaganda):
    page = text(stranger.get("/places/KZ/?as_of=2028-01-01"))
    assert "What the market will have on that day nobody knows yet." in page


@pytest.mark.parametrize("is_stored", [False, True])
@pytest.mark.parametrize("query", ["", "?as_of=2021-05-25"])
def test_thirty_hotels_take_as_many_queries_as_one(stranger, karaganda, query, is_stored):
    def queries():
        if is_stored:
            placefigures.refresh(as_of=factories.TODAY, now=factories.NOW)
        with CaptureQueriesContext(connection) as taken:
            assert stranger.get(f"/places/KZ/{query}").status_code == 200
        return len(taken)

    few = queries()
    hosts = [factories.site(code="KZ-KAR"), factories.site(code="KZ"), factories.site(karaganda.site.host)]
    for number in range(29):
        factories.offer(hosts[number % 3], title=f"More {number}", phases=((100, factories.TODAY, None),))
        factories.rule("KZ", "allow", title=f"Note {number}")
        factories.fact("KZ", f"field_{number}", "1")
        event("KZ", title=f"News {number}")
    assert queries() == few


# -- addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["XX", "kz-nowhere", "KZ' OR 1=1", "%00"])
def test_a_place_we_do_not_have_is_404(stranger, code):
    factories.jurisdiction("KZ")
    assert stranger.get(f"/places/{code}/").status_code == 404


def test_the_code_may_be_typed_in_small_letters(stranger):
    factories.jurisdiction("KZ")
    assert stranger.get("/places/kz/").status_code == 200
