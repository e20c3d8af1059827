"""The page of tokens: shown once, revoked at once, nobody else's."""

import re

import pytest
from django.test import Client

from accounts.models import ApiToken
from accounts.services import tokens
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/organizations/steppe-power/tokens/"
FORM = {
    "acting": "steppe-power",
    "id": "6a1f0000-0000-4000-8000-000000000001",
    "name": "fleet system",
    "scopes": ["market:read", "offers:write"],
    "expires_in_days": "30",
}


@pytest.fixture
def browser(steppe, hanna) -> Client:
    client = Client()
    client.force_login(hanna)
    return client


def test_the_token_is_shown_once_and_then_no_more(browser):
    shown = browser.post(PAGE, FORM)
    assert shown.status_code == 200
    (secret,) = re.findall(r'id="token">(mh_[\w-]+)<', shown.content.decode())
    assert ApiToken.objects.get().token_hash == tokens.hashed(secret)
    assert "no-store" in shown["Cache-Control"]
    later = browser.get(PAGE).content.decode()
    assert secret not in later
    assert ApiToken.objects.get().prefix in later
    assert "fleet system" in later


def test_sent_again_it_makes_no_second_one(browser):
    browser.post(PAGE, FORM)
    assert browser.post(PAGE, FORM).status_code == 409
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(("chosen", "days"), [("30", 30), ("365", 365), ("for_ever", None)])
def test_it_lasts_as_long_as_was_chosen(browser, chosen, days):
    browser.post(PAGE, {**FORM, "expires_in_days": chosen})
    made = ApiToken.objects.get()
    assert (made.expires_at and (made.expires_at - made.created_at).days) == days


def test_a_form_without_scopes_comes_back_with_what_was_typed(browser):
    answer = browser.post(PAGE, {**FORM, "scopes": []})
    assert answer.status_code == 400
    assert "Choose at least one." in answer.content.decode()
    assert "fleet system" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_revoked_token_opens_nothing_from_the_next_call_on(browser, client, steppe, hanna):
    made, secret = tokens.make(organization=steppe, scopes=["market:read"], by=hanna, now=factories.NOW)
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/me/", headers=headers).status_code == 200
    assert browser.post(f"{PAGE}{made.pk}/", {"acting": "steppe-power"}).status_code == 302
    assert client.get("/api/v1/me/", headers=headers).status_code == 401
    assert "revoked" in browser.get(PAGE).content.decode()


def test_the_token_of_another_organization_is_not_there(browser, red_river, min_):
    made, _secret = tokens.make(organization=red_river, scopes=["market:read"], by=min_, now=factories.NOW)
    assert browser.post(f"{PAGE}{made.pk}/", {"acting": "steppe-power"}).status_code == 404
    assert made.prefix not in browser.get(PAGE).content.decode()


def test_a_member_who_is_no_owner_sees_no_form(red_river, mina):
    client = Client()
    client.force_login(mina)
    page = client.get("/organizations/red-river/tokens/").content.decode()
    assert "Make a token" not in page
    assert "Only an owner" in page


def test_the_organizations_page_leads_there(browser):
    assert PAGE in browser.get("/organizations/steppe-power/").content.decode()
