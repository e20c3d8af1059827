"""Reference rows are entered and corrected through their services; a rule passes two of the staff."""

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Due, Event
from hosting.models import JurisdictionFact, MachineModel, Rate, RegulationEvent, RegulationRule
from tests import factories
from tests.admin.test_looking import address
from tests.factories import NOW

pytestmark = pytest.mark.django_db
FACT = {
    "jurisdiction": "KZ",
    "field": "legal_status",
    "value": "legal_licensed",
    "valid_from": "2023-04-01",
    "dated_by": "effective",
    "publisher": "The Gazette",
    "confidence": "high",
}
RULE = {
    "jurisdiction": "KZ",
    "subject": "host",
    "effect": "levy_per_kwh",
    "valid_from": "2023-01-01",
    "levy": '[{"from": "0", "amount": "1.5"}]',
    "levy_currency": "KZT",
    "title": "A levy",
    "confidence": "high",
}
RATE = {"kind": "fx", "currency": "KZT", "value": "0.0019", "on": "2027-01-10", "source": "bank"}
MACHINE = {
    "maker": "Maker",
    "model": "M1",
    "algorithm": "SHA-256",
    "hashrate_th_s": "200",
    "power_w": "3500",
    "cooling": "air",
    "source": "data sheet",
    "confidence": "high",
}
NEWS = {
    "date": "2027-01-10",
    "date_precision": "day",
    "jurisdiction": "XK",
    "kind": "policy",
    "title": "A ban is lifted",
    "confidence": "high",
}


@pytest.fixture(autouse=True)
def _held_clock_and_place(monkeypatch, db):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    factories.jurisdiction("KZ")


def said(answer):
    return answer.context["errors"] if answer.status_code == 200 else None


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (JurisdictionFact, FACT),
        (RegulationRule, RULE),
        (Rate, RATE),
        (MachineModel, MACHINE),
        (RegulationEvent, NEWS),
    ],
)
def test_a_row_is_entered_with_its_event_by_who_entered_it(client, sam, model, values):
    client.force_login(sam)
    answer = client.post(address(model, "add"), values)
    assert answer.status_code == 302, said(answer)
    row = model.objects.get()
    assert Event.objects.get(subject_id=row.pk).by == sam.pk
    page = client.get(address(model, "history", row.pk)).content.decode()
    assert "entered" in page
    assert "sam@example.org" in page


def test_a_correction_is_kept_with_its_reason_and_its_key_stays(client, sam):
    client.force_login(sam)
    client.post(address(JurisdictionFact, "add"), FACT)
    row = JurisdictionFact.objects.get()
    page = address(JurisdictionFact, "change", row.pk)
    changed = {**FACT, "value": "banned", "valid_from": "2020-01-01"}
    assert "Say why" in str(said(client.post(page, changed)))
    assert client.post(page, {**changed, "why": "It was misread."}).status_code == 302
    row.refresh_from_db()
    assert (row.value, row.valid_from.isoformat()) == ("banned", "2023-04-01")
    story = client.get(address(JurisdictionFact, "history", row.pk)).content.decode()
    assert "It was misread." in story
    assert "legal_licensed → banned" in story


def test_what_the_service_refuses_stands_beside_its_field_and_nothing_is_saved(client, sam):
    client.force_login(sam)
    answer = client.post(address(JurisdictionFact, "add"), {**FACT, "value": "fine"})
    assert "value" in answer.context["adminform"].form.errors
    answer = client.post(address(RegulationRule, "add"), {**RULE, "levy": "[1]"})
    assert "levy" in answer.context["adminform"].form.errors
    answer = client.post(address(Rate, "add"), {**RATE, "value": "-1"})
    assert "value" in answer.context["adminform"].form.errors
    assert not Event.objects.filter(code="entered").exists()
    for model in (JurisdictionFact, RegulationRule, Rate):
        assert not model.objects.exists()


def test_a_rate_is_corrected_and_makes_matching_due(client, sam):
    client.force_login(sam)
    client.post(address(Rate, "add"), RATE)
    row = Rate.objects.get()
    Due.objects.all().delete()
    answer = client.post(address(Rate, "change", row.pk), {**RATE, "value": "0.0021", "currency": "RUB"})
    assert answer.status_code == 302, said(answer)
    row.refresh_from_db()
    assert (str(row.value), row.currency) == ("0.002100000000", "KZT")
    assert Due.objects.filter(reader="matching", event__subject_id=row.pk).exists()


def step(client, row, name):
    row.refresh_from_db()
    page = address(RegulationRule, "change", row.pk).replace("change/", f"step/{name}/")
    return client.post(page, {"version": row.version, "why": "The Gazette says so."})


def test_a_rule_goes_from_draft_to_superseded_through_two_hands(client, sam, sara):
    client.force_login(sam)
    client.post(address(RegulationRule, "add"), RULE)
    row = RegulationRule.objects.get()
    page = address(RegulationRule, "change", row.pk)
    assert 'name="_save"' in client.get(page).content.decode()
    assert step(client, row, "publish").status_code == 409
    assert step(client, row, "review").status_code == 302
    assert 'name="_save"' not in client.get(page).content.decode()
    assert step(client, row, "publish").status_code == 403
    client.force_login(sara)
    assert step(client, row, "publish").status_code == 302
    assert step(client, row, "supersede").status_code == 302
    row.refresh_from_db()
    assert row.status == "superseded"
    story = client.get(address(RegulationRule, "history", row.pk)).content.decode()
    assert story.index("sara@example.org") < story.index("sam@example.org")


def test_a_draft_that_somebody_rewrote_meanwhile_is_not_overwritten(client, sam):
    client.force_login(sam)
    client.post(address(RegulationRule, "add"), RULE)
    row = RegulationRule.objects.get()
    page = address(RegulationRule, "change", row.pk)
    rewritten = {**RULE, "title": "Another", "why": "typo", "seen": row.version}
    assert client.post(page, rewritten).status_code == 302
    answer = client.post(page, {**rewritten, "title": "A third"})
    assert "Somebody changed this since you opened it." in str(said(answer))
    row.refresh_from_db()
    assert row.title == "Another"


def test_whoever_may_only_look_enters_and_corrects_nothing(client, sam):
    client.force_login(sam)
    client.post(address(JurisdictionFact, "add"), FACT)
    client.post(address(RegulationRule, "add"), RULE)
    helper = factories.user("helper@example.org", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(helper)
    for model, values in ((JurisdictionFact, FACT), (RegulationRule, RULE), (Rate, RATE)):
        assert client.get(address(model)).status_code == 200
        assert client.post(address(model, "add"), values).status_code == 403
    for row in (JurisdictionFact.objects.get(), RegulationRule.objects.get()):
        assert client.post(address(type(row), "change", row.pk), {"value": "banned"}).status_code == 403


def test_places_are_found_by_typing(client, sam):
    client.force_login(sam)
    asked = {"term": "Place", "app_label": "hosting", "model_name": "jurisdictionfact"}
    answer = client.get("/admin/autocomplete/", {**asked, "field_name": "jurisdiction"})
    assert [one["id"] for one in answer.json()["results"]] == ["KZ"]
