"""The list of places: what holds in each of them."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.web.reading import text


def test_every_place_is_listed_with_what_holds_there(stranger, karaganda):
    factories.fact("KZ", "predictability", "2")
    factories.jurisdiction("NO", name="Norway")
    page = text(stranger.get("/places/"))
    assert 'href="/places/NO/">Norway</a>' in page
    assert 'href="/hotels/?jurisdiction=KZ">1</a>' in page
    assert "legal, licensed" in page
    assert "unknown" in page


def test_more_places_do_not_mean_more_queries(stranger):
    factories.fact("KZ", "legal_status", "tolerated")
    with CaptureQueriesContext(connection) as few:
        stranger.get("/places/")
    for code in ("NO", "SE", "FI", "IS", "CA-QC", "CA-AB", "US-TX", "US-NY"):
        factories.fact(code, "legal_status", "tolerated")
    with CaptureQueriesContext(connection) as many:
        stranger.get("/places/")
    assert len(many) == len(few)
