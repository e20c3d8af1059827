"""The market of May 2021, made through the same services that serve everybody, with the clock handed in.

Nothing of a later day is known before it.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Organization, User
from accounts.services import consents, licences, organizations, people
from hosting.models import (
    CapacityRequest,
    Jurisdiction,
    MachineModel,
    MatchList,
    MatchRun,
    Offer,
    RegulationEvent,
    RegulationRule,
)
from hosting.services import (
    matchruns,
    needs,
    rates,
    requests,
    rulebook,
    seeding,
    sites,
)
from tests import factories
from tests.journeys.spring2021 import FACTS, FED, HOTELS, RATES, RULES, Hotel

BEFORE = datetime(2021, 5, 3, 8, 0, tzinfo=UTC)
FRIDAY = datetime(2021, 5, 21, 14, 0, tzinfo=UTC)
MONDAY = datetime(2021, 5, 24, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2021, 5, 25, 9, 0, tzinfo=UTC)
SICHUAN = datetime(2021, 6, 18, 12, 0, tzinfo=UTC)
LEVY = datetime(2021, 6, 24, 12, 0, tzinfo=UTC)
NOTICE = datetime(2021, 9, 24, 12, 0, tzinfo=UTC)


@dataclass
class World:
    """Everything of the story that was made so far, by its short name."""

    sam: User
    sara: User
    offers: dict[str, Offer] = field(default_factory=dict)
    requests: dict[str, CapacityRequest] = field(default_factory=dict)
    owners: dict[str, User] = field(default_factory=dict)
    drafts: dict[str, RegulationRule] = field(default_factory=dict)
    before_notice: dict[str, list[str]] = field(default_factory=dict)

    def listed(self, key: str) -> list[tuple[str, int, int, str]]:
        """The stored list of a request: (hotel, score, price in micro-USD, start)."""
        names = {str(offer.pk): name for name, offer in self.offers.items()}
        rows = MatchList.objects.get(request=self.requests[key]).rows
        return [(names[row["offer"]], row["score"], row["price_micros"], row["start"]) for row in rows]

    def hotels_of(self, key: str) -> list[str]:
        """The hotels of a request's list, in order."""
        return [row[0] for row in self.listed(key)]


def person(email: str, at: datetime, **more: Any) -> User:
    """Somebody with a confirmed address who accepted the terms; staff with a second factor."""
    if more.get("is_staff"):
        return factories.user(email, is_superuser=True, **more)
    made = User.objects.create_user(email, "pass-word-1", joined_at=at)
    people.vouch(user=made)
    consents.accept(user=made, now=at)
    return made


def company(world: World, key: str, kind: str, country: str, at: datetime, **more: Any) -> Organization:
    """A verified organization and its owner."""
    owner = world.owners[key] = person(f"{key}@example.org", at)
    made = organizations.found(
        by=owner,
        handle=key,
        legal_name=f"{key.capitalize()} Ltd",
        country=country,
        kinds=[kind],
        now=at,
        sanctions_result="clear",
        sanctions_checked_on=at.date(),
        **more,
    )
    organizations.submit(organization=made, by=owner, now=at)
    organizations.take_up(organization=made, by=world.sam, now=at)
    organizations.approve(organization=made, by=world.sara, why="papers seen", now=at)
    made.refresh_from_db()
    return made


def bare() -> World:
    """Places and machines, and the two of the staff; no law, no rate, no hotel."""
    seeding.seed(now=BEFORE, only=("jurisdictions", "machines"))
    return World(
        sam=person("sam@example.org", BEFORE, is_staff=True),
        sara=person("sara@example.org", BEFORE, is_staff=True),
    )


def spring() -> World:
    """The market before anything was heard: the law, the rates and the hotels of early May 2021."""
    world = bare()
    for code, status, since, as_of, publisher, url, confidence in FACTS:
        state(
            world,
            code,
            status,
            since,
            as_of=as_of,
            publisher=publisher,
            url=url,
            confidence=confidence,
            now=BEFORE,
        )
    for code, since, paper, title, source, url, confidence in RULES:
        rule = write(
            world,
            code,
            "require_registration" if code == "KZ" else "require_licence",
            since,
            title=title,
            source=source,
            source_url=url,
            confidence=confidence,
            licence_type=paper,
            now=BEFORE,
        )
        pass_into_law(world, rule, now=BEFORE)
    read_rates(world, now=BEFORE)
    for hotel in HOTELS:
        world.offers[hotel.key] = open_hotel(world, hotel, now=BEFORE)
    return world


def state(world: World, code: str, status: str, since: date, *, now: datetime, **source: Any) -> None:
    """Enter what the law says of a place."""
    rulebook.save_fact(
        values={
            "jurisdiction": Jurisdiction.objects.get(pk=code),
            "field": "legal_status",
            "value": status,
            "valid_from": since,
            "dated_by": "effective",
            **source,
        },
        by=world.sam,
        now=now,
    )


def write(world: World, code: str, effect: str, since: date, *, now: datetime, **more: Any) -> RegulationRule:
    """A rule in draft."""
    return rulebook.draft(
        values={
            "jurisdiction": Jurisdiction.objects.get(pk=code),
            "subject": "host",
            "effect": effect,
            "valid_from": since,
            **more,
        },
        by=world.sam,
        now=now,
    )


def pass_into_law(world: World, rule: RegulationRule, *, now: datetime) -> None:
    """One of the staff reviews the rule, another publishes it."""
    rulebook.review(rule=rule, by=world.sam, why="read against its source", now=now)
    rulebook.publish(rule=rule, by=world.sara, why="in force", now=now)


def hear(
    world: World, on: date, code: str, kind: str, title: str, *, now: datetime, **more: Any
) -> RegulationEvent:
    """News, dated to the day."""
    values = {"date": on, "date_precision": "day", "jurisdiction": code, "kind": kind, "title": title, **more}
    return rulebook.save_news(values=values, by=world.sam, now=now)


def open_hotel(world: World, hotel: Hotel, *, now: datetime) -> Offer:
    """Put the hotel on the market through the same steps as anybody's."""
    country = hotel.code.partition("-")[0]
    host = company(world, hotel.key, "host", country, now, reputation=hotel.reputation)
    owner = world.owners[hotel.key]
    if hotel.papers:
        place, paper = hotel.papers
        held = licences.add(
            organization=host, jurisdiction_code=place, type=paper, valid_from=now.date(), by=owner, now=now
        )
        licences.review(licence=held, by=world.sam, why="seen", now=now)
    site = sites.create(
        host=host,
        name=hotel.name,
        jurisdiction=Jurisdiction.objects.get(pk=hotel.code),
        region=hotel.name,
        total_kw=sum(kw for kw, _first in hotel.kw),
        by=owner,
        now=now,
    )
    terms = {
        "price_model": "tiered" if hotel.tiers else "all_in",
        "currency": hotel.currency,
        "energy_price": Decimal(hotel.price) if hotel.price else None,
        "uptime": Decimal("95.00"),
        "cooling": "air",
        "min_kw": hotel.min_kw,
        "min_term_months": hotel.min_term,
    }
    tiers = [(min_kw, Decimal(price)) for min_kw, price in hotel.tiers]
    phases = [(kw, first, None) for kw, first in hotel.kw]
    return factories.offer(site, terms=terms, tiers=tiers, phases=phases, title=hotel.name, now=now)


def ask(world: World, key: str, *, fleet: dict[str, int], now: datetime, **more: Any) -> CapacityRequest:
    """A miner posts a request: so many machines of each model, open for half a year."""
    miner = company(world, key, "miner", more.pop("country", "HK"), now)
    lines = [
        {"machine": str(MachineModel.objects.get(model=model).pk), "quantity": quantity}
        for model, quantity in fleet.items()
    ]
    is_anonymous = more.pop("is_anonymous", False)
    need = needs.read({"fleet": lines, **more}, today=now.date(), strict=True)
    request = requests.create(
        owner=miner,
        need=need,
        expires_at=now + timedelta(days=180),
        is_anonymous=is_anonymous,
        by=world.owners[key],
        now=now,
    )
    requests.publish(request=request, by=world.owners[key], now=now)
    world.requests[key] = request
    return request


def read_rates(world: World, *, now: datetime) -> None:
    """Enter the averages of the months that are over, and none of a month to come."""
    for on, currency, value in RATES:
        if on <= now.date():
            rates.save_rate(
                kind="fx", currency=currency, value=Decimal(value), on=on, by=world.sam, now=now, **FED
            )


def run(now: datetime) -> MatchRun | None:
    """What the worker does: the day begins, and what is due is matched."""
    matchruns.begin_day(now=now)
    return matchruns.match_due(now=now, clock=lambda: now)


def morning(day: date) -> datetime:
    """Five past midnight, UTC, when the day begins."""
    return datetime.combine(day, time(0, 5), tzinfo=UTC)
