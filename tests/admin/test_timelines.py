"""The timeline of a thing: who did what to it and its parts, when, why, and on whose behalf."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Event, User
from accounts.services import events, organizations
from hosting.models import Offer, RegulationRule
from hosting.services import interests, offers, phases, reviews, trust
from tests import factories
from tests.admin.test_looking import address
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def story(client, row, **query):
    return client.get(address(type(row), "history", row.pk), query).content.decode()


def test_an_offer_tells_of_its_reviews_claims_and_phases_also_of_one_that_is_gone(client, sam, hanna, steppe):
    offer = factories.offer(factories.site(steppe))
    trust.settle(offer=offer, field="price_basis", level="verified", by=sam, now=NOW)
    phase = offers.add_phase(
        offer=offer, available_kw=7, starts_on=NOW.date(), ends_on=None, by=hanna, now=NOW
    )
    phases.remove(phase=phase, by=hanna, version=phase.version, now=NOW)
    reviews.suspend(offer=offer, by=sam, why="The meter is missing.", now=NOW)
    client.force_login(sam)
    page = story(client, offer)
    for words in (
        "became suspended",
        "published → suspended",
        "The meter is missing.",
        "settled",
        "hanna@example.org",
    ):
        assert words in page, words
    told = Event.objects.filter(subject_kind="hosting.capacityphase")
    assert page.count("capacity phase") == told.count() == 3


def test_every_row_that_can_be_opened_links_to_its_timeline(client, sam, steppe):
    client.force_login(sam)
    page = client.get(address(type(steppe), "change", steppe.pk)).content.decode()
    assert f'href="{address(type(steppe), "history", steppe.pk)}"' in page
    assert "Timeline" in page


def test_on_whose_behalf_is_told(client, sam, hanna, steppe, red_river):
    request = factories.request(red_river)
    events.changed(request, code="changed", at=NOW, by=hanna, on_behalf_of=red_river.pk)
    client.force_login(sam)
    assert f'<a href="{address(type(red_river), "change", red_river.pk)}">red-river</a>' in story(
        client, request
    )


def test_a_request_tells_what_was_done_about_its_offers(client, sam, min_, red_river):
    request, offer = factories.request(red_river), factories.offer()
    interests.shortlist(request=request, offer=offer, by=min_, now=NOW)
    client.force_login(sam)
    assert "shortlisted" in story(client, request)


def test_a_place_tells_of_its_rules_and_a_person_of_what_they_did(client, sam, hanna, steppe):
    rule = factories.rule("KZ", "allow")
    events.changed(rule, code="entered", at=NOW, by=sam)
    organizations.suspend(organization=steppe, by=sam, why="A complaint.", now=NOW)
    client.force_login(sam)
    assert address(RegulationRule, "change", rule.pk) in story(client, rule.jurisdiction)
    assert "A complaint." in story(client, sam)
    assert "A complaint." not in story(client, hanna)


def test_a_long_story_is_read_page_by_page_without_a_gap(client, sam, steppe):
    for number in range(230):
        events.changed(steppe, code=f"deed-{number}-", at=NOW, by=sam)
    client.force_login(sam)
    seen, before = [], None
    for _page in range(3):
        page = client.get(address(type(steppe), "history", steppe.pk), {"before": before} if before else {})
        seen += [line["event"].pk for line in page.context["lines"]]
        before = page.context["next"]
    assert seen == list(Event.objects.filter(subject_id=steppe.pk).values_list("pk", flat=True))
    assert before is None


def test_a_change_of_a_person_by_a_superuser_is_told_without_what_it_became(client, sam, hanna):
    client.force_login(sam)
    page = client.get(address(User, "change", hanna.pk))
    form = page.context["adminform"].form
    values = {field: form[field].value() for field in form.fields}
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    plain = {name: value for name, value in values.items() if value not in (None, False, [])}
    client.post(address(User, "change", hanna.pk), {**plain, **inline, "name": "Someone Else"})
    told = Event.objects.get(subject_id=hanna.pk, code="edited")
    assert (told.by, told.params) == (sam.pk, {"fields": ["Name"]})


def test_nobody_but_who_may_see_the_row_reads_its_story(steppe, hanna):
    offer = factories.offer(factories.site(steppe))
    helper = factories.user("helper@example.org", is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="view_site"))
    page = address(Offer, "history", offer.pk)
    for person, status in ((helper, 403), (hanna, 302)):
        client = Client()
        client.force_login(person)
        assert client.get(page).status_code == status
