"""A stranger finds a hotel in a browser: by power or machines, live, without scripts, by keys, on a phone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hosting.services import engine, listings
from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def market(transactional_db):
    """Two hotels and two machines: North is cheap, South costs more and takes large orders only."""
    today = timezone.now().date()
    factories.fact("NO", "legal_status", "legal_unregulated")
    factories.fact("PY", "legal_status", "legal_licensed")
    for name, code, price, min_kw in (
        ("North Hall", "NO", "0.050000", None),
        ("South Hall", "PY", "0.070000", 2000),
    ):
        factories.offer(
            factories.site(code=code, name=name, region="Somewhere"),
            terms={"energy_price": Decimal(price), "min_kw": min_kw},
            phases=[(5000, today - timedelta(days=30), None)],
        )
    factories.machine(maker="Bitmain", model="S21", hashrate_th_s=Decimal(200), power_w=3500)
    factories.machine(maker="MicroBT", model="M60", hashrate_th_s=Decimal(170), power_w=3344)
    listings.refresh(book=engine.book(today), now=timezone.now())


def names(page):
    return page.locator("#results .results").first.locator("h3 a").all_inner_texts()


def test_a_hotel_is_found_from_the_first_page_by_power(wide_page):
    wide_page.goto("/")
    wide_page.get_by_label("Power you need").fill("3000")
    wide_page.get_by_role("button", name="Show hotels").click()
    expect(wide_page.get_by_role("heading", name="2 of 2 hotels fit")).to_be_visible()
    assert set(names(wide_page)) == {"North Hall", "South Hall"}
    wide_page.get_by_role("link", name="North Hall").click()
    expect(
        wide_page.get_by_role("heading", name="What it costs: 1 MW for 12 months from today")
    ).to_be_visible()


def test_a_hotel_is_found_from_the_first_page_by_machines(wide_page):
    wide_page.goto("/")
    wide_page.get_by_text("By machines").click()
    wide_page.get_by_label("Machine 1").select_option(label="S21 · 17.5\u00a0J/TH")
    wide_page.get_by_label("How many").fill("300")
    wide_page.get_by_role("button", name="Show hotels").click()
    expect(wide_page.get_by_text("1.05\u00a0MW · 17.5\u00a0J/TH")).to_be_visible()
    assert names(wide_page) == ["North Hall"]
    expect(wide_page.get_by_text("Would fit, but for one thing")).to_be_visible()


def test_the_list_follows_every_change_and_the_address_with_it(wide_page):
    wide_page.goto("/find/?need_kw=3000")
    price = wide_page.get_by_label("Highest effective price")
    price.fill("0.0600")
    price.press("Tab")
    expect(wide_page.get_by_role("heading", name="1 of 2 hotels fits")).to_be_visible()
    assert "max_price_usd=0.0600" in wide_page.url
    assert names(wide_page) == ["North Hall"]
    wide_page.reload()
    expect(wide_page.get_by_role("heading", name="1 of 2 hotels fits")).to_be_visible()
    assert price.input_value() == "0.0600"
    wide_page.go_back()
    expect(wide_page.get_by_role("heading", name="2 of 2 hotels fit")).to_be_visible()


def test_a_line_of_machines_is_added_without_losing_what_was_typed(wide_page):
    wide_page.goto("/find/")
    wide_page.get_by_text("By machines").click()
    wide_page.get_by_label("Machine 1").select_option(label="S21 · 17.5\u00a0J/TH")
    wide_page.locator("#f-quantity-0").fill("300")
    wide_page.get_by_role("button", name="Add a line").click()
    expect(wide_page.get_by_label("Machine 4", exact=True)).to_be_visible()
    assert wide_page.locator("#f-quantity-0").input_value() == "300"


def test_why_opens_the_conditions_and_the_figures(wide_page):
    wide_page.goto("/find/?need_kw=3000&efficiency_j_th=20")
    first = wide_page.locator(".result").first
    first.get_by_text("Why?").click()
    expect(first.get_by_text("Effective price")).to_be_visible()
    expect(first.get_by_text("Legal status").first).to_be_visible()


def test_everything_works_without_scripts(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_text("By machines").click()
    page.get_by_label("Machine 1").select_option(label="M60 · 19.67\u00a0J/TH")
    page.get_by_label("How many").fill("700")
    page.get_by_role("button", name="Show hotels").click()
    expect(page.get_by_role("heading", name="2 of 2 hotels fit")).to_be_visible()
    page.get_by_role("button", name="Add a line").click()
    expect(page.get_by_label("Machine 2", exact=True)).to_be_visible()
    page.get_by_label("Highest effective price").fill("0.0600")
    page.get_by_role("button", name="Show hotels").click()
    expect(page.get_by_role("heading", name="1 of 2 hotels fits")).to_be_visible()
    page.locator(".result summary").first.click()
    expect(page.get_by_text("Effective price").first).to_be_visible()


def test_the_results_are_reached_by_keyboard_alone(wide_page):
    wide_page.goto("/")
    wide_page.keyboard.press("Tab")
    expect(wide_page.get_by_role("link", name="Skip to the content")).to_be_focused()
    wide_page.keyboard.press("Enter")
    for _stop in range(30):
        wide_page.keyboard.press("Tab")
        if wide_page.evaluate("document.activeElement.innerText") == "Show hotels":
            break
    wide_page.keyboard.press("Enter")
    wide_page.wait_for_url("**/find/?**")
    for _stop in range(80):
        wide_page.keyboard.press("Tab")
        if wide_page.evaluate("!!document.activeElement.closest('.result h3')"):
            break
    wide_page.keyboard.press("Enter")
    expect(wide_page.get_by_role("heading", name="North Hall")).to_be_visible()


def test_a_bar_tells_its_numbers_on_focus(wide_page):
    wide_page.goto("/find/?need_kw=3000")
    bar = wide_page.locator(".result .bar").first
    expect(bar.locator(".bar-note")).to_be_hidden()
    bar.focus()
    expect(bar.locator(".bar-note")).to_be_visible()


def test_the_list_of_hotels_follows_its_filters(wide_page):
    wide_page.goto("/hotels/")
    wide_page.get_by_label("Place", exact=True).select_option("NO")
    expect(wide_page.get_by_role("link", name="South Hall")).to_have_count(0)
    expect(wide_page.get_by_role("link", name="North Hall")).to_be_visible()
    assert "jurisdiction=NO" in wide_page.url


@pytest.mark.parametrize(
    "address", ["/", "/find/", "/hotels/", "/places/", "/places/NO/", "/login/", "hotel"]
)
def test_a_phone_never_scrolls_sideways(open_page, scheme, address):
    page = open_page(size="phone", scheme=scheme)
    if address == "hotel":
        page.goto("/hotels/")
        page.get_by_role("link", name="North Hall").click()
        page.wait_for_url("**/hotels/*-*/")
    else:
        page.goto(address)
    beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(beyond) == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(247, 246, 242)" if scheme == "light" else "rgb(20, 22, 24)"
    )


def test_what_a_finger_must_hit_is_large_enough(open_page):
    page = open_page(size="phone")
    page.goto("/find/")
    low = page.evaluate(
        """() => [...document.querySelectorAll(
            'nav a, .btn, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, summary')]
          .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 43.5)
          .map(one => one.outerHTML.slice(0, 90))"""
    )
    assert low == []


def test_a_mistake_is_shown_beside_its_field_while_typing_goes_on(browser, live_server):
    # A refused request is an error to the browser's console, so this page is opened by hand.
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("/find/?need_kw=3000")
    power = page.get_by_label("Power you need")
    power.fill("3,500")
    power.press("Tab")
    expect(page.locator("#e-need_kw")).to_contain_text("A comma can mean two things")
    expect(power).to_have_attribute("aria-invalid", "true")
    assert power.input_value() == "3,500"
    power.fill("3500")
    power.press("Tab")
    expect(page.locator("#e-need_kw")).to_be_empty()
    expect(page.get_by_role("heading", name="2 of 2 hotels fit")).to_be_visible()
    assert power.get_attribute("aria-invalid") is None
    context.close()
