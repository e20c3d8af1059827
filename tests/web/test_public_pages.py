"""What every public page has: a title of its own, one heading, a description, one address; and none is
forgotten."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from hosting.web import publicpages
from tests import factories
from tests.web import publicaddresses
from tests.web.test_who_may_open_what import TABLE

# Open to strangers, and yet no such pages: what programs ask, what carries a token or a form with one, and
# what says itself how long it may be kept.
NOT_PUBLIC_PAGES = {"healthz", "readyz", "login", "invitation", "site_photo", "events_feed"}


class Page(HTMLParser):
    """Titles, first headings and what the head says of a page."""

    def __init__(self, answer):
        super().__init__()
        self.titles, self.h1, self.metas, self.links, self.inside = [], [], {}, {}, []
        self.feed(answer.content.decode())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("title", "h1"):
            # A drawing has titles, too.
            self.inside.append(tag if tag == "h1" or not self.h1 and "svg" not in self.inside else "")
            if self.inside[-1]:
                (self.titles if tag == "title" else self.h1).append("")
        elif tag == "svg":
            self.inside.append("svg")
        elif tag == "meta" and "name" in attrs:
            self.metas.setdefault(attrs["name"], []).append(attrs.get("content", ""))
        elif tag == "link":
            self.links.setdefault(attrs["rel"], []).append(attrs["href"])

    def handle_endtag(self, tag):
        if tag in ("title", "h1", "svg") and self.inside:
            self.inside.pop()

    def handle_data(self, data):
        for tag in self.inside:
            if tag in ("title", "h1"):
                found = self.titles if tag == "title" else self.h1
                found[-1] += data


@pytest.fixture
def pages(steppe):
    """{name: (address, what its page says)}, with a second one of each kind that there are many of."""
    where = publicaddresses.market(steppe)
    found = publicaddresses.addresses(where)
    found["another place"] = reverse("place", kwargs={"code": "PY"})
    other = factories.offer(factories.site(steppe, name="Other Hall"), title="Firm power")
    found["another hotel"] = reverse("hotel", kwargs={"pk": other.pk})
    found["another machine"] = reverse("machine", kwargs={"pk": factories.machine().pk})
    answers = {name: (address, Client().get(address)) for name, address in found.items()}
    assert {name for name, (_address, answer) in answers.items() if answer.status_code != 200} == set()
    return {name: (address, Page(answer)) for name, (address, answer) in answers.items()}


def test_each_page_has_a_title_and_a_description_of_its_own(pages):
    titles = [page.titles for _address, page in pages.values()]
    assert all(len(one) == 1 and len(one[0].split(" · ")[0].strip()) > 3 for one in titles)
    assert len({one[0] for one in titles}) == len(titles), sorted(one[0] for one in titles)
    descriptions = {name: page.metas.get("description", []) for name, (_address, page) in pages.items()}
    assert {name for name, some in descriptions.items() if len(some) != 1} == set()
    assert {name for name, some in descriptions.items() if not 40 < len(some[0]) <= 320} == set()
    texts = [some[0] for some in descriptions.values()]
    shared = {name for name, (text,) in descriptions.items() if texts.count(text) > 1}
    assert shared == set()


def test_each_page_has_one_first_heading(pages):
    assert {name: page.h1 for name, (_address, page) in pages.items() if len(page.h1) != 1} == {}


def test_each_page_has_one_whole_canonical_address(pages):
    for name, (address, page) in pages.items():
        (canonical,) = page.links["canonical"]
        assert re.match(r"https?://", canonical), name
        kept = address if name == "places_compare" else address.partition("?")[0]
        assert canonical.endswith(kept), name


def canonical(address):
    return Page(Client().get(address)).links.get("canonical")


@override_settings(PUBLIC_URL="https://hotels.example")
def test_what_only_filters_sorts_or_fills_is_not_in_the_address(steppe):
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.fact("PY", "legal_status", "restricted")
    for address, expected in {
        "/hotels/?ordering=list_price&jurisdiction=KZ": "/hotels/",
        "/find/?need_kw=3000": "/find/",
        "/machines/?maker=&q=s19": "/machines/",
        "/places/KZ/?as_of=2024-01-01": "/places/KZ/",
        "/places/compare/?place=KZ&place=PY&by=x": "/places/compare/?place=KZ&place=PY",
    }.items():
        assert canonical(address) == [f"https://hotels.example{expected}"]


def test_a_page_that_is_nobodys_business_has_no_canonical_address(as_mallory):
    answer = as_mallory.get("/organizations/")
    assert answer.status_code == 200
    assert "canonical" not in Page(answer).links


def test_no_page_that_strangers_may_open_is_forgotten():
    open_to_all = {
        row.name
        for row in TABLE
        if row.method == "GET" and row.expects["stranger"] == 200 and not row.name.startswith(("api_", "/"))
    }
    named = set(publicpages.PAGES) | publicpages.FILES
    assert open_to_all - named - NOT_PUBLIC_PAGES == set()
    assert named - open_to_all == set(), "a page that strangers can't open is called public"
