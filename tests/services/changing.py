"""A market that changes: each change is one the services, the clock or staff can make, drawn by numbers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Licence, Organization, Review
from accounts.services import events, licences, lifecycle, organizations
from accounts.services.errors import Refused
from hosting.models import CapacityPhase, CapacityRequest, Commitment, JurisdictionFact, Offer, RegulationRule
from hosting.services import capacity, matchruns, offers, phases, rates, requests, reviews, sites, trust
from tests import factories
from tests.factories import NEED, NOW, TERMS, TODAY

PLACES = ("KZ", "US-TX", "NO")
PRICES = ("0.045", "0.06", "0.072", "0.079", "0.095")
SIZES = (200, 900, 2500, 6000)
CURRENCIES = ("USD", "USD", "NOK")
LICENCE = "kz-digital-mining-1"


@dataclass
class Market:
    """Three hosts, each with a site in another place, and a miner; `now` moves a day at a time."""

    now: datetime = NOW
    hosts: list[Organization] = field(default_factory=list)
    staff: list[Any] = field(default_factory=list)
    done: int = 0

    def __post_init__(self) -> None:
        self.staff = [factories.user(is_staff=True) for _ in range(2)]
        self.miner = factories.organization("miner")
        for code in PLACES:
            factories.fact(code, "legal_status", "legal_licensed")
            factories.fact(code, "predictability", "4")
            host = factories.organization("host")
            site = factories.site(host, code, connected_on=None, total_kw=20_000)
            self.hosts.append(host)
            factories.offer(site)
        factories.rate("", "50")
        factories.rate("NOK", "0.1")
        factories.request(self.miner)

    def pick(self, rows: Any, number: int) -> Any:
        """One of the rows, or None of none. By key, so that a number means the same row each time."""
        rows = list(rows)
        return rows[number % len(rows)] if rows else None

    def offer(self, number: int) -> Offer:
        return self.pick(Offer.objects.order_by("created_at", "title"), number)

    def request(self, number: int) -> CapacityRequest:
        return self.pick(CapacityRequest.objects.order_by("created_at", "expires_at", "need_kw"), number)

    def by(self, offer: Offer) -> Any:
        return offer.site.host.memberships.get(role="owner").user

    @property
    def owner(self) -> Any:
        return self.miner.memberships.get(role="owner").user

    def do(self, verb: int, one: int, two: int) -> bool:
        """One change; False when the services refuse it, and then it is none."""
        try:
            list(VERBS.values())[verb % len(VERBS)](self, one, two)
        except Refused:
            return False
        self.done += 1
        return True


def need(one: int, two: int) -> Any:
    wishes = {
        "need_kw": SIZES[one % 4],
        "max_price_usd": ("0.065", "0.080000", "0.1")[two % 3],
        "term_months": (6, 12, 24)[one % 3],
        "min_legal_status": ("", "tolerated")[two % 2],
        "excluded_jurisdictions": [[], ["US"], ["KZ"]][(one + two) % 3],
        "origin": ("", "CN")[one % 2],
    }
    return factories.needs.read({**NEED, **wishes}, today=TODAY)


def terms_of(one: int, two: int) -> dict[str, Any]:
    return {
        **TERMS,
        "energy_price": Decimal(PRICES[one % 5]),
        "currency": CURRENCIES[two % 3],
        **({"energy_price": Decimal("0.55")} if CURRENCIES[two % 3] == "NOK" else {}),
        "min_kw": (None, 1000)[one % 2],
        "max_term_months": (None, 12)[two % 2],
    }


def post_request(market: Market, one: int, two: int) -> None:
    made = requests.create(
        owner=market.miner,
        need=need(one, two),
        expires_at=market.now + timedelta(days=1 + one % 9),
        is_anonymous=bool(two % 2),
        by=market.owner,
        now=market.now,
    )
    requests.publish(request=made, by=market.owner, now=market.now)


def edit_request(market: Market, one: int, two: int) -> None:
    row = market.request(one)
    requests.change(request=row, need=need(two, one), version=row.version, by=market.owner, now=market.now)


def withdraw_request(market: Market, one: int, two: int) -> None:
    requests.withdraw(request=market.request(one), by=market.owner, now=market.now)


def list_offer(market: Market, one: int, two: int) -> None:
    host = market.hosts[one % 3]
    site = host.sites.get()
    by = host.memberships.get(role="owner").user
    title = f"{market.done:03} {Offer.objects.count():03}"
    made = offers.draft(site=site, title=title, by=by, now=market.now)
    offers.write_terms(offer=made, terms=terms_of(one, two), by=by, now=market.now)
    start = market.now.date() + timedelta(days=two % 40)
    phases.add(offer=made, available_kw=SIZES[two % 4], starts_on=start, by=by, now=market.now)
    offers.submit(offer=made, by=by, now=market.now)
    offers.publish(offer=made, by=market.staff[0], why="seen", now=market.now)


def write_terms(market: Market, one: int, two: int) -> None:
    offer = market.offer(one)
    offers.write_terms(offer=offer, terms=terms_of(two, one), by=market.by(offer), now=market.now)


def pause_offer(market: Market, one: int, two: int) -> None:
    offers.pause(offer=market.offer(one), by=market.by(market.offer(one)), now=market.now)


def resume_offer(market: Market, one: int, two: int) -> None:
    offers.resume(offer=market.offer(one), by=market.by(market.offer(one)), now=market.now)


def withdraw_offer(market: Market, one: int, two: int) -> None:
    offers.withdraw(offer=market.offer(one), by=market.by(market.offer(one)), now=market.now)


def suspend_offer(market: Market, one: int, two: int) -> None:
    offer = market.offer(one)
    step = reviews.lift if offer.status == "suspended" else reviews.suspend
    step(offer=offer, by=market.staff[0], why="court", now=market.now)


def add_phase(market: Market, one: int, two: int) -> None:
    offer = market.offer(one)
    start = market.now.date() + timedelta(days=two % 60)
    phases.add(offer=offer, available_kw=SIZES[two % 4], starts_on=start, by=market.by(offer), now=market.now)


def change_phase(market: Market, one: int, two: int) -> None:
    phase = market.pick(CapacityPhase.objects.order_by("created_at", "available_kw", "starts_on"), one)
    ends_on = phase.starts_on + timedelta(days=30 + two * 40) if two % 2 else None
    phases.change(
        phase=phase,
        available_kw=SIZES[two % 4],
        starts_on=phase.starts_on,
        ends_on=ends_on,
        state=phase.state,
        version=phase.version,
        by=market.by(phase.offer),
        now=market.now,
    )


def hold(market: Market, one: int, two: int) -> None:
    start = market.now.date() + timedelta(days=two % 30)
    capacity.hold(
        offer=market.offer(one),
        kw=SIZES[two % 4],
        starts_on=start,
        ends_on=start + timedelta(days=400),
        held_until=market.now + timedelta(hours=12 + 24 * (two % 3)),
        request=market.request(two),
        by=market.owner,
        now=market.now,
    )


def free(market: Market, one: int, two: int) -> None:
    taken = market.pick(Commitment.objects.live().order_by("created_at", "kw", "starts_on"), one)
    if taken is not None:
        capacity.release(commitment=taken, by=market.owner, why="", now=market.now)


def change_fact(market: Market, one: int, two: int) -> None:
    """As staff corrects a fact: the row, and the Event with it."""
    row = market.pick(JurisdictionFact.objects.order_by("jurisdiction", "field"), one)
    values = ("banned", "tolerated", "legal_licensed") if row.field == "legal_status" else ("1", "3", "5")
    row.value = values[two % 3]
    row.save()
    events.changed(row, code="corrected", at=market.now, by=market.staff[0])


def publish_rule(market: Market, one: int, two: int) -> None:
    effect = ("moratorium_new", "levy_per_kwh", "require_licence", "curtail", "prohibit")[two % 5]
    more = {
        "levy_per_kwh": {"levy": [{"from": "0", "amount": "0.01"}], "levy_currency": "USD"},
        "require_licence": {"licence_type": LICENCE},
        "curtail": {"valid_to": market.now.date() + timedelta(days=120)},
        "prohibit": {"min_kw": 2000},
    }
    rule = factories.rule(PLACES[one % 3], effect, status="reviewed", **more.get(effect, {}))
    lifecycle.move(rule, to="published", at=market.now, by=market.staff[1])


def end_rule(market: Market, one: int, two: int) -> None:
    rule = market.pick(RegulationRule.objects.published().order_by("created_at", "effect"), one)
    if rule is not None:
        lifecycle.move(rule, to="superseded", at=market.now, by=market.staff[1])


def licence(market: Market, one: int, two: int) -> None:
    """Entered, then seen, then refused."""
    host = market.hosts[one % 3]
    by = market.staff[0]
    row = Licence.objects.filter(organization=host).first()
    if row is None:
        place = PLACES[one % 3]
        licences.add(organization=host, jurisdiction_code=place, type=LICENCE, by=by, now=market.now)
    elif row.review == Review.SUBMITTED:
        licences.review(licence=row, by=by, why="seen", now=market.now)
    else:
        licences.reject(licence=row, by=by, why="forged", now=market.now)


def suspend_host(market: Market, one: int, two: int) -> None:
    """Suspended; else proposed to be lifted; else lifted."""
    host = market.hosts[one % 3]
    host.refresh_from_db()
    first, second = market.staff
    if host.verification != "suspended":
        organizations.suspend(organization=host, by=first, why="court", now=market.now)
    elif host.lift_proposed_by_id is None:
        organizations.propose_lift(organization=host, by=first, why="settled", now=market.now)
    else:
        organizations.lift(organization=host, by=second, why="settled", now=market.now)


def enter_rate(market: Market, one: int, two: int) -> None:
    value = Decimal(("0.08", "0.1", "0.13")[two % 3])
    rates.save_rate(kind="fx", currency="NOK", value=value, on=market.now.date(), source="t", now=market.now)


def settle_claim(market: Market, one: int, two: int) -> None:
    for name in ("power_connection", "price_basis", "right_to_host"):
        level = ("claimed", "documented", "verified")[two % 3]
        offer = market.offer(one)
        trust.settle(offer=offer, field=name, level=level, by=market.staff[0], now=market.now)


def change_site(market: Market, one: int, two: int) -> None:
    """A change that needs proof waits for staff, who decides at once."""
    site = market.hosts[one % 3].sites.get()
    by = site.host.memberships.get(role="owner").user
    values = {"connected_on": TODAY - timedelta(days=2000 * (two % 2)), "total_kw": (20_000, 30_000)[two % 2]}
    sites.change(site=site, values=values, version=site.version, by=by, now=market.now)
    for waiting in site.reviews.filter(state="waiting"):
        reviews.approve_site(review=waiting, by=market.staff[1], why="seen", now=market.now)


def next_day(market: Market, one: int, two: int) -> None:
    market.now += timedelta(days=1)
    matchruns.begin_day(now=market.now)


VERBS: dict[str, Callable[[Market, int, int], None]] = {
    verb.__name__: verb
    for verb in (
        *(post_request, edit_request, withdraw_request, list_offer, write_terms, pause_offer, resume_offer),
        *(withdraw_offer, suspend_offer, add_phase, change_phase, hold, free, change_fact, publish_rule),
        *(end_rule, licence, suspend_host, enter_rate, settle_claim, change_site, next_day),
    )
}
