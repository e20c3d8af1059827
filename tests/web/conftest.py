"""Pages on the day of the factories: the edge reads the clock, so the clock is held there."""

import pytest
from django.test import Client
from django.utils import timezone, translation

from tests import factories

NEED = {
    "by": "kw",
    "need_kw": "1000",
    "efficiency_j_th": "20",
    "earliest_start": "2027-01-31",
    "latest_start": "2027-04-01",
    "term_months": "12",
    "max_price_usd": "0.08",
}


@pytest.fixture(autouse=True)
def _held_clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: factories.NOW)


@pytest.fixture(autouse=True)
def _english():
    # A page leaves the language it spoke to the thread; no test may depend on which one ran before.
    with translation.override("en"):
        yield


@pytest.fixture
def stranger(db) -> Client:
    """A browser that nobody has signed in with."""
    return Client()


@pytest.fixture
def as_mallory(mallory) -> Client:
    """A browser of somebody signed in who belongs to nobody."""
    client = Client()
    client.force_login(mallory)
    return client


@pytest.fixture
def ask(stranger):
    """ask(need_kw="3,500", drop=("by",), htmx=True): the answer of /find/ to NEED, changed so."""

    def asked(*, client=None, htmx=False, drop=(), **changes):
        query = {name: value for name, value in {**NEED, **changes}.items() if name not in drop}
        headers = {"HX-Request": "true"} if htmx else {}
        return (client or stranger).get("/find/", query, headers=headers)

    return asked


@pytest.fixture
def karaganda(steppe):
    """A hotel of Hanna's that fits NEED."""
    factories.fact("KZ", "legal_status", "legal_licensed")
    site = factories.site(steppe, name="Steppe Hall 2")
    return factories.offer(site, title="Firm power")
