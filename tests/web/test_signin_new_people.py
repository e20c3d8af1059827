"""From sign-up to the first page: a confirmed address, accepted terms; and guessing is slowed down."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Consent, OutboxMail, User
from accounts.services import consents
from tests.web.reading import text

pytestmark = pytest.mark.django_db
NEW = {"email": "New.Person@example.org", "password1": "north-wind-77", "accepts": "on"}


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


def code_of(letter):
    """The code stands alone on its line."""
    return re.search(r"^([A-Z0-9]{4,}-?[A-Z0-9]*)$", letter.text, re.MULTILINE).group(1)


def sign_up(browser, **fields):
    return browser.post("/account/signup/", {**NEW, **fields}, follow=True)


def is_in(browser):
    return "Sign out" in text(browser.get("/"))


def test_a_new_person_confirms_the_address_by_the_code_in_the_mail(stranger):
    page = sign_up(stranger, next="/organizations/")
    assert not is_in(stranger)
    letter = OutboxMail.objects.get()
    assert letter.to == "new.person@example.org"
    answer = stranger.post(page.redirect_chain[-1][0], {"code": code_of(letter)})
    assert answer.status_code == 302
    assert is_in(stranger)
    person = User.objects.get(email="new.person@example.org")
    assert person.joined_at is not None
    assert set(person.consents.values_list("document", "version")) == {("terms", 1), ("privacy", 1)}


def test_without_the_code_nobody_is_signed_in(stranger):
    sign_up(stranger)
    answer = Client().post("/login/", {"login": "new.person@example.org", "password": "north-wind-77"})
    assert answer.status_code == 302
    assert "confirm-email" in answer["Location"]
    assert not is_in(stranger)


def test_a_wrong_code_is_refused_and_three_end_it(stranger):
    page = sign_up(stranger)
    where = page.redirect_chain[-1][0]
    for _try in range(3):
        stranger.post(where, {"code": "WRONG"})
    stranger.post(where, {"code": code_of(OutboxMail.objects.first())})
    assert not is_in(stranger)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "nobody"),
        ("password1", "short-1"),
        ("password1", "password123"),
        ("password1", "new.person@example.org"),
        ("accepts", ""),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nobody_is_made(field, value, stranger):
    page = sign_up(stranger, **{field: value})
    assert field in page.context["form"].errors
    assert 'role="alert"' in text(page)
    assert not User.objects.exists()
    assert not OutboxMail.objects.exists()


def test_an_address_that_is_known_is_not_given_away(stranger, hanna):
    new = sign_up(stranger)
    known = sign_up(Client(), email="hanna@example.org")
    assert known.redirect_chain == new.redirect_chain
    assert User.objects.filter(email="hanna@example.org").count() == 1
    assert "already" in OutboxMail.objects.get(to="hanna@example.org").text


def test_guessing_a_password_is_stopped_for_a_while(stranger, hanna):
    for _try in range(6):
        stranger.post("/login/", {"login": "hanna@example.org", "password": "guess"})
    stranger.post("/login/", {"login": "hanna@example.org", "password": "pass-word-1"})
    assert not is_in(stranger)


def test_terms_that_are_new_are_asked_for_before_anything_of_ones_own(stranger, hanna, steppe, monkeypatch):
    stranger.force_login(hanna)
    assert stranger.get("/organizations/").status_code == 200
    monkeypatch.setitem(consents.VERSIONS, "terms", 2)
    answer = stranger.get("/organizations/steppe-power/")
    assert answer["Location"] == "/account/consent/?next=/organizations/steppe-power/"
    assert stranger.get("/hotels/").status_code == 200
    answer = stranger.post("/account/consent/", {"next": "/organizations/steppe-power/", "accepts": "on"})
    assert answer["Location"] == "/organizations/steppe-power/"
    assert stranger.get("/organizations/steppe-power/").status_code == 200
    assert set(Consent.objects.filter(user=hanna, document="terms").values_list("version", flat=True)) == {
        1,
        2,
    }


def test_accepting_leads_nowhere_outside(stranger, hanna):
    stranger.force_login(hanna)
    answer = stranger.post("/account/consent/", {"next": "https://evil.example/", "accepts": "on"})
    assert answer["Location"] == "/"


def test_a_forgotten_password_is_answered_alike_for_everybody(stranger, hanna):
    answers = [
        stranger.post("/account/password/reset/", {"email": email})
        for email in ("hanna@example.org", "nobody@example.org")
    ]
    assert answers[0]["Location"] == answers[1]["Location"]
    link = re.search(r"https?://\S+", OutboxMail.objects.get(to="hanna@example.org").text).group()
    page = stranger.get(link, follow=True)
    stranger.post(page.redirect_chain[-1][0], {"password1": "south-wind-78", "password2": "south-wind-78"})
    hanna.refresh_from_db()
    assert hanna.check_password("south-wind-78")


def test_a_person_changes_how_they_are_called_and_the_language_follows(stranger, hanna):
    stranger.force_login(hanna)
    values = {"name": "Hanna", "language": "ru", "time_zone": "Asia/Almaty"}
    assert stranger.post("/account/", values).status_code == 302
    hanna.refresh_from_db()
    assert (hanna.name, hanna.language, hanna.time_zone) == ("Hanna", "ru", "Asia/Almaty")
    assert stranger.cookies["django_language"].value == "ru"


def test_a_new_address_counts_once_it_is_confirmed(stranger, hanna):
    stranger.force_login(hanna)
    stranger.post("/account/reauthenticate/", {"password": "pass-word-1"})
    page = stranger.post("/account/email/", {"email": "h2@example.org", "action_add": ""}, follow=True)
    hanna.refresh_from_db()
    assert hanna.email == "hanna@example.org"
    letter = OutboxMail.objects.get(to="h2@example.org")
    stranger.post(page.redirect_chain[-1][0], {"code": code_of(letter)})
    hanna.refresh_from_db()
    assert hanna.email == "h2@example.org"


def test_closing_asks_for_the_password_once_more_and_then_it_is_over(stranger, mina):
    stranger.force_login(mina)
    assert "reauthenticate" in stranger.get("/account/close/")["Location"]
    stranger.post("/account/reauthenticate/", {"password": "pass-word-1"})
    assert stranger.post("/account/close/", {}).status_code == 400
    assert stranger.post("/account/close/", {"is_sure": "on"}).status_code == 302
    mina.refresh_from_db()
    assert not mina.is_active
    assert not is_in(stranger)
    assert (
        Client().post("/login/", {"login": "mina@example.org", "password": "pass-word-1"}).status_code == 200
    )


def test_the_only_owner_reads_why_the_account_stays_open(stranger, min_, mina):
    stranger.force_login(min_)
    stranger.post("/account/reauthenticate/", {"password": "pass-word-1"})
    answer = stranger.post("/account/close/", {"is_sure": "on"})
    assert answer.status_code == 409
    assert "only owner of red-river" in text(answer)
