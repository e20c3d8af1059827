"""A real browser on a real server. A page that writes an error to the console fails its test."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

# Playwright's loop runs in this thread; the database is used from it only between its steps.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
def browser():
    """Chromium from the operating system."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(f"No browser: none of {', '.join(BROWSERS)} is installed (apt-get install chromium).")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    """Each test that asks for it runs in both colour schemes."""
    return request.param


@pytest.fixture
def open_page(browser, live_server):
    """open_page(size="wide", scheme="light", **options): a page whose addresses start at the live server.

    Sizes are "wide" (1280) and "phone" (390). After the test, errors of the console and of scripts,
    and files that were not there, fail it.
    """
    contexts, faults = [], []

    def opened(*, size="wide", scheme="light", **options):
        context = browser.new_context(
            base_url=live_server.url, viewport=SIZES[size], color_scheme=scheme, locale="en", **options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "response",
            lambda answer: (
                faults.append(f"{answer.status} {answer.url}")
                if answer.status >= 400 and answer.request.resource_type != "document"
                else None
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == [], "the page reported errors"


@pytest.fixture
def wide_page(open_page):
    """A page on a desk: 1280 pixels."""
    return open_page(size="wide")


@pytest.fixture
def phone_page(open_page):
    """A page in a warehouse: 390 pixels."""
    return open_page(size="phone")
