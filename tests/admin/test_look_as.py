"""Staff looks at the pages as an organization sees them: to read only, for an hour, and written down."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Event, Membership
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
BEGIN, END = "/staff/look/red-river/", "/staff/look-as-yourself/"
BANNER = "Nothing can be changed."


@pytest.fixture
def clock(monkeypatch):
    times = [NOW]
    monkeypatch.setattr(timezone, "now", lambda: times[0])
    return times


@pytest.fixture
def looking(client, sam, red_river, clock):
    client.force_login(sam)
    answer = client.post(BEGIN, {"why": "They can't find their list."})
    assert answer.headers["Location"] == "/organizations/red-river/"
    return client


def deeds(organization):
    told = Event.objects.filter(subject_kind="accounts.look", subject_id=organization.pk).order_by("pk")
    return list(told.values_list("code", "by", "why"))


def test_it_shows_what_the_organization_sees_and_no_more(looking, sam, steppe, red_river):
    mine, draft = factories.request(red_river), factories.offer(factories.site(steppe), status="draft")
    page = looking.get("/requests/")
    assert page.status_code == 200
    assert str(mine.pk) in page.content.decode()
    assert looking.get("/organizations/red-river/").status_code == 200
    assert looking.get("/organizations/steppe-power/").status_code == 404
    # Staff itself would see the draft of a host.
    assert looking.get(f"/hotels/{draft.pk}/").status_code == 404
    assert "12 Secret Street" not in page.content.decode()


def test_every_page_says_so(looking):
    for page in ("/", "/hotels/", "/organizations/red-river/", "/requests/", "/admin/"):
        shown = looking.get(page).content.decode()
        assert BANNER in shown, page
        assert "red-river" in shown, page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "page", ["/organizations/red-river/edit/", "/api/v1/matches/preview/", "/admin/", "/account/"]
)
def test_every_unsafe_request_is_refused_and_changes_nothing(looking, method, page):
    events = Event.objects.count()
    answer = getattr(looking, method)(page, {"acting": "red-river"}, content_type="application/json")
    assert answer.status_code == 403
    assert "To read only" in answer.content.decode()
    assert Event.objects.count() == events


def test_begin_and_end_are_written_down(looking, sam, red_river):
    assert deeds(red_river) == [("look_began", sam.pk, "They can't find their list.")]
    assert looking.post(END).status_code == 302
    assert deeds(red_river)[1:] == [("look_ended", sam.pk, "")]
    assert BANNER not in looking.get("/").content.decode()
    page = looking.get(f"/admin/accounts/organization/{red_river.pk}/history/").content.decode()
    assert "look began" in page
    assert "look ended" in page


def test_signing_out_ends_it_in_writing(looking, sam, red_river):
    assert looking.post("/logout/").status_code == 302
    assert [code for code, _by, _why in deeds(red_river)] == ["look_began", "look_ended"]
    assert looking.get("/organizations/red-river/").status_code == 302


def test_after_an_hour_it_ends_by_itself(looking, red_river, clock):
    clock[0] = NOW + timedelta(minutes=59)
    assert BANNER in looking.get("/").content.decode()
    clock[0] = NOW + timedelta(minutes=60)
    assert BANNER not in looking.get("/").content.decode()
    assert [code for code, _by, _why in deeds(red_river)] == ["look_began", "look_ended"]


def test_who_is_no_longer_of_the_staff_looks_no_longer(looking, sam, red_river):
    type(sam).objects.filter(pk=sam.pk).update(is_staff=False, is_superuser=False)
    assert looking.get("/organizations/red-river/").status_code == 404
    assert [code for code, _by, _why in deeds(red_river)] == ["look_began", "look_ended"]


def test_it_needs_a_reason(client, sam, red_river):
    client.force_login(sam)
    answer = client.post(BEGIN, {"why": " "})
    assert answer.status_code == 400
    assert "Say why" in answer.content.decode()
    assert deeds(red_river) == []


def test_it_makes_nobody_a_member(looking, sam, red_river):
    assert not Membership.objects.filter(user=sam).exists()
    assert red_river.memberships.count() == 1


def test_nobody_else_looks(hanna, steppe, red_river, settings, sam):
    helper = factories.user("helper@example.org", is_staff=True)
    for person in (hanna, helper):
        client = Client()
        client.force_login(person)
        assert client.get(BEGIN).status_code == 404
        assert client.post(BEGIN, {"why": "I want to."}).status_code == 404
    settings.STAFF_NEEDS_SECOND_FACTOR = True
    sam.authenticator_set.all().delete()
    client = Client()
    client.force_login(sam)
    assert client.post(BEGIN, {"why": "I want to."}).status_code == 404
    assert deeds(red_river) == []
