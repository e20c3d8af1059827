"""The days of the story, one after the other. Each takes the world as the day before left it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hosting.services import rates
from tests.journeys import exodus
from tests.journeys.exodus import World, ask, hear, morning, run
from tests.journeys.spring2021 import FACTS, HISTROVE, KZ_NOTICE, PWC, SCMP, UTODAY, Hotel

WINTER = datetime(2022, 11, 20, 9, 0, tzinfo=UTC)
AKTOBE = Hotel(
    "aktobe",
    "Aktobe Rooms",
    "KZ",
    "0.043000",
    ((5_000, date(2022, 12, 1)),),
    500,
    papers=("KZ", KZ_NOTICE),
)


def friday(world: World) -> None:
    """21 May: a committee of the State Council vows to act. News, and a status; no rule yet."""
    now = exodus.FRIDAY
    hear(
        world,
        now.date(),
        "CN",
        "draft_ban",
        "State Council financial stability committee vows to act against bitcoin mining",
        effect_on_legal_status="restricted",
        source=SCMP["publisher"],
        url=SCMP["url"],
        confidence="high",
        now=now,
    )
    exodus.state(
        world, "CN", "restricted", now.date(), as_of="2021-05-21", confidence="high", now=now, **SCMP
    )
    run(now)


def monday(world: World) -> None:
    """24 May: three fleets look for a home abroad, one of them without a name; and a small one."""
    friday(world)
    post = _poster(world, exodus.MONDAY)
    post(
        "longtan",
        {"Antminer S19 95T": 3000, "WhatsMiner M30S 86T": 1500},
        origin="CN-NM",
        window=("2021-07-01", "2021-09-30"),
        term_months=24,
        max_price_usd="0.0600",
        min_legal_status="legal_unregulated",
    )
    post(
        "qingshan",
        {"Antminer S17+ 73T": 400},
        origin="CN-SC",
        window=("2021-06-15", "2021-09-30"),
        max_price_usd="0.0600",
    )
    post(
        "baihe",
        {"WhatsMiner M20S 68T": 1000},
        origin="CN-NM",
        window=("2021-07-01", "2021-10-31"),
        max_price_usd="0.0560",
        excluded_jurisdictions=["CN"],
        is_anonymous=True,
    )
    post(
        "xiaoxi",
        {"Antminer S9 13.5T": 20},
        origin="CN-SC",
        window=("2021-06-15", "2021-09-30"),
        max_price_usd="0.1100",
        excluded_jurisdictions=["CN"],
    )
    run(exodus.MONDAY)


def tuesday(world: World) -> None:
    """25 May: Inner Mongolia publishes a draft, open for comment to 1 June. It is written down as a draft."""
    monday(world)
    now = exodus.TUESDAY
    title = "Inner Mongolia publishes eight draft punishments for mining, open for comment to 1 June"
    hear(
        world,
        now.date(),
        "CN-NM",
        "draft_ban",
        title,
        source="U.Today; SCMP",
        url=UTODAY,
        confidence="high",
        now=now,
    )
    world.drafts["CN-NM"] = exodus.write(
        world,
        "CN-NM",
        "prohibit",
        now.date(),
        title=title,
        source="U.Today; SCMP",
        source_url=UTODAY,
        source_as_of="2021-05-25",
        confidence="high",
        now=now,
    )
    run(now)


def sichuan(world: World) -> None:
    """18 June: Sichuan orders its generators to stop supplying mines."""
    tuesday(world)
    exodus.read_rates(world, now=morning(date(2021, 6, 1)))
    run(morning(date(2021, 6, 1)))
    law(
        world,
        "CN-SC",
        "prohibit",
        exodus.SICHUAN.date(),
        now=exodus.SICHUAN,
        title="Sichuan orders generators to stop supplying mines",
        source="HistRove; China Daily",
        source_url="https://world-news-monitor.com/crypto/2021/06/24/sichuan-targets-virtual-currency-mining/",
        source_as_of="2021-06-18",
        confidence="high",
    )


def levy(world: World) -> None:
    """24 June: Kazakhstan enacts a fee of 1 tenge per kWh, from January on."""
    sichuan(world)
    _levy(world, now=exodus.LEVY)


def kentucky(world: World) -> None:
    """1 July: a law of March takes effect, known since then; only the day has changed."""
    levy(world)
    run(datetime(2021, 6, 30, 12, 0, tzinfo=UTC))


def notice(world: World) -> None:
    """24 September: Notice 1283 bars mining in all of China."""
    kentucky(world)
    for month in (7, 8, 9):
        exodus.read_rates(world, now=morning(date(2021, month, 1)))
    run(morning(date(2021, 9, 23)))
    world.before_notice = {key: world.hotels_of(key) for key in world.requests}
    now = exodus.NOTICE
    exodus.state(
        world,
        "CN",
        "banned",
        now.date(),
        as_of="2021-09-24",
        publisher="HistRove",
        url=HISTROVE,
        confidence="high",
        now=now,
    )
    law(
        world,
        "CN",
        "prohibit",
        now.date(),
        title="Notice 1283: no new mining, existing sites must leave",
        source="HistRove",
        source_url=HISTROVE,
        source_as_of="2021-09-24",
        confidence="high",
        now=now,
    )


def winter(world: World) -> None:
    """20 November 2022: the fee is in force, and somebody looks for 500 machines' worth of room."""
    for code, status, since, as_of, publisher, url, confidence in FACTS[:1]:
        exodus.state(
            world,
            code,
            status,
            since,
            as_of=as_of,
            publisher=publisher,
            url=url,
            confidence=confidence,
            now=WINTER,
        )
    _levy(world, now=WINTER)
    world.offers["aktobe"] = exodus.open_hotel(world, AKTOBE, now=WINTER)
    _poster(world, WINTER)(
        "longtan",
        {"Antminer S19 95T": 500},
        origin="HK",
        window=("2022-12-01", "2022-12-20"),
        max_price_usd="0.0600",
    )
    run(WINTER)


def tenge(world: World) -> None:
    """The rate of that day arrives."""
    rates.save_rate(
        kind="fx",
        currency="KZT",
        value=Decimal("0.0021664291"),
        on=WINTER.date(),
        by=world.sam,
        now=WINTER,
        source="API snapshot stored in a public code index",
        confidence="medium",
    )
    run(WINTER)


def law(world: World, code: str, effect: str, since: date, *, now: datetime, **more: Any) -> None:
    """A rule that is written, reviewed and published on one day; then the worker looks."""
    exodus.pass_into_law(world, exodus.write(world, code, effect, since, now=now, **more), now=now)
    run(now)


def _levy(world: World, *, now: datetime) -> None:
    law(
        world,
        "KZ",
        "levy_per_kwh",
        date(2022, 1, 1),
        valid_to=date(2023, 1, 1),
        subject="miner",
        levy=[{"from": "0", "amount": "1"}],
        levy_currency="KZT",
        source="PwC Kazakhstan",
        source_url=PWC,
        title="Digital mining fee of 1 tenge per kWh",
        source_as_of="2021-11",
        confidence="high",
        now=now,
    )


def _poster(world: World, now: datetime):
    def post(key: str, fleet: dict[str, int], *, window: tuple[str, str], **more: Any) -> None:
        earliest, latest = window
        ask(
            world,
            key,
            fleet=fleet,
            now=now,
            **{
                "earliest_start": earliest,
                "latest_start": latest,
                "term_months": 12,
                **more,
            },
        )

    return post
