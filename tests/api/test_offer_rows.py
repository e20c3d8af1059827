"""The list of offers is made of columns, fast; it says what one offer alone says."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Licence, Organization
from accounts.services import licences
from hosting.api import offerrows
from hosting.api.offers import OfferedSiteSerializer, OfferSerializer
from hosting.api.sites import HostSerializer, LicenceSerializer
from hosting.models import Commitment, Offer, Site
from hosting.services import capacity, trust, visibility
from tests import factories
from tests.api.walking import API, walk

pytestmark = pytest.mark.django_db
TODAY = factories.TODAY


def test_a_row_of_the_list_is_the_offer_to_the_last_sign(stranger, as_, steppe, hanna, sam):
    paper = licences.add(
        organization=steppe, jurisdiction_code="KZ", type="kz-mining", number="7", valid_from=TODAY,
        by=hanna, now=factories.NOW,
    )  # fmt: skip
    licences.review(licence=paper, by=sam, why="seen", now=factories.NOW)
    site = factories.site(steppe)
    full = factories.offer(
        site,
        terms={
            "price_model": "tiered",
            "currency": "KZT",
            "energy_price": Decimal("30.5"),
            "base_fee_kw_month": Decimal("1200"),
            "metering": "site",
            "pue": Decimal("1.15"),
            "renewable": Decimal("33.3"),
            "accepted_machines": "all",
            "allows_low_power_mode": False,
            "valid_until": TODAY + timedelta(300),
        },
        tiers=[(1000, Decimal("28")), (1, Decimal("30"))],
        phases=((5000, TODAY, None), (3000, TODAY + timedelta(30), TODAY + timedelta(60))),
    )
    trust.settle(offer=full, field="price_basis", level="verified", by=sam, now=factories.NOW)
    capacity.hold(
        offer=full, kw=700, request=factories.request(), starts_on=TODAY, ends_on=TODAY + timedelta(90),
        held_until=factories.NOW + timedelta(hours=72), by=sam, now=factories.NOW,
    )  # fmt: skip
    Offer.objects.filter(pk=full.pk).update(list_price_micros=61_300, list_price_on=TODAY)
    factories.offer(site)
    empty = factories.offers.draft(site=site, title="Empty", by=hanna, now=factories.NOW)
    for client, count in ((stranger, 2), (as_(hanna), 3)):
        rows = {row["id"]: row for row in walk(client, "offers/")}
        assert len(rows) == count
        for pk, row in rows.items():
            assert row == client.get(f"{API}/offers/{pk}/").json()
    assert "price_model" not in rows[str(empty.pk)]


def test_everybody_sees_every_field_that_the_fast_list_shows():
    for model, serializer in (
        (Offer, OfferSerializer),
        (Site, OfferedSiteSerializer),
        (Organization, HostSerializer),
        (Licence, LicenceSerializer),
    ):
        for name in serializer().get_fields():
            row = visibility.FIELDS[model][name]
            assert visibility.TABLE[row] == visibility.EVERYBODY, (model, name)
    for name in ("kw", "start", "end"):
        assert visibility.TABLE[visibility.FIELDS[Commitment][name]] == visibility.EVERYBODY


def test_every_field_of_the_terms_has_its_writer():
    assert {name for name, _column, _write in offerrows.WRITERS} == set(offerrows.TERMS)
