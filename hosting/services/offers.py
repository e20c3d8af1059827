"""Offer: drafted with its terms and phases, reviewed, published, paused, withdrawn.

Publishing is where promises are checked: the host is verified, the place is not under comprehensive
sanctions, and the phases of the site's live offers never exceed what the site has.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.services import events, lifecycle
from accounts.services.errors import Conflict, Invalid, NotAllowed
from hosting.models import (
    CapacityPhase,
    Offer,
    OfferStatus,
    OfferTerms,
    OfferTier,
    PhaseState,
    PriceModel,
    Site,
    TermsInForce,
)
from hosting.services import capacity, places


class HostNotVerified(NotAllowed):
    """Only a verified host publishes."""

    code = "host_not_verified"
    message = _("%(handle)s is not verified yet; only a verified host publishes.")


class PlaceSanctioned(NotAllowed):
    """The site lies in a place under comprehensive sanctions."""

    code = "place_sanctioned"
    message = _("%(place)s is under comprehensive sanctions; nothing can be published there.")


class NothingToPublish(Conflict):
    """The offer has no terms or no phase."""

    code = "nothing_to_publish"
    message = _("Give the offer terms and at least one capacity phase before publishing it.")


class HasCommitments(Conflict):
    """Machines are, or will be, on this offer."""

    code = "has_commitments"
    message = _("This offer has live commitments and can't be withdrawn.")


LIVE = (OfferStatus.PUBLISHED, OfferStatus.PAUSED)
PERCENTAGES = ("revenue_share", "metering_uplift", "uptime", "curtailment", "renewable")
NOT_NEGATIVE = (
    "energy_price",
    "passthrough_estimate",
    "hosting_fee",
    "base_fee_kw_month",
    "setup_fee_kw",
    "passthrough_cap",
    "max_j_per_th",
)


def draft(*, site: Site, title: str, by: User, now: datetime) -> Offer:
    """Begin an offer of a site."""
    with transaction.atomic():
        offer = Offer.objects.create(site=site, title=title, created_at=now, updated_at=now)
        events.changed(offer, code="drafted", at=now, by=by, on_behalf_of=site.host_id)
    return offer


def write_terms(
    *, offer: Offer, terms: Mapping[str, Any], tiers: Iterable[tuple[int, Any]] = (), by: User, now: datetime
) -> OfferTerms:
    """Write the next version of the terms and put it in force. `terms` are columns of OfferTerms; tiers
    (kW, price).

    Raises Invalid. A published offer's new version is live at once; what must wait for review comes with
    the forms.
    """
    tiers = sorted(tiers)
    with transaction.atomic():
        locked = Offer.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.pk)
        newest = locked.terms.order_by("-number").first()
        version = OfferTerms(
            offer=locked,
            number=newest.number + 1 if newest else 1,
            created_at=now,
            created_by=by.pk,
            **terms,
        )
        _check_terms(version, tiers)
        version.save()
        OfferTier.objects.bulk_create(
            OfferTier(terms=version, min_kw=min_kw, energy_price=price) for min_kw, price in tiers
        )
        TermsInForce.objects.update_or_create(offer=locked, defaults={"terms": version})
        _touch(locked, now)
        events.changed(locked, code="terms_written", at=now, by=by, params={"version": version.number})
    return version


def _check_terms(terms: OfferTerms, tiers: list[tuple[int, Any]]) -> None:
    try:
        terms.full_clean(exclude=["offer"], validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    wrong: dict[str, list[Any]] = {}
    if len({min_kw for min_kw, _price in tiers}) < len(tiers):
        wrong["tiers"] = [_("Each tier begins at another kW.")]
    if terms.price_model == PriceModel.TIERED and not tiers:
        wrong["tiers"] = [_("A tiered price has at least one tier.")]
    for field in NOT_NEGATIVE:
        if (getattr(terms, field) or 0) < 0:
            wrong[field] = [_("It can't be below zero.")]
    for field in PERCENTAGES:
        if not 0 <= (getattr(terms, field) or 0) <= 100:
            wrong[field] = [_("A percentage lies between 0 and 100.")]
    for low, high in (("min_kw", "max_kw"), ("min_term_months", "max_term_months")):
        bounds = getattr(terms, low), getattr(terms, high)
        if None not in bounds and bounds[1] < bounds[0]:
            wrong[high] = [_("The largest lies below the smallest.")]
    if terms.pue is not None and terms.pue < 1:
        wrong["pue"] = [_("A PUE is at least 1.")]
    if wrong:
        raise Invalid(wrong)


def add_phase(
    *,
    offer: Offer,
    available_kw: int,
    starts_on: date,
    ends_on: date | None = None,
    state: str = PhaseState.ENERGISED,
    by: User,
    now: datetime,
) -> CapacityPhase:
    """Add kW for the days of [starts_on, ends_on). On a live offer the site's total_kw is checked, with
    the site locked. Raises Invalid or capacity.SiteTooSmall."""
    if ends_on is not None and ends_on <= starts_on:
        raise Invalid({"ends_on": [_("A phase ends after it begins.")]})
    with transaction.atomic():
        site = capacity.lock_site(site_id=offer.site_id)
        phase = CapacityPhase.objects.create(
            offer=offer,
            available_kw=available_kw,
            starts_on=starts_on,
            ends_on=ends_on,
            state=state,
            created_at=now,
            updated_at=now,
        )
        if offer.status in LIVE:
            capacity.check_site(site=site)
        _touch(offer, now)
        events.changed(
            phase, code="added", at=now, by=by, params={"offer": str(offer.pk), "kw": available_kw}
        )
    return phase


def submit(*, offer: Offer, by: User, now: datetime) -> None:
    """Ask for review."""
    if not offer.terms.exists() or not offer.phases.exists():
        raise NothingToPublish
    lifecycle.move(offer, to=OfferStatus.IN_REVIEW, at=now, by=by, on_behalf_of=offer.site.host_id)


def publish(*, offer: Offer, by: User, why: str, now: datetime) -> None:
    """Staff approves: the offer is listed from now on.

    Raises NothingToPublish, HostNotVerified, PlaceSanctioned, capacity.SiteTooSmall or lifecycle.NoSuchMove.
    """
    with transaction.atomic():
        site = capacity.lock_site(site_id=offer.site_id)
        _check_publishable(offer=offer, site=site, today=now.date())
        lifecycle.move(
            offer,
            to=OfferStatus.PUBLISHED,
            at=now,
            by=by,
            why=why,
            published_at=offer.published_at or now,
        )
        capacity.check_site(site=site)


def _check_publishable(*, offer: Offer, site: Site, today: date) -> None:
    host: Organization = site.host
    if not hasattr(offer, "in_force") or not offer.phases.exists():
        raise NothingToPublish
    if not host.is_verified:
        raise HostNotVerified(handle=host.handle)
    if places.is_sanctioned(site.jurisdiction_id, as_of=today):
        raise PlaceSanctioned(place=site.jurisdiction_id)


def pause(*, offer: Offer, by: User, now: datetime) -> None:
    """The host takes the offer off the market for a while; its commitments stay."""
    lifecycle.move(offer, to=OfferStatus.PAUSED, at=now, by=by, on_behalf_of=offer.site.host_id)


def resume(*, offer: Offer, by: User, now: datetime) -> None:
    """The host lists a paused offer again. Refused where publishing would be."""
    with transaction.atomic():
        site = capacity.lock_site(site_id=offer.site_id)
        _check_publishable(offer=offer, site=site, today=now.date())
        if offer.status != OfferStatus.PAUSED:
            raise lifecycle.NoSuchMove(status=offer.status, to=OfferStatus.PUBLISHED)
        lifecycle.move(offer, to=OfferStatus.PUBLISHED, at=now, by=by, on_behalf_of=site.host_id)
        capacity.check_site(site=site)


def withdraw(*, offer: Offer, by: User, why: str = "", now: datetime) -> None:
    """The host takes the offer off for good; not while there are live commitments."""
    with transaction.atomic():
        locked = Offer.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.pk)
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


def _touch(offer: Offer, now: datetime) -> None:
    """What the world sees of the offer changed: its version and time say so."""
    events.touch(offer, at=now)
