"""News: which Events become which notices, and for whom. Read from due marks in a task, never in a request.

A notice names what the table "who sees what" lets its readers see: never who stands behind an anonymous
request, nor what somebody is ready to pay.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Event, Invitation, Organization, User, Verification
from accounts.services import digests, events, notices
from accounts.services.digests import Addresses
from hosting.models import CapacityRequest, Decliner, Interest, Offer, OfferStatus, SiteReview, TermsReview
from hosting.services import follows, newswords, placenews

log = logging.getLogger(__name__)

READER = "notices"
# What the organization itself asked for is no news to it.
VERDICTS = (
    Verification.IN_REVIEW,
    Verification.VERIFIED,
    Verification.REJECTED,
    Verification.INFO_NEEDED,
    Verification.SUSPENDED,
    Verification.EXPIRED,
)
DECIDED = (
    OfferStatus.PUBLISHED,
    OfferStatus.CHANGES_REQUESTED,
    OfferStatus.REJECTED,
    OfferStatus.SUSPENDED,
)


def tell_due(*, now: datetime) -> int:
    """Tell what the due Events have to tell and settle their marks. Gives how many lines are new.

    Each Event in a transaction of its own; one that can't be told is logged, stays due and is tried again.
    """
    told = 0
    silent = []
    for mark in events.due(reader=READER):
        teller = TELLERS.get((mark.event.subject_kind, mark.event.code))
        teller = teller or TELLERS.get((mark.event.subject_kind, ""))
        if teller is None:
            silent.append(mark)
            continue
        try:
            with transaction.atomic():
                told += teller(mark.event, now)
                events.settle(marks=[mark])
        except Exception:
            # Whatever is wrong with one Event must not silence the others; it stays due, to be tried again.
            log.exception("event %s could not be told", mark.event_id)
    events.settle(marks=silent)
    return told


def spread(*, now: datetime, addresses: Addresses) -> int:
    """Tell what is due, and put a mail into the outbox for each line that is to go out by itself. Gives how
    many mails."""
    tell_due(now=now)
    return digests.write_each(now=now, words=newswords.say, addresses=addresses)


def write_digests(*, now: datetime, addresses: Addresses) -> int:
    """Put the day's mail into the outbox for those whose morning has come."""
    return digests.write_daily(now=now, words=newswords.say, addresses=addresses)


def _tell(
    event: Event,
    now: datetime,
    *,
    code: str,
    params: dict[str, Any],
    to: Organization | None = None,
    people: list[User] | None = None,
) -> int:
    recipients = people if people is not None else []
    if to is not None:
        recipients = notices.members(to, but=event.by)
    return notices.tell(
        recipients=recipients,
        organization=to,
        code=code,
        about=f"event:{event.uid}",
        params=params,
        way=newswords.KINDS[code].way,
        now=now,
    )


def _list_changed(event: Event, now: datetime) -> int:
    request = CapacityRequest.objects.select_related("owner").filter(pk=event.subject_id).first()
    if request is None:
        return 0
    params = {"request": str(request.pk), **event.params}
    return _tell(event, now, code="match_list_changed", params=params, to=request.owner)


def _interested(event: Event, now: datetime) -> int:
    interest = _interest(event)
    if interest is None or interest.interested_at is None:
        return 0
    return _tell(
        event,
        now,
        code="interest_expressed",
        params={"request": str(interest.request_id), "offer": str(interest.offer_id)},
        to=interest.request.owner,
    )


def _declined(event: Event, now: datetime) -> int:
    """The other side hears of it where it had acted itself; a list that is only tidied is nobody's news."""
    interest = _interest(event)
    if interest is None or interest.declined_at is None:
        return 0
    params = {"request": str(interest.request_id), "offer": str(interest.offer_id)}
    if interest.declined_by == Decliner.MINER and interest.interested_at:
        host = interest.offer.site.host
        return _tell(event, now, code="interest_declined", params={**params, "to": "host"}, to=host)
    if interest.declined_by == Decliner.HOST and (interest.shortlisted_at or interest.interested_at):
        miner = interest.request.owner
        return _tell(event, now, code="interest_declined", params={**params, "to": "miner"}, to=miner)
    return 0


def _taken_back(event: Event, now: datetime) -> int:
    interest = _interest(event)
    if interest is None or interest.interested_at is not None:
        return 0
    params = {"request": str(interest.request_id), "offer": str(interest.offer_id), "to": "miner"}
    return _tell(event, now, code="interest_declined", params=params, to=interest.request.owner)


def _interest(event: Event) -> Interest | None:
    found = Interest.objects.select_related("request__owner", "offer__site__host")
    return found.filter(pk=event.subject_id).first()


def _offer_reviewed(event: Event, now: datetime) -> int:
    """Only what staff decided: pausing and resuming are the host's own."""
    was, became = event.status_from, event.status_to
    if was == OfferStatus.SUSPENDED:
        became = "lifted"
    elif became not in DECIDED or (became == OfferStatus.PUBLISHED and was != OfferStatus.IN_REVIEW):
        return 0
    offer = Offer.objects.select_related("site__host").filter(pk=event.subject_id).first()
    if offer is None:
        return 0
    params = {"offer": str(offer.pk), "became": became, "why": event.why}
    return _tell(event, now, code="offer_reviewed", params=params, to=offer.site.host)


def _terms_reviewed(event: Event, now: datetime) -> int:
    review = TermsReview.objects.select_related("offer__site__host").filter(pk=event.subject_id).first()
    if review is None or event.status_to not in ("approved", "rejected"):
        return 0
    params = {"offer": str(review.offer_id), "became": f"terms_{event.status_to}", "why": event.why}
    return _tell(event, now, code="offer_reviewed", params=params, to=review.offer.site.host)


def _site_reviewed(event: Event, now: datetime) -> int:
    review = SiteReview.objects.select_related("site__host").filter(pk=event.subject_id).first()
    if review is None or event.status_to not in ("approved", "rejected"):
        return 0
    params = {"site": str(review.site_id), "became": f"site_{event.status_to}", "why": event.why}
    return _tell(event, now, code="offer_reviewed", params=params, to=review.site.host)


def _verification(event: Event, now: datetime) -> int:
    organization = Organization.objects.filter(pk=event.subject_id).first()
    if organization is None or event.status_to not in VERDICTS:
        return 0
    params = {"became": event.status_to, "why": event.why}
    return _tell(event, now, code="verification_changed", params=params, to=organization)


def _invited(event: Event, now: datetime) -> int:
    """A person who has an account already finds the invitation in the list as well."""
    invitation = Invitation.objects.select_related("organization").filter(pk=event.subject_id).first()
    if invitation is None or not invitation.is_open(now):
        return 0
    people = list(User.objects.filter(email=invitation.email.lower(), is_active=True))
    params = {"handle": invitation.organization.handle, "role": invitation.role}
    return _tell(event, now, code="invitation", params=params, people=people)


def _of_a_place(event: Event, now: datetime) -> int:
    """Who follows the place, its country or a subdivision of it is told what everybody may read."""
    said = placenews.of(event)
    if said is None:
        return 0
    people = follows.followers(code=said.place, at=event.at, but=event.by)
    return _tell(event, now, code=said.kind, params=said.params, people=people)


def _renewed(event: Event, now: datetime) -> int:
    """One line for each follower, however much is new in the places they follow."""
    concerned: dict[User, list[str]] = {}
    for code in placenews.renewed(event):
        for person in follows.followers(code=code, at=event.at):
            concerned.setdefault(person, []).append(code)
    return sum(
        _tell(event, now, code="place_news", params={"places": codes}, people=[person])
        for person, codes in concerned.items()
    )


def _closed(event: Event, now: datetime) -> int:
    """Nobody is told: what the account followed goes with it."""
    follows.forget(person_id=event.subject_id)
    return 0


# (kind, code) or, for every code of a kind, (kind, "").
TELLERS: dict[tuple[str, str], Callable[[Event, datetime], int]] = {
    ("hosting.matchlist", "list_changed"): _list_changed,
    ("hosting.interest", "interested"): _interested,
    ("hosting.interest", "declined"): _declined,
    ("hosting.interest", "interest_taken_back"): _taken_back,
    ("hosting.offer", ""): _offer_reviewed,
    ("hosting.termsreview", ""): _terms_reviewed,
    ("hosting.sitereview", ""): _site_reviewed,
    ("accounts.organization", ""): _verification,
    ("accounts.invitation", "sent"): _invited,
    ("accounts.user", "closed"): _closed,
    ("hosting.regulationevent", ""): _of_a_place,
    ("hosting.regulationrule", ""): _of_a_place,
    ("hosting.jurisdictionfact", ""): _of_a_place,
    ("hosting.reference", "loaded"): _renewed,
}
