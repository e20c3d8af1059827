"""Posting a need: the form, its preview, the draft that is kept, and changing what was posted."""

import uuid
from datetime import UTC, datetime

import pytest

from accounts.models import Event
from hosting.models import CapacityRequest
from hosting.services import requests
from tests import factories
from tests.factories import NOW
from tests.web.minerpages import Browser, need
from tests.web.reading import text

pytestmark = pytest.mark.django_db
NEW = "/requests/new/"


@pytest.fixture
def as_min(min_, red_river):
    return Browser(min_, "red-river")


@pytest.fixture
def open_one(red_river):
    return factories.request(red_river)


def only():
    return CapacityRequest.objects.get()


def test_a_need_is_posted_and_opened_at_once(as_min, red_river):
    answer = as_min.post(NEW, need(publish="1", anonymous="1"))
    request = only()
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/requests/{request.pk}/"
    assert (request.owner, request.status, request.need_kw) == (red_river, "open", 1000)
    assert request.is_anonymous
    assert request.expires_at == datetime(2027, 3, 2, tzinfo=UTC), "the last day is included"


def test_a_draft_is_kept_without_being_opened(as_min):
    as_min.post(NEW, need(save="1"))
    assert only().status == "draft"


def test_the_need_looked_around_with_fills_the_form(as_min):
    page = text(as_min.get(NEW, {"need_kw": "2500", "machine": "", "term_months": "18", "cooling": "hydro"}))
    assert 'name="need_kw" value="2500"' in page
    assert 'name="term_months" value="18"' in page
    assert 'value="hydro" checked' in page


def test_the_page_of_results_leads_to_the_form_with_its_need(as_min, karaganda):
    page = text(as_min.get("/find/", {"need_kw": "2500", "term_months": "18"}))
    assert '<a class="btn btn-quiet" href="/requests/new/?by=kw&amp;need_kw=2500' in page


def test_nobody_posts_an_example_by_mistake(as_min):
    page = text(as_min.get(NEW))
    assert 'name="need_kw" value=""' in page
    assert 'name="expires_on" value="2027-03-12"' in page, "sixty days unless another day is chosen"


def test_the_hotels_are_ranked_before_anything_is_posted(as_min, karaganda):
    answer = as_min.post(NEW, need(preview="1"))
    assert answer.status_code == 200
    assert "1 of 1 hotels fits" in text(answer)
    assert 'name="need_kw" value="1000"' in text(answer)
    assert not CapacityRequest.objects.exists()


def test_the_live_preview_is_a_fragment_that_changes_nothing(as_min, karaganda):
    answer = as_min.get(NEW, need(), headers={"HX-Request": "true"})
    assert "1 of 1 hotels fits" in text(answer)
    assert "<html" not in text(answer)
    assert "HX-Request" in answer.headers["Vary"]
    assert not CapacityRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("need_kw", "3,500", "A comma can mean two things."),
        ("need_kw", "", "Enter the kW you need"),
        ("latest_start", "2026-01-01", "This day has passed."),
        ("max_price_usd", "-1", "It must be at least 0.000001."),
        ("expires_on", "2026-12-31", "Choose a day within the next twelve months."),
        ("expires_on", "2029-01-01", "Choose a day within the next twelve months."),
        ("expires_on", "soon", "Write the date as YYYY-MM-DD"),
        ("expires_on", "", "Enter a date."),
        ("weight_price", "101", "It must be at most 100"),
    ],
)
def test_bad_input_comes_back_with_a_sentence_and_all_that_was_typed(as_min, field, typed, sentence):
    answer = as_min.post(NEW, need(publish="1", min_uptime="97.25", **{field: typed}))
    page = text(answer)
    assert answer.status_code == 400
    assert f'id="e-{field.replace("_", "-") if field.startswith("weight") else field}"' in page
    assert page.count(sentence) >= 2, "on top of the page and beside the field"
    assert f'name="{field}" value="{typed}"' in page
    assert 'name="min_uptime" value="97.25"' in page
    assert not CapacityRequest.objects.exists()


def test_everything_that_is_wrong_is_said_at_once(as_min):
    page = text(as_min.post(NEW, need(save="1", need_kw="x", term_months="0", expires_on="never")))
    assert "3 entries can’t be read" in page
    for field in ("need_kw", "term_months", "expires_on"):
        assert f'<a href="#f-{field}">' in page


def test_a_line_more_saves_nothing_and_loses_nothing(as_min):
    machine = factories.machine()
    answer = as_min.post(NEW, need(by="fleet", machine=str(machine.pk), quantity="7", add_line="1"))
    assert answer.status_code == 200
    assert 'name="quantity" value="7"' in text(answer)
    assert not CapacityRequest.objects.exists()


def test_a_form_sent_twice_makes_one_request_and_leads_to_it(as_min):
    sent = need(publish="1")
    first, second = as_min.post(NEW, sent), as_min.post(NEW, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Event.objects.filter(subject_id=only().pk, code="became_open").count() == 1


def test_a_form_with_the_id_of_somebody_elses_request_makes_nothing(as_min):
    theirs = factories.request()
    answer = as_min.post(NEW, need(save="1", id=str(theirs.pk)))
    assert answer.status_code == 409
    assert only() == theirs


def test_an_unverified_organization_keeps_its_draft_and_is_told_what_is_missing():
    person = factories.user()
    factories.organization("miner", by=person, is_verified=False, handle="new-miner")
    browser = Browser(person, "new-miner")
    answer = browser.post(NEW, need(publish="1"))
    assert (answer.status_code, only().status) == (302, "draft")
    page = text(browser.get(answer.headers["Location"]))
    assert "only a verified organization publishes" in page
    assert "What is missing before this can be published" in page
    assert 'href="/organizations/new-miner/"' in page
    refused = browser.post(f"/requests/{only().pk}/publish/", {"version": "1"})
    assert (refused.status_code, only().status) == (403, "draft")


def test_a_host_posts_no_needs(hanna, steppe):
    browser = Browser(hanna, "steppe-power")
    assert browser.get(NEW).status_code == 403
    assert browser.post(NEW, need(save="1")).status_code == 403
    assert not CapacityRequest.objects.exists()


def test_a_form_made_for_another_organization_is_refused(as_min):
    factories.organization("miner", handle="other-one")
    as_min.handle = "other-one"
    assert as_min.post(NEW, need(save="1")).status_code == 409
    assert not CapacityRequest.objects.exists()


# -- changing -----------------------------------------------------------------------------------------------


def edit(request):
    return f"/requests/{request.pk}/edit/"


def as_shown(browser, request):
    """What the form of a request would send if nothing were typed."""
    form = browser.get(edit(request)).context["form"]
    sent = {name: value for name, value in form.single.items() if value}
    sent |= {"by": form.by, "expires_on": form.expires_on, "version": str(form.version), "save": "1"}
    sent |= {"machine": [one for one, _n in form.fleet], "quantity": [n for _one, n in form.fleet]}
    sent |= {name: list(values) for name, values in form.several.items() if values}
    sent |= {f"weight_{name}": value for name, value in form.weights.items()}
    sent["licence"], sent["licence_from"], sent["licence_until"] = (
        map(list, zip(*form.licences, strict=True)) if form.licences else ([], [], [])
    )
    return sent | ({"anonymous": "1"} if form.is_anonymous else {})


def test_saving_what_the_form_shows_changes_nothing(as_min, red_river):
    machine = factories.machine()
    request = factories.request(
        red_river,
        is_anonymous=True,
        need_kw=None,
        efficiency_j_th=None,
        worst_j_th=None,
        fleet=[{"machine": str(machine.pk), "quantity": 100}],
        origin="KZ-10",
        cooling=["air"],
        min_uptime="97.50",
        min_evidence="claimed",
        allowed_jurisdictions=["KZ", "NO"],
        licences=[{"type": "kz-2", "valid_from": "2026-01-01", "valid_to": "2028-01-01"}],
        weights={"price": 70},
    )
    sent = as_shown(as_min, request)
    assert as_min.post(edit(request), sent).status_code == 302
    event = Event.objects.filter(subject_id=request.pk, code="changed").first()
    assert event is None or event.params["fields"] == ["weights"], "the form spells the other weights out"
    again = CapacityRequest.objects.get()
    assert (again.origin, again.min_evidence, again.expires_at) == ("KZ-10", "claimed", request.expires_at)


def test_a_changed_request_is_matched_anew(as_min, open_one):
    sent = as_shown(as_min, open_one) | {"need_kw": "2"} | {"unit": "MW"}
    as_min.post(edit(open_one), sent)
    assert only().need_kw == 2000
    assert Event.objects.get(code="changed").params["fields"] == ["need_kw"]


def test_what_was_changed_meanwhile_is_shown_and_what_was_typed_is_kept(as_min, open_one, mina):
    sent = as_shown(as_min, open_one) | {"max_price_usd": "0.0777"}
    requests.change(
        request=open_one,
        need=factories.need(term_months=36),
        version=open_one.version,
        by=mina,
        now=NOW,
    )
    answer = as_min.post(edit(open_one), sent)
    page = text(answer)
    assert answer.status_code == 409
    assert "<b>For how long</b>: 36 months" in page
    assert 'name="max_price_usd" value="0.0777"' in page
    assert 'name="version" value="3"' in page
    assert only().term_months == 36
    assert as_min.post(edit(open_one), sent | {"version": "3"}).status_code == 302
    assert (only().term_months, str(only().max_price_usd)) == (12, "0.077700")


def test_a_draft_that_somebody_published_meanwhile_says_so(as_min, red_river, min_):
    draft = factories.request(red_river, status="draft")
    sent = as_shown(as_min, draft) | {"need_kw": "9000"}
    requests.publish(request=draft, by=min_, now=NOW)
    answer = as_min.post(edit(draft), sent)
    assert answer.status_code == 409
    assert "The request is open now." in text(answer)
    assert only().need_kw == 1000


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "1"])
def test_a_form_without_the_rows_version_changes_nothing(as_min, open_one, version):
    sent = as_shown(as_min, open_one) | {"need_kw": "9000", "version": version}
    assert as_min.post(edit(open_one), sent).status_code == 409
    assert only().need_kw == 1000


def test_a_withdrawn_request_has_no_form(as_min, open_one, min_):
    requests.withdraw(request=open_one, by=min_, now=NOW)
    assert as_min.get(edit(open_one)).status_code == 409


# -- steps --------------------------------------------------------------------------------------------------


def test_a_request_is_published_withdrawn_and_posted_again(as_min, red_river):
    request = factories.request(red_river, status="draft")
    home = f"/requests/{request.pk}/"
    as_min.post(home + "publish/", {"version": "1"})
    assert only().status == "open"
    as_min.post(home + "withdraw/", {"version": "2", "why": "sold the machines"})
    assert only().status == "withdrawn"
    assert Event.objects.get(code="became_withdrawn").why == "sold the machines"
    sent = {"id": str(uuid.uuid4())}
    first, second = as_min.post(home + "repost/", sent), as_min.post(home + "repost/", sent)
    copy = CapacityRequest.objects.exclude(pk=request.pk).get()
    assert copy.status == "draft"
    assert first.headers["Location"] == second.headers["Location"] == f"/requests/{copy.pk}/edit/"


def test_a_step_on_what_somebody_has_changed_is_refused(as_min, open_one):
    assert as_min.post(f"/requests/{open_one.pk}/withdraw/", {"version": "1"}).status_code == 409
    assert only().status == "open"
