"""A place on any day: what held then, how it came about, and the news by then."""

from datetime import date

import pytest

from tests import factories
from tests.web.placepages import event
from tests.web.reading import text

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
