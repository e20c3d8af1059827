"""The pages of imports: a file is sent, looked at, and written."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hosting.models import Import, Offer
from tests import factories
from tests.services.importing import offers_csv, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanna_here(client, hanna, steppe):
    factories.site(steppe, name="Hall")
    client.force_login(hanna)
    return client


def send(client, text, what="offers", **more):
    file = SimpleUploadedFile("offers.csv", text.encode())
    return client.post(reverse("imports"), {"acting": "steppe-power", "what": what, "file": file, **more})


def test_a_file_is_sent_looked_at_and_written(hanna_here):
    answer = send(hanna_here, offers_csv({}))
    found = Import.objects.get()
    assert answer["Location"] == reverse("import", args=[found.pk])
    page = hanna_here.get(answer["Location"]).content.decode()
    assert "Winter power" in page
    assert "1000 kW" in page
    assert "hx-get" not in page
    assert not Offer.objects.exists()
    posted = {"acting": "steppe-power", "version": found.version}
    hanna_here.post(reverse("import_commit", args=[found.pk]), posted)
    written = hanna_here.get(answer["Location"]).content.decode()
    assert reverse("offer_edit", args=[Offer.objects.get().pk]) in written


def test_what_is_wrong_stands_with_its_line_and_is_no_markup(hanna_here):
    answer = send(hanna_here, offers_csv({"site": "<b>x</b>", "uptime": "x"}))
    page = hanna_here.get(answer["Location"]).content.decode()
    assert "What is wrong: 2" in page
    assert "<b>x" not in page


def test_a_file_that_can_not_be_read_is_refused_in_the_form(hanna_here):
    file = SimpleUploadedFile("offers.csv", "Зал".encode("windows-1251"))
    answer = hanna_here.post(reverse("imports"), {"acting": "steppe-power", "what": "offers", "file": file})
    assert answer.status_code == 400
    assert "windows-1251" in answer.content.decode()
    assert send(hanna_here, "machine\nS21", what="fleet").status_code == 400
    assert not Import.objects.exists()


def test_a_large_file_is_watched(hanna_here, steppe):
    found = receive(steppe, offers_csv(*({"title": f"Offer {number}"} for number in range(400))))
    url = reverse("import", args=[found.pk])
    assert "hx-get" in hanna_here.get(url).content.decode()
    fragment = hanna_here.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "hx-get" in fragment


def test_a_version_nobody_saw_is_not_written(hanna_here, steppe):
    found = receive(steppe, offers_csv({}))
    for version in ("1", "x", ""):
        posted = {"acting": "steppe-power", "version": version}
        hanna_here.post(reverse("import_commit", args=[found.pk]), posted)
    assert not Offer.objects.exists()
