"""The list of notices, the way from a line to its subject, and the page on which one chooses what to hear."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, NoticeSetting
from accounts.services import notices
from hosting.services import newswords
from tests import factories
from tests.factories import NOW


def tell(person, code="interest_expressed", about="one", organization=None, now=NOW, **params):
    notices.tell(
        recipients=[person], code=code, about=about, organization=organization, params=params, now=now
    )
    return Notice.objects.get(recipient=person, about=about)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def as_min(red_river, min_):
    return signed_in(min_)


def text_of(answer):
    return answer.content.decode()


def test_the_list_shows_what_is_new_in_words_the_newest_first(as_min, red_river, min_, karaganda):
    request = factories.request(red_river, need_kw=2500)
    pair = {"request": str(request.pk), "offer": str(karaganda.pk)}
    tell(min_, about="one", organization=red_river, **pair)
    later = NOW + timedelta(hours=1)
    tell(min_, "verification_changed", "two", red_river, now=later, became="verified", why="papers seen")
    page = text_of(as_min.get("/notices/"))
    assert page.index("the verification is now") < page.index("steppe-power is interested in your request")
    assert "Reason: papers seen" in page
    assert page.count("notice-new") == 2


def test_the_words_of_staff_can_not_bring_markup(as_min, red_river, min_):
    tell(min_, "verification_changed", "x", red_river, became="rejected", why="<script>alert(1)</script>")
    page = text_of(as_min.get("/notices/"))
    assert "&lt;script&gt;alert(1)" in page


def test_an_empty_list_says_what_will_stand_there(as_min):
    assert "Nothing yet." in text_of(as_min.get("/notices/"))


def test_a_long_list_has_pages_and_a_fixed_number_of_queries(
    as_min, red_river, min_, karaganda, django_assert_max_num_queries
):
    request = factories.request(red_river)
    for number in range(60):
        tell(
            min_, about=str(number), organization=red_river, request=str(request.pk), offer=str(karaganda.pk)
        )
    with django_assert_max_num_queries(14):
        page = text_of(as_min.get("/notices/"))
    assert page.count('class="notice ') == 50
    assert "Page 1 of 2" in page
    assert text_of(as_min.get("/notices/?page=2")).count('class="notice ') == 10
    assert as_min.get("/notices/?page=nonsense").status_code == 200


def test_a_line_leads_to_its_subject_and_is_read_from_then_on(as_min, red_river, min_):
    request = factories.request(red_river)
    notice = tell(min_, organization=red_river, request=str(request.pk))
    answer = as_min.get(reverse("notice", args=[notice.pk]))
    assert answer.headers["Location"] == reverse("request", args=[request.pk])
    assert as_min.get(answer.headers["Location"]).status_code == 200
    notice.refresh_from_db()
    assert notice.read_at == NOW


def test_a_line_of_another_organization_is_opened_as_a_member_of_that_one(min_, red_river):
    second = factories.organization("miner", by=min_, handle="blue-river")
    request = factories.request(second)
    notice = tell(min_, organization=second, request=str(request.pk))
    client = signed_in(min_)
    client.post(reverse("act_for"), {"handle": "red-river", "acting": "red-river"})
    answer = client.get(reverse("notice", args=[notice.pk]), follow=True)
    assert answer.status_code == 200
    assert "You now act for blue-river." in text_of(answer)


@pytest.mark.parametrize("code", newswords.KINDS)
def test_each_kind_of_line_leads_to_a_page_that_is_there(code, sam, karaganda, steppe, hanna, red_river):
    request = factories.request(red_river)
    organizations = {"interest_declined": steppe, "offer_reviewed": steppe, "verification_changed": steppe}
    organization = organizations.get(code, red_river)
    person = sam if code == "rate_too_old" else organization.memberships.get(role="owner").user
    params = {"request": str(request.pk), "offer": str(karaganda.pk), "to": "host", "became": "published"}
    notice = tell(person, code, organization=None if person == sam else organization, **params)
    client = signed_in(person)
    if person == sam:
        # The list of rates is the admin's; a test of its own holds that staff get in with a second factor.
        target = client.get(reverse("notice", args=[notice.pk])).headers["Location"]
        assert target == reverse("admin:hosting_rate_changelist")
        return
    answer = client.get(reverse("notice", args=[notice.pk]), follow=True)
    assert answer.status_code == 200, code
    assert len(answer.redirect_chain) == 1


def test_somebody_elses_line_is_not_there(as_min, hanna):
    notice = tell(hanna)
    assert as_min.get(reverse("notice", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_who_left_an_organization_no_longer_reads_what_it_was_told(mina, red_river):
    notice = tell(mina, organization=red_river)
    mina.memberships.all().delete()
    client = signed_in(mina)
    assert "Nothing yet." in text_of(client.get("/notices/"))
    assert client.get(reverse("notice", args=[notice.pk])).status_code == 404


def test_all_can_be_marked_as_read_and_only_ones_own_are(as_min, min_, hanna):
    tell(min_)
    other = tell(hanna)
    as_min.post("/notices/read/", {"acting": "red-river"})
    assert notices.unread_count(user=min_) == 0
    other.refresh_from_db()
    assert other.read_at is None


def test_the_head_of_each_page_counts_what_is_new(as_min, min_, stranger):
    tell(min_, about="one")
    tell(min_, about="two")
    page = text_of(as_min.get("/"))
    assert 'href="/notices/"' in page
    assert "unread:</span> 2</span>" in page
    assert 'href="/notices/"' not in text_of(stranger.get("/"))


def settings_of(person):
    return dict(NoticeSetting.objects.filter(user=person).values_list("code", "way"))


def test_a_choice_is_kept_and_shown_again(as_min, min_):
    fields = {"interest_expressed": "daily", "time_zone": "Asia/Almaty", "language": "en"}
    answer = as_min.post("/notices/settings/", fields, follow=True)
    assert answer.redirect_chain == [("/notices/settings/", 302)]
    assert "Saved" in text_of(answer)
    assert settings_of(min_)["interest_expressed"] == "daily"
    min_.refresh_from_db()
    assert min_.time_zone == "Asia/Almaty"
    page = text_of(as_min.get("/notices/settings/"))
    assert '<option value="daily" selected>' in page
    assert 'value="Asia/Almaty" autocomplete' in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [("interest_expressed", "by pigeon"), ("time_zone", "Mars/Olympus"), ("language", "tlh")],
)
def test_a_choice_that_there_is_not_is_refused_beside_its_field_and_nothing_is_saved(
    as_min, min_, field, typed
):
    fields = {"interest_declined": "none", "time_zone": "Asia/Almaty", "language": "en", field: typed}
    answer = as_min.post("/notices/settings/", fields)
    page = text_of(answer)
    assert answer.status_code == 400
    assert f'href="#f-{field}"' in page
    assert page.count('aria-invalid="true"') == 1
    assert settings_of(min_) == {}
    min_.refresh_from_db()
    assert min_.time_zone == "UTC"
    if field == "time_zone":
        assert "Mars/Olympus" in page


def test_what_is_for_staff_is_offered_to_staff_alone(as_min, min_, sam):
    assert "rate_too_old" not in text_of(as_min.get("/notices/settings/"))
    as_min.post("/notices/settings/", {"rate_too_old": "each", "time_zone": "UTC", "language": "en"})
    assert "rate_too_old" not in settings_of(min_)
    assert "rate_too_old" in text_of(signed_in(sam).get("/notices/settings/"))
