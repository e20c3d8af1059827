"""What staff decides about offers, versions of terms and sites, each with a reason that the host reads."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Event, User
from accounts.services import events, lifecycle
from accounts.services.errors import Conflict, Invalid, NotAllowed
from hosting.models import Offer, OfferStatus, ReviewState, SiteReview, TermsReview
from hosting.services import capacity, offers, places, sites, terms


class NotStaff(NotAllowed):
    """Only staff reviews."""

    code = "not_staff"
    message = _("Only staff decides this.")


class OfMyOwn(NotAllowed):
    """Nobody reviews what their own organization has sent in."""

    code = "review_of_ones_own"
    message = _("You are a member of %(handle)s: somebody else has to decide this.")


class OffTheMarket(Conflict):
    """The version waits on an offer that is no longer on the market."""

    code = "offer_off_the_market"
    message = _("The offer is not on the market any more, so this version can’t go live.")


def approve(*, offer: Offer, by: User, why: str, now: datetime, version: int | None = None) -> None:
    """The offer is listed. Raises what offers.publish() raises."""
    _check_reviewer(offer, by, why)
    offers.publish(offer=offer, by=by, why=why, now=now, version=version)


def request_changes(*, offer: Offer, by: User, why: str, now: datetime, version: int | None = None) -> None:
    """The host is to change something and send it in again."""
    _step(offer, OfferStatus.CHANGES_REQUESTED, by=by, why=why, now=now, version=version)


def reject(*, offer: Offer, by: User, why: str, now: datetime, version: int | None = None) -> None:
    """Not on this market, for the reason given."""
    _step(offer, OfferStatus.REJECTED, by=by, why=why, now=now, version=version)


def suspend(*, offer: Offer, by: User, why: str, now: datetime, version: int | None = None) -> None:
    """A live offer is taken off the market until staff lifts it; its commitments stay."""
    before = offer.status
    _step(
        offer,
        OfferStatus.SUSPENDED,
        by=by,
        why=why,
        now=now,
        version=version,
        status_before_suspension=before,
    )


def lift(*, offer: Offer, by: User, why: str, now: datetime, version: int | None = None) -> None:
    """The offer is what it was before it was suspended. What it promises is checked as at publishing."""
    _check_reviewer(offer, by, why)
    with transaction.atomic():
        site = capacity.lock_site(site_id=offer.site_id)
        before = offer.status_before_suspension
        if offer.status != OfferStatus.SUSPENDED or not before:
            raise lifecycle.NoSuchMove(status=offer.status, to=before or OfferStatus.PUBLISHED)
        if before == OfferStatus.PUBLISHED:
            offers.check_publishable(offer=offer, site=site, today=now.date())
        _step(offer, before, by=by, why=why, now=now, version=version, status_before_suspension="")
        capacity.check_site(site=site)


def _step(
    offer: Offer, to: str, *, by: User, why: str, now: datetime, version: int | None, **also: Any
) -> None:
    _check_reviewer(offer, by, why)
    with transaction.atomic():
        locked = Offer.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.pk)
        if version is not None:
            lifecycle.check_version(locked, version)
        lifecycle.move(offer, to=to, at=now, by=by, why=why, **also)


def approve_terms(
    *, review: TermsReview, by: User, why: str, now: datetime, version: int | None = None
) -> None:
    """The version that waits is in force. Raises OffTheMarket or lifecycle.NoSuchMove."""
    _check_reviewer(review.offer, by, why)
    with transaction.atomic():
        offer = Offer.objects.select_for_update(of=("self",), no_key=True).get(pk=review.offer_id)
        if offer.status not in (*terms.LIVE, OfferStatus.SUSPENDED):
            raise OffTheMarket
        _decide(review, ReviewState.APPROVED, by, why, now, version)
        terms.put_in_force(offer=offer, terms=review.terms)
        events.touch(offer, at=now)
        params = {"version": review.terms.number, "fields": review.fields}
        events.changed(offer, code="terms_approved", at=now, by=by, why=why, params=params)


def reject_terms(
    *, review: TermsReview, by: User, why: str, now: datetime, version: int | None = None
) -> None:
    """The version that waits never holds; the one in force stays."""
    _check_reviewer(review.offer, by, why)
    with transaction.atomic():
        _decide(review, ReviewState.REJECTED, by, why, now, version)
        params = {"version": review.terms.number, "fields": review.fields}
        events.changed(review.offer, code="terms_rejected", at=now, by=by, why=why, params=params)


def approve_site(
    *, review: SiteReview, by: User, why: str, now: datetime, version: int | None = None
) -> None:
    """The site is what its host says. Raises offers.PlaceSanctioned or capacity.SiteTooSmall."""
    _check_reviewer(review, by, why)
    with transaction.atomic():
        site = capacity.lock_site(site_id=review.site_id)
        place = review.values.get("jurisdiction")
        if place and places.is_sanctioned(place, as_of=now.date()):
            raise offers.PlaceSanctioned(place=place)
        _decide(review, ReviewState.APPROVED, by, why, now, version)
        sites.apply(site=site, values=review.values, now=now)
        params = {"fields": review.fields, "version": site.version}
        events.changed(site, code="change_approved", at=now, by=by, why=why, params=params)


def reject_site(*, review: SiteReview, by: User, why: str, now: datetime, version: int | None = None) -> None:
    """The site stays as it was."""
    _check_reviewer(review, by, why)
    with transaction.atomic():
        _decide(review, ReviewState.REJECTED, by, why, now, version)
        params = {"fields": review.fields}
        events.changed(review.site, code="change_rejected", at=now, by=by, why=why, params=params)


def _decide(
    review: TermsReview | SiteReview, to: str, by: User, why: str, now: datetime, version: int | None
) -> None:
    if version is not None:
        lifecycle.check_version(review, version)
    lifecycle.move(review, to=to, at=now, by=by, why=why)


def _check_reviewer(subject: Offer | SiteReview, by: User, why: str) -> None:
    host = subject.site.host
    if not by.is_staff:
        raise NotStaff
    if host.memberships.filter(user=by).exists():
        raise OfMyOwn(handle=host.handle)
    if not why.strip():
        raise Invalid({"why": [_("Give a reason; the host reads it.")]})


SAID_TO_THE_HOST = (
    "became_changes_requested",
    "became_rejected",
    "became_suspended",
    "terms_rejected",
    "change_rejected",
)


def last_words(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, Event]]:
    """Of each offer or site: {code: the newest Event with what staff said}. One query."""
    said = Event.objects.filter(
        subject_kind__in=("hosting.offer", "hosting.site"),
        subject_id__in=list(ids),
        code__in=SAID_TO_THE_HOST,
    )
    words: dict[uuid.UUID, dict[str, Event]] = {}
    for event in said.order_by("pk"):
        words.setdefault(event.subject_id, {})[event.code] = event
    return words
