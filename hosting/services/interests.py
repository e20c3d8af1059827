"""Interest: what a person does about a pair of request and offer. It survives every re-match."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import events
from accounts.services.errors import Conflict, Invalid
from hosting.models import CapacityRequest, Decliner, Interest, Offer, OfferStatus, RequestStatus


class NotOpen(Conflict):
    """The request is not open, or the offer not published."""

    code = "not_open"
    message = _("Interest needs an open request and a published offer.")


def shortlist(*, request: CapacityRequest, offer: Offer, by: User, now: datetime) -> Interest:
    """The miner puts the offer on the request's shortlist."""
    return _mark(request=request, offer=offer, column="shortlisted_at", code="shortlisted", by=by, now=now)


def express(*, request: CapacityRequest, offer: Offer, by: User, now: datetime) -> Interest:
    """The host says that it would like to take the request in."""
    return _mark(request=request, offer=offer, column="interested_at", code="interested", by=by, now=now)


def decline(
    *, request: CapacityRequest, offer: Offer, side: str, reason: str, by: User, now: datetime
) -> Interest:
    """Either side says no, with a reason: hidden from that side's lists from now on, not from the engine."""
    if side not in Decliner.values:
        raise Invalid({"side": [_("Decline as the miner or as the host.")]})
    if not reason.strip():
        raise Invalid({"reason": [_("Say why, in a word or two.")]})
    return _mark(
        request=request,
        offer=offer,
        column="declined_at",
        code="declined",
        by=by,
        now=now,
        declined_by=side,
        decline_reason=reason.strip(),
    )


def _mark(
    *,
    request: CapacityRequest,
    offer: Offer,
    column: str,
    code: str,
    by: User,
    now: datetime,
    **also: str,
) -> Interest:
    if request.status != RequestStatus.OPEN or offer.status != OfferStatus.PUBLISHED:
        raise NotOpen
    with transaction.atomic():
        interest, _created = Interest.objects.get_or_create(
            request=request, offer=offer, defaults={"created_at": now, "updated_at": now}
        )
        Interest.objects.filter(pk=interest.pk).update(**{column: now}, **also)
        events.touch(interest, at=now)
        events.changed(
            interest,
            code=code,
            at=now,
            by=by,
            params={"request": str(request.pk), "offer": str(offer.pk)},
            why=also.get("decline_reason", ""),
        )
    return interest
