"""The list of places with its map, and places side by side: the same for everybody."""

from tests import factories
from tests.web.access import Row, World, everyone


def two_places(world: World) -> dict:
    """Makes the places that the query names."""
    for code in ("KZ", "NO"):
        factories.fact(code, "legal_status", "tolerated")
    return {}


ROWS = [
    Row("places", everyone(200), query="by=free_kw&ordering=-free_kw&has_hotels=true", where=two_places),
    Row("places", everyone(400), query="by=luck"),
    Row("places", everyone(405), method="POST"),
    Row("places_compare", everyone(200)),
    Row("places_compare", everyone(200), query="place=KZ&place=NO", where=two_places),
    Row("places_compare", everyone(404), query="place=XX"),
    Row("places_compare", everyone(400), query="&".join(f"place=X{number}" for number in range(6))),
    Row("places_compare", everyone(405), method="POST"),
]
