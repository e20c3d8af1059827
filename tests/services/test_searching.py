"""One search over hotels, places and machines: what is found, in which order, and what nobody may find."""

import pytest

from accounts.services import acting
from accounts.services.acting import Viewer
from accounts.services.errors import Invalid
from hosting.models import Jurisdiction, Offer
from hosting.services import searching
from tests import factories

STRANGER = Viewer()


def found(words, viewer=STRANGER):
    return searching.search(words=words, viewer=viewer)


def places(words):
    return [row.code for row in found(words).places.rows]


def machines(words):
    return [row.model for row in found(words).machines.rows]


def hotels(words, viewer=STRANGER):
    return [row.site.name for row in found(words, viewer).hotels.rows]


@pytest.fixture
def atlas(db):
    for code, name in (
        *(("KZ", "Kazakhstan"), ("US", "United States"), ("US-TX", "Texas"), ("US-GA", "Georgia (US state)")),
        *(("GE", "Georgia"), ("AE", "United Arab Emirates"), ("CA", "Canada"), ("CA-QC", "Quebec")),
        *(("KG", "Kyrgyzstan"), ("UZ", "Uzbekistan"), ("RU", "Russia"), ("NZ", "New Zealand")),
    ):
        factories.jurisdiction(code)
        Jurisdiction.objects.filter(code=code).update(name=name)


@pytest.mark.parametrize(
    "words", ["KZ", "kz", " kz ", "KAZ", "Kazakhstan", "kazakh", "Казахстан", "哈萨克斯坦"]
)
def test_a_place_is_found_by_code_and_by_its_name_in_each_language(atlas, words):
    assert places(words)[0] == "KZ"


def test_the_exact_code_stands_first(atlas):
    assert places("ge") == ["GE", "US-GA"]
    assert places("us-tx") == ["US-TX"]
    assert places("tx") == ["US-TX"]
    assert places("georgia") == ["GE", "US-GA"]


def test_the_parts_of_a_country_that_is_named_come_after_it(atlas):
    assert places("US") == ["US", "US-GA", "US-TX"]
    assert places("Canada") == ["CA", "CA-QC"]


@pytest.mark.parametrize(
    ("words", "code"),
    [("uae", "AE"), ("USA", "US"), ("america", "US"), ("Québec", "CA-QC"), ("russian federation", "RU"),
     ("zealand", "NZ"), ("stan", "KZ")],
)  # fmt: skip
def test_other_names_accents_and_parts_of_names_lead_to_a_place(atlas, words, code):
    assert code in places(words)


@pytest.mark.parametrize("words", ["s19 pro", "S19Pro", "s19-PRO", "antminer s19 pro", "bitmain s19pro 110"])
def test_a_machine_is_found_whatever_stands_between_its_parts(db, words):
    factories.machine(maker="Bitmain", model="Antminer S19 Pro 110T")
    factories.machine(maker="Bitmain", model="Antminer S19 95T")
    assert machines(words) == ["Antminer S19 Pro 110T"]


def test_a_plus_belongs_to_the_name_of_a_machine(db):
    factories.machine(maker="MicroBT", model="M30S")
    factories.machine(maker="MicroBT", model="M30S++")
    assert machines("m30s++") == ["M30S++"]
    assert machines("m30s") == ["M30S", "M30S++"]


@pytest.mark.parametrize("words", ["steppe", "HALL 2", "firm", "karaganda", "steppe-power", "hall karaganda"])
def test_a_hotel_is_found_by_what_is_public_of_it(steppe, words):
    factories.offer(factories.site(steppe, name="Steppe Hall 2"), title="Firm power")
    factories.offer(factories.site(name="Other", region="Elsewhere"), title="Spot")
    assert hotels(words) == ["Steppe Hall 2"]


@pytest.mark.parametrize("words", ["степь", "СТЕПЬ", "Степь зал"])
def test_both_cases_of_cyrillic_are_one(steppe, words):
    factories.offer(factories.site(steppe, name="Зал Степь"))
    assert hotels(words) == ["Зал Степь"]


@pytest.mark.parametrize("words", ["hall.", "(hall", "ha_l", "h%l", "[a-z]+", "hall\\d"])
def test_signs_are_looked_for_and_never_obeyed(steppe, words):
    factories.offer(factories.site(steppe, name="Hall two"))
    assert hotels(words) == []


@pytest.mark.parametrize("words", ["Secret Street", "Steppe Power LLP", "LLP", "example.org"])
def test_neither_address_nor_legal_name_leads_to_a_hotel_not_even_for_its_owner(steppe, hanna, words):
    factories.offer(factories.site(steppe, name="Hall"))
    for viewer in (STRANGER, acting.as_viewer(hanna, handle=steppe.handle)):
        assert hotels(words, viewer) == []
        assert found(words, viewer).count == 0


def test_a_draft_is_found_by_its_own_side_and_staff_alone(steppe, hanna, mallory, min_, red_river, sam):
    factories.offer(factories.site(steppe, name="Hidden Hall"), status="draft")
    viewers = {
        "stranger": STRANGER,
        "mallory": acting.as_viewer(mallory),
        "min": acting.as_viewer(min_, handle=red_river.handle),
        "hanna": acting.as_viewer(hanna, handle=steppe.handle),
        "sam": acting.as_viewer(sam),
    }
    seen = {name for name, viewer in viewers.items() if hotels("hidden", viewer)}
    assert seen == {"hanna", "sam"}
    assert found("hidden", viewers["mallory"]).hotels.count == 0


def test_what_is_on_the_market_stands_before_what_is_not(steppe, hanna):
    site = factories.site(steppe, name="A hall")
    factories.offer(site, status="draft")
    factories.offer(factories.site(steppe, name="B hall"))
    assert hotels("hall", acting.as_viewer(hanna, handle=steppe.handle)) == ["B hall", "A hall"]


def test_of_many_the_first_are_shown_and_all_are_counted(steppe):
    site = factories.site(steppe)
    for number in range(12):
        factories.offer(site, title=f"Spot {number}", phases=[(100, factories.TODAY, None)])
    group = found("spot").hotels
    assert (len(group.rows), group.count, group.more) == (10, 12, 2)


@pytest.mark.parametrize("words", ["", "a", "  .  ", "??", "a" * 81, "ha\x00ll"])
def test_words_that_cannot_be_looked_for_are_refused(db, words):
    with pytest.raises(Invalid) as refused:
        found(words)
    assert list(refused.value.fields) == ["q"]


def test_a_search_takes_the_same_queries_however_much_there_is(steppe, atlas, django_assert_num_queries):
    site = factories.site(steppe)
    for number in range(30):
        factories.offer(site, title=f"Georgia {number}", phases=[(100, factories.TODAY, None)])
        factories.machine(model=f"Georgia {number}")
    with django_assert_num_queries(5):
        answer = found("georgia")
    assert answer.count == 62
    Offer.objects.update(status="paused")
    with django_assert_num_queries(5):
        assert found("georgia").hotels.count == 0
