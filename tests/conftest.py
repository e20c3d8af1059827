"""The cast: hanna hosts, min mines, mina is in min's organization, sam and sara are staff, paul is a partner,
mallory belongs to nobody and sees nothing."""

import pytest

from accounts.models import Organization, User
from accounts.services import organizations
from hosting.services import engine, matchwork
from tests import factories


@pytest.fixture(autouse=True)
def _nothing_kept():
    """A test begins with empty columns, as a process does: the rows of another one never were."""
    engine.kept.forget()
    matchwork.kept.forget()


@pytest.fixture
def hanna(db) -> User:
    return factories.user("hanna@example.org")


@pytest.fixture
def steppe(hanna) -> Organization:
    """Hanna's verified host."""
    return factories.organization("host", by=hanna, handle="steppe-power", legal_name="Steppe Power LLP")


@pytest.fixture
def min_(db) -> User:
    return factories.user("min@example.org")


@pytest.fixture
def red_river(min_) -> Organization:
    """Min's verified miner."""
    return factories.organization("miner", by=min_, handle="red-river", legal_name="Red River Mining Ltd")


@pytest.fixture
def mina(red_river, min_) -> User:
    """A trader in Min's organization."""
    person = factories.user("mina@example.org")
    organizations.join(organization=red_river, user=person, role="trader", by=min_, now=factories.NOW)
    return person


@pytest.fixture
def sam(db) -> User:
    return factories.user("sam@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def sara(db) -> User:
    return factories.user("sara@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def paul(db) -> User:
    return factories.user("paul@example.org")


@pytest.fixture
def carrier(paul) -> Organization:
    """Paul's verified partner, a carrier."""
    return factories.organization("partner", by=paul, handle="polar-freight", legal_name="Polar Freight AS")


@pytest.fixture
def mallory(db) -> User:
    return factories.user("mallory@example.org")
