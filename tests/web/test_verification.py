"""The dossier on its page: papers of every wrong kind, submitting, staff's answers, and who reads a paper."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Document
from accounts.services import organizations
from tests import factories
from tests.web.reading import text

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
HERE = "/organizations/yard/"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def yard(mallory):
    return factories.organization(
        "host", by=mallory, handle="yard", is_verified=False, registration_number="77"
    )


@pytest.fixture
def browser(yard, mallory):
    made = Client()
    made.force_login(mallory)
    return made


def hand_in(browser, content=PDF, name="extract.pdf", **fields):
    data = {
        "acting": "yard",
        "id": "6f2f7a53-4a1c-4a52-8f43-0d3f0a3a6c11",
        "kind": "registration",
        "file": SimpleUploadedFile(name, content, content_type="application/pdf"),
        **fields,
    }
    return browser.post(f"{HERE}documents/", data)


def submit(browser, yard):
    yard.refresh_from_db()
    return browser.post(f"{HERE}verification/", {"acting": "yard", "version": yard.version})


def test_from_the_first_paper_to_verified_and_what_staff_said(browser, yard, sam):
    page = submit(browser, yard)
    assert page.status_code == 400
    assert "extract from the company register" in text(page)
    assert hand_in(browser).status_code == 302
    assert submit(browser, yard).status_code == 302
    yard.refresh_from_db()
    organizations.take_up(organization=yard, by=sam, now=factories.NOW)
    organizations.ask_more(organization=yard, by=sam, why="Page 2 <b>is</b> missing.", now=factories.NOW)
    page = text(browser.get(f"{HERE}verification/"))
    assert "information needed" in page
    assert "Page 2 &lt;b&gt;is&lt;/b&gt; missing." in page
    assert "Page 2" in text(browser.get(HERE))
    assert str(sam) not in page


def test_submitting_what_changed_meanwhile_is_refused(browser, yard):
    hand_in(browser)
    answer = browser.post(f"{HERE}verification/", {"acting": "yard", "version": "0"})
    assert answer.status_code == 409
    for version in ("", "x", "-1"):
        answer = browser.post(f"{HERE}verification/", {"acting": "yard", "version": version})
        assert answer.status_code == 409


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"content": b"<html></html>"}, "file"),
        ({"content": b""}, "file"),
        ({"kind": ""}, "kind"),
        ({"kind": "secret"}, "kind"),
        ({"expires_on": "yesterday"}, "expires_on"),
        ({"expires_on": (factories.TODAY - timedelta(days=1)).isoformat()}, "expires_on"),
    ],
)
def test_a_bad_paper_is_refused_beside_its_field(fields, field, browser, files):
    answer = hand_in(browser, **fields)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not Document.objects.exists()
    assert not files.exists() or not [path for path in files.rglob("*") if path.is_file()]


def test_a_file_that_is_too_large_is_cut_off_while_it_arrives(browser, settings):
    settings.UPLOAD_MAX_BYTES = 200_000
    answer = hand_in(browser, PDF + bytes(300_000))
    assert answer.status_code == 400
    assert answer.context["form"].errors == {"file": ["The file is larger than 10 MB."]}
    assert hand_in(browser, PDF + bytes(100_000)).status_code == 302


def test_the_form_sent_twice_keeps_one_paper(browser):
    assert [hand_in(browser).status_code for _press in range(2)] == [302, 302]
    assert Document.objects.count() == 1


def test_the_same_bytes_again_are_refused_beside_the_field(browser):
    hand_in(browser)
    answer = hand_in(browser, id="7f2f7a53-4a1c-4a52-8f43-0d3f0a3a6c12")
    assert answer.status_code == 409
    assert "already" in str(answer.context["form"].errors["file"])


def test_a_paper_is_sent_as_a_file_to_keep_and_nothing_more(browser, hanna, steppe):
    hand_in(browser, name='../"a\nb".pdf')
    paper = Document.objects.get()
    answer = browser.get(f"/documents/{paper.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    stranger = Client()
    stranger.force_login(hanna)
    assert stranger.get(f"/documents/{paper.pk}/").status_code == 404


def test_no_address_of_the_site_leads_to_the_folder_of_papers(browser):
    hand_in(browser)
    name = Document.objects.get().file.name
    for address in (f"/{name}", f"/files/{name}", f"/media/{name}", f"/static/{name}"):
        assert Client().get(address).status_code == 404


def test_staff_without_a_second_factor_reads_no_paper(browser, sam):
    hand_in(browser)
    where = f"/documents/{Document.objects.get().pk}/"
    staff = Client()
    staff.force_login(sam)
    assert staff.get(where).status_code == 200
    sam.authenticator_set.all().delete()
    assert staff.get(where).status_code == 404


def test_a_licence_is_entered_with_its_paper_and_wrong_days_are_refused(browser, yard):
    hand_in(browser, kind="licence")
    form = {
        "acting": "yard",
        "id": "8f2f7a53-4a1c-4a52-8f43-0d3f0a3a6c13",
        "jurisdiction_code": "kz",
        "type": "kz-digital-mining-1",
        "valid_from": "2027-01-01",
        "valid_to": "2027-01-01",
        "document": str(Document.objects.get().pk),
    }
    answer = browser.post(f"{HERE}licences/new/", form)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["valid_to"]
    for _press in range(2):
        assert browser.post(f"{HERE}licences/new/", {**form, "valid_to": "2029-01-01"}).status_code == 302
    licence = yard.licences.get()
    assert (licence.jurisdiction_code, licence.review, licence.document.name) == (
        "KZ",
        "submitted",
        "extract.pdf",
    )
