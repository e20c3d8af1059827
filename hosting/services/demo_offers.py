"""Puts the demo's offers on the market through the same steps as anybody's: drafted, reviewed, published."""

from datetime import datetime, timedelta

from accounts.models import User
from hosting.models import ClaimField, Evidence, Offer, Site
from hosting.services import capacity, offers, trust
from hosting.services.demo_listings import LISTINGS, Listing
from hosting.services.demo_people import Cast

HOLD = timedelta(hours=48)
VALID = timedelta(days=300)
LEVELS = {"c": Evidence.CLAIMED, "d": Evidence.DOCUMENTED, "v": Evidence.VERIFIED}


def publish(*, cast: Cast, sites: dict[str, Site], now: datetime) -> int:
    """List the offers that are not there yet. Gives how many are new."""
    there = set(Offer.objects.filter(site__in=sites.values()).values_list("site_id", "title"))
    new = [one for one in LISTINGS if (sites[one.site].pk, one.title) not in there]
    # The oldest first, as they would have come.
    for listing in sorted(new, key=lambda one: -one.listed_days_ago):
        site = sites[listing.site]
        _list(listing, site=site, host=cast.owners[site.host.handle], cast=cast, now=now)
    return len(new)


def _list(listing: Listing, *, site: Site, host: User, cast: Cast, now: datetime) -> None:
    at = now - timedelta(days=listing.listed_days_ago)
    offer = offers.draft(site=site, title=listing.title, by=host, now=at)
    offers.write_terms(
        offer=offer,
        terms={**listing.all_terms(), "valid_until": (now + VALID).date()},
        tiers=listing.all_tiers(),
        by=host,
        now=at,
    )
    for available_kw, first_day, days, state in listing.phases:
        starts_on = (now + timedelta(days=first_day)).date()
        offers.add_phase(
            offer=offer,
            available_kw=available_kw,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=days) if days else None,
            state=state,
            by=host,
            now=at,
        )
    for field, letter in zip(ClaimField.values, listing.evidence, strict=True):
        if LEVELS[letter] != Evidence.CLAIMED:
            trust.settle(offer=offer, field=field, level=LEVELS[letter], by=cast.sara, note="demo", now=at)
    offers.submit(offer=offer, by=host, now=at)
    if listing.ends_as == "in_review":
        return
    offers.publish(offer=offer, by=cast.sam, why="demo", now=at)
    _take(listing, offer=offer, by=host, now=now)
    if listing.ends_as == "paused":
        offers.pause(offer=offer, by=host, now=now)


def _take(listing: Listing, *, offer: Offer, by: User, now: datetime) -> None:
    """Capacity that others have already: signed contracts, and holds that run out in two days."""
    for kw, first_day, days, is_signed in listing.taken:
        starts_on = (now + timedelta(days=first_day)).date()
        commitment = capacity.hold(
            offer=offer,
            kw=kw,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=days),
            held_until=now + HOLD,
            by=by,
            now=now,
        )
        if is_signed:
            capacity.confirm(commitment=commitment, by=by, now=now)
