"""No serious fault of accessibility on any page, by axe-core: wide and on a phone, light and dark.

A demo market on `manage.py up`, as a stranger, a miner, a host and one of the staff see it; and the keyboard.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from hosting.web import publicpages
from tests.e2e.conftest import SIZES
from tests.house.test_up import free_port, read_until_open, stop, up

pytestmark = pytest.mark.e2e

PASSWORD = "mining-hotel-demo"
SERIOUS = ("serious", "critical")
# Where the first link to one of its kind stands.
LISTS = {
    "hotel": ("/hotels/", "#rows tbody th a"),
    "machine": ("/machines/", "#rows tbody th a"),
    "event": ("/events/", "main a[href^='/events/']:not([href*='feed'])"),
}
PUBLIC = {
    "home": "/",
    "find": "/find/?need_kw=3000&efficiency_j_th=20",
    "hotels": "/hotels/",
    "hotel": "",
    "places": "/places/",
    "place": "/places/KZ/",
    "places_compare": "/places/compare/?place=KZ&place=PY&place=US-TX",
    "events": "/events/",
    "event": "",
    "machines": "/machines/",
    "machine": "",
    "market": "/market/",
    "search": "/search/?q=pro",
    "terms": "/terms/",
    "privacy": "/privacy/",
}
STRANGERS = {
    **PUBLIC,
    "another day of a place": "/places/KZ/?as_of=2021-05-25",
    "an unverified place": "/places/PY/",
    "nothing found": "/search/?q=atlantis",
    "sign in": "/login/",
    "sign up": "/account/signup/",
}
# What a refused form looks like; its answer is 400.
REFUSED = {
    "a bad filter": "/hotels/?max_price=cheap",
    "a bad need": "/find/?need_kw=3,500",
    "a bad price": "machine?price_usd=cheap",
    "nothing there": "/nothing-here/",
}
MEMBERS = {
    "min@example.org": ("/", "/requests/", "/requests/new/", "/notices/", "/notices/settings/", "/account/"),
    "hanna@example.org": ("/", "/host/", "/host/requests/", "/host/sites/new/", "/organizations/"),
}


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """The address of a demo market that has just been opened."""
    folder, port = tmp_path_factory.mktemp("market"), free_port()
    running = up(folder, port)
    try:
        read_until_open(running)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(running)


@pytest.fixture(scope="module")
def opened(browser, market):
    """opened(email): the page of a browser, of a stranger or of somebody who has signed in. One of each."""
    pages = {}

    def page_of(email=None):
        if email not in pages:
            # Without transitions a colour is never caught half-way from light to dark.
            context = browser.new_context(
                base_url=market, viewport=SIZES["wide"], locale="en", reduced_motion="reduce"
            )
            context.set_default_timeout(20_000)
            pages[email] = context.new_page()
            if email is not None:
                pages[email].goto("/login/")
                pages[email].locator("main [name=login]").fill(email)
                pages[email].locator("main [name=password]").fill(PASSWORD)
                pages[email].get_by_role("button", name="Sign in").click()
                pages[email].wait_for_load_state()
                assert "/login/" not in pages[email].url
        return pages[email]

    yield page_of
    for page in pages.values():
        page.context.close()


def address_of(page, name, address):
    """The address itself, or that of the first of its kind."""
    kind, _mark, query = (address or name).partition("?")
    if kind not in LISTS:
        return address
    page.goto(LISTS[kind][0])
    return f"{page.locator(LISTS[kind][1]).first.get_attribute('href')}?{query}"


def faults(page, address):
    """What axe-core finds serious or critical, in four looks: (look, rule, what it says, where)."""
    found = set()
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme="light")
        answer = page.goto(address)
        assert answer.status < 500
        page.wait_for_load_state("networkidle")
        # Folded parts are pages, too.
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # Nothing but colours changes from light to dark.
            rules = {"runOnly": ["color-contrast", "link-in-text-block"]} if scheme == "dark" else {}
            results = Axe().run(page, options={"resultTypes": ["violations"], **rules}).response
            for one in results["violations"]:
                if one["impact"] in SERIOUS:
                    for node in one["nodes"]:
                        where = " ".join(map(str, node["target"]))
                        said = node["failureSummary"].replace("\n", " ")[:220]
                        found.add((size, scheme, one["id"], where, said))
    return sorted(found)


def test_every_public_page_is_looked_at():
    assert set(PUBLIC) == set(publicpages.PAGES)


@pytest.mark.parametrize("name", [*STRANGERS, *REFUSED])
def test_a_strangers_page_has_no_serious_fault(opened, name):
    page = opened()
    address = address_of(page, name, {**STRANGERS, **REFUSED}[name])
    assert faults(page, address) == []


@pytest.mark.parametrize(
    ("email", "address"), [(email, address) for email, some in MEMBERS.items() for address in some]
)
def test_a_members_page_has_no_serious_fault(opened, email, address):
    assert faults(opened(email), address) == []


def test_a_request_and_its_ranked_list_have_no_serious_fault(opened):
    page = opened("min@example.org")
    page.goto("/requests/")
    address = page.locator("main a[href^='/requests/']:not([href$='/new/'])").first.get_attribute("href")
    assert faults(page, address) == []


# -- the keyboard ------------------------------------------------------------------------------------------

# What has the focus, and whether one sees it: by an outline or a shadow of its own, of the label that stands
# for a hidden radio button, or of the shape that a drawing's link is. A date's parts have the browser's own.
FOCUSED = """() => {
  const one = document.activeElement, hidden = one.matches('.switch input');
  const shown = hidden ? one.nextElementSibling
    : one.closest('svg') ? one.querySelector('path, .dot, rect') : one;
  const look = getComputedStyle(shown || one), box = (shown || one).getBoundingClientRect();
  const outlined = [look, hidden ? look : getComputedStyle(one)].some(
    one => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) >= 2);
  return {
    name: (one.innerText || one.name || one.id || one.tagName).trim(),
    room: one.closest('main') ? 'main' : one.closest('nav') ? 'nav' : one.closest('footer') ? 'footer'
      : one.closest('[role=search]') ? 'search' : one.closest('header') ? 'header' : one.className,
    is_seen: outlined || look.boxShadow !== 'none' || one.type === 'date'
      || (one.closest('svg') !== null && parseFloat(look.strokeWidth) >= 2),
    is_there: box.width > 1 && box.height > 1 && box.right > 0 && box.bottom > 0,
    is_nothing: one === document.body,
  };
}"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["home", "hotels", "places", "machines", "machine", "events", "market"])
def test_tab_goes_through_the_page_in_order_and_is_always_seen(opened, name, size):
    page = opened()
    page.set_viewport_size(SIZES[size])
    page.goto(address_of(page, name, PUBLIC[name]))
    stops = []
    for _press in range(60):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
        if stops[-1]["is_nothing"]:
            break
    assert stops[0]["room"] == "skip"
    there = [one for one in stops if not one["is_nothing"]]
    assert [one["name"] for one in there if not (one["is_seen"] and one["is_there"])] == []
    rooms = list(dict.fromkeys(one["room"] for one in there))
    expected = ["skip", "header", "nav", "search"] if size == "wide" else ["skip", "header", "nav"]
    assert rooms[: len(expected)] == expected
    assert "main" in rooms


def test_the_skip_link_leads_to_the_content(opened):
    page = opened()
    page.set_viewport_size(SIZES["wide"])
    page.goto("/hotels/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["room"] == "main"


def test_the_header_searches_by_keyboard_alone(opened):
    page = opened()
    page.set_viewport_size(SIZES["wide"])
    page.goto("/terms/")
    for _press in range(20):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)["room"] == "search":
            break
    page.keyboard.type("kz")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=kz")
    assert page.get_by_role("link", name="Kazakhstan").first.is_visible()
