"""Signing in and out; and the pages for what went wrong."""

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client

from tests.web.reading import text


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


def test_a_person_signs_in_by_e_mail_and_out_again(stranger, hanna):
    answer = stranger.post("/login/", {"login": "Hanna@Example.org", "password": "pass-word-1"})
    assert answer.status_code == 302
    assert "Sign out" in text(stranger.get("/"))
    stranger.post("/logout/")
    assert "Sign in" in text(stranger.get("/"))


def test_a_wrong_password_says_so_and_keeps_the_e_mail(stranger, hanna):
    answer = stranger.post("/login/", {"login": "hanna@example.org", "password": "wrong"})
    assert answer.status_code == 200
    assert 'role="alert"' in text(answer)
    assert 'value="hanna@example.org"' in text(answer)
    assert 'value="wrong"' not in text(answer)


def test_an_unknown_person_gets_the_same_answer_as_a_wrong_password(stranger, hanna):
    wrong = stranger.post("/login/", {"login": "hanna@example.org", "password": "x"})
    nobody = stranger.post("/login/", {"login": "nobody@example.org", "password": "x"})
    errors = [answer.context["form"].non_field_errors() for answer in (wrong, nobody)]
    assert errors[0] == errors[1]


def test_signing_in_leads_nowhere_outside(stranger, hanna):
    data = {"login": "hanna@example.org", "password": "pass-word-1", "next": "https://evil.example/"}
    assert stranger.post("/login/", data)["Location"] == "/"


def test_signing_out_by_a_link_is_refused(stranger):
    assert stranger.get("/logout/").status_code == 405


def test_a_form_without_its_token_is_refused_in_our_words(db):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "This form is out of date" in text(answer)


def test_a_page_that_is_not_there_is_404_in_our_words(stranger):
    answer = stranger.get("/nothing/here/")
    assert answer.status_code == 404
    assert "There is no such page" in text(answer)


@pytest.mark.parametrize("template", ["403.html", "404.html", "500.html"])
def test_the_pages_for_errors_render_with_nothing_at_hand(template):
    assert "Mining hotels" in render_to_string(template)


@pytest.mark.parametrize("language", ["zh-hans", "ru"])
def test_the_language_can_be_changed_and_stays(stranger, language):
    stranger.post("/i18n/setlang/", {"language": language, "next": "/find/"})
    assert f'<html lang="{language}">' in text(stranger.get("/"))


def test_only_languages_with_a_catalogue_are_offered(stranger, settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    assert 'name="language"' not in text(stranger.get("/"))
    (tmp_path / "ru" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "ru" / "LC_MESSAGES" / "django.mo").touch()
    page = text(stranger.get("/"))
    assert 'name="language" value="ru"' in page
    assert 'name="language" value="zh-hans"' not in page
