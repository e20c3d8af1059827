"""A pair of request and offer, and what either side of it may do: the miner shortlists, the host is
interested, both decline; each takes back what it did."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.services import lifecycle
from accounts.services.acting import Member
from accounts.services.errors import Invalid, NotAllowed
from hosting.models import CapacityRequest, Decliner, Interest, Offer
from hosting.services import fitting, interests
from hosting.services.entries import Entries, as_uuid

MINER, HOST = Decliner.MINER.value, Decliner.HOST.value
# step: the sides that may take it
STEPS: dict[str, frozenset[str]] = {
    "shortlist": frozenset({MINER}),
    "unlist": frozenset({MINER}),
    "express": frozenset({HOST}),
    "take_back": frozenset({HOST}),
    "decline": frozenset({MINER, HOST}),
    "undo_decline": frozenset({MINER, HOST}),
}
# What makes a pair of two that had nothing to do with each other.
FIRST_STEPS = ("shortlist", "express", "decline")


class NotYourStep(NotAllowed):
    """The other side takes this step."""

    code = "not_your_step"
    message = _("This step is the other side's.")


def visible_to(
    organization: Organization | None, now: datetime, *, is_staff: bool = False
) -> QuerySet[Interest]:
    """The interests of its requests, and those of its offers that are its own or were answered by the miner;
    all for staff. Each with `side`: which one the organization stands on.

    A host does not learn that it is on a shortlist, nor that it was declined where it had said nothing.
    """
    requests = CapacityRequest.objects.run_by(organization, now.date())
    said = Q(interested_at__isnull=False) | Q(declined_by=HOST)
    seen = Q(request__in=requests) | Q(said, offer__site__host=organization)
    if is_staff:
        return Interest.objects.annotate(side=Value(MINER))
    side = Case(When(request__in=requests, then=Value(MINER)), default=Value(HOST))
    return Interest.objects.filter(seen).annotate(side=side)


def named(viewer: Member, sent: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """The `request` and the `offer` whose ids were sent, and the `side` of the viewer's organization.

    The miner names an offer it sees, the host one of its own and an open request. Raises Invalid.
    """
    ours = CapacityRequest.objects.run_by(viewer.organization, now.date()).select_related("owner")
    theirs = fitting.open_to(viewer.organization, now)
    request, side = _by_id(ours, sent.get("request")), MINER
    offers = Offer.objects.visible_to(viewer)
    if request is None:
        request, side = _by_id(theirs, sent.get("request")), HOST
        offers = Offer.objects.filter(site__host=viewer.organization)
    offer = _by_id(offers.select_related("site"), sent.get("offer"))
    wrong = {}
    if request is None:
        wrong["request"] = [_now("Give the id of an open request, or of one of your own.")]
    elif offer is None:
        wrong["offer"] = [_now("Give the UUID of an offer.")]
    if wrong:
        raise Invalid(wrong)
    return {"request": request, "offer": offer, "side": side}


def _by_id(rows: QuerySet, sent: Any) -> Any:
    id = as_uuid(sent)
    return rows.filter(pk=id).first() if id else None


def first_step(sent: Mapping[str, Any], side: str) -> dict[str, Any]:
    """The `step` that was sent, or the one that suits the side, and its `reason`. Raises Invalid."""
    entries = Entries(sent)
    step = entries.word("step", among=FIRST_STEPS) or ("shortlist" if side == MINER else "express")
    reason = entries.given("reason") or ""
    if not isinstance(reason, str):
        entries.refuse("reason", _now("Enter text."))
    if entries.wrong:
        raise Invalid(dict(entries.wrong))
    return {"step": step, "reason": reason}


def take(
    *,
    step: str,
    side: str,
    request: CapacityRequest,
    offer: Offer,
    by: User,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> Interest:
    """Take one of STEPS for a side. `version`: of the interest, as it was seen; None for a first step.

    Raises NotYourStep, lifecycle.Stale, fitting.DoesNotFit, interests.NotOpen, interests.AlreadyDeclined or
    Invalid.
    """
    if side not in STEPS[step]:
        raise NotYourStep
    pair: dict[str, Any] = {"request": request, "offer": offer, "by": by, "now": now}
    with transaction.atomic():
        if version is not None:
            held = Interest.objects.select_for_update(of=("self",), no_key=True)
            lifecycle.check_version(held.get(request=request, offer=offer), version)
        match step:
            case "shortlist":
                interests.shortlist(**pair)
            case "unlist":
                interests.unlist(**pair)
            case "express":
                fitting.say_interested(**pair)
            case "take_back":
                interests.take_back(**pair)
            case "decline":
                interests.decline(**pair, side=side, reason=reason)
            case "undo_decline":
                interests.undo_decline(**pair, side=side)
        return Interest.objects.get(request=request, offer=offer)
