"""A market of 10,000 offers, 10,000 requests and 100,000 Events opens as one of ten does."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event
from accounts.services import licences, organizations
from hosting.models import CapacityRequest, Offer
from hosting.services import capacity, interests, offers, trust
from tests import factories
from tests.admin.test_looking import OURS, address, fill, know_kinds

pytestmark = pytest.mark.django_db
MANY = 10_000


def copies(row, number, **fields):
    """New rows like this one, with keys of their own."""
    same = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in ("id", "uid")
    }
    kind = type(row)
    made = (kind(**{**same, **fields}) for _number in range(number))
    kind._base_manager.bulk_create(made, batch_size=2000)


def queries_of(client, pages):
    know_kinds()
    found = {}
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200, page
        found[page] = len(queries)
    return found


@pytest.mark.slow
def test_every_list_opens_with_the_same_number_of_queries_as_with_ten(client, sam):
    client.force_login(sam)
    fill(sam, 2)
    offer, request = Offer.objects.first(), CapacityRequest.objects.first()
    event = Event.objects.get(subject_id=offer.pk, code="became_published")
    for row in (offer, request, event):
        copies(row, 10)
    pages = [address(model) for model in OURS if admin.site.is_registered(model)]
    for model in (Offer, CapacityRequest, Event):
        pages += [f"{address(model)}?q=nobody", f"{address(model)}?o=1"]
    pages.append(reverse("admin:index"))
    stories = [address(Offer, "history", offer.pk), address(Offer, "change", offer.pk)]
    few, few_of_stories = queries_of(client, pages), queries_of(client, stories)
    copies(offer, MANY)
    copies(request, MANY)
    copies(event, 10 * MANY)
    assert (Offer.objects.count() > MANY, Event.objects.count() > 10 * MANY) == (True, True)
    assert queries_of(client, pages) == few
    # Of names there may be none to look up.
    many = queries_of(client, stories)
    assert all(many[page] <= few_of_stories[page] for page in stories)


def grow(world, sam, number):
    """So many more parts of one offer, request, organization and place."""
    offer, request, host = world
    for _one in range(number):
        n = next(factories.numbers)
        factories.fact("KZ", f"field_{n}", "yes")
        factories.rule("KZ", "allow")
        person = factories.user()
        founder = host.memberships.get(role="owner").user
        organizations.join(organization=host, user=person, role="viewer", by=founder, now=factories.NOW)
        licences.add(organization=host, jurisdiction_code="KZ", type=f"t{n}", by=sam, now=factories.NOW)
        first = factories.TODAY + timedelta(days=n)
        offers.add_phase(
            offer=offer, available_kw=1, starts_on=first, ends_on=None, by=sam, now=factories.NOW
        )
        capacity.hold(
            offer=offer,
            kw=1,
            request=factories.request(),
            starts_on=factories.TODAY,
            ends_on=factories.TODAY + timedelta(30),
            held_until=factories.NOW + timedelta(3),
            by=sam,
            now=factories.NOW,
        )
        trust.settle(offer=offer, field="price_basis", level="verified", by=sam, now=factories.NOW)
        request.fleet.create(machine=factories.machine(), quantity=1)
        other = factories.offer(offer.site, phases=[(1, factories.TODAY, None)])
        interests.shortlist(request=request, offer=other, by=sam, now=factories.NOW)


def test_the_page_of_a_row_takes_no_more_queries_when_it_has_more_parts(client, sam, steppe, min_, red_river):
    client.force_login(sam)
    site = factories.site(steppe)
    world = factories.offer(site), factories.request(red_river), steppe
    grow(world, sam, 2)
    offer, request, host = world
    rows = (offer, offer.site, offer.site.jurisdiction, request, host, host.memberships.first().user)
    pages = [address(type(row), page, row.pk) for row in rows for page in ("change", "history")]
    few = queries_of(client, pages)
    grow(world, sam, 4)
    assert queries_of(client, pages) == few
