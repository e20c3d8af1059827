"""CapacityRequest: a miner's need, saved, published, withdrawn; expired by the clock."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.services import events, lifecycle
from accounts.services.errors import Invalid, NotAllowed
from hosting.models import CapacityRequest, FleetLine, RequestStatus
from hosting.services.needs import NeedData

LONGEST = timedelta(days=366)


class OwnerNotVerified(NotAllowed):
    """Only a verified organization publishes."""

    code = "owner_not_verified"
    message = _("%(handle)s is not verified yet; only a verified organization publishes.")


class NotAMiner(NotAllowed):
    """The organization is neither a miner nor a broker."""

    code = "not_a_miner"
    message = _("%(handle)s is registered neither as a miner nor as a broker.")


def create(
    *,
    owner: Organization,
    need: NeedData,
    expires_at: datetime,
    by: User,
    now: datetime,
    is_anonymous: bool = False,
    id: uuid.UUID | None = None,
) -> CapacityRequest:
    """Save a need as a draft. Its kW and J/TH are copied from the fleet as they are today. Raises Invalid."""
    if not (owner.is_miner or owner.is_broker):
        raise NotAMiner(handle=owner.handle)
    if not now < expires_at <= now + LONGEST:
        raise Invalid({"expires_at": [_("Choose a time within the next twelve months.")]})
    with transaction.atomic():
        request = CapacityRequest.objects.create(
            **({"id": id} if id else {}),
            owner=owner,
            is_anonymous=is_anonymous,
            expires_at=expires_at,
            created_at=now,
            updated_at=now,
            **_columns(need),
        )
        FleetLine.objects.bulk_create(
            FleetLine(request=request, machine=line.machine, quantity=line.quantity) for line in need.fleet
        )
        events.changed(request, code="drafted", at=now, by=by, on_behalf_of=owner.pk)
    return request


def _columns(need: NeedData) -> dict[str, Any]:
    """The need as columns of a request: tuples as lists, dates in licences as text."""
    columns: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in vars(need).items()
        if name not in ("fleet", "licences")
    }
    columns["licences"] = [
        {
            "type": one.type,
            "valid_from": one.valid_from.isoformat() if one.valid_from else None,
            "valid_to": one.valid_to.isoformat() if one.valid_to else None,
        }
        for one in need.licences
    ]
    return columns


def publish(*, request: CapacityRequest, by: User, now: datetime) -> None:
    """Open the request: it is matched from now on. Raises OwnerNotVerified or lifecycle.NoSuchMove."""
    if not request.owner.is_verified:
        raise OwnerNotVerified(handle=request.owner.handle)
    lifecycle.move(
        request, to=RequestStatus.OPEN, at=now, by=by, on_behalf_of=request.owner_id, published_at=now
    )


def withdraw(*, request: CapacityRequest, by: User, why: str = "", now: datetime) -> None:
    """The miner takes the request back."""
    lifecycle.move(request, to=RequestStatus.WITHDRAWN, at=now, by=by, why=why, on_behalf_of=request.owner_id)


def expire_due(*, now: datetime) -> int:
    """Open requests whose hour has passed expire. Gives how many."""
    over = list(CapacityRequest.objects.filter(status=RequestStatus.OPEN, expires_at__lte=now).order_by("pk"))
    for request in over:
        lifecycle.move(request, to=RequestStatus.EXPIRED, at=now)
    return len(over)
