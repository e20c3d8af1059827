"""Rows for tests, made the way the services make them; every argument can be overridden."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator

from accounts.models import Organization, User
from accounts.services import consents, organizations, people
from hosting.models import (
    CapacityRequest,
    Jurisdiction,
    JurisdictionFact,
    MachineModel,
    Offer,
    Rate,
    RegulationEvent,
    RegulationRule,
    Site,
)
from hosting.services import needs, offers, requests, sites

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
numbers = count(1)
# Somebody of the staff who is never stored: Events keep an id, and no list of staff grows by it.
REVIEWER = User(email="reviewer@example.org", is_staff=True)

TERMS: dict[str, Any] = {
    "price_model": "all_in",
    "currency": "USD",
    "energy_price": Decimal("0.060000"),
    "uptime": Decimal("97.00"),
    "cooling": "air",
}
NEED: dict[str, Any] = {
    "need_kw": 1000,
    "efficiency_j_th": "20.00",
    "worst_j_th": "22.00",
    "earliest_start": (TODAY + timedelta(days=20)).isoformat(),
    "latest_start": (TODAY + timedelta(days=80)).isoformat(),
    "term_months": 12,
    "max_price_usd": "0.080000",
}


def user(email: str = "", **fields: Any) -> User:
    """A person with a confirmed address who accepted the terms; staff have a second factor."""
    made = User.objects.create_user(email or f"person{next(numbers)}@example.org", "pass-word-1", **fields)
    people.vouch(user=made)
    consents.accept(user=made, now=NOW)
    if made.is_staff:
        Authenticator.objects.create(user=made, type=Authenticator.Type.TOTP, data={})
    return made


def organization(
    *kinds: str, by: User | None = None, is_verified: bool = True, **fields: Any
) -> Organization:
    """An organization founded by a person, verified unless told otherwise."""
    founder = by or user()
    number = next(numbers)
    made = organizations.found(
        by=founder,
        now=NOW,
        kinds=list(kinds or ("host",)),
        **{
            "handle": f"org-{number}",
            "legal_name": f"Org {number} Ltd",
            "country": "KZ",
            "sanctions_result": "clear",
            "sanctions_checked_on": TODAY,
            **fields,
        },
    )
    if is_verified:
        organizations.submit(organization=made, by=founder, now=NOW)
        organizations.take_up(organization=made, by=REVIEWER, now=NOW)
        organizations.approve(organization=made, by=REVIEWER, why="papers seen", now=NOW)
    return made


def jurisdiction(code: str = "KZ", **fields: Any) -> Jurisdiction:
    """A place; a subdivision brings its country along."""
    parent = jurisdiction(code.partition("-")[0]) if "-" in code else None
    made, _created = Jurisdiction.objects.get_or_create(
        code=code, defaults={"name": f"Place {code}", "parent": parent, "updated_at": NOW, **fields}
    )
    return made


def fact(code: str, field: str, value: str, **fields: Any) -> JurisdictionFact:
    values = {
        "valid_from": date(2023, 4, 1),
        "dated_by": "effective",
        "as_of": "2023-04-30",
        "publisher": "The Gazette",
        "url": "https://example.org/law",
        "confidence": "high",
        **fields,
    }
    return JurisdictionFact.objects.create(
        jurisdiction=jurisdiction(code), field=field, value=value, **values
    )


def rule(code: str, effect: str, **fields: Any) -> RegulationRule:
    values = {
        "status": "published",
        "subject": "host",
        "valid_from": date(2023, 1, 1),
        "title": f"A rule of {code}",
        "confidence": "high",
        "created_at": NOW,
        "updated_at": NOW,
        **fields,
    }
    return RegulationRule.objects.create(jurisdiction=jurisdiction(code), effect=effect, **values)


def event(code: str = "KZ", on: date = date(2021, 5, 21), **fields: Any) -> RegulationEvent:
    """News of a place; the place itself need not be there."""
    values = {
        "date_precision": "day",
        "kind": "ban",
        "title": f"News {next(numbers)} of {code}",
        "source": "The Gazette",
        "url": "https://example.org/news",
        "confidence": "high",
        "updated_at": NOW,
        **fields,
    }
    return RegulationEvent.objects.create(jurisdiction=code, date=on, **values)


def rate(currency: str = "", value: str = "1", on: date = TODAY, **fields: Any) -> Rate:
    return Rate.objects.create(
        kind="fx" if currency else "hashprice",
        currency=currency,
        value=Decimal(value),
        on=on,
        source="test",
        updated_at=NOW,
        **fields,
    )


def machine(**fields: Any) -> MachineModel:
    number = next(numbers)
    values = {
        "maker": "Maker",
        "model": f"M{number}",
        "algorithm": "SHA-256",
        "hashrate_th_s": Decimal("200"),
        "power_w": 3500,
        "cooling": "air",
        "source": "test",
        "confidence": "high",
        "updated_at": NOW,
        **fields,
    }
    values.setdefault("efficiency_j_th", round(values["power_w"] / Decimal(values["hashrate_th_s"]), 2))
    return MachineModel.objects.create(**values)


def site(host: Organization | None = None, code: str = "KZ", **fields: Any) -> Site:
    host = host or organization("host")
    values = {
        "name": f"Hall {next(numbers)}",
        "region": "Karaganda region",
        "total_kw": 50_000,
        "connected_on": date(2022, 1, 1),
        "address": "12 Secret Street",
        **fields,
    }
    return sites.create(
        host=host,
        jurisdiction=jurisdiction(code),
        by=host.memberships.get(role="owner").user,
        now=NOW,
        **values,
    )


def offer(
    at: Site | None = None,
    *,
    terms: dict[str, Any] | None = None,
    tiers: Any = (),
    phases: Any = ((5000, TODAY, None),),
    status: str = "published",
    now: datetime = NOW,
    **fields: Any,
) -> Offer:
    """An offer with terms and phases (kW, from, until), in the status: draft, in_review or published."""
    at = at or site()
    by = at.host.memberships.get(role="owner").user
    made = offers.draft(site=at, title=fields.pop("title", f"Offer {next(numbers)}"), by=by, now=now)
    offers.write_terms(offer=made, terms={**TERMS, **(terms or {})}, tiers=tiers, by=by, now=now)
    for available_kw, starts_on, ends_on in phases:
        offers.add_phase(
            offer=made, available_kw=available_kw, starts_on=starts_on, ends_on=ends_on, by=by, now=now
        )
    made.refresh_from_db()
    if status != "draft":
        offers.submit(offer=made, by=by, now=now)
    if status == "published":
        offers.publish(offer=made, by=user(is_staff=True), why="seen", now=now)
    return made


def need(**fields: Any) -> needs.NeedData:
    return needs.read({**NEED, **fields}, today=TODAY)


def request(
    owner: Organization | None = None, *, status: str = "open", expires_in_days: int = 60, **fields: Any
) -> CapacityRequest:
    """A request with a need (fields of NEED overridden), in the status draft or open."""
    owner = owner or organization("miner")
    by = owner.memberships.get(role="owner").user
    is_anonymous = fields.pop("is_anonymous", False)
    made = requests.create(
        owner=owner,
        need=need(**fields),
        expires_at=NOW + timedelta(days=expires_in_days),
        is_anonymous=is_anonymous,
        by=by,
        now=NOW,
    )
    if status == "open":
        requests.publish(request=made, by=by, now=NOW)
    return made
