"""A host describes and changes its sites on pages."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from hosting.models import Site, SiteReview
from hosting.services import reviews
from tests import factories
from tests.web.reading import text

pytestmark = pytest.mark.django_db
FORM = {
    "acting": "steppe-power",
    "name": "Hall 1",
    "jurisdiction": "KZ",
    "region": "Karaganda",
    "address": "12 Secret Street",
    "total_kw": "9000",
    "connected_on": "2023-05-01",
    "cooling": ["air", "hydro"],
    "mix_wind": "60",
    "mix_solar": "40",
    "pue": "1.08",
    "grid": "132 kV",
    "insurance": "all risks",
}


@pytest.fixture
def as_hanna(hanna, steppe):
    client = Client()
    client.force_login(hanna)
    return client


@pytest.fixture(autouse=True)
def _places(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    factories.jurisdiction("KZ")
    factories.jurisdiction("NO")


def post(client, site=None, **changes):
    data = {**FORM, **({"version": site.version} if site else {"id": str(uuid.uuid4())}), **changes}
    return client.post(f"/host/sites/{site.pk}/" if site else "/host/sites/new/", data)


def test_a_site_is_described_and_shown(as_hanna, steppe):
    answer = post(as_hanna)
    site = Site.objects.get()
    assert answer.headers["Location"] == f"/host/sites/{site.pk}/"
    assert (site.host, site.total_kw, site.cooling) == (steppe, 9000, ["air", "hydro"])
    assert site.energy_mix == {"wind": 60, "solar": 40}
    page = text(as_hanna.get(answer.headers["Location"]))
    for value in ("Hall 1", "12 Secret Street", "2023-05-01", "1.08", "132 kV", "all risks"):
        assert value in page


def test_a_form_sent_twice_describes_one_site(as_hanna):
    key = str(uuid.uuid4())
    first, second = post(as_hanna, id=key), post(as_hanna, id=key)
    assert first.headers["Location"] == second.headers["Location"]
    assert Site.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("total_kw", "3,500", "A comma can mean two things"),
        ("total_kw", "9 MW", "Write the number alone, in kW."),
        ("mix_solar", "39", "these add up to 99 %"),
        ("jurisdiction", "XX", "Choose the place from the list."),
        ("name", " ", "Fill this in."),
    ],
)
def test_a_bad_entry_is_named_beside_its_field_and_nothing_typed_is_lost(as_hanna, field, value, sentence):
    answer = post(as_hanna, **{field: value})
    page = text(answer)
    assert answer.status_code == 400
    assert page.count(sentence) == 2
    assert 'aria-invalid="true"' in page or field == "mix_solar"
    for name in {"region", "address", "grid", "insurance", "pue"} - {field}:
        assert FORM[name] in page
    assert value.strip() in page
    assert not Site.objects.exists()


def test_a_second_site_of_the_same_name_is_refused_with_the_page(as_hanna):
    post(as_hanna)
    answer = post(as_hanna)
    assert (answer.status_code, Site.objects.count()) == (409, 1)
    assert "You already have a site named Hall 1." in text(answer)


def test_somebody_elses_change_meanwhile_is_shown_and_can_be_put_over(as_hanna, steppe):
    site = factories.site(steppe)
    post(as_hanna, site, region="Astana")
    answer = post(as_hanna, site, region="Almaty", version=1)
    page = text(answer)
    assert answer.status_code == 409
    assert "Astana" in page
    assert "Almaty" in page
    assert 'name="version" value="2"' in page
    post(as_hanna, site, region="Almaty", version=2)
    assert Site.objects.get().region == "Almaty"


def test_a_site_beneath_its_phases_is_refused_beside_its_power(as_hanna, steppe):
    site = factories.site(steppe)
    factories.offer(site)
    answer = post(as_hanna, site, name=site.name, total_kw="4000")
    assert answer.status_code == 409
    assert "would need 5000 kW; the site has 4000 kW" in text(answer)


def test_what_waits_for_staff_and_what_staff_wrote_stands_on_the_pages(as_hanna, steppe, sam):
    site = factories.site(steppe)
    factories.offer(site)
    post(as_hanna, site, jurisdiction="NO", total_kw=site.total_kw)
    for address in (f"/host/sites/{site.pk}/", "/host/"):
        page = text(as_hanna.get(address))
        assert "Waits for staff:</b> Connected to the grid on, Place, Region." in page
    reviews.reject_site(review=SiteReview.objects.get(), by=sam, why="No deed came.", now=factories.NOW)
    for address in (f"/host/sites/{site.pk}/", "/host/"):
        assert "No deed came." in text(as_hanna.get(address))


def test_the_address_of_a_site_is_not_on_the_public_page(as_hanna, stranger, steppe):
    offer = factories.offer(factories.site(steppe, address="12 Secret Street"))
    assert "Secret Street" not in text(stranger.get(f"/hotels/{offer.pk}/"))
    assert "Secret Street" in text(as_hanna.get(f"/host/sites/{offer.site_id}/"))


def test_a_miner_does_not_describe_sites(red_river, min_):
    client = Client()
    client.force_login(min_)
    assert client.get("/host/sites/new/").status_code == 403
    assert "is not registered as a host" in text(client.get("/host/"))


def picture():
    stored = io.BytesIO()
    Image.new("RGB", (240, 240), "teal").save(stored, "PNG")
    return stored.getvalue()


def test_a_photo_is_added_shown_and_removed(as_hanna, stranger, steppe):
    site = factories.site(steppe)
    upload = SimpleUploadedFile("../../etc/12 Secret Street.png", picture(), "image/png")
    answer = as_hanna.post(f"/host/sites/{site.pk}/photos/", {"acting": "steppe-power", "photo": upload})
    assert answer.status_code == 302
    photo = site.photos.get()
    assert "Secret" not in photo.file
    address = f"/photos/{photo.pk}.jpg"
    assert address in text(as_hanna.get(f"/host/sites/{site.pk}/"))
    shown = as_hanna.get(address)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert stranger.get(address).status_code == 404
    offer = factories.offer(site)
    assert stranger.get(address).status_code == 200
    assert address in text(stranger.get(f"/hotels/{offer.pk}/"))
    as_hanna.post(f"/host/photos/{photo.pk}/remove/", {"acting": "steppe-power"})
    assert as_hanna.get(address).status_code == 404


def test_a_file_that_only_calls_itself_a_picture_is_refused_on_the_page(as_hanna, steppe):
    site = factories.site(steppe)
    upload = SimpleUploadedFile("hall.jpg", b"<script>alert(1)</script>", "image/jpeg")
    answer = as_hanna.post(f"/host/sites/{site.pk}/photos/", {"acting": "steppe-power", "photo": upload})
    assert answer.status_code == 400
    assert "This is no JPEG, PNG or WebP picture" in text(answer)
    assert not site.photos.exists()
