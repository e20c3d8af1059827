"""imports/: a file over the API, tried first, committed with its version, for its own organization only."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import SkipFile
from rest_framework.test import APIClient

from accounts.services import organizations, tokens
from accounts.web import uploads
from hosting.models import Import, Offer
from hosting.services import imports
from tests import factories
from tests.api.walking import API, is_problem, walk
from tests.services.importing import offers_csv

pytestmark = pytest.mark.django_db
URL = f"{API}/imports/"


def file(text, name="offers.csv"):
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def send(client, text=None, **fields):
    data = {"kind": "offers", "file": file(offers_csv({}) if text is None else text), **fields}
    return client.post(URL, data, format="multipart")


@pytest.fixture
def hall(steppe):
    return factories.site(steppe, name="Hall")


@pytest.fixture
def host(as_, hanna, hall) -> APIClient:
    return as_(hanna)


def with_token(organization, by, *scopes) -> APIClient:
    secret = tokens.make(
        organization=organization, name="test", scopes=list(scopes), by=by, now=factories.NOW
    )[1]
    return APIClient(headers={"Authorization": f"Bearer {secret}"})


def test_a_file_is_tried_and_then_written(host):
    tried = send(host)
    assert tried.status_code == 201, tried.content
    body = tried.json()
    assert (body["status"], body["rows"], body["rows_done"], body["errors"]) == ("checked", 1, 1, [])
    assert not Offer.objects.exists()
    done = host.post(f"{URL}{body['id']}/commit/", headers={"If-Match": str(body["version"])})
    assert done.status_code == 200, done.content
    (row,) = done.json()["results"]
    assert host.get(f"{API}/offers/{row['offer']}/").json()["title"] == "Winter power"
    assert host.get(f"{URL}{body['id']}/").json() == done.json()


def test_what_is_wrong_is_told_by_line(host):
    body = send(host, offers_csv({}, {"title": "B", "uptime": "x"}), dry_run="false").json()
    assert (body["status"], body["error_count"]) == ("refused", 1)
    (error,) = body["errors"]
    assert (error["line"], error["column"]) == (3, "uptime")
    assert error["message"]


def test_the_sentences_are_in_the_language_of_the_sender(host):
    data = {"kind": "offers", "file": file(offers_csv({"uptime": ""}))}
    answer = host.post(URL, data, format="multipart", headers={"Accept-Language": "ru"})
    assert Import.objects.get().language == "ru"
    assert answer.json()["errors"]


def test_it_is_written_at_once_when_asked_for(host):
    assert send(host, dry_run="false").json()["status"] == "committed"
    assert Offer.objects.count() == 1


def test_a_large_file_is_accepted_and_can_be_watched(host):
    text = offers_csv(*({"title": f"Offer {number}"} for number in range(imports.AT_ONCE + 1)))
    answer = send(host, text, dry_run="false")
    assert answer.status_code == 202
    assert answer.json()["status"] == "waiting"
    url = f"{URL}{answer.json()['id']}/"
    imports.run_due(now=factories.NOW)
    body = host.get(url).json()
    assert (body["status"], body["rows_done"], len(body["results"])) == (
        "committed",
        imports.AT_ONCE + 1,
        100,
    )
    assert len(host.get(url, {"offset": imports.AT_ONCE}).json()["results"]) == 1
    is_problem(host.get(url, {"offset": "-1"}), 400)


def test_a_commit_needs_the_version_that_was_seen(host):
    body = send(host).json()
    url = f"{URL}{body['id']}/commit/"
    is_problem(host.post(url), 400, "if_match_missing")
    is_problem(host.post(url, headers={"If-Match": "1"}), 412, "stale")
    assert host.post(url, headers={"If-Match": str(body["version"])}).status_code == 200
    again = host.get(f"{URL}{body['id']}/").json()
    is_problem(host.post(url, headers={"If-Match": str(again["version"])}), 409, "import_not_checked")


def test_the_same_key_sends_a_file_once(host):
    for _time in range(2):
        data = {"kind": "offers", "file": file(offers_csv({})), "dry_run": "false"}
        answer = host.post(URL, data, format="multipart", headers={"Idempotency-Key": "monday"})
        assert answer.status_code == 201
    assert Offer.objects.count() == Import.objects.count() == 1
    data["file"] = file(offers_csv({"title": "Another"}))
    answer = host.post(URL, data, format="multipart", headers={"Idempotency-Key": "monday"})
    is_problem(answer, 422)


def test_a_fleet_goes_into_a_request_of_ones_own(as_, min_, red_river):
    machine = factories.machine(model="S21 200T", hashrate_th_s=200)
    client, request = as_(min_), factories.request(red_river, status="draft")
    text = f"machine,quantity\n{machine.pk},100\n"
    body = send(client, text, kind="fleet", request=str(request.pk), dry_run="false").json()
    assert (body["status"], body["summary"]["need_kw"]) == ("committed", 350)
    theirs = factories.request()
    is_problem(send(client, text, kind="fleet", request=str(theirs.pk)), 404)
    is_problem(send(client, text, kind="fleet", request="x"), 400)
    is_problem(send(client, text, kind="fleet", dry_run="false"), 409, "import_without_request")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "sites"}, "kind"),
        ({"dry_run": "maybe"}, "dry_run"),
        ({"format": "xlsx"}, "format"),
        ({"encoding": "latin-9"}, "encoding"),
        ({"colour": "red"}, "colour"),
        ({"file": ""}, "file"),
    ],
)
def test_a_field_that_can_not_be_used_is_named(host, fields, field):
    assert field in is_problem(send(host, **fields), 400)["errors"]


def test_a_body_that_is_no_form_is_refused(host):
    is_problem(host.post(URL, {"kind": "offers"}), 415)


def test_a_file_past_the_limit_is_cut_off(host, monkeypatch):
    def cut(self, raw_data, start):
        self.request.too_large = frozenset({self.field_name})
        raise SkipFile

    monkeypatch.setattr(uploads.Limit, "receive_data_chunk", cut)
    is_problem(send(host), 413)


def test_strangers_viewers_and_others_are_refused(
    stranger, as_, steppe, hanna, hall, min_, red_river, mallory
):
    viewer = factories.user()
    organizations.join(organization=steppe, user=viewer, role="viewer", by=hanna, now=factories.NOW)
    body = send(as_(hanna)).json()
    one, commit = f"{URL}{body['id']}/", f"{URL}{body['id']}/commit/"
    seen = {"headers": {"If-Match": str(body["version"])}}
    for client, statuses in (
        (stranger, (401, 401, 401, 401)),
        (as_(mallory), (200, 404, 403, 404)),
        (as_(viewer), (200, 200, 403, 403)),
        (as_(min_), (200, 404, 403, 404)),
    ):
        answers = client.get(URL), client.get(one), send(client), client.post(commit, **seen)
        assert tuple(answer.status_code for answer in answers) == statuses
    assert walk(as_(min_), "imports/") == []
    assert Import.objects.count() == 1


def test_a_token_needs_the_scope_of_what_the_file_becomes(steppe, hanna, hall):
    reads = with_token(steppe, hanna, "market:read", "requests:write")
    writes = with_token(steppe, hanna, "offers:write")
    is_problem(send(reads), 403, "scope_missing")
    assert send(writes, dry_run="false").status_code == 201
    assert Offer.objects.count() == 1


def test_imports_are_listed_and_filtered_for_their_organization(host):
    send(host)
    send(host, offers_csv({"uptime": "x"}))
    assert sorted(row["status"] for row in walk(host, "imports/")) == ["checked", "refused"]
    assert [row["status"] for row in walk(host, "imports/", status="refused")] == ["refused"]
