"""Hanna and Min meet: from sign-up to a ranked list, in two real browsers on `manage.py up`.

Nothing is called inline: the web, the worker with beat and the embedded Valkey are programs of their own.
"""

import email
import email.policy
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest

from tests.house.test_up import free_port, read_until_open, stop, up

pytestmark = pytest.mark.e2e

PASSWORD = "steppe-wind-carries-7"
SECONDS_TO_RANK = 2
# A near miss has no rank.
RANKED = "main li.result:has(.rank:not(:empty))"
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0>>endobj\n%%EOF\n"


def day(ahead):
    return (datetime.now(UTC).date() + timedelta(days=ahead)).isoformat()


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    """A market that has just been opened: (address, its DATA_DIR)."""
    folder, port = tmp_path_factory.mktemp("market"), free_port()
    running = up(folder, port)
    try:
        read_until_open(running)
        yield f"http://127.0.0.1:{port}", folder
    finally:
        stop(running)


class Person:
    """Somebody before a browser of their own."""

    def __init__(self, browser, market, address):
        self.address, self.mail_folder = address, market[1] / "mail"
        self.context = browser.new_context(
            base_url=market[0], viewport={"width": 1280, "height": 900}, locale="en"
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("response", self._note)

    def _note(self, answer):
        if answer.status >= 400:
            self.faults.append(f"{answer.status} {answer.request.method} {answer.url}")

    def go(self, path):
        answer = self.page.goto(path)
        assert answer.status == 200, (path, answer.status)

    def press(self, name, *, within="main"):
        self.page.locator(within).get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def fill(self, **fields):
        for name, value in fields.items():
            field = self.page.locator(f"main [name={name}]").first
            kind = field.evaluate("one => one.tagName + (one.type || '')")
            if kind.startswith("SELECT"):
                field.select_option(value)
            else:
                field.fill(value)

    @property
    def text(self):
        return self.page.locator("main").inner_text()

    def sees(self, words, seconds=15):
        """The words, sooner or later; how many seconds that took."""
        began = time.monotonic()
        self.page.locator("main").get_by_text(words).first.wait_for(timeout=seconds * 1000)
        return time.monotonic() - began

    def mail(self, subject, seconds=30):
        """The text of the newest mail to them whose subject holds the words."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for letter in reversed(self.letters()):
                if letter["To"] == self.address and subject in letter["Subject"]:
                    return letter.get_content()
            time.sleep(0.1)
        raise AssertionError(f"no mail “{subject}” to {self.address} within {seconds} s")

    def letters(self):
        found = []
        for file in sorted(Path(self.mail_folder).glob("*.log")):
            for part in file.read_bytes().split(b"-" * 79):
                if part.strip():
                    found.append(email.message_from_bytes(part.strip(), policy=email.policy.default))
        return found

    def sign_up(self):
        self.go("/account/signup/")
        self.fill(email=self.address, password1=PASSWORD)
        self.page.locator("main input[name=accepts]").check()
        self.press("Sign up")
        code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", self.mail("onfirm"), re.MULTILINE)
        assert code, self.letters()[-1].get_content()
        self.fill(code=code.group(1))
        self.press("Confirm")

    def sign_in(self, password):
        self.go("/login/")
        self.fill(login=self.address, password=password)
        self.press("Sign in")

    def found(self, handle, kind, country):
        self.go("/organizations/")
        self.fill(handle=handle, legal_name=f"{handle} Ltd", country=country, registration_number="HR-4711")
        self.page.locator(f"main input[name=kinds][value={kind}]").check()
        self.press("Found it")
        self.go(f"/organizations/{handle}/verification/")
        self.fill(kind="registration")
        self.page.locator("main input[type=file]").set_input_files(
            {"name": "register.pdf", "mimeType": "application/pdf", "buffer": PAPER}
        )
        self.press("Hand in")
        self.press("Submit for verification")
        self.sees("submitted")


def verify(staff, handle):
    """Staff takes the dossier up, records the sanctions check and approves, in the admin."""
    for step, fields in (
        ("Take up", {}),
        ("Record a sanctions check", {"result": "clear", "reference": "search 42"}),
        ("Approve", {"why": "papers seen"}),
    ):
        staff.go("/admin/accounts/organization/")
        staff.page.get_by_role("link", name=handle, exact=True).click()
        staff.page.get_by_role("link", name=step, exact=True).click()
        for name, value in fields.items():
            field = staff.page.locator(f"#content [name={name}]")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        staff.page.locator(f"input[type=submit][value='{step}']").click()
        staff.page.wait_for_load_state()
        assert "This was not done" not in staff.page.content()


def list_hotel(host, staff, title):
    """A site, an offer with a phase, submitted; staff approves it in the admin."""
    host.go("/host/sites/new/")
    host.fill(
        name="Quiet Fjord Hall",
        jurisdiction="IS",
        region="Reykjanes",
        address="1 Hidden Road",
        total_kw="20000",
        connected_on="2021-03-01",
    )
    host.press("Describe the site")
    host.page.get_by_role("link", name="New offer").click()
    host.page.locator("main input[name=price_model][value=all_in]").check()
    host.press("Continue")
    host.fill(title=title, currency="USD", energy_price="0.041", uptime="98", metering="plug", cooling="air")
    host.page.locator("main form[method=post] button.btn-accent").first.click()
    host.page.wait_for_load_state()
    host.page.get_by_role("link", name="Add capacity").click()
    host.fill(available_kw="8000", starts_on=day(1))
    host.page.locator("main form[method=post] button.btn-accent").first.click()
    host.page.wait_for_load_state()
    host.press("Submit for review")
    staff.go("/admin/hosting/offer/?q=" + title.replace(" ", "+"))
    staff.page.locator("input.action-select").first.check()
    staff.page.locator("select[name=action]").select_option("approve")
    staff.page.locator("button[name=index]").click()
    staff.page.locator("textarea[name=why]").fill("power contract seen")
    staff.page.locator("#content input[type=submit]").last.click()
    staff.page.wait_for_load_state()
    host.page.reload()
    assert "published" in host.text


def post_need(miner):
    """Fill the form, press, and wait for the list: seconds until the page answered, and until it was full."""
    miner.go("/requests/new/")
    miner.page.locator("label:has(#by-kw)").click()
    miner.fill(
        need_kw="900",
        efficiency_j_th="17.5",
        worst_j_th="17.5",
        earliest_start=day(5),
        latest_start=day(120),
        term_months="12",
        max_price_usd="0.09",
    )
    button = miner.page.locator("button[name=publish]")
    button.wait_for()
    # The preview that the last field set off is not what is measured.
    miner.page.wait_for_load_state("networkidle")
    began = time.monotonic()
    button.click()
    miner.page.wait_for_url(re.compile(r"/requests/[0-9a-f-]{36}/$"))
    answered = time.monotonic() - began
    miner.page.locator(RANKED, has_text="Fjord all-in").first.wait_for()
    return answered, time.monotonic() - began


def test_two_sides_meet_from_sign_up_to_a_ranked_list(browser, market, capsys):
    hanna = Person(browser, market, "hanna@fjord-hall.example")
    min_ = Person(browser, market, "min@deep-river.example")
    sam = Person(browser, market, "sam@example.org")
    times = {}
    began = time.monotonic()
    hanna.sign_up()
    hanna.found("fjord-hall", "host", "IS")
    min_.sign_up()
    min_.found("deep-river", "miner", "HK")
    times["two sign-ups with mails confirmed and papers handed in"] = time.monotonic() - began

    began = time.monotonic()
    sam.sign_in("mining-hotel-demo")
    verify(sam, "fjord-hall")
    verify(sam, "deep-river")
    times["two verifications in the admin"] = time.monotonic() - began
    assert "verified" in hanna.mail("fjord-hall: the verification is now “verified”")

    began = time.monotonic()
    list_hotel(hanna, sam, "Fjord all-in")
    times["a site and an offer, reviewed and published"] = time.monotonic() - began

    clicks = [post_need(min_) for _ in range(3)]
    for answered, full in clicks:
        times.setdefault("a click on “publish” until the page answered", []).append(answered)
        times.setdefault("a click on “publish” until ranked hotels stood there", []).append(full)
    assert min_.page.locator(RANKED).count() > 1
    assert "Matches are on their way" not in min_.text

    pk = min_.page.url.rstrip("/").rpartition("/")[2]
    hanna.go("/host/requests/")
    assert hanna.page.locator(f"main a[href='/host/requests/{pk}/']").count() >= 1, hanna.text
    hanna.go(f"/host/requests/{pk}/")
    assert "0.09" not in hanna.text
    began = time.monotonic()
    hanna.page.locator("main form[action*='/offers/'] button").first.click()
    hanna.sees("The miner sees now that you are interested.")
    assert "Fjord all-in" in min_.mail("fjord-hall is interested in your request for 900 kW")
    times["from “interested” to the miner's mail"] = time.monotonic() - began
    min_.go("/notices/")
    min_.page.get_by_role("link", name="fjord-hall is interested in your request for 900 kW").click()
    min_.page.wait_for_url(re.compile(f"/requests/{pk}/$"))
    assert "fjord-hall" in min_.text

    with capsys.disabled():
        print()
        for what, seconds in times.items():
            some = seconds if isinstance(seconds, list) else [seconds]
            print("  ", ", ".join(f"{one:.2f}" for one in some), "s ", what)
        # Shown, not asserted: what else this machine does meanwhile must not decide whether a test passes.
        middle = median(full for _answered, full in clicks)
        verdict = "met" if middle < SECONDS_TO_RANK else "NOT met"
        print(f"   goal of {SECONDS_TO_RANK} s from click to list {verdict}: median {middle:.2f} s")
    assert hanna.faults == min_.faults == sam.faults == []
