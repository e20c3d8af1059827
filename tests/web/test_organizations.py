"""Organizations on pages: founded once, chosen, never mistaken for another; members and invitations."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organization, OutboxMail
from accounts.services import organizations
from tests import factories
from tests.web.reading import text

pytestmark = pytest.mark.django_db
FOUND = {"handle": "tian-shan", "kinds": ["host", "miner"], "legal_name": "Tian Shan Ltd", "country": "KZ"}
HERE = "/organizations/red-river/"


@pytest.fixture
def browser(min_, red_river):
    """Min's, acting for red-river."""
    made = Client()
    made.force_login(min_)
    return made


def send(browser, address, acting="red-river", **data):
    return browser.post(address, {"acting": acting, **data})


@pytest.fixture
def second(min_):
    """Min owns another one as well; now the choice is Min's."""
    return factories.organization("host", by=min_, handle="blue-lake")


def test_somebody_founds_an_organization_and_acts_for_it(as_mallory, mallory):
    answer = as_mallory.post("/organizations/", {**FOUND, "id": str(uuid.uuid4())})
    assert answer["Location"] == "/organizations/tian-shan/"
    page = text(as_mallory.get("/organizations/tian-shan/"))
    assert 'name="acting" value="tian-shan"' in page
    assert Organization.objects.get().kinds == ["host", "miner"]


def test_the_button_pressed_twice_founds_one(as_mallory):
    form = {**FOUND, "id": str(uuid.uuid4())}
    answers = [as_mallory.post("/organizations/", form) for _press in range(2)]
    assert [answer["Location"] for answer in answers] == ["/organizations/tian-shan/"] * 2
    assert Organization.objects.count() == 1


def test_a_taken_handle_is_said_beside_it_and_nothing_typed_is_lost(as_mallory, steppe):
    form = {**FOUND, "handle": "steppe-power", "id": str(uuid.uuid4())}
    answer = as_mallory.post("/organizations/", form)
    page = text(answer)
    assert answer.status_code == 409
    assert 'href="#id_handle"' in page
    assert 'aria-invalid="true"' in page
    assert 'value="Tian Shan Ltd"' in page
    assert '<option value="KZ" selected>' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("handle", "Q"), ("kinds", []), ("kinds", ["bank"]), ("country", "ZZ"), ("legal_name", ""), ("id", "1")],
)
def test_bad_input_is_the_page_again(field, value, as_mallory):
    answer = as_mallory.post("/organizations/", {**FOUND, "id": str(uuid.uuid4()), field: value})
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Organization.objects.exists()


def test_a_form_made_for_another_organization_changes_nothing(browser, red_river, second):
    send(browser, "/organizations/act-for/", handle="red-river")
    invite = {"email": "x@example.org", "role": "viewer"}
    assert send(browser, f"{HERE}invitations/", acting="blue-lake", **invite).status_code == 409
    assert send(browser, f"{HERE}invitations/", acting="", **invite).status_code == 409
    # The other tab chose the other organization meanwhile.
    send(browser, "/organizations/act-for/", handle="blue-lake")
    assert send(browser, f"{HERE}invitations/", **invite).status_code == 409
    assert not OutboxMail.objects.exists()


def test_the_choice_is_offered_in_the_head_and_of_mine_only(browser, red_river, second, steppe):
    page = text(browser.get("/"))
    assert 'name="handle" value="blue-lake"' in page
    assert 'name="handle" value="red-river"' in page
    assert "steppe-power" not in text(browser.get("/organizations/"))
    assert send(browser, "/organizations/act-for/", handle="steppe-power").status_code == 403


def test_choosing_leads_nowhere_outside(browser):
    answer = send(browser, "/organizations/act-for/", handle="red-river", next="https://evil.example/")
    assert answer["Location"] == HERE
    answer = send(browser, "/organizations/act-for/", handle="red-river", next="/find/")
    assert answer["Location"] == "/find/"


def test_a_membership_that_ended_is_no_choice_any_more(mina, red_river):
    browser = Client()
    browser.force_login(mina)
    browser.get("/organizations/")
    send(browser, "/organizations/act-for/", handle="red-river")
    Membership.objects.filter(user=mina).delete()
    assert browser.get(HERE).status_code == 404
    assert "red-river" not in text(browser.get("/organizations/"))


def test_a_stale_form_shows_what_stands_there_and_keeps_what_was_typed(browser, red_river, min_):
    seen = red_river.version
    organizations.describe(
        organization=red_river, version=seen, kinds=["miner", "broker"], legal_name=red_river.legal_name,
        country="KZ", registration_number="", by=min_, now=factories.NOW,
    )  # fmt: skip
    form = {"kinds": ["partner"], "legal_name": red_river.legal_name, "country": "KZ", "version": seen}
    answer = send(browser, f"{HERE}edit/", **form)
    page = text(answer)
    assert answer.status_code == 409
    assert "broker" in str(answer.context["changes"])
    assert re.search(r'value="partner"[^>]*checked', page)
    form["version"] = answer.context["form"].data["version"]
    assert send(browser, f"{HERE}edit/", **form).status_code == 302
    red_river.refresh_from_db()
    assert red_river.kinds == ["partner"]


def test_particulars_of_a_verified_one_stay(browser, red_river):
    form = {"kinds": ["miner"], "legal_name": "Other Ltd", "country": "KZ", "version": red_river.version}
    assert send(browser, f"{HERE}edit/", **form).status_code == 409
    red_river.refresh_from_db()
    assert red_river.legal_name == "Red River Mining Ltd"


def test_the_last_owner_is_not_removed(browser, red_river, min_):
    me = red_river.memberships.get(user=min_)
    answer = send(browser, f"{HERE}members/{me.pk}/", remove="1")
    assert answer.status_code == 409
    assert "keeps at least one owner" in text(answer)


def test_a_member_of_another_organization_is_not_found(browser, hanna, steppe):
    theirs = steppe.memberships.get()
    assert send(browser, f"{HERE}members/{theirs.pk}/", role="viewer", was="owner").status_code == 404


def link_in(letter):
    return re.search(r"https?://[^/]+(/\S+)", letter.text).group(1)


def test_an_invited_stranger_signs_up_confirms_and_joins(browser, red_river):
    cache.clear()
    send(browser, f"{HERE}invitations/", email="nova@example.org", role="trader")
    link = link_in(OutboxMail.objects.get(to="nova@example.org"))
    nova = Client()
    page = text(nova.get(link))
    assert "red-river" in page
    assert "Red River Mining" not in page
    form = {"email": "nova@example.org", "password1": "north-wind-77", "accepts": "on", "next": link}
    page = nova.post("/account/signup/", form, follow=True)
    letter = OutboxMail.objects.filter(to="nova@example.org").exclude(text__contains=link).get()
    code = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", letter.text, re.MULTILINE).group(1)
    assert nova.post(page.redirect_chain[-1][0], {"code": code})["Location"] == link
    assert nova.post(f"{link}accept/", {"acting": ""})["Location"] == HERE
    assert red_river.memberships.get(user__email="nova@example.org").role == "trader"


def test_an_expired_invitation_says_so(browser, mallory, monkeypatch):
    send(browser, f"{HERE}invitations/", email="mallory@example.org", role="owner")
    link = link_in(OutboxMail.objects.get())
    later = factories.NOW + timedelta(days=7)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    late = Client()
    late.force_login(mallory)
    answer = late.get(link)
    assert answer.status_code == 410
    assert "no longer holds" in text(answer)
    assert late.post(f"{link}accept/").status_code == 409
    assert not mallory.memberships.exists()


def test_inviting_twice_is_refused_beside_the_field_and_sending_again_works(browser, red_river):
    for status in (302, 409):
        answer = send(browser, f"{HERE}invitations/", email="x@example.org", role="viewer")
        assert answer.status_code == status
    assert 'href="#id_email"' in text(answer)
    made = red_river.invitations.get()
    send(browser, f"{HERE}invitations/{made.pk}/")
    assert OutboxMail.objects.filter(to="x@example.org").count() == 2
    send(browser, f"{HERE}invitations/{made.pk}/", revoke="1")
    assert Client().get(link_in(OutboxMail.objects.filter(to="x@example.org").first())).status_code in (
        404,
        410,
    )


def test_pages_take_the_same_queries_however_many_members_there_are(browser, red_river, min_):
    def look(page):
        with_queries = CaptureQueriesContext(connection)
        with with_queries:
            assert browser.get(page).status_code == 200
        return len(with_queries)

    for page in (HERE, "/organizations/"):
        browser.get(page)
        few = look(page)
        for _one in range(5):
            organizations.join(
                organization=red_river, user=factories.user(), role="viewer", by=min_, now=factories.NOW
            )
            factories.organization("host", by=min_)
        send(browser, "/organizations/act-for/", handle="red-river")
        browser.get(page)
        assert look(page) <= few
