"""Photos: only pictures, only their pixels, under random names, within bounds."""

import io
import re
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from accounts.services.errors import Invalid
from hosting.models import SitePhoto
from hosting.services import photos
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SECRET = b"12 Secret Street"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def site(steppe):
    return factories.site(steppe)


def encoded(kind="JPEG", size=(300, 240), colour=(10, 120, 130), mode="RGB", **options):
    stored = io.BytesIO()
    Image.new(mode, size, colour).save(stored, kind, **options)
    return stored.getvalue()


def with_position():
    """A picture that says where it was taken, by whom, and which way is up."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = SECRET.decode()
    exif[0x8825] = {1: "N", 2: (49.0, 48.0, 0.0), 3: "E", 4: (73.0, 5.0, 0.0)}
    return encoded(exif=exif, comment=SECRET)


def add(site, uploaded):
    return photos.add(site=site, file=io.BytesIO(uploaded), by=site.host.memberships.get().user, now=NOW)


def stored(photo):
    with default_storage.open(photo.file, "rb") as file:
        return file.read()


def files(tmp_path):
    return [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_jpeg_with_a_random_name(site, kind):
    photo = add(site, encoded(kind))
    assert re.fullmatch(r"photos/[0-9a-f]{32}\.jpg", photo.file)
    with Image.open(io.BytesIO(stored(photo))) as picture:
        assert (
            (picture.format, picture.size)
            == ("JPEG", (photo.width_px, photo.height_px))
            == (
                "JPEG",
                (300, 240),
            )
        )


def test_neither_position_nor_words_of_the_upload_survive(site):
    uploaded = with_position()
    assert SECRET in uploaded
    assert Image.open(io.BytesIO(uploaded)).getexif().get_ifd(0x8825)
    photo = add(site, uploaded)
    kept = stored(photo)
    assert SECRET not in kept
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    # Which way was up has gone into the pixels.
    assert (photo.width_px, photo.height_px) == (240, 300)


def test_a_large_picture_is_made_smaller(site):
    photo = add(site, encoded(size=(3000, 1500)))
    assert (photo.width_px, photo.height_px) == (2000, 1000)


def test_what_is_clear_becomes_white(site):
    photo = add(site, encoded("PNG", mode="RGBA", colour=(0, 0, 0, 0)))
    with Image.open(io.BytesIO(stored(photo))) as picture:
        assert picture.getpixel((5, 5)) == (255, 255, 255)


def bomb():
    """A PNG of a few bytes that claims 30,000 x 30,000 pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "uploaded",
    [
        b"",
        b"%PDF-1.7 not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 100,
        encoded("GIF"),
        encoded("BMP"),
        encoded()[:200],
        encoded("PNG")[:60],
        encoded(size=(199, 300)),
        bomb(),
    ],
    ids=["empty", "pdf", "svg", "broken gif", "gif", "bmp", "cut jpeg", "cut png", "small", "bomb"],
)
def test_what_is_no_fitting_picture_is_refused_and_leaves_nothing(site, uploaded, tmp_path):
    with pytest.raises(Invalid) as refusal:
        add(site, uploaded)
    assert list(refusal.value.fields) == ["photo"]
    assert files(tmp_path) == []
    assert not SitePhoto.objects.exists()


def test_more_than_ten_megabytes_are_not_looked_into(site):
    with pytest.raises(Invalid) as refusal:
        add(site, encoded() + b"\0" * photos.MAX_BYTES)
    assert "10 MB" in str(refusal.value.fields["photo"][0])


def test_the_same_picture_twice_is_kept_once(site, tmp_path):
    assert add(site, encoded()).pk == add(site, encoded()).pk
    assert len(files(tmp_path)) == 1


def test_a_thirteenth_photo_is_refused_and_leaves_no_file(site, tmp_path):
    for number in range(photos.PER_SITE):
        add(site, encoded("PNG", colour=(number, 0, 0)))
    with pytest.raises(photos.TooMany):
        add(site, encoded(colour=(200, 0, 0)))
    assert (site.photos.count(), len(files(tmp_path))) == (photos.PER_SITE, photos.PER_SITE)


def test_a_photo_goes_with_its_file(site, tmp_path, django_capture_on_commit_callbacks):
    photo = add(site, encoded())
    with django_capture_on_commit_callbacks(execute=True):
        photos.remove(photo=photo, by=site.host.memberships.get().user, now=NOW)
    assert (files(tmp_path), site.photos.count()) == ([], 0)
