"""Site: a host describes its ground and its power, and changes what it said.

What staff has looked at stays as it was looked at: while an offer of the site is before staff or on the
market, a change of the place or of the power waits for review, and everything else holds at once.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.services import events, lifecycle
from accounts.services.errors import Conflict, Invalid, NotAllowed
from hosting.models import Cooling, Jurisdiction, OfferStatus, ReviewState, Site, SiteReview
from hosting.services import capacity

# Where energy comes from, in the order a form asks for it.
SOURCES = {
    "hydro": _("hydropower"),
    "wind": _("wind"),
    "solar": _("solar"),
    "geothermal": _("geothermal"),
    "nuclear": _("nuclear"),
    "biomass": _("biomass"),
    "gas": _("gas"),
    "coal": _("coal"),
    "oil": _("oil"),
    "other": _("other"),
}
# What staff has looked at: a change of these waits where an offer is under its eye.
LOOKED_AT = ("jurisdiction", "region", "address", "connected_on", "total_kw")
UNDER_THE_EYE = (
    OfferStatus.IN_REVIEW,
    OfferStatus.PUBLISHED,
    OfferStatus.PAUSED,
    OfferStatus.SUSPENDED,
)


class NameTaken(Conflict):
    """The host has a site of this name."""

    code = "site_name_taken"
    message = _("You already have a site named %(name)s.")


class NotAHost(NotAllowed):
    """The organization is no host."""

    code = "not_a_host"
    message = _("%(handle)s is not registered as a host.")


def create(
    *,
    host: Organization,
    name: str,
    jurisdiction: Jurisdiction,
    region: str,
    total_kw: int,
    by: User,
    now: datetime,
    id: uuid.UUID | None = None,
    **more: Any,
) -> Site:
    """Describe a site. `more`: address, connected_on, cooling, energy_mix, pue, grid, insurance. Power in kW.

    A second call with the `id` of a site the host has gives that site. Raises NotAHost, Invalid or NameTaken.
    """
    if not host.is_host:
        raise NotAHost(handle=host.handle)
    _check(total_kw=total_kw, cooling=more.get("cooling") or [], energy_mix=more.get("energy_mix") or {})
    with transaction.atomic():
        try:
            with transaction.atomic():
                site = Site(
                    id=id or uuid.uuid4(),
                    host=host,
                    name=name,
                    jurisdiction=jurisdiction,
                    region=region,
                    total_kw=total_kw,
                    created_at=now,
                    updated_at=now,
                    **more,
                )
                site.save(force_insert=True)
        except IntegrityError as error:
            there = Site.objects.filter(pk=id, host=host).first() if id else None
            if there is None:
                raise NameTaken(name=name) from error
            return there
        events.changed(site, code="described", at=now, by=by, on_behalf_of=host.pk)
    return site


def change(*, site: Site, values: Mapping[str, Any], version: int, by: User, now: datetime) -> None:
    """Set columns of the site: at once, or as a SiteReview that waits (see the module).

    The same values again change nothing. Raises lifecycle.Stale, Invalid, NameTaken or capacity.SiteTooSmall.
    """
    with transaction.atomic():
        locked = capacity.lock_site(site_id=site.pk)
        waiting = locked.reviews.filter(state=ReviewState.WAITING).first()
        wanted = {name: value for name, value in values.items() if getattr(locked, name) != value}
        is_looked_at = locked.offers.filter(status__in=UNDER_THE_EYE).exists()
        held_back = {
            name: value for name, value in wanted.items() if is_looked_at and _is_proof(locked, name, value)
        }
        at_once = {name: value for name, value in wanted.items() if name not in held_back}
        is_known = stored(held_back) == (waiting.values if waiting else {})
        if is_known and not at_once:
            return
        lifecycle.check_version(locked, version)
        _check(
            total_kw=values.get("total_kw", locked.total_kw),
            cooling=values.get("cooling", locked.cooling),
            energy_mix=values.get("energy_mix", locked.energy_mix),
        )
        if not is_known:
            _wait(locked, held_back, instead_of=waiting, by=by, now=now)
        _set(locked, at_once, now)
        capacity.check_site(site=locked)
        fields = {"fields": sorted(at_once), "waiting": sorted(held_back), "version": locked.version}
        events.changed(locked, code="changed", at=now, by=by, on_behalf_of=locked.host_id, params=fields)


def apply(*, site: Site, values: Mapping[str, Any], now: datetime) -> None:
    """Set what a review held back. The site is locked by the caller; the Event is that of the decision.

    Raises NameTaken or capacity.SiteTooSmall.
    """
    _set(site, loaded(values), now)
    capacity.check_site(site=site)


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as a SiteReview keeps them."""
    kept = dict(values)
    if "jurisdiction" in kept:
        kept["jurisdiction"] = kept["jurisdiction"].pk
    if kept.get("connected_on"):
        kept["connected_on"] = kept["connected_on"].isoformat()
    return kept


def loaded(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a SiteReview keeps, as columns again."""
    columns = dict(values)
    if "jurisdiction" in columns:
        columns["jurisdiction"] = Jurisdiction.objects.get(pk=columns["jurisdiction"])
    if columns.get("connected_on"):
        columns["connected_on"] = date.fromisoformat(columns["connected_on"])
    return columns


def _is_proof(site: Site, name: str, value: Any) -> bool:
    """Whether staff has to see this change. Less power than was shown needs no proof."""
    return name in LOOKED_AT and not (name == "total_kw" and value < site.total_kw)


def _wait(
    site: Site, values: Mapping[str, Any], *, instead_of: SiteReview | None, by: User, now: datetime
) -> None:
    if instead_of is not None:
        lifecycle.move(instead_of, to=ReviewState.SUPERSEDED, at=now, by=by)
    if values:
        SiteReview.objects.create(
            site=site,
            values=stored(values),
            fields=sorted(values),
            submitted_by=by.pk,
            created_at=now,
            updated_at=now,
        )


def _set(site: Site, values: Mapping[str, Any], now: datetime) -> None:
    for name, value in values.items():
        setattr(site, name, value)
    site.version += 1
    site.updated_at = now
    try:
        with transaction.atomic():
            site.save(update_fields=[*values, "version", "updated_at"])
    except IntegrityError as error:
        raise NameTaken(name=site.name) from error


def _check(*, total_kw: int, cooling: list[str], energy_mix: Mapping[str, Any]) -> None:
    wrong: dict[str, list[Any]] = {}
    if total_kw <= 0:
        wrong["total_kw"] = [_("A site has some power.")]
    if set(cooling) - set(Cooling.values):
        wrong["cooling"] = [_("Choose air, hydro or immersion.")]
    if energy_mix and sum(Decimal(str(share)) for share in energy_mix.values()) != 100:
        wrong["energy_mix"] = [_("The parts of the energy mix add up to 100 %.")]
    if wrong:
        raise Invalid(wrong)
