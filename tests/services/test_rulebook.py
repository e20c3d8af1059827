"""Staff writes the law down: facts and news at once, a rule in the hands of two; each an Event."""

from datetime import date, timedelta

import pytest

from accounts.models import Due, Event
from accounts.services.errors import Invalid, NotAllowed
from accounts.services.lifecycle import NoSuchMove, Stale
from hosting.models import JurisdictionFact, RegulationRule
from hosting.services import machines, matchruns, rulebook
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def fact(**fields):
    values = {
        "jurisdiction": factories.jurisdiction("KZ"),
        "field": "legal_status",
        "value": "legal_licensed",
        "valid_from": date(2023, 4, 1),
        "dated_by": "effective",
        "publisher": "The Gazette",
        "confidence": "high",
    }
    return {**values, **fields}


def rule(**fields):
    values = {
        "jurisdiction": factories.jurisdiction("KZ"),
        "subject": "host",
        "effect": "prohibit",
        "valid_from": date(2023, 1, 1),
        "title": "No new sites",
        "confidence": "high",
    }
    return {**values, **fields}


def is_due(row):
    return Due.objects.filter(reader=matchruns.READER, event__subject_id=row.pk).exists()


def test_a_fact_that_is_entered_touches_its_place_and_makes_matching_due(sam):
    made = rulebook.save_fact(values=fact(), by=sam, now=NOW)
    event = Event.objects.get(subject_id=made.pk)
    assert (event.code, event.by, event.params["jurisdiction"]) == ("entered", sam.pk, "KZ")
    assert is_due(made)
    assert (made.jurisdiction.version, made.jurisdiction.updated_at) == (2, NOW)


def test_a_correction_keeps_what_stood_there_and_why(sam):
    made = rulebook.save_fact(values=fact(), by=sam, now=NOW)
    rulebook.save_fact(values=fact(value="banned"), fact=made, by=sam, why="misread", now=NOW)
    event = Event.objects.get(subject_id=made.pk, code="corrected")
    assert event.params["changes"] == {"value": ["legal_licensed", "banned"]}
    assert event.why == "misread"
    made.refresh_from_db()
    assert made.value == "banned"


def test_the_same_again_says_nothing(sam):
    made = rulebook.save_fact(values=fact(), by=sam, now=NOW)
    rulebook.save_fact(values=fact(), fact=made, by=sam, why="again", now=NOW)
    assert Event.objects.filter(subject_id=made.pk).count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"value": "perfectly fine"}, "value"),
        ({"field": "predictability", "value": "6"}, "value"),
        ({"field": "sanctions_comprehensive", "value": "maybe"}, "value"),
        ({"value": ""}, "value"),
        ({"confidence": "sure"}, "confidence"),
    ],
)
def test_a_fact_that_would_be_read_as_something_else_is_refused(sam, fields, field):
    with pytest.raises(Invalid) as refused:
        rulebook.save_fact(values=fact(**fields), by=sam, now=NOW)
    assert field in refused.value.fields
    assert not JurisdictionFact.objects.exists()


def test_a_fact_has_one_row_for_each_first_day(sam):
    made = rulebook.save_fact(values=fact(), by=sam, now=NOW)
    with pytest.raises(Invalid):
        rulebook.save_fact(values=fact(value="banned"), by=sam, now=NOW)
    moved = fact(valid_from=date(2024, 1, 1))
    with pytest.raises(Invalid) as refused:
        rulebook.save_fact(values=moved, fact=made, by=sam, why="moved", now=NOW)
    assert "valid_from" in refused.value.fields


def test_a_correction_needs_its_reason_and_staff(sam, hanna):
    made = rulebook.save_fact(values=fact(), by=sam, now=NOW)
    with pytest.raises(Invalid):
        rulebook.save_fact(values=fact(value="banned"), fact=made, by=sam, why=" ", now=NOW)
    for write in (rulebook.save_fact, rulebook.save_news, rulebook.draft, machines.save):
        with pytest.raises(NotAllowed):
            write(values={**fact(), **rule(), "hashrate_th_s": 1, "power_w": 1}, by=hanna, now=NOW)


def test_a_rule_passes_two_hands_before_it_counts(sam, sara):
    made = rulebook.draft(values=rule(), by=sam, now=NOW)
    assert made.status == "draft"
    rulebook.review(rule=made, by=sam, why="it is what the law says", now=NOW)
    with pytest.raises(rulebook.SameHands):
        rulebook.publish(rule=made, by=sam, why="in force", now=NOW)
    assert made.status == "reviewed"
    Due.objects.all().delete()
    rulebook.publish(rule=made, by=sara, why="in force", now=NOW)
    assert (made.status, is_due(made)) == ("published", True)
    assert made.jurisdiction.version == 2


def test_a_published_rule_stops_counting_when_it_is_superseded(sam):
    offer = factories.offer()
    request = factories.request()
    made = factories.rule("KZ", "prohibit")
    matchruns.run(now=NOW, clock=lambda: NOW, trigger="test")
    request.refresh_from_db()
    assert request.match_list.rows == []
    rulebook.supersede(rule=made, by=sam, why="lifted", now=NOW)
    matchruns.match_due(now=NOW + timedelta(minutes=1), clock=lambda: NOW)
    request.match_list.refresh_from_db()
    assert [row["offer"] for row in request.match_list.rows] == [str(offer.pk)]


def test_only_a_draft_is_rewritten_and_only_the_version_that_was_seen(sam):
    made = rulebook.draft(values=rule(), by=sam, now=NOW)
    with pytest.raises(Stale):
        rulebook.revise(rule=made, values=rule(title="New"), by=sam, why="typo", now=NOW, version=7)
    made = rulebook.revise(rule=made, values=rule(title="New"), by=sam, why="typo", now=NOW, version=1)
    assert (made.title, made.version) == ("New", 2)
    rulebook.review(rule=made, by=sam, why="right", now=NOW)
    with pytest.raises(rulebook.NoDraft):
        rulebook.revise(rule=made, values=rule(), by=sam, why="typo", now=NOW, version=made.version)


def test_a_draft_is_not_published_unreviewed(sam):
    made = rulebook.draft(values=rule(), by=sam, now=NOW)
    with pytest.raises(NoSuchMove):
        rulebook.publish(rule=made, by=sam, why="hurry", now=NOW)
    made.refresh_from_db()
    assert made.status == "draft"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"valid_to": date(2023, 1, 1)}, "valid_to"),
        ({"min_kw": 5, "max_kw": 4}, "max_kw"),
        ({"effect": "cap_kw"}, "cap_kw"),
        ({"cap_kw": 100}, "cap_kw"),
        ({"effect": "require_licence"}, "licence_type"),
        ({"effect": "levy_per_kwh", "levy": [{"from": "0", "amount": "1"}]}, "levy_currency"),
        ({"effect": "levy_per_kwh", "levy": [], "levy_currency": "KZT"}, "levy"),
        ({"effect": "levy_per_kwh", "levy": [{"from": "0"}], "levy_currency": "KZT"}, "levy"),
        ({"effect": "levy_per_kwh", "levy": [{"from": "0", "amount": "-1"}], "levy_currency": "KZT"}, "levy"),
        (
            {"effect": "levy_per_kwh", "levy": [{"from": "0", "amount": "1"}], "levy_currency": "kzt"},
            "levy_currency",
        ),
        (
            {"effect": "levy_per_kwh", "levy_currency": "KZT", "levy": [{"from": "0", "amount": "1"}] * 2},
            "levy",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_the_matching_could_not_apply_is_refused(sam, fields, field):
    with pytest.raises(Invalid) as refused:
        rulebook.draft(values=rule(**fields), by=sam, now=NOW)
    assert field in refused.value.fields
    assert not RegulationRule.objects.exists()


def test_news_are_entered_and_corrected(sam):
    values = {
        "date": TODAY,
        "date_precision": "day",
        "jurisdiction": "XK",
        "kind": "policy",
        "title": "A ban is lifted",
        "confidence": "medium",
    }
    made = rulebook.save_news(values=values, by=sam, now=NOW)
    rulebook.save_news(values={**values, "confidence": "high"}, news=made, by=sam, why="seen", now=NOW)
    made.refresh_from_db()
    assert made.confidence == "high"
    assert list(Event.objects.filter(subject_id=made.pk).order_by("pk").values_list("code", flat=True)) == [
        "entered",
        "corrected",
    ]


def test_a_machine_that_is_entered_derives_its_efficiency(sam):
    values = {
        "maker": "Maker",
        "model": "M1",
        "algorithm": "SHA-256",
        "hashrate_th_s": 200,
        "power_w": 3500,
        "cooling": "air",
        "source": "data sheet",
        "confidence": "high",
    }
    made = machines.save(values=values, by=sam, now=NOW)
    made.refresh_from_db()
    assert str(made.efficiency_j_th) == "17.50"
    for wrong in ({"power_w": 0}, {"hashrate_th_s": 0}):
        with pytest.raises(Invalid):
            machines.save(values={**values, "model": "M2", **wrong}, by=sam, now=NOW)
