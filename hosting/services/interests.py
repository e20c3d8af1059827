"""Interest: what a person does about a pair of request and offer. It survives every re-match."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import events
from accounts.services.errors import Conflict, Invalid
from hosting.models import CapacityRequest, Decliner, Interest, Offer, OfferStatus, RequestStatus

LONGEST_REASON = 500


class NotOpen(Conflict):
    """The request is not open, or the offer not published."""

    code = "not_open"
    message = _("Interest needs an open request and a published offer.")


class AlreadyDeclined(Conflict):
    """The other side has declined the pair before."""

    code = "already_declined"
    message = _("The other side has declined this already.")


def shortlist(*, request: CapacityRequest, offer: Offer, by: User, now: datetime) -> Interest:
    """The miner puts the offer on the request's shortlist."""
    return _mark(request=request, offer=offer, column="shortlisted_at", code="shortlisted", by=by, now=now)


def express(*, request: CapacityRequest, offer: Offer, by: User, now: datetime) -> Interest:
    """The host says that it would like to take the request in."""
    return _mark(request=request, offer=offer, column="interested_at", code="interested", by=by, now=now)


def decline(
    *, request: CapacityRequest, offer: Offer, side: str, reason: str, by: User, now: datetime
) -> Interest:
    """Either side says no, with a reason: hidden from that side's lists from now on, not from the engine.

    Raises Invalid, NotOpen, or AlreadyDeclined when the other side did before.
    """
    if side not in Decliner.values:
        raise Invalid({"side": [_("Decline as the miner or as the host.")]})
    if not reason.strip():
        raise Invalid({"reason": [_("Say why, in a word or two.")]})
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid({"reason": [_("At most %(most)s characters.") % {"most": LONGEST_REASON}]})
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
    """Make the mark once: what is marked already keeps its time and its reason, and no Event is written."""
    with transaction.atomic():
        # Read anew within the transaction: the page may have been open for an hour.
        if not (
            CapacityRequest.objects.filter(pk=request.pk, status=RequestStatus.OPEN).exists()
            and Offer.objects.filter(pk=offer.pk, status=OfferStatus.PUBLISHED).exists()
        ):
            raise NotOpen
        interest, _created = Interest.objects.get_or_create(
            request=request, offer=offer, defaults={"created_at": now, "updated_at": now}
        )
        unmarked = Interest.objects.filter(pk=interest.pk, **{f"{column}__isnull": True})
        if not unmarked.update(**{column: now}, **also):
            interest.refresh_from_db()
            if interest.declined_by != also.get("declined_by", interest.declined_by):
                raise AlreadyDeclined
            return interest
        _tell(interest, code=code, by=by, now=now, why=also.get("decline_reason", ""))
    return interest


def unlist(*, request: CapacityRequest, offer: Offer, by: User, now: datetime) -> None:
    """The miner takes the offer off the request's shortlist."""
    marked = Interest.objects.filter(request=request, offer=offer, shortlisted_at__isnull=False)
    _unmark(marked, code="unlisted", by=by, now=now, shortlisted_at=None)


def take_back(*, request: CapacityRequest, offer: Offer, by: User, now: datetime) -> None:
    """The host is no longer interested."""
    marked = Interest.objects.filter(request=request, offer=offer, interested_at__isnull=False)
    _unmark(marked, code="interest_taken_back", by=by, now=now, interested_at=None)


def undo_decline(*, request: CapacityRequest, offer: Offer, side: str, by: User, now: datetime) -> None:
    """The side that declined does so no longer; the other side's decline stays."""
    marked = Interest.objects.filter(
        request=request, offer=offer, declined_at__isnull=False, declined_by=side
    )
    _unmark(
        marked, code="decline_undone", by=by, now=now, declined_at=None, declined_by="", decline_reason=""
    )


def _unmark(marked: QuerySet, *, code: str, by: User, now: datetime, **values: Any) -> None:
    """Take the mark away; where there is none, nothing happens and no Event is written."""
    with transaction.atomic():
        interest = marked.first()
        if interest is not None and marked.update(**values):
            _tell(interest, code=code, by=by, now=now)


def _tell(interest: Interest, *, code: str, by: User, now: datetime, why: str = "") -> None:
    events.touch(interest, at=now)
    params = {"request": str(interest.request_id), "offer": str(interest.offer_id)}
    events.changed(interest, code=code, at=now, by=by, params=params, why=why)
