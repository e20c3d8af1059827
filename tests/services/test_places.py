"""The law of a place as people read it: resolved as in the matching, with the rows behind it."""

from datetime import date, timedelta

import pytest

from hosting.models import Jurisdiction
from hosting.services import places
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 11)


def test_a_fact_of_the_parent_is_inherited_and_says_from_where():
    factories.jurisdiction("CA-QC")
    factories.fact("CA", "legal_status", "legal_unregulated")
    factories.fact("CA", "predictability", "3", rationale="Provinces differ.")
    law = places.law_of("CA-QC", as_of=DAY)
    assert (law.status.fact.value, law.status.inherited_from) == ("legal_unregulated", "CA")
    rating = law.predictability
    assert (rating.fact.rationale, rating.inherited_from) == ("Provinces differ.", "CA")
    assert [place.code for place in law.lineage] == ["CA-QC", "CA"]


def test_an_own_fact_hides_the_one_of_the_parent():
    factories.fact("CA", "legal_status", "legal_unregulated")
    factories.fact("CA-QC", "legal_status", "restricted")
    law = places.law_of("CA-QC", as_of=DAY)
    assert (law.status.fact.value, law.status.inherited_from) == ("restricted", None)


def test_what_nobody_knows_is_unknown_and_unsure():
    factories.jurisdiction("MN")
    law = places.law_of("MN", as_of=DAY)
    assert (law.status, law.predictability, law.facts) == (None, None, ())
    assert law.is_unsure
    assert places.statuses(DAY)["MN"] is None


def test_a_fact_does_not_hold_before_its_first_day():
    factories.fact("FI", "legal_status", "tolerated", valid_from=DAY - timedelta(days=400))
    factories.fact("FI", "legal_status", "restricted", valid_from=DAY)
    assert places.law_of("FI", as_of=DAY - timedelta(days=1)).status.fact.value == "tolerated"
    assert places.law_of("FI", as_of=DAY).status.fact.value == "restricted"


def test_a_banned_parent_bans_its_places():
    factories.fact("CN", "legal_status", "banned")
    factories.fact("CN-SC", "legal_status", "tolerated")
    assert places.law_of("CN-SC", as_of=DAY).banned_by == "CN"
    assert places.statuses(DAY) == {"CN": "banned", "CN-SC": "banned"}


def test_rules_of_the_place_and_its_parents_stand_together_in_force_and_coming():
    factories.rule("RU", "require_registration", licence_type="register", title="now")
    factories.rule("RU-BU", "curtail", title="coming", valid_from=DAY + timedelta(days=1))
    factories.rule("RU-BU", "curtail", title="over", valid_to=DAY)
    factories.rule("RU-BU", "allow", title="draft", status="draft")
    law = places.law_of("RU-BU", as_of=DAY)
    assert [rule.title for rule in law.in_force] == ["now"]
    assert [(rule.title, rule.jurisdiction.code) for rule in law.coming] == [("coming", "RU-BU")]


def test_a_sanctioned_country_takes_its_subdivisions_along():
    factories.fact("IR", "sanctions_comprehensive", "yes")
    factories.fact("IR-07", "sanctions_comprehensive", "no")
    factories.fact("US", "sanctions_comprehensive", "no")
    assert places.sanctioned_codes(DAY) == {"IR", "IR-07"}
    assert places.is_sanctioned("IR-07", DAY)
    assert not places.is_sanctioned("US", DAY)


def test_sanctions_count_from_their_first_day():
    factories.fact("IR", "sanctions_comprehensive", "yes", valid_from=DAY)
    assert places.sanctioned_codes(DAY - timedelta(days=1)) == set()
    assert places.sanctioned_codes(DAY) == {"IR"}


def test_a_place_nobody_has_heard_of_does_not_exist():
    with pytest.raises(Jurisdiction.DoesNotExist):
        places.law_of("XX", as_of=DAY)


def test_the_law_of_a_place_takes_the_same_few_queries_however_much_is_known(django_assert_num_queries):
    for number in range(5):
        factories.fact("NO", f"field_{number}", "1")
        factories.rule("NO", "allow", title=f"note {number}")
    with django_assert_num_queries(3):
        law = places.law_of("NO", as_of=DAY)
        assert [rule.jurisdiction.name for rule in law.in_force] == ["Place NO"] * 5
        assert [held.fact.jurisdiction.name for held in law.facts] == ["Place NO"] * 5
