"""Opens the demo's requests through the same steps as anybody's: read, drafted, published."""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from hosting.models import CapacityRequest, MachineModel
from hosting.services import needs, requests
from hosting.services.demo_needs import WISHES, Machine, Wish
from hosting.services.demo_people import Cast

OPEN_FOR = timedelta(days=180)


def publish(*, cast: Cast, now: datetime) -> int:
    """Open the requests that are not there yet. Gives how many are new."""
    there = CapacityRequest.objects.in_bulk([_id_of(wish) for wish in WISHES])
    new = [wish for wish in WISHES if _id_of(wish) not in there]
    if not new:
        return 0
    wanted = {machine for wish in new for machine, _quantity in wish.fleet}
    machines = {
        (row.maker, row.model): row
        for row in MachineModel.objects.filter(model__in=[model for _maker, model in wanted])
    }
    for number, wish in enumerate(new):
        # One after the other over the last month.
        _open(wish, cast=cast, machines=machines, now=now, at=now - timedelta(days=len(new) - number))
    return len(new)


def _id_of(wish: Wish) -> UUID:
    return uuid5(NAMESPACE_URL, f"urn:mining-hotels:demo:request:{wish.key}")


def _open(
    wish: Wish, *, cast: Cast, machines: dict[Machine, MachineModel], now: datetime, at: datetime
) -> None:
    owner, by = cast.companies[wish.owner], cast.owners[wish.owner]
    request = requests.create(
        owner=owner,
        need=needs.read(_raw(wish, machines, now), today=at.date(), strict=True),
        expires_at=now + OPEN_FOR,
        is_anonymous=wish.is_anonymous,
        id=_id_of(wish),
        by=by,
        now=at,
    )
    requests.publish(request=request, by=by, now=at)


def _raw(wish: Wish, machines: dict[Machine, MachineModel], now: datetime) -> dict[str, Any]:
    """The request as a form or a client would send it."""
    first, last = wish.window
    return {
        "fleet": [{"machine": str(machines[one].pk), "quantity": number} for one, number in wish.fleet],
        "origin": wish.origin,
        "earliest_start": (now + timedelta(days=first)).date().isoformat(),
        "latest_start": (now + timedelta(days=last)).date().isoformat(),
        "term_months": wish.term_months,
        "max_price_usd": wish.max_price_usd,
        **wish.more,
    }
