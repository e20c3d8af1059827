"""Papers: believed by content, kept under random names, read by nobody through their name."""

import hashlib
import io
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import Document
from accounts.services import documents, licences, organizations
from accounts.services.errors import Invalid, NotAllowed
from tests import factories
from tests.factories import NOW, TODAY

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def picture(format="PNG", **more):
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(made, format, **more)
    return made.getvalue()


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def yard(mallory):
    return factories.organization("host", by=mallory, is_verified=False)


@pytest.fixture
def hand_in(db, yard, mallory):
    def handed(content=PDF, name="extract.pdf", **more):
        values = {"organization": yard, "kind": "registration", "by": mallory, "now": NOW, **more}
        return documents.hand_in(file=ContentFile(content, name=name), **values)

    return handed


def stored(root: Path):
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "type"),
    [(PDF, "application/pdf"), (picture(), "image/png"), (picture("JPEG"), "image/jpeg")],
    ids=["pdf", "png", "jpeg"],
)
def test_a_paper_is_kept_as_it_came_outside_any_name_of_its_own(content, type, hand_in, files):
    kept = hand_in(content, "extract.html")
    assert (kept.content_type, kept.size_bytes) == (type, len(content))
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    (path,) = stored(files)
    assert path.read_bytes() == content
    assert "extract" not in str(path.relative_to(files))
    assert path.suffix == ""
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\x00" + bytes(100),
        b"\x89PNG\r\n\x1a\n<script>",
        b"\xff\xd8\xffnot a picture",
        b" %PDF-1.7",
        b"GIF89a" + bytes(20),
    ],
    ids=["html", "program", "false png", "false jpeg", "pdf after a space", "gif"],
)
def test_the_type_is_what_the_content_says_whatever_the_name_says(content, hand_in, files):
    with pytest.raises(Invalid) as refused:
        hand_in(content, "extract.pdf")
    assert list(refused.value.fields) == ["file"]
    assert not Document.objects.exists()
    assert stored(files) == []


def test_ten_megabytes_are_taken_and_one_byte_more_is_not(hand_in):
    whole = PDF + bytes(documents.MAX_BYTES - len(PDF))
    assert hand_in(whole).size_bytes == documents.MAX_BYTES
    with pytest.raises(Invalid) as refused:
        hand_in(whole + b"x")
    assert list(refused.value.fields) == ["file"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/abs/olute.pdf", "olute.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("gpj\u202efdp.exe", "gpjfdp.exe"),
        ("  ..  ", "document"),
        ("", "document"),
        ("выписка.pdf", "выписка.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_text_and_never_a_path(name, shown):
    assert documents.shown_name(name) == shown


def test_a_path_in_the_name_writes_nowhere_else(hand_in, files):
    kept = hand_in(name="passwd")
    kept.refresh_from_db()
    assert Path(kept.file.path).is_relative_to(files)


def test_the_same_form_twice_keeps_one_and_the_same_bytes_are_refused(hand_in, files):
    drawn = uuid.uuid4()
    assert hand_in(id=drawn) == hand_in(id=drawn)
    with pytest.raises(documents.AlreadyHandedIn):
        hand_in()
    assert Document.objects.count() == 1
    assert len(stored(files)) == 1


def test_a_paper_that_no_longer_holds_is_refused(hand_in):
    with pytest.raises(Invalid):
        hand_in(expires_on=TODAY)
    assert hand_in(expires_on=TODAY + timedelta(days=1)).expires_on == TODAY + timedelta(days=1)


@pytest.mark.parametrize("kind", ["", "secret"])
def test_what_it_is_has_to_be_said(kind, hand_in):
    with pytest.raises(Invalid):
        hand_in(kind=kind)


def test_a_paper_nobody_looked_at_can_be_taken_back_with_its_file(
    hand_in, files, mallory, django_capture_on_commit_callbacks
):
    kept = hand_in()
    with django_capture_on_commit_callbacks(execute=True):
        documents.take_back(document=kept, by=mallory, now=NOW)
    assert not Document.objects.exists()
    assert stored(files) == []


def test_under_review_the_dossier_stays_as_it_is(hand_in, yard, mallory):
    kept = hand_in()
    organizations.submit(organization=yard, by=mallory, now=NOW)
    with pytest.raises(documents.Fixed):
        documents.take_back(document=kept, by=mallory, now=NOW)


def test_a_paper_that_a_licence_rests_on_stays(hand_in, yard, mallory):
    kept = hand_in()
    licences.add(
        organization=yard, jurisdiction_code="KZ", type="kz-mining", document=kept, by=mallory, now=NOW
    )
    with pytest.raises(documents.Fixed):
        documents.take_back(document=kept, by=mallory, now=NOW)


def test_only_staff_reviews_and_says_why(hand_in, mallory, sam):
    kept = hand_in()
    with pytest.raises(NotAllowed):
        documents.review(document=kept, to="reviewed", by=mallory, why="mine", now=NOW)
    with pytest.raises(Invalid):
        documents.review(document=kept, to="reviewed", by=sam, why=" ", now=NOW)
    documents.review(document=kept, to="reviewed", by=sam, why="Seen.", now=NOW)
    assert kept.review == "reviewed"


def test_a_licence_does_not_rest_on_somebody_elses_paper(hand_in, steppe, hanna):
    kept = hand_in()
    with pytest.raises(Invalid) as refused:
        licences.add(
            organization=steppe, jurisdiction_code="KZ", type="kz-mining", document=kept, by=hanna, now=NOW
        )
    assert list(refused.value.fields) == ["document"]


@pytest.mark.parametrize(
    ("field", "value"), [("jurisdiction_code", "kz"), ("jurisdiction_code", "KAZ"), ("type", "A licence")]
)
def test_a_licence_names_a_place_and_a_type_by_their_codes(field, value, steppe, hanna):
    values = {"jurisdiction_code": "KZ", "type": "kz-mining", field: value}
    with pytest.raises(Invalid) as refused:
        licences.add(organization=steppe, by=hanna, now=NOW, **values)
    assert list(refused.value.fields) == [field]
