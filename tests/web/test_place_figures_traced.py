"""Every number and every legal status on a place's page is read from a row, and says from which."""

from datetime import date

import pytest

from hosting.models import JurisdictionFact, Offer
from hosting.services import placefigures, places, seeding
from tests import factories
from tests.web import tracing
from tests.web.placerules import expected
from tests.web.tracing import Traced

LAW = ("jurisdictions", "jurisdiction_facts", "regulation_rules", "regulation_events")
CODES = ("KZ", "US-TX", "PY", "CN", "CN-SC", "RU-IRK", "NO")
DAYS = (factories.TODAY, date(2021, 5, 25), date(2025, 1, 15), date(2029, 7, 1))
NBSP = "\u00a0"


def wrong(page: tracing.Page, as_of: date) -> list[str]:
    """What of a page does not say what its row says."""
    found = []
    for one in page.traced:
        says = " ".join(str(expected(one, as_of)).replace(NBSP, " ").split())
        if one.text.replace(NBSP, " ") != says:
            found.append(f"{one.row} {one.field}: the page says {one.text!r}, the row {says!r}")
    return found


def look(client, code: str, as_of: date) -> tracing.Page:
    query = {} if as_of == factories.TODAY else {"as_of": as_of.isoformat()}
    answer = client.get(f"/places/{code}/", query)
    assert answer.status_code == 200
    return tracing.read(answer.content.decode())


@pytest.fixture
def world(db):
    """The real reference data, and hotels: of three hosts in Kazakhstan, of one elsewhere each."""
    seeding.seed(now=factories.NOW, only=LAW)
    for number, code in enumerate(("KZ", "KZ", "KZ", "US-TX", "PY", "NO")):
        host = factories.organization("host")
        offer = factories.offer(
            factories.site(host, code=code, name=f"Hall {number} of 7"),
            title=f"Offer {number}",
            phases=((3256 + number, factories.TODAY, None),),
        )
        Offer.objects.filter(pk=offer.pk).update(
            list_price_micros=61_349 + 1_111 * number, list_price_on=factories.TODAY
        )


@pytest.mark.parametrize("code", CODES)
def test_each_figure_of_a_place_is_that_of_its_row(world, stranger, code):
    for as_of in DAYS:
        page = look(stranger, code, as_of)
        assert page.untraced() == [], f"{code} as of {as_of}: numbers that name no row"
        assert wrong(page, as_of) == []


@pytest.mark.parametrize("code", CODES)
def test_what_holds_is_all_there(world, stranger, code):
    for as_of in DAYS:
        law = places.law_of(code, as_of=as_of)
        shown = {(one.row, one.field) for one in look(stranger, code, as_of).traced}
        held = [*law.facts, law.predictability, law.ban or law.status]
        facts = {(f"fact:{one.fact.pk}", "value") for one in held if one}
        rules = {(f"rule:{rule.pk}", "sentence") for rule in (*law.in_force, *law.coming)}
        assert facts | rules <= shown


def test_figures_of_three_hosts_are_shown_and_those_of_one_are_not(world, stranger):
    placefigures.refresh(as_of=factories.TODAY, now=factories.NOW)
    three, one = (look(stranger, code, factories.TODAY).traced for code in ("KZ", "PY"))
    fields = {"hotels", "organizations", "total_kw", "free_kw", "median_price_micros"}
    assert {item.field for item in three if item.kind == "figures"} == fields
    assert {item.field for item in one if item.kind == "figures"} == {"hotels", "organizations"}


def test_a_number_that_names_no_row_is_found():
    page = tracing.read('<main><p>In force for 7 years</p><p data-row="x:1" data-field="y">3</p></main>')
    assert page.untraced() == ["In force for 7 years"]
    assert tracing.read("<main><b>banned</b></main>").untraced() == ["banned"]
    assert tracing.read('<main><svg aria-label="4 rules"></svg></main>').untraced() == ["4 rules"]


def test_a_number_that_is_not_its_rows_is_found(world):
    fact = JurisdictionFact.objects.get(jurisdiction="KZ", field="vat_pct")
    page = tracing.read(f'<main><b data-row="fact:{fact.pk}" data-field="value">61 %</b></main>')
    assert len(wrong(page, factories.TODAY)) == 1
    with pytest.raises(AssertionError, match="nobody knows rows like"):
        expected(Traced("made:up", "value", "1"), factories.TODAY)
