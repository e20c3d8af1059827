"""What staff decides about requests: one is taken off the market, and comes back, each with a reason."""

from datetime import datetime

from accounts.models import User
from accounts.services import lifecycle, staff
from hosting.models import CapacityRequest, RequestStatus
from hosting.services import requests, reviews


def suspend(*, request: CapacityRequest, by: User, why: str, now: datetime) -> None:
    """The open request is matched no more until staff lifts it. Raises NotAllowed, reviews.OfMyOwn, Invalid,
    lifecycle.NoSuchMove."""
    _check(request, by)
    lifecycle.move(request, to=RequestStatus.SUSPENDED, at=now, by=by, why=staff.reason(why))


def lift(*, request: CapacityRequest, by: User, why: str, now: datetime) -> None:
    """The request is open again, if its owner may still have one; its day of expiry stays. Raises what
    suspend() raises, and requests.OwnerNotVerified."""
    _check(request, by)
    if request.status != RequestStatus.SUSPENDED:
        raise lifecycle.NoSuchMove(status=request.status, to=RequestStatus.OPEN)
    if not request.owner.is_verified:
        raise requests.OwnerNotVerified(handle=request.owner.handle)
    lifecycle.move(request, to=RequestStatus.OPEN, at=now, by=by, why=staff.reason(why))


def _check(request: CapacityRequest, by: User) -> None:
    """Raises NotAllowed unless somebody of the staff decides who is no member of the owner."""
    staff.only(by)
    if request.owner.memberships.filter(user=by).exists():
        raise reviews.OfMyOwn(handle=request.owner.handle)
