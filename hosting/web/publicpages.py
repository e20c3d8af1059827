"""The pages that everybody may read, by the names of their addresses, and what says which page it is.

One declaration for all that depends on it: they have a canonical address, strangers may keep a copy of them
for a minute (marketplace/middleware.py), and the tests walk them. A page that is not named here is private.
"""

from urllib.parse import urlencode

from django.http import HttpRequest

# name -> the parameters of the query without which it is another page; all others only sort, filter or fill.
PAGES: dict[str, tuple[str, ...]] = {
    "home": (),
    "find": (),
    "hotels": (),
    "hotel": (),
    "places": (),
    "place": (),
    "events": ("place",),
    "event": (),
    "places_compare": ("place",),
    "machines": (),
    "market": (),
    "machine": (),
    "search": (),
    "terms": (),
    "privacy": (),
}
# Pages of one thing each; of all others there is one.
OF_ONE_THING = frozenset({"hotel", "place", "event", "machine"})
# What programs read, not people: no title, and no canonical address.
FILES = frozenset({"sitemap", "sitemap_section", "robots", "market_csv"})


def name_of(request: HttpRequest) -> str:
    """The name of the address that was asked for, "" for one that nobody answers."""
    match = request.resolver_match
    return (match.url_name or "") if match and not match.namespaces else ""


def is_public(request: HttpRequest) -> bool:
    """Whether the answer is the same for every stranger."""
    name = name_of(request)
    return name in PAGES or name in FILES


def canonical_query(request: HttpRequest) -> str:
    """What of the query belongs to the page's one address: "" or "?place=KZ&place=PY"."""
    names = PAGES.get(name_of(request), ())
    kept = [(name, value) for name in names for value in request.GET.getlist(name) if value]
    return f"?{urlencode(kept)}" if kept else ""
