"""The second factor: set up, asked for, kept encrypted; staff needs one outside the demo."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from tests.web.reading import text

pytestmark = pytest.mark.django_db
HANNA = {"login": "hanna@example.org", "password": "pass-word-1"}


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


def code_for(secret):
    """What an app would show now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_setting_one_up_asks_for_the_password_once_more(stranger, hanna):
    stranger.post("/login/", HANNA)
    assert "reauthenticate" in stranger.get("/account/2fa/totp/activate/")["Location"]


@pytest.fixture
def secret(stranger, hanna):
    """Hanna set up her app; the browser is signed in."""
    stranger.post("/login/", HANNA)
    stranger.post("/account/reauthenticate/", {"password": HANNA["password"]})
    drawn = stranger.get("/account/2fa/totp/activate/").context["form"].secret
    answer = stranger.post("/account/2fa/totp/activate/", {"code": code_for(drawn)})
    assert answer.status_code == 302
    cache.clear()
    return drawn


def test_a_password_alone_no_longer_opens_the_door(secret):
    browser = Client()
    answer = browser.post("/login/", HANNA)
    assert answer["Location"].startswith("/account/2fa/authenticate/")
    assert "Sign out" not in text(browser.get("/"))
    assert browser.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert "Sign out" not in text(browser.get("/"))
    assert browser.post("/account/2fa/authenticate/", {"code": code_for(secret)}).status_code == 302
    assert "Sign out" in text(browser.get("/"))


def test_the_secret_is_not_readable_in_the_database(secret, hanna):
    kept = Authenticator.objects.get(user=hanna, type="totp").data["secret"]
    assert secret not in kept
    assert totp.TOTP(Authenticator.objects.get(user=hanna, type="totp")).validate_code(code_for(secret))


def test_a_recovery_code_opens_the_door_once(secret, stranger, hanna):
    stranger.post("/account/2fa/recovery-codes/generate/")
    codes = Authenticator.objects.get(user=hanna, type="recovery_codes").wrap().get_unused_codes()
    outcomes = []
    for _try in range(2):
        browser = Client()
        browser.post("/login/", HANNA)
        outcomes.append(browser.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code)
    assert outcomes == [302, 200]


def test_staff_without_a_second_factor_is_led_to_set_one_up(client, sam):
    sam.authenticator_set.all().delete()
    client.force_login(sam)
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/admin/login/")
    assert answer.redirect_chain[1][0].startswith("/account/2fa/totp/activate/")
    assert client.get("/admin/accounts/organization/").status_code == 302


def test_in_the_demo_staff_needs_none(client, sam, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    sam.authenticator_set.all().delete()
    client.force_login(sam)
    assert client.get("/admin/").status_code == 200


def test_staff_with_a_second_factor_gets_in_and_the_admin_has_no_door_of_its_own(client, sam, mallory):
    answer = client.get("/admin/accounts/organization/", follow=True)
    assert answer.redirect_chain[-1][0] == "/login/?next=/admin/accounts/organization/"
    client.force_login(sam)
    assert client.get("/admin/").status_code == 200
    client.force_login(mallory)
    assert client.get("/admin/login/").status_code == 403
