"""The sitemap and robots.txt: every public page with its last change, and nothing else."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client, override_settings

from hosting.models import MachineModel, Offer, Site
from hosting.web import sitemaps
from tests import factories
from tests.web import publicaddresses

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PUBLIC = "https://hotels.example"


@pytest.fixture(autouse=True)
def _public_address():
    with override_settings(PUBLIC_URL=PUBLIC):
        yield


def locations(client, address):
    """{address: last change} of a part of the sitemap."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    return {one.find(f"{SPACE}loc").text: one.findtext(f"{SPACE}lastmod") for one in root}


def everything(client):
    return {
        page: changed
        for part in locations(client, "/sitemap.xml")
        for page, changed in locations(client, part.removeprefix(PUBLIC)).items()
    }


def test_the_index_names_its_sections_with_whole_addresses(stranger, db):
    parts = locations(stranger, "/sitemap.xml")
    assert set(parts) == {f"{PUBLIC}/sitemap-{name}.xml" for name in sitemaps.SECTIONS}


def test_each_page_it_names_is_there_and_is_its_own_canonical_address(stranger, steppe):
    publicaddresses.market(steppe)
    pages = everything(stranger)
    assert len(pages) > 12
    for page in pages:
        answer = stranger.get(page.removeprefix(PUBLIC))
        assert answer.status_code == 200, page
        assert f'<link rel="canonical" href="{page}">' in answer.content.decode(), page


def test_places_machines_hotels_events_and_lists_are_in_it(stranger, steppe):
    where = publicaddresses.market(steppe)
    pages = everything(stranger)
    for name in ("hotel", "place", "event", "machine"):
        address = publicaddresses.addresses(where, [name])[name]
        assert pages[f"{PUBLIC}{address}"] is not None, name
    for path in ("/", "/find/", "/hotels/", "/places/", "/machines/", "/events/", "/market/"):
        assert f"{PUBLIC}{path}" in pages
    assert f"{PUBLIC}/search/" not in pages


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_what_is_not_public_is_not_in_it(stranger, steppe, status):
    factories.offer(factories.site(steppe), status=status)
    paused = factories.offer(factories.site(steppe))
    Offer.objects.filter(pk=paused.pk).update(status="paused")
    assert locations(stranger, "/sitemap-hotels.xml") == {}


def test_it_is_the_same_for_who_sees_more(stranger, steppe, hanna):
    factories.offer(factories.site(steppe), status="draft")
    client = Client()
    client.force_login(hanna)
    assert locations(client, "/sitemap-hotels.xml") == {}


def test_the_last_change_follows_what_changed(stranger, steppe):
    publicaddresses.market(steppe)
    later = factories.NOW + timedelta(days=9)
    MachineModel.objects.update(updated_at=later)
    Site.objects.update(updated_at=later)
    assert set(locations(stranger, "/sitemap-machines.xml").values()) == {later.date().isoformat()}
    assert set(locations(stranger, "/sitemap-hotels.xml").values()) == {later.date().isoformat()}
    assert locations(stranger, "/sitemap-pages.xml")[f"{PUBLIC}/machines/"] == later.date().isoformat()


def test_a_section_of_many_pages_comes_in_parts(stranger, steppe, monkeypatch):
    monkeypatch.setattr(sitemaps.Section, "limit", 2)
    for _number in range(3):
        factories.machine()
    parts = locations(stranger, "/sitemap.xml")
    assert f"{PUBLIC}/sitemap-machines.xml?p=2" in parts
    assert len(locations(stranger, "/sitemap-machines.xml?p=2")) == 1
    for bad in ("3", "x", "-1"):
        assert stranger.get(f"/sitemap-machines.xml?p={bad}").status_code == 404


def test_more_pages_do_not_mean_more_queries(stranger, steppe, django_assert_num_queries):
    site = factories.site(steppe)
    for _number in range(15):
        factories.offer(site, phases=[(9, factories.TODAY, None)])
        factories.machine()
    for section, queries in {"hotels": 2, "machines": 2, "places": 2, "events": 1, "pages": 5}.items():
        with django_assert_num_queries(queries):
            stranger.get(f"/sitemap-{section}.xml")


def test_robots_are_told_where_the_sitemap_is_and_what_is_private(stranger, db):
    answer = stranger.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    lines = answer.content.decode().splitlines()
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in lines
    for path in ("/admin/", "/api/", "/organizations/", "/requests/", "/host/"):
        assert f"Disallow: {path}" in lines
    assert not any(line in ("Disallow: /", "Disallow: /hotels/") for line in lines)
