"""Offer: drafted with its terms and phases, reviewed, published, paused, withdrawn.

Publishing is where promises are checked: the host is verified, the place is not under comprehensive
sanctions, and the phases of the site's live offers never exceed what the site has.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization, User
from accounts.services import events, lifecycle
from accounts.services.errors import Conflict, NotAllowed
from hosting.models import Offer, OfferStatus, Site
from hosting.services import capacity, phases, places, terms

TITLE_LENGTH = 120


class HostNotVerified(NotAllowed):
    """Only a verified host publishes."""

    code = "host_not_verified"
    message = gettext_lazy("%(handle)s is not verified yet; only a verified host publishes.")


class PlaceSanctioned(NotAllowed):
    """The site lies in a place under comprehensive sanctions."""

    code = "place_sanctioned"
    message = gettext_lazy("%(place)s is under comprehensive sanctions; nothing can be published there.")


class NothingToPublish(Conflict):
    """The offer has no terms or no phase."""

    code = "nothing_to_publish"
    message = gettext_lazy("Give the offer terms and at least one capacity phase before publishing it.")


class NothingToCopy(Conflict):
    """The offer has no terms yet."""

    code = "nothing_to_copy"
    message = gettext_lazy("This offer has no terms to copy yet.")


class HasCommitments(Conflict):
    """Machines are, or will be, on this offer."""

    code = "has_commitments"
    message = gettext_lazy("This offer has live commitments and can't be withdrawn.")


LIVE = terms.LIVE
# The two parts of an offer have rooms of their own; whoever lists an offer finds their verbs here.
write_terms = terms.write
add_phase = phases.add


def draft(*, site: Site, title: str, by: User, now: datetime, id: uuid.UUID | None = None) -> Offer:
    """Begin an offer of a site."""
    with transaction.atomic():
        offer = Offer(id=id or uuid.uuid4(), site=site, title=title, created_at=now, updated_at=now)
        offer.save(force_insert=True)
        events.changed(offer, code="drafted", at=now, by=by, on_behalf_of=site.host_id)
    return offer


def begin(
    *,
    site: Site,
    id: uuid.UUID,
    title: str,
    values: Mapping[str, Any],
    tiers: terms.Tiers = (),
    by: User,
    now: datetime,
) -> Offer:
    """Begin an offer together with its first terms. A second call with the `id` of an offer of the host
    gives that offer. Raises Invalid."""
    there = Offer.objects.filter(pk=id, site__host=site.host_id).first()
    if there is not None:
        return there
    try:
        with transaction.atomic():
            offer = draft(site=site, title=title, by=by, now=now, id=id)
            terms.write(offer=offer, terms=values, tiers=tiers, by=by, now=now)
    except IntegrityError as error:
        # Sent twice in the same moment: the first one's stays. Or the id is somebody else's.
        there = Offer.objects.filter(pk=id, site__host=site.host_id).first()
        if there is None:
            raise Conflict from error
        return there
    return offer


def duplicate(*, offer: Offer, id: uuid.UUID, by: User, now: datetime) -> Offer:
    """A new draft of the same site with the newest terms of this one and no phases. `id` as in begin()."""
    newest = offer.terms.order_by("-number").first()
    if newest is None:
        raise NothingToCopy
    values = {name: getattr(newest, name) for name in terms.COLUMNS}
    if newest.valid_until and newest.valid_until <= now.date():
        values["valid_until"] = None
    title = _("%(title)s (copy)") % {"title": offer.title[:TITLE_LENGTH]}
    return begin(
        site=offer.site, id=id, title=title, values=values, tiers=terms.tiers_of(newest), by=by, now=now
    )


def retitle(*, offer: Offer, title: str, by: User, now: datetime) -> None:
    """Give the offer another name; the same one again changes nothing."""
    with transaction.atomic():
        locked = _locked(offer)
        if locked.title == title:
            return
        terms.check_editable(locked)
        Offer.objects.filter(pk=offer.pk).update(title=title)
        events.touch(offer, at=now)
        events.changed(
            offer,
            code="retitled",
            at=now,
            by=by,
            on_behalf_of=offer.site.host_id,
            params={"fields": ["title"]},
        )


def submit(*, offer: Offer, by: User, now: datetime, version: int | None = None) -> None:
    """Ask for review. `version`, here and below: the one the offer was seen in; raises lifecycle.Stale."""
    with transaction.atomic():
        _locked(offer, version)
        if not offer.terms.exists() or not offer.phases.exists():
            raise NothingToPublish
        lifecycle.move(offer, to=OfferStatus.IN_REVIEW, at=now, by=by, on_behalf_of=offer.site.host_id)


def redraft(*, offer: Offer, by: User, now: datetime, version: int | None = None) -> None:
    """The host takes an offer that was sent back, refused or has expired into its hands again."""
    with transaction.atomic():
        _locked(offer, version)
        lifecycle.move(offer, to=OfferStatus.DRAFT, at=now, by=by, on_behalf_of=offer.site.host_id)
        terms.take_up_newest(offer=offer, by=by, now=now)


def publish(*, offer: Offer, by: User, why: str, now: datetime, version: int | None = None) -> None:
    """Staff approves: the offer is listed from now on.

    Raises NothingToPublish, HostNotVerified, PlaceSanctioned, capacity.SiteTooSmall or lifecycle.NoSuchMove.
    """
    with transaction.atomic():
        site = capacity.lock_site(site_id=offer.site_id)
        _locked(offer, version)
        check_publishable(offer=offer, site=site, today=now.date())
        lifecycle.move(
            offer,
            to=OfferStatus.PUBLISHED,
            at=now,
            by=by,
            why=why,
            published_at=offer.published_at or now,
        )
        capacity.check_site(site=site)


def check_publishable(*, offer: Offer, site: Site, today: date) -> None:
    """Raise NothingToPublish, HostNotVerified or PlaceSanctioned unless the offer may be listed."""
    host: Organization = site.host
    if not hasattr(offer, "in_force") or not offer.phases.exists():
        raise NothingToPublish
    if not host.is_verified:
        raise HostNotVerified(handle=host.handle)
    if places.is_sanctioned(site.jurisdiction_id, as_of=today):
        raise PlaceSanctioned(place=site.jurisdiction_id)


def pause(*, offer: Offer, by: User, now: datetime, version: int | None = None) -> None:
    """The host takes the offer off the market for a while; its commitments stay."""
    with transaction.atomic():
        _locked(offer, version)
        lifecycle.move(offer, to=OfferStatus.PAUSED, at=now, by=by, on_behalf_of=offer.site.host_id)


def resume(*, offer: Offer, by: User, now: datetime, version: int | None = None) -> None:
    """The host lists a paused offer again. Refused where publishing would be."""
    with transaction.atomic():
        site = capacity.lock_site(site_id=offer.site_id)
        _locked(offer, version)
        check_publishable(offer=offer, site=site, today=now.date())
        if offer.status != OfferStatus.PAUSED:
            raise lifecycle.NoSuchMove(status=offer.status, to=OfferStatus.PUBLISHED)
        lifecycle.move(offer, to=OfferStatus.PUBLISHED, at=now, by=by, on_behalf_of=site.host_id)
        capacity.check_site(site=site)


def withdraw(*, offer: Offer, by: User, why: str = "", now: datetime, version: int | None = None) -> None:
    """The host takes the offer off for good; not while there are live commitments."""
    with transaction.atomic():
        locked = _locked(offer, version)
        if locked.commitments.live().exists():
            raise HasCommitments
        lifecycle.move(
            offer, to=OfferStatus.WITHDRAWN, at=now, by=by, why=why, on_behalf_of=offer.site.host_id
        )


def expire_due(*, now: datetime) -> int:
    """Published offers whose valid_until has come expire. Gives how many."""
    over = list(
        Offer.objects.filter(
            status=OfferStatus.PUBLISHED, in_force__terms__valid_until__lte=now.date()
        ).order_by("pk")
    )
    for offer in over:
        lifecycle.move(offer, to=OfferStatus.EXPIRED, at=now)
    return len(over)


def _locked(offer: Offer, version: int | None = None) -> Offer:
    locked = Offer.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.pk)
    if version is not None:
        lifecycle.check_version(locked, version)
    return locked
