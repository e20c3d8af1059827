"""The catalogue of machines, the search, and what search engines read: the same for everybody."""

from tests import factories
from tests.web.access import Row, World, everyone


def a_machine(world: World) -> dict:
    return {"pk": factories.machine().pk}


ROWS = [
    Row("machines", everyone(200)),
    Row("machines", everyone(400), query="maker=Nobody", note="of a maker nobody knows"),
    Row("machine", everyone(200), where=a_machine),
    Row("machine", everyone(400), where=a_machine, query="price_usd=cheap", note="at no price"),
    Row("search", everyone(200)),
    Row("search", everyone(200), query="q=hall", note="for something"),
    Row("search", everyone(400), query="q=x", note="for too little"),
    Row("sitemap", everyone(200)),
    Row("sitemap_section", everyone(200), where=lambda world: {"section": "hotels"}),
    Row(
        "sitemap_section",
        everyone(404),
        where=lambda world: {"section": "requests"},
        note="of what is private",
    ),
    Row("robots", everyone(200)),
    Row("set_language", everyone(405), note="by a link"),
    Row(
        "set_language",
        everyone("done"),
        method="POST",
        data=lambda world: {"language": "en", "next": "/places/"},
    ),
]
