"""GET jurisdictions/: the filters that the page of places has, too."""

import pytest

from hosting.services.atlas import LOWEST_POWER
from tests import factories
from tests.api.walking import API, is_problem, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def four():
    """Kazakhstan; Norway, unverified; China, which bans, with Sichuan."""
    cases = (
        ("KZ", "legal_licensed", "high", "2"),
        ("NO", "tolerated", "low", "4"),
        ("CN", "banned", "high", "4"),
    )
    for code, status, confidence, rating in cases:
        factories.fact(code, "legal_status", status, confidence=confidence)
        factories.fact(code, "predictability", rating)
        factories.fact(code, LOWEST_POWER, "0.05", confidence=confidence)
    factories.jurisdiction("CN-SC")


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("q=place cn", ["CN", "CN-SC"]),
        ("min_legal_status=restricted", ["KZ"]),
        ("min_legal_status=restricted&unverified=true", ["KZ", "NO"]),
        ("min_legal_status=restricted&unverified=false", ["KZ"]),
        ("min_predictability=3", ["CN", "CN-SC", "NO"]),
        ("max_power_price=0.05", ["CN", "CN-SC", "KZ"]),
        ("max_power_price=0.04&unverified=true", []),
        ("has_hotels=false", ["CN", "CN-SC", "KZ", "NO"]),
    ],
)
def test_places_can_be_narrowed_down(stranger, four, query, codes):
    assert [row["code"] for row in walk(stranger, f"jurisdictions/?{query}")] == codes


@pytest.mark.parametrize(
    "query",
    ["min_predictability=6", "max_power_price=x", "has_hotels=2", "unverified=", "q=%00", "by=free_kw"],
)
def test_what_can_not_be_read_is_refused(stranger, four, query):
    answer = stranger.get(f"{API}/jurisdictions/?{query}")
    if query == "unverified=":
        assert answer.status_code == 200, "an empty filter filters nothing"
    else:
        is_problem(answer, 400)
