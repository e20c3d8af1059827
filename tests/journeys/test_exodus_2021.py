"""The week of 21 May 2021, replayed: who finds a home, who does not, and how lists change with the law.

The figures stand in docs/story.md and are read out of it, so that page and engine can't disagree.
"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.models import Event, Organization
from accounts.services.acting import Viewer
from hosting.models import RegulationEvent, RuleStatus
from hosting.services import answers, fitting, places, visibility
from tests.journeys import exodus, spring2021, week

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).parents[2] / "docs" / "story.md").read_text()
NAMES = {hotel.name: hotel.key for hotel in (*spring2021.HOTELS, week.AKTOBE)}
FLAT_USD = {hotel.name: hotel for hotel in spring2021.HOTELS if hotel.price}


def box(head: str) -> list[list[str]]:
    """The rows of the page's box with this head, split where two blanks stand."""
    found = re.search(rf"^```{re.escape(head)}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found, f"docs/story.md has no box {head}"
    return [re.split(r"\s{2,}", line.strip()) for line in found.group(1).splitlines()]


def told(request: str, day: str) -> list[tuple[str, int, int, str]]:
    """The list that the page tells of, as World.listed gives it."""
    rows = box(f"list {request} {day}")
    assert [row[0] for row in rows] == [str(rank) for rank in range(1, len(rows) + 1)]
    return [
        (NAMES[name], int(Decimal(score) * 100), int(Decimal(price) * 1_000_000), start)
        for _rank, name, price, score, start in rows
    ]


@pytest.fixture
def world():
    return exodus.spring()


def near_misses(world, request, now):
    found = answers.of_request(request=world.requests[request], now=now).preview.near
    names = {offer.pk: key for key, offer in world.offers.items()}
    return [(names[one.match.offer], one.match.failed[0]) for one in found]


def test_the_hotels_of_the_page_are_those_of_the_story():
    rows = box("hotels")
    assert [(row[0], row[1]) for row in rows] == [(hotel.name, hotel.code) for hotel in spring2021.HOTELS]
    for (name, _code, price, kw, least), hotel in zip(rows, spring2021.HOTELS, strict=True):
        assert least == f"from {hotel.min_kw:,} kW"
        assert [int(mw) * 1000 for mw in re.findall(r"(\d+) MW", kw)] == [
            sum(size for size, _first in hotel.kw[: number + 1]) for number in range(len(hotel.kw))
        ]
        amount, currency = price.split()
        assert currency == hotel.currency
        assert hotel.tiers if amount == "tiers" else Decimal(amount) == Decimal(FLAT_USD[name].price)


def test_the_rates_of_the_page_are_those_that_counted():
    spoken = {value for _on, _currency, value in spring2021.RATES[:2]} | {"0.0021664291"}
    assert all(value in PAGE for value in spoken)


def test_a_vow_is_news_and_a_status_and_no_rule(world):
    assert places.law_of("CN", as_of=date(2021, 5, 20)).status is None
    week.friday(world)
    law = places.law_of("CN", as_of=exodus.FRIDAY.date())
    assert law.status is not None
    assert (law.status.fact.value, law.status.fact.confidence) == ("restricted", "high")
    assert not law.in_force
    assert not law.coming
    news = RegulationEvent.objects.get(jurisdiction="CN")
    assert (news.date, news.source, news.confidence) == (date(2021, 5, 21), "SCMP; HistRove", "high")


def test_on_monday_three_fleets_find_a_kazakh_and_other_hotels(world):
    week.monday(world)
    for request in ("longtan", "qingshan", "baihe"):
        assert world.listed(request) == told(request, "2021-05-24")
        assert world.hotels_of(request)[0] == "steppe"
    sizes = {key: f"{request.need_kw:,}" for key, request in world.requests.items()}
    assert sizes == {"longtan": "14,652", "qingshan": "1,168", "baihe": "3,360", "xiaoxi": "27"}
    assert all(f"{size} kW" in PAGE for size in sizes.values())


def test_no_list_ever_holds_a_place_that_bans(world):
    week.monday(world)
    banned = {
        key
        for key, offer in world.offers.items()
        if places.statuses(exodus.MONDAY.date())[offer.site.jurisdiction_id] == "banned"
    }
    assert banned == {"sukhum"}
    assert not banned & {hotel for key in world.requests for hotel in world.hotels_of(key)}
    gates = dict(near_misses(world, "qingshan", exodus.MONDAY))
    assert (gates["sukhum"].name, gates["sukhum"].code) == ("legal_status", "banned")
    assert (gates["irtysh"].name, gates["irtysh"].params["host_lacks"]) == ("rules", [spring2021.KZ_NOTICE])


def test_a_small_fleet_is_below_every_minimum_and_told_by_how_much(world):
    week.monday(world)
    assert world.listed("xiaoxi") == []
    found = [
        (hotel, gate.name, gate.params["short_by_kw"])
        for hotel, gate in near_misses(world, "xiaoxi", exodus.MONDAY)
    ]
    assert found == [(NAMES[name], gate, int(kw)) for name, gate, kw in box("near xiaoxi 2021-05-24")]


def test_the_kazakh_host_has_three_inquiries_and_one_has_no_name(world):
    week.monday(world)
    host = Organization.objects.get(handle="steppe")
    fits = fitting.for_host(host=host, now=exodus.MONDAY).fits
    assert {fit.request for fit in fits} == {world.requests[key] for key in ("longtan", "qingshan", "baihe")}
    hidden = [fit.request for fit in fits if fit.request.is_anonymous]
    assert hidden == [world.requests["baihe"]]


def test_nobody_but_its_own_side_learns_whose_the_nameless_fleet_is(world):
    week.monday(world)
    nameless, named = world.requests["baihe"], world.requests["longtan"]
    host = Organization.objects.get(handle="steppe")
    own = Viewer(user=world.owners["baihe"], organization=nameless.owner, role="owner")
    mallory = Viewer(user=exodus.person("mallory@example.org", exodus.MONDAY))
    for viewer in (Viewer(), mallory, Viewer(user=world.owners["steppe"], organization=host, role="owner")):
        assert not visibility.may_see(viewer, nameless, "owner")
        assert visibility.may_see(viewer, named, "owner")
        assert visibility.may_see(viewer, nameless, "need_kw")
        assert not visibility.may_see(viewer, nameless, "max_price_usd")
    assert visibility.may_see(own, nameless, "owner")
    assert visibility.may_see(Viewer(user=world.sam), nameless, "owner")


def test_a_draft_touches_nobody(world):
    week.tuesday(world)
    assert world.drafts["CN-NM"].status == RuleStatus.DRAFT
    law = places.law_of("CN-NM", as_of=exodus.TUESDAY.date())
    assert not law.in_force
    assert not law.coming
    for request in ("longtan", "qingshan", "baihe"):
        assert world.listed(request) == told(request, "2021-05-24")


def test_when_sichuan_stops_the_power_its_hotel_leaves_the_lists(world):
    week.sichuan(world)
    assert world.listed("qingshan") == told("qingshan", "2021-06-18")
    said = Event.objects.filter(
        subject_kind="hosting.matchlist", subject_id=world.requests["qingshan"].pk
    ).latest("at")
    assert said.params["left"] == [str(world.offers["minjiang"].pk)]


def test_a_fee_from_january_is_a_dated_warning_and_no_price(world):
    week.levy(world)
    assert world.listed("longtan") == told("longtan", "2021-05-24")
    found = answers.of_request(request=world.requests["longtan"], now=exodus.LEVY).preview.results[0].match
    assert [(one.code, one.params["on"]) for one in found.warnings] == [
        ("rule_begins_within_term", "2022-01-01")
    ]


def test_the_first_of_july_brings_kentucky_by_the_day_alone(world):
    week.kentucky(world)
    assert world.hotels_of("longtan") == ["steppe"]
    entered = Event.objects.count()
    exodus.run(exodus.morning(date(2021, 7, 1)))
    assert world.listed("longtan") == told("longtan", "2021-07-01")
    since = Event.objects.order_by("pk")[entered:]
    assert {event.subject_kind for event in since} <= {"hosting.day", "hosting.matchlist"}


def test_notice_1283_takes_the_last_chinese_hotel_off(world):
    week.notice(world)
    assert "grassland" in world.before_notice["qingshan"]
    assert world.listed("qingshan") == told("qingshan", "2021-09-24")
    assert places.statuses(exodus.NOTICE.date())["CN-NM"] == "banned"
    assert world.drafts["CN-NM"].status == RuleStatus.DRAFT


def test_the_fee_counts_once_a_tenge_has_a_price():
    world = exodus.bare()
    week.winter(world)
    assert world.listed("longtan") == []
    [(_hotel, gate)] = near_misses(world, "longtan", week.WINTER)
    assert (gate.name, gate.code, gate.params["currency"]) == ("price_comparable", "missing_rate", "KZT")
    week.tenge(world)
    assert world.listed("longtan") == told("longtan", "2022-11-20")
