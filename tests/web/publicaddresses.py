"""An address for each public page, on a market that has something to show on all of them."""

from datetime import timedelta
from decimal import Decimal

from django.urls import reverse

from hosting.models import RegulationEvent
from hosting.services import engine, listings
from hosting.web import publicpages
from tests import factories


def market(host=None, *, now=factories.NOW):
    """A hotel, two places, a machine, an event, a hashprice. Gives {name of a page: its URL's arguments}."""
    today = now.date()
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.fact("PY", "legal_status", "restricted", confidence="low")
    factories.rule("KZ", "require_licence", licence_type="mining", title="A licence is needed")
    factories.rate(value="48.25", on=today - timedelta(3))
    site = factories.site(host, name="Steppe Hall")
    offer = factories.offer(site, title="Firm power", phases=[(5000, today - timedelta(30), None)])
    event = RegulationEvent.objects.create(
        date=today - timedelta(40),
        date_precision="day",
        jurisdiction="KZ",
        kind="law",
        title="A law on mining is signed; licences follow within a year",
        source="The Gazette",
        confidence="high",
        updated_at=now,
    )
    machine = factories.machine(
        maker="Bitmain", model="Antminer S19 Pro 110T", hashrate_th_s=Decimal(110), power_w=3250
    )
    listings.refresh(book=engine.book(today), now=now)
    return {
        "hotel": {"pk": offer.pk},
        "place": {"code": "KZ"},
        "event": {"pk": event.pk},
        "machine": {"pk": machine.pk},
        "sitemap_section": {"section": "hotels"},
    }


QUERIES = {"places_compare": "?place=KZ&place=PY", "search": "?q=steppe"}


def addresses(where, names=publicpages.PAGES):
    """{name: address} of these pages. The files of the market have names of their own and tests of theirs."""
    return {
        name: reverse(name, kwargs=where.get(name, {})) + QUERIES.get(name, "")
        for name in names
        if name != "market_csv"
    }
