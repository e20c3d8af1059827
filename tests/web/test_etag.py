"""A stranger's public page is the same for every stranger, and may be kept for a minute; a person's never."""

import re

import pytest
from django.contrib.messages import constants
from django.test import Client

from hosting.models import Site
from hosting.web import publicpages
from tests.web import publicaddresses
from tests.web.reading import text


@pytest.fixture
def addresses(steppe):
    """Each public page there is, by its name."""
    where = publicaddresses.market(steppe)
    return publicaddresses.addresses(where, [*publicpages.PAGES, *publicpages.FILES])


def test_two_strangers_get_the_same_bytes_with_one_etag_and_no_cookie(addresses):
    for name, address in addresses.items():
        first, second = (Client().get(address) for _stranger in range(2))
        assert first.status_code == 200, name
        assert first.content == second.content, name
        assert first["ETag"] == second["ETag"], name
        assert re.fullmatch(r"public, max-age=\d+", first["Cache-Control"]), name
        assert {"Cookie", "Accept-Language", "HX-Request"} <= set(first["Vary"].split(", ")), name
        assert not first.cookies, name
        assert "csrfmiddlewaretoken" not in first.content.decode(), name


def test_who_has_the_page_is_told_that_it_holds(addresses):
    for name, address in addresses.items():
        etag = Client().get(address)["ETag"]
        again = Client().get(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b""), name
        assert again["ETag"] == etag
        assert "public" in again["Cache-Control"]
        assert Client().get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_after_a_change_it_is_another_page(stranger, addresses):
    before = {name: stranger.get(addresses[name])["ETag"] for name in ("hotels", "hotel", "search")}
    Site.objects.update(name="Steppe Hall renamed")
    for name, etag in before.items():
        assert stranger.get(addresses[name], headers={"If-None-Match": etag}).status_code == 200, name


def test_another_language_is_another_page(stranger, addresses):
    english = stranger.get("/hotels/")
    russian = Client().get("/hotels/", headers={"Accept-Language": "ru"})
    assert english["ETag"] != russian["ETag"]


def test_who_is_signed_in_keeps_nothing(as_mallory, addresses):
    for name in publicpages.PAGES:
        answer = as_mallory.get(addresses[name])
        assert answer["Cache-Control"] == "private, no-store", name
        assert "ETag" not in answer, name
    etag = Client().get("/hotels/")["ETag"]
    assert as_mallory.get("/hotels/", headers={"If-None-Match": etag}).status_code == 200


def test_a_line_left_for_the_next_page_is_nobody_elses(mallory):
    client = Client()
    client.force_login(mallory)
    client.post("/logout/")
    shown = client.get("/hotels/")
    assert "ETag" not in shown or not client.cookies.get("messages")
    client.cookies["messages"] = f'[["__json_message",0,{constants.INFO},"signed out"]]'
    assert "public" not in client.get("/hotels/").get("Cache-Control", "")


@pytest.mark.parametrize("address", ["/login/", "/account/signup/", "/healthz", "/readyz", "/api/v1/offers/"])
def test_what_is_no_public_page_is_not_kept(stranger, db, address):
    answer = stranger.get(address)
    assert "public" not in answer.get("Cache-Control", "")
    assert "ETag" not in answer


def test_a_refused_page_is_not_kept(stranger, db):
    for address in ("/hotels/?max_price=cheap", "/places/XX/"):
        answer = stranger.get(address)
        assert answer.status_code in (400, 404)
        assert "ETag" not in answer


def test_a_program_with_a_token_is_no_stranger(stranger, db):
    answer = stranger.get("/hotels/", headers={"Authorization": "Bearer x"})
    assert "public" not in answer.get("Cache-Control", "")


# -- the language, whose form carries no token -------------------------------------------------------------


def test_a_stranger_chooses_a_language_without_a_token(db):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/i18n/setlang/", {"language": "ru", "next": "/hotels/"})
    assert (answer.status_code, answer["Location"]) == (302, "/hotels/")
    assert client.cookies["django_language"].value == "ru"


def test_another_site_cannot_choose_it_for_them(db):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/i18n/setlang/", {"language": "ru"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "django_language" not in client.cookies


def test_no_language_leads_away_from_the_site(db):
    answer = Client().post("/i18n/setlang/", {"language": "ru", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer["Location"]


def test_the_form_of_who_is_signed_in_has_its_token(as_mallory):
    assert "csrfmiddlewaretoken" in text(as_mallory.get("/places/"))
