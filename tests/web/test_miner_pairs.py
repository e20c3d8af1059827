"""What a miner does with the hotels of a request: shortlist, decline, compare, export."""

import csv
import io
from decimal import Decimal

import pytest

from hosting.models import Interest
from hosting.services import interests, offers
from hosting.web import exports
from tests import factories
from tests.factories import NOW
from tests.web.minerpages import Browser, match
from tests.web.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_min(min_, red_river):
    return Browser(min_, "red-river")


@pytest.fixture
def request_(red_river, karaganda):
    made = factories.request(red_river)
    match()
    return made


def mark(browser, request, offer, name, **more):
    return browser.post(f"/requests/{request.pk}/hotels/{offer.pk}/", {"mark": name, **more})


def page_of(browser, request):
    return text(browser.get(f"/requests/{request.pk}/"))


def test_a_hotel_goes_on_the_shortlist_and_off_again(as_min, request_, karaganda):
    assert mark(as_min, request_, karaganda, "shortlist").headers["Location"] == f"/requests/{request_.pk}/"
    assert "on your shortlist" in page_of(as_min, request_)
    mark(as_min, request_, karaganda, "unlist")
    assert Interest.objects.get().shortlisted_at is None


def test_a_declined_hotel_moves_to_the_end_and_comes_back(as_min, request_, karaganda):
    mark(as_min, request_, karaganda, "decline", reason="too far <b>north</b>")
    page = page_of(as_min, request_)
    assert "too far &lt;b&gt;north&lt;/b&gt;" in page
    assert 'class="result"' not in page
    assert "You have declined every hotel that fits" in page
    mark(as_min, request_, karaganda, "undo")
    assert 'class="result"' in page_of(as_min, request_)


@pytest.mark.parametrize(("reason", "sentence"), [("  ", "Say why"), ("x" * 501, "At most 500 characters.")])
def test_a_decline_without_a_usable_reason_asks_for_one(as_min, request_, karaganda, reason, sentence):
    answer = mark(as_min, request_, karaganda, "decline", reason=reason)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert reason.strip() in text(answer)
    assert not Interest.objects.exists()


def test_a_hotel_that_left_the_market_keeps_its_place_on_the_shortlist(as_min, request_, karaganda, sam):
    mark(as_min, request_, karaganda, "shortlist")
    offers.pause(offer=karaganda, by=sam, now=NOW)
    match()
    assert "On your shortlist, but not in the list" in page_of(as_min, request_)
    assert mark(as_min, request_, karaganda, "unlist").status_code == 302
    assert mark(as_min, request_, karaganda, "shortlist").status_code == 409


@pytest.mark.parametrize("name", ["", "interested", "delete"])
def test_a_mark_that_is_not_the_miners_is_not_there(as_min, request_, karaganda, name):
    assert mark(as_min, request_, karaganda, name).status_code == 404
    assert not Interest.objects.exists()


def test_a_hotel_that_nobody_sees_can_not_be_marked(as_min, request_):
    hidden = factories.offer(status="in_review")
    assert mark(as_min, request_, hidden, "shortlist").status_code == 404


def test_a_draft_has_no_shortlist_yet(as_min, red_river, karaganda):
    draft = factories.request(red_river, status="draft")
    assert mark(as_min, draft, karaganda, "shortlist").status_code == 409


# -- side by side -------------------------------------------------------------------------------------------


def compare(browser, request, *offers_):
    return browser.get(f"/requests/{request.pk}/compare/", {"offer": [str(one) for one in offers_]})


def test_every_term_stands_side_by_side_and_differences_are_marked(as_min, request_, karaganda):
    other = factories.offer(
        karaganda.site,
        title="By size",
        terms={"price_model": "tiered", "energy_price": None, "deposit_months": 3},
        tiers=[(1, Decimal("0.07"))],
    )
    answer = compare(as_min, request_, karaganda.pk, other.pk)
    page = text(answer)
    lines = {str(line.name): line for group in answer.context["groups"] for line in group.lines}
    assert answer.status_code == 200
    assert lines["Effective price"].values == ("0.0600 USD/kWh", "0.0700 USD/kWh")
    assert lines["Effective price"].differs
    assert not lines["Uptime"].differs
    assert [str(value) for value in lines["Deposit"].values] == ["not stated", "3 months"]
    assert [str(value) for value in lines["Energy from 1\u00a0kW"].values] == ["not stated", "0.07 USD/kWh"]
    assert page.index("Firm power") < page.index("By size")
    every = [line for group in answer.context["groups"] for line in group.lines]
    assert page.count('class="differs"') == sum(line.differs for line in every) > 3


def test_why_one_of_them_does_not_fit_is_among_the_lines(as_min, request_, karaganda):
    dear = factories.offer(karaganda.site, terms={"energy_price": Decimal("0.09")})
    assert "your ceiling is 0.0800 USD/kWh." in text(compare(as_min, request_, karaganda.pk, dear.pk))


@pytest.mark.parametrize("count", [0, 1, 4])
def test_two_or_three_are_compared_and_no_other_number(as_min, request_, karaganda, count):
    ids = [factories.offer(karaganda.site).pk for _ in range(count)]
    answer = compare(as_min, request_, *ids)
    assert answer.status_code == 400
    assert "Choose two or three hotels to compare." in text(answer)


def test_a_hotel_ticked_twice_counts_once(as_min, request_, karaganda):
    assert compare(as_min, request_, karaganda.pk, karaganda.pk).status_code == 400


def test_a_hotel_that_nobody_sees_is_not_compared(as_min, request_, karaganda):
    hidden = factories.offer(status="in_review")
    assert compare(as_min, request_, karaganda.pk, hidden.pk).status_code == 404
    assert compare(as_min, request_, karaganda.pk, "x").status_code == 404


def test_an_own_hotel_that_is_not_on_the_market_is_named_and_left_out(hanna, karaganda):
    both = factories.user()
    owner = factories.organization("host", "miner", by=both, handle="both-sides")
    request = factories.request(owner)
    draft = factories.offer(factories.site(owner, name="Own Hall"), status="draft")
    answer = compare(Browser(both, "both-sides"), request, karaganda.pk, draft.pk)
    assert answer.status_code == 200
    assert "Own Hall is not on the market today" in text(answer)


# -- export -------------------------------------------------------------------------------------------------


def exported(browser, request):
    answer = browser.get(f"/requests/{request.pk}/hotels.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="hotels-{str(request.pk)[:8]}.csv"'
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_says_what_the_page_says(as_min, request_, karaganda):
    (row,) = exported(as_min, request_)
    assert (row["rank"], row["hotel"], row["offer"]) == ("1", "Steppe Hall 2", "Firm power")
    assert (row["effective_price_usd_kwh"], row["energy_usd_kwh"]) == ("0.060000", "0.060000")
    assert (row["start"], row["offer_id"]) == ("2027-01-31", str(karaganda.pk))
    points = [value for name, value in row.items() if name.startswith("points_")]
    assert sum(map(Decimal, points)) == Decimal(row["score"])
    assert "Secret Street" not in str(row)


def test_a_declined_hotel_is_not_in_the_file(as_min, request_, karaganda, min_):
    interests.decline(request=request_, offer=karaganda, side="miner", reason="far", by=min_, now=NOW)
    assert exported(as_min, request_) == []


@pytest.mark.parametrize(
    "text_",
    ["=1+1", "+41", "-2", "@SUM(A1)", "\tx", "\rx", "\n=x", "  =cmd|' /C calc'!A0", '=HYPERLINK("x")'],
)
def test_no_cell_is_a_formula(text_):
    (row,) = csv.reader(io.StringIO(exports.written([[text_]]).lstrip("\ufeff"), newline=""))
    assert row == [f"'{text_}"]


@pytest.mark.parametrize("text_", ["Hall 2", "2027-01-31", "0.0600", "a=b", "", "“=”", "'x"])
def test_other_cells_stay_as_they_are(text_):
    assert exports.harmless(text_) == text_


def test_a_hotels_name_can_not_run_in_a_spreadsheet(as_min, red_river, steppe):
    factories.fact("KZ", "legal_status", "legal_licensed")
    factories.offer(factories.site(steppe, name="=cmd|'/C calc'!A0"), title="@evil")
    request = factories.request(red_river)
    match()
    (row,) = exported(as_min, request)
    assert (row["hotel"], row["offer"]) == ("'=cmd|'/C calc'!A0", "'@evil")
