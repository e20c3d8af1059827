"""GET jurisdictions/: what the law says in a place, with its own values only."""

from datetime import date, timedelta

import pytest

from tests import factories
from tests.api.walking import API, is_problem, walk

pytestmark = pytest.mark.django_db
TODAY = factories.TODAY


def place(client, code):
    return client.get(f"{API}/jurisdictions/{code}/").json()


def test_a_place_shows_the_status_that_holds_today_with_its_source(stranger):
    factories.fact("KZ", "legal_status", "tolerated", valid_from=date(2020, 1, 1), confidence="low")
    factories.fact("KZ", "legal_status", "legal_licensed", valid_from=date(2023, 4, 1))
    factories.fact("KZ", "legal_status", "banned", valid_from=TODAY + timedelta(1))
    assert walk(stranger, "jurisdictions/")[0]["legal_status"] == {
        "value": "legal_licensed",
        "valid_from": "2023-04-01",
        "dated_by": "effective",
        "as_of": "2023-04-30",
        "source": "The Gazette",
        "url": "https://example.org/law",
        "confidence": "high",
    }


def test_a_status_holds_from_its_first_day_on(stranger):
    factories.fact("KZ", "legal_status", "banned", valid_from=TODAY)
    assert place(stranger, "KZ")["legal_status"]["value"] == "banned"


def test_predictability_is_a_number_with_its_rationale(stranger):
    factories.fact("KZ", "predictability", "4", rationale="Laws are announced a year ahead.")
    rating = place(stranger, "KZ")["predictability"]
    assert (rating["value"], rating["rationale"]) == (4, "Laws are announced a year ahead.")


def test_a_place_without_values_of_its_own_shows_null_and_its_parent(stranger):
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.jurisdiction("KZ-KAR")
    found = place(stranger, "KZ-KAR")
    assert (found["parent"], found["legal_status"], found["predictability"]) == ("KZ", None, None)
    assert found["rules"] == []


def test_rules_are_shown_in_force_and_coming_but_not_over_or_unpublished(stranger):
    factories.rule("KZ", "allow", title="over", valid_to=TODAY)
    factories.rule("KZ", "allow", title="last day", valid_to=TODAY + timedelta(1))
    factories.rule("KZ", "allow", title="coming", valid_from=TODAY + timedelta(90))
    factories.rule("KZ", "allow", title="draft", status="draft")
    factories.rule("KZ", "allow", title="unsure", valid_from=date(2024, 1, 1), confidence="low")
    titles = [rule["title"] for rule in place(stranger, "KZ")["rules"]]
    assert titles == ["last day", "unsure", "coming"]


def test_a_levy_shows_its_scale_as_text_and_other_rules_show_none(stranger):
    levy = [{"from": "0", "amount": "10"}, {"from": "24.5", "amount": "1"}]
    factories.rule("KZ", "levy_per_kwh", levy=levy, levy_currency="KZT", valid_from=date(2022, 1, 1))
    factories.rule("KZ", "cap_kw", cap_kw=5000, min_kw=10, subject="miner", new_only=True)
    scale, cap = place(stranger, "KZ")["rules"]
    assert (scale["levy"], scale["levy_currency"], scale["cap_kw"]) == (levy, "KZT", None)
    assert (cap["levy"], cap["levy_currency"], cap["licence_type"]) == (None, None, None)
    assert (cap["cap_kw"], cap["min_kw"], cap["max_kw"], cap["new_only"]) == (5000, 10, None, True)
    assert (cap["valid_from"], cap["valid_to"], cap["subject"]) == ("2023-01-01", None, "miner")


def test_the_detail_has_every_fact_and_the_list_has_none(stranger):
    factories.fact("KZ", "import_duty", "5 %", title="Tariff", valid_from=date(2021, 1, 1))
    factories.fact("KZ", "legal_status", "legal_licensed", publisher="", url="")
    facts = place(stranger, "KZ")["facts"]
    assert [(one["field"], one["value"], one["publisher"]) for one in facts] == [
        ("import_duty", "5 %", "The Gazette"),
        ("legal_status", "legal_licensed", None),
    ]
    assert {"as_of", "url", "confidence", "valid_from"} <= set(facts[0])
    assert "facts" not in walk(stranger, "jurisdictions/")[0]


def test_places_are_filtered_by_parent_and_by_own_status(stranger):
    factories.fact("KZ", "legal_status", "banned", valid_from=date(2020, 1, 1))
    factories.fact("KZ", "legal_status", "legal_licensed", valid_from=date(2021, 1, 1))
    factories.fact("NO", "legal_status", "banned")
    factories.jurisdiction("KZ-KAR")

    def codes(**query):
        return [row["code"] for row in walk(stranger, "jurisdictions/", **query)]

    assert codes() == ["KZ", "KZ-KAR", "NO"]
    assert codes(parent="KZ") == ["KZ-KAR"]
    assert codes(legal_status="banned") == ["NO"]
    assert codes(legal_status="legal_licensed") == ["KZ"]
    assert codes(updated_since="2027-01-11T09:00:00Z") == ["KZ", "KZ-KAR", "NO"]
    assert codes(updated_since="2027-01-11T09:00:01Z") == []


def test_places_are_paged_by_code_not_by_number(stranger):
    for code in ("KZ", "NO", "US", "CA", "PY"):
        factories.jurisdiction(code)
    rows = walk(stranger, "jurisdictions/", page_size=2)
    assert [row["code"] for row in rows] == ["CA", "KZ", "NO", "PY", "US"]


def test_a_place_nobody_knows_is_a_404_problem(stranger):
    is_problem(stranger.get(f"{API}/jurisdictions/XX/"), 404, "not_found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"parent": "XX"}, "parent"),
        ({"legal_status": "fine"}, "legal_status"),
        ({"status": "banned"}, "status"),
        ({"updated_since": "yesterday"}, "updated_since"),
    ],
)
def test_a_filter_that_means_nothing_is_refused_by_its_name(stranger, query, field):
    body = is_problem(stranger.get(f"{API}/jurisdictions/", query), 400, "invalid")
    assert list(body["errors"]) == [field]


def test_thirty_places_take_as_many_queries_as_three(stranger, django_assert_num_queries):
    def fill(codes):
        for code in codes:
            factories.fact(code, "legal_status", "legal_licensed")
            factories.rule(code, "allow")

    fill(["KZ", "NO", "US"])
    with django_assert_num_queries(3):
        stranger.get(f"{API}/jurisdictions/")
    fill([f"{first}{second}" for first in "ABC" for second in "ABCDEFGHI"])
    with django_assert_num_queries(3):
        assert len(stranger.get(f"{API}/jurisdictions/").json()["results"]) == 30


def test_mallory_reads_what_a_stranger_reads(stranger, as_, mallory):
    factories.fact("KZ", "legal_status", "legal_licensed")
    assert walk(as_(mallory), "jurisdictions/") == walk(stranger, "jurisdictions/")
