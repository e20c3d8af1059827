"""An offer with its terms and phases in one go, as a client sends it: all of it, or nothing."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import lifecycle
from hosting.models import Offer, OfferTerms, Site
from hosting.services import capacity, offers, phases, phasesets, terms
from hosting.services.offerentries import Offered


def begin(*, site: Site, offered: Offered, by: User, now: datetime) -> Offer:
    """A draft with its first terms and its phases. Raises Invalid."""
    with transaction.atomic():
        offer = offers.draft(site=site, title=offered.title, by=by, now=now)
        _write_terms(offer, offered, by=by, now=now)
        for values in offered.phases:
            phases.add(offer=offer, by=by, now=now, **values)
    return offer


def change(*, offer: Offer, offered: Offered, version: int | None, by: User, now: datetime) -> None:
    """Write what differs: a new version of the terms, the title, the phases. `version` is the offer's, as the
    client saw it.

    Raises lifecycle.Stale, Invalid, terms.NotEditable, phases.BeneathCommitted or capacity.SiteTooSmall.
    """
    with transaction.atomic():
        capacity.lock_site(site_id=offer.site_id)
        held = Offer.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.pk)
        lifecycle.check_version(held, version)
        _write_terms(held, offered, by=by, now=now, newest=held.terms.order_by("-number").first())
        offers.retitle(offer=held, title=offered.title, by=by, now=now)
        phasesets.replace(offer=held, wanted=offered.phases, by=by, now=now)
    offer.refresh_from_db()


def _write_terms(offer: Offer, offered: Offered, *, newest: OfferTerms | None = None, **said: Any) -> None:
    terms.write(
        offer=offer,
        terms=offered.terms.values,
        tiers=offered.terms.tiers,
        version=newest.number if newest else None,
        **said,
    )
