"""The benchmark's market in a database, and a minute of people who publish requests. Run as programs:

python -m tests.bench.click_market load OFFERS REQUESTS
python -m tests.bench.click_market wait
python -m tests.bench.click_market publish PER_SECOND COUNT        prints JSON
"""

import json
import sys
import threading
import time
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.db import connection, models  # noqa: E402 - after the set-up
from django.utils import timezone  # noqa: E402

from accounts.models import Due, Licence, Organization, User  # noqa: E402
from hosting import tasks  # noqa: E402
from hosting.matching.records import Need, Offer  # noqa: E402
from hosting.models import (  # noqa: E402
    CapacityPhase,
    CapacityRequest,
    Commitment,
    Jurisdiction,
    JurisdictionFact,
    MatchList,
    OfferTerms,
    OfferTier,
    Rate,
    RegulationRule,
    Site,
    TermsInForce,
)
from hosting.models import Offer as OfferModel  # noqa: E402
from hosting.services import marketrows, matchruns, requests  # noqa: E402
from tests.bench import industry  # noqa: E402

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = {"version": 1, "created_at": NOW, "updated_at": NOW}
# Whoever publishes too late is not waited for.
PATIENCE_SECONDS = 60


def put(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Many rows of a kind, quickly."""
    model._default_manager.bulk_create((model(**row) for row in rows), batch_size=2000)


def load(offer_count: int, request_count: int) -> None:
    """Offers live, requests as drafts of one miner; the dates of requests and rates count from today."""
    market = industry.market(offer_count, request_count)
    late = timezone.now().date() - market.as_of
    put(Jurisdiction, ({"code": p.code, "name": p.code, "updated_at": NOW} for p in market.places))
    for place in market.places:
        if place.parent:
            Jurisdiction.objects.filter(pk=place.code).update(parent=place.parent)
    put(JurisdictionFact, (_fact(fact) for fact in market.facts))
    put(RegulationRule, (_rule(rule) for rule in market.rules))
    put(
        Rate,
        (
            {"kind": r.kind, "currency": r.currency or "", "value": r.value, "on": r.on + late}
            | {"source": "bench", "updated_at": NOW}
            for r in market.rates
        ),
    )
    hosts = [uuid.uuid4() for _host in market.hosts]
    put(
        Organization,
        (_organization(pk, f"host-{n}", market.hosts[n].reputation) for n, pk in enumerate(hosts)),
    )
    put(
        Licence,
        (
            {"organization_id": pk, "jurisdiction_code": "KZ", "review": "reviewed", "type": licence.type}
            | {"valid_from": licence.valid_from, "valid_to": licence.valid_to, **ROWS}
            for pk, host in zip(hosts, market.hosts, strict=True)
            for licence in host.licences
        ),
    )
    sites = [uuid.uuid4() for _site in market.sites]
    put(
        Site,
        (
            {"id": pk, "host_id": hosts[site.host], "name": f"Hall {n}", "region": "Region"}
            | {"jurisdiction_id": site.jurisdiction, "connected_on": site.connected_on}
            | {"total_kw": max(site.power_kw, 1), **ROWS}
            for n, (pk, site) in enumerate(zip(sites, market.sites, strict=True))
        ),
    )
    _put_offers(market.offers, [sites[at] for at in market.site_of])
    miner = uuid.uuid4()
    put(Organization, [_organization(miner, "miner", None)])
    User.objects.create_user("miner@example.org", None)
    ends = timezone.now() + timedelta(days=60)
    put(CapacityRequest, (_request(pk, need, miner, ends, late) for pk, need in market.needs))
    # The day has begun, and its run with the list prices is not in the middle of what is measured.
    matchruns.begin_day(now=timezone.now())


def _organization(pk: uuid.UUID, handle: str, reputation: int | None) -> dict[str, Any]:
    named = {"id": pk, "handle": handle, "legal_name": handle, "country": "KZ", "reputation": reputation}
    kinds = {"is_host": handle != "miner", "is_miner": handle == "miner"}
    return named | kinds | {"verification": "verified", "verified_at": timezone.now(), **ROWS}


def _fact(fact: Any) -> dict[str, Any]:
    plain = {name: getattr(fact, name) for name in ("field", "value", "valid_from", "confidence")}
    return plain | {"jurisdiction_id": fact.jurisdiction, "dated_by": "effective"}


def _rule(rule: Any) -> dict[str, Any]:
    names = ("subject", "effect", "valid_to", "min_kw", "max_kw", "new_only", "cap_kw", "title", "confidence")
    return {name: getattr(rule, name) for name in names} | {
        "jurisdiction_id": rule.jurisdiction,
        "valid_from": rule.valid_from or NOW.date(),
        "licence_type": rule.licence_type or "",
        "levy": [{"from": str(start), "amount": str(amount)} for start, amount in rule.levy],
        "levy_currency": rule.levy_currency or "",
        "status": "published",
        **ROWS,
    }


def _put_offers(offers: list[Offer], site_of: list[uuid.UUID]) -> None:
    named = {offer.id: uuid.uuid4() for offer in offers}
    put(
        OfferModel,
        (
            {"id": offer.id, "site_id": site, "title": "Hall", "status": "published"}
            | {"published_at": offer.published_at, "evidence": offer.evidence, **ROWS}
            for offer, site in zip(offers, site_of, strict=True)
        ),
    )
    put(OfferTerms, (_terms(offer, named[offer.id]) for offer in offers))
    put(TermsInForce, ({"offer_id": offer.id, "terms_id": named[offer.id]} for offer in offers))
    put(
        OfferTier,
        (
            {"terms_id": named[offer.id], "min_kw": min_kw, "energy_price": price}
            for offer in offers
            for min_kw, price in offer.tiers
        ),
    )
    put(
        CapacityPhase,
        (
            {"offer_id": offer.id, "available_kw": one.kw, "starts_on": one.starts_on}
            | {"ends_on": one.ends_on, **ROWS}
            for offer in offers
            for one in offer.phases
        ),
    )
    put(
        Commitment,
        (
            {"offer_id": offer.id, "kw": one.kw, "starts_on": one.starts_on, "ends_on": one.ends_on}
            | {"state": "confirmed", **ROWS}
            for offer in offers
            for one in offer.commitments
            if one.ends_on
        ),
    )


def _part(value: int | None, of: int) -> Decimal | None:
    return None if value is None else Decimal(value) / of


def _in_order(low: int | None, high: int | None) -> int | None:
    """An upper bound that the database admits: the drawn market has a few that nobody could meet."""
    return high if high is None or low is None else max(low, high)


def _terms(offer: Offer, pk: uuid.UUID) -> dict[str, Any]:
    return {
        "id": pk,
        "offer_id": offer.id,
        "number": 1,
        "created_at": NOW,
        **{name: getattr(offer, name) for name in marketrows.PLAIN_TERMS},
        # An offer that is stored says how it cools.
        "cooling": offer.cooling or "air",
        "max_kw": _in_order(offer.min_kw, offer.max_kw),
        "max_term_months": _in_order(offer.min_term_months, offer.max_term_months),
        **{name: _part(getattr(offer, f"{name}_bp"), 100) for name in marketrows.PERCENTAGES},
        "pue": _part(offer.pue_e4, 10_000),
        "max_j_per_th": _part(offer.max_j_per_th, 100),
    }


def _request(
    pk: uuid.UUID, need: Need, owner: uuid.UUID, expires_at: datetime, late: timedelta
) -> dict[str, Any]:
    # A window of the drawn market that has passed can't be published; it begins today.
    earliest = max(need.earliest_start + late, timezone.now().date())
    same = ("need_kw", "term_months", "max_deposit_months", "min_predictability", "weights")
    return {name: getattr(need, name) for name in same} | {
        "id": pk,
        "owner_id": owner,
        "expires_at": expires_at,
        "efficiency_j_th": _part(need.efficiency, 100),
        "worst_j_th": _part(need.worst_j_th, 100),
        "origin": need.origin or "",
        "earliest_start": earliest,
        "latest_start": max(need.latest_start + late, earliest),
        "max_price_usd": Decimal(need.max_price_micros) / 1_000_000,
        "min_uptime": _part(need.min_uptime_bp, 100),
        "max_curtailment": _part(need.max_curtailment_bp, 100),
        "min_renewable": _part(need.min_renewable_bp, 100),
        "cooling": sorted(need.cooling or ()),
        "price_models": sorted(need.price_models or ()),
        "allowed_jurisdictions": sorted(need.allowed or ()),
        "excluded_jurisdictions": sorted(need.excluded or ()),
        "min_legal_status": need.min_legal_status or "",
        "min_evidence": need.min_evidence or "",
        "licences": [
            {"type": one.type}
            | {"valid_from": one.valid_from.isoformat() if one.valid_from else None}
            | {"valid_to": one.valid_to.isoformat() if one.valid_to else None}
            for one in need.licences
        ],
        **ROWS,
    }


def publish(per_second: float, count: int) -> dict[str, Any]:
    """Publish drafts at a steady pace, as a page does, ring, and watch when each list is there.

    Gives the seconds from each commit to the moment another connection first saw the list, and how many were
    never seen.
    """
    by = User.objects.get(email="miner@example.org")
    drafts = list(
        CapacityRequest.objects.filter(status="draft").select_related("owner").order_by("pk")[:count]
    )
    committed: dict[uuid.UUID, float] = {}
    seen: dict[uuid.UUID, float] = {}
    is_over = threading.Event()

    def watch() -> None:
        try:
            while not is_over.is_set():
                waiting = [pk for pk in list(committed) if pk not in seen]
                found = list(MatchList.objects.filter(pk__in=waiting).values_list("pk", flat=True))
                at = time.perf_counter()
                seen.update((pk, at) for pk in found)
                time.sleep(0.01)
        finally:
            connection.close()

    # A daemon: a refusal in the middle ends the program, and is not waited for.
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    began = time.perf_counter()
    for number, draft in enumerate(drafts):
        time.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        requests.publish(request=draft, by=by, now=timezone.now())
        committed[draft.pk] = time.perf_counter()
        tasks.ring()
    published = time.perf_counter() - began
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while len(seen) < len(drafts) and time.perf_counter() < deadline:
        time.sleep(0.05)
    is_over.set()
    watcher.join()
    return {
        "seconds": [seen[pk] - at for pk, at in committed.items() if pk in seen],
        "lost": len(drafts) - len(seen),
        "published_in": published,
        "due": Due.objects.filter(reader=matchruns.READER).count(),
    }


def wait() -> None:
    """Publish one draft, for whoever comes first; nobody is rung for."""
    draft = CapacityRequest.objects.filter(status="draft").order_by("pk").first()
    requests.publish(request=draft, by=User.objects.get(email="miner@example.org"), now=timezone.now())


if __name__ == "__main__":
    verb, *numbers = sys.argv[1:]
    if verb == "load":
        load(*map(int, numbers))
    elif verb == "wait":
        wait()
    else:
        first, second = numbers
        print(json.dumps(publish(float(first), int(second))))
