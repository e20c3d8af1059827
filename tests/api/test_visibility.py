"""Who sees what: every cell of the domain's table, for everybody there is today."""

import pytest

from accounts.models import Licence
from accounts.services.acting import STRANGER, as_viewer
from hosting.models import Commitment, Offer, Site
from hosting.services import visibility
from hosting.services.visibility import FIELDS, TABLE, Standing, may_see, standing
from tests import factories

pytestmark = pytest.mark.django_db

# The table as it stands in the domain: stranger, signed in, fitting host, revealed to, party, own side.
CELLS = {
    "request: needs": "yes yes yes yes yes yes",
    "request: owner of an anonymous one": "no no no yes yes yes",
    "request: price ceiling and weights": "no no no no no yes",
    "site: public": "yes yes yes yes yes yes",
    "site: address": "no no no no yes yes",
    "offer: terms": "yes yes yes yes yes yes",
    "offer: parties": "no no no no yes yes",
    "organization: public": "yes yes yes yes yes yes",
    "organization: private": "no no no no yes yes",
}


@pytest.mark.parametrize("row", CELLS)
def test_the_declaration_is_the_table(row):
    allowed = [{"yes": True, "no": False}[cell] for cell in CELLS[row].split()]
    assert [one in TABLE[row] for one in Standing] == allowed


def test_every_row_of_the_table_is_tested_and_every_field_is_in_a_row():
    assert set(CELLS) == set(TABLE)
    assert {name for fields in FIELDS.values() for name in fields.values()} == set(TABLE)


@pytest.fixture
def market(steppe, red_river, sam):
    """A site, an offer, a request and a commitment between them."""
    offer = Offer.objects.select_related("site__host").get(pk=factories.offer(factories.site(steppe)).pk)
    request = factories.request(red_river, is_anonymous=True)
    commitment = Commitment(offer=offer, request=request, kw=1)
    licence = Licence(organization=steppe, type="kz-mining")
    return {
        "offer": offer,
        "site": offer.site,
        "request": request,
        "commitment": commitment,
        "host": steppe,
        "licence": licence,
    }


def test_whose_a_row_is(market, hanna, min_, mina, mallory, sam):
    sides = {
        "offer": {"hanna", "sam"},
        "site": {"hanna", "sam"},
        "host": {"hanna", "sam"},
        "licence": {"hanna", "sam"},
        "request": {"min", "mina", "sam"},
        "commitment": {"hanna", "min", "mina", "sam"},
    }
    people = {"hanna": hanna, "min": min_, "mina": mina, "mallory": mallory, "sam": sam}
    for thing, own in sides.items():
        for name, person in people.items():
            expected = Standing.OWN_SIDE if name in own else Standing.SIGNED_IN
            assert standing(as_viewer(person), market[thing]) == expected, (thing, name)
        assert standing(STRANGER, market[thing]) == Standing.STRANGER


PRIVATE = [
    ("site", "address"),
    ("host", "legal_name"),
    ("host", "registration_number"),
    ("host", "documents"),
    ("host", "sanctions_reference"),
    ("licence", "number"),
    ("request", "max_price_usd"),
    ("request", "weights"),
    ("request", "max_deposit_months"),
    ("request", "scores"),
    ("request", "owner"),
    ("commitment", "request"),
    ("offer", "documents"),
]


@pytest.mark.parametrize(("thing", "field"), PRIVATE)
def test_private_fields_are_for_the_own_side_and_staff(market, hanna, min_, mallory, sam, thing, field):
    owner, other = (min_, hanna) if thing == "request" else (hanna, mallory)
    assert may_see(as_viewer(owner), market[thing], field)
    assert may_see(as_viewer(sam), market[thing], field)
    for viewer in (STRANGER, as_viewer(mallory), as_viewer(other)):
        assert not may_see(viewer, market[thing], field)


def test_everything_else_is_for_everybody(market):
    rows = {type(row): (name, row) for name, row in market.items()}
    for model, fields in FIELDS.items():
        name, row = rows[model]
        for field in fields:
            assert may_see(STRANGER, row, field) == ((name, field) not in {*PRIVATE, *more_private(name)})


def more_private(name):
    """Fields that stand in the private rows beside those tested one by one."""
    return {
        "site": [("site", "changes_waiting")],
        "offer": [("offer", "terms_waiting")],
        "request": [("request", "broker")],
        "host": [
            ("host", one) for one in ("country", "verification", "sanctions_result", "sanctions_checked_on")
        ],
        "licence": [("licence", "document")],
        "commitment": [("commitment", one) for one in ("state", "held_until")],
    }.get(name, [])


def test_the_owner_of_a_request_that_is_not_anonymous_is_public(red_river):
    named = factories.request(red_river, is_anonymous=False)
    assert may_see(STRANGER, named, "owner")


def test_a_member_who_acts_for_another_organization_is_not_the_own_side(market, hanna):
    factories.organization("miner", by=hanna, handle="second-hat")
    assert may_see(as_viewer(hanna, handle="steppe-power"), market["site"], "address")
    assert not may_see(as_viewer(hanna, handle="second-hat"), market["site"], "address")
    assert not may_see(as_viewer(hanna), market["site"], "address")


def test_a_field_that_nobody_has_declared_is_an_error_and_not_a_guess(market):
    with pytest.raises(LookupError, match="Site.colour"):
        may_see(STRANGER, market["site"], "colour")
    with pytest.raises(LookupError):
        visibility.row_of(factories.jurisdiction("NO"), "name")


def test_every_public_column_of_a_site_is_declared():
    columns = {field.name for field in Site._meta.concrete_fields}
    assert columns == set(FIELDS[Site]) - {"changes_waiting"}
