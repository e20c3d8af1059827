"""The home of staff says what waits, each a link to exactly that."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Event, OutboxMail
from accounts.services import organizations
from hosting.models import MatchRun, WebhookDelivery
from tests import factories
from tests.admin.test_looking import fill
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LINK = re.compile(
    r'<a href="([^"]+)"><span class="waits-number">(\d+)</span>.*?waits-age">([^<]*)</span>', re.S
)


@pytest.fixture(autouse=True)
def _held_clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=3))


def waits(client):
    page = client.get("/admin/").content.decode()
    return [(unescape(link), int(count), age) for link, count, age in LINK.findall(page)]


def make_everything_wait(sam, mallory):
    fill(sam, 2)
    yard = factories.organization("host", by=mallory, is_verified=False)
    organizations.submit(organization=yard, by=mallory, now=NOW)
    organizations.suspend(organization=factories.organization(), by=sam, why="complaint", now=NOW)
    suspended = organizations.Organization.objects.get(verification="suspended")
    organizations.propose_lift(organization=suspended, by=sam, why="explained", now=NOW)
    factories.offer(status="in_review")
    factories.offer(terms={"currency": "RUB"})
    factories.rate("RUB", on=factories.TODAY - timedelta(34))
    factories.rule("KZ", "allow", status="draft")
    factories.rule("KZ", "allow", status="reviewed")
    MatchRun.objects.create(trigger="t", as_of=factories.TODAY, state="failed", started_at=NOW)
    OutboxMail.objects.filter(pk=OutboxMail.objects.first().pk).update(error="no answer", attempts=3)
    WebhookDelivery.objects.filter(pk=WebhookDelivery.objects.first().pk).update(status="failed")


def test_each_link_leads_to_the_rows_it_counts(client, sam, mallory):
    make_everything_wait(sam, mallory)
    client.force_login(sam)
    found = waits(client)
    assert len(found) == 14
    for link, count, age in found:
        assert count > 0, link
        assert "oldest" in age, link
        rows = client.get(link).context["cl"]
        if "/rate/" in link:
            # Counted by currency: the list shows the rates of these currencies.
            assert len({rate.currency for rate in rows.result_list}) == count
        else:
            assert rows.result_count == count, link


def test_the_age_is_that_of_the_oldest(client, sam, mallory):
    yard = factories.organization("host", by=mallory, is_verified=False)
    organizations.submit(organization=yard, by=mallory, now=NOW)
    client.force_login(sam)
    ages = {link: (count, age) for link, count, age in waits(client)}
    assert ages["/admin/accounts/organization/?verification__in=submitted,in_review"] == (1, "oldest: 3 h")


def test_an_empty_queue_says_so_and_stays_a_link(client, sam):
    client.force_login(sam)
    nothing = [link for link, count, age in waits(client) if count == 0 and age == "nothing waits"]
    assert "/admin/hosting/offer/?status__exact=in_review" in nothing


def test_a_helper_sees_the_queues_that_are_open_to_them(client):
    helper = factories.user("helper@example.org", is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="view_offer"))
    client.force_login(helper)
    assert [link for link, _count, _age in waits(client)] == ["/admin/hosting/offer/?status__exact=in_review"]
    assert client.get("/admin/accounts/event/").status_code == 403
    assert not Event.objects.filter(by=helper.pk).exists()
