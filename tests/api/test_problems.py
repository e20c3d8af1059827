"""Problem details: one shape for every refusal, whoever raises it."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from hosting.services import matches
from tests import factories
from tests.api.walking import API, is_problem

pytestmark = pytest.mark.django_db


def test_a_problem_names_the_request_it_belongs_to(stranger):
    answer = stranger.get(f"{API}/jurisdictions/XX/", headers={"X-Request-ID": "ask-7"})
    body = is_problem(answer, 404)
    assert body == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": body["detail"],
        "instance": "/api/v1/jurisdictions/XX/",
        "code": "not_found",
        "errors": {},
        "request_id": "ask-7",
    }


@pytest.mark.parametrize(
    "path", ["", "nothing/", "offers/17/", "offers/x/y/", "jurisdictions/KZ/rules/", "offers"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_does_not_exist_is_a_problem_too(stranger, path, method):
    answer = getattr(stranger, method)(f"{API}/{path}")
    if answer.status_code == 301:  # Django completes the slash of an address that is there.
        assert path == "offers"
        return
    is_problem(answer, 404, "not_found")


@pytest.mark.parametrize("path", ["jurisdictions/", "regulation-events/", "machines/", "rates/"])
def test_lists_are_only_read_here(stranger, path):
    for method in ("post", "put", "patch", "delete"):
        is_problem(getattr(stranger, method)(f"{API}/{path}", {}), 405, "method_not_allowed")


def test_an_answer_in_another_format_is_refused(stranger):
    is_problem(stranger.get(f"{API}/offers/", headers={"accept": "text/csv"}), 406, "not_acceptable")


def test_an_organization_one_is_no_member_of_is_refused_and_not_confirmed(as_, steppe, mallory):
    answers = [as_(mallory, handle).get(f"{API}/offers/") for handle in ("steppe-power", "no-such-one")]
    bodies = [is_problem(answer, 403, "not_allowed") for answer in answers]
    assert bodies[0]["detail"] == bodies[1]["detail"]


def test_a_browser_session_without_its_csrf_token_is_refused(hanna, steppe):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(hanna)
    is_problem(client.post(f"{API}/matches/preview/", factories.NEED), 403, "permission_denied")


def test_an_unforeseen_error_tells_nothing_of_its_cause(stranger, monkeypatch, caplog):
    def break_down(**_arguments):
        raise RuntimeError("postgres://market:secret@db/market")

    monkeypatch.setattr(matches, "preview", break_down)
    stranger.raise_request_exception = False
    answer = stranger.post(f"{API}/matches/preview/", factories.NEED)
    body = is_problem(answer, 500, "error")
    assert "secret" not in str(body)
    assert "secret" in caplog.text


def test_an_unforeseen_error_undoes_what_was_written(stranger, monkeypatch, settings):
    def write_and_break(**_arguments):
        factories.jurisdiction("NO")
        raise RuntimeError

    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    monkeypatch.setattr(matches, "preview", write_and_break)
    stranger.raise_request_exception = False
    is_problem(stranger.post(f"{API}/matches/preview/", factories.NEED), 500)
    is_problem(stranger.get(f"{API}/jurisdictions/NO/"), 404)


def test_sentences_come_in_the_readers_language_and_codes_do_not_change(stranger):
    for language in ("en", "ru", "zh-hans"):
        answer = stranger.get(f"{API}/offers/", {"page_size": 0}, headers={"accept-language": language})
        assert is_problem(answer, 400, "invalid")["errors"]["page_size"]
