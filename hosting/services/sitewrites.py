"""A site as a client sends it: read whole, changed in the fields that were sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.services import lifecycle
from accounts.services.errors import Invalid
from hosting.models import ReviewState, Site
from hosting.services import siteentries, sites
from hosting.services.entries import as_uuid

FIELDS = (*siteentries.LENGTHS, "jurisdiction", "total_kw", "connected_on", "cooling", "energy_mix", "pue")


def create(*, host: Organization, sent: Mapping[str, Any], by: User, now: datetime) -> Site:
    """Describe a site. Raises Invalid, sites.NotAHost or sites.NameTaken."""
    if not host.is_host:
        raise sites.NotAHost(handle=host.handle)
    return sites.create(host=host, by=by, now=now, **siteentries.read(sent, today=now.date()))


def change(*, site: Site, sent: Mapping[str, Any], version: int, by: User, now: datetime) -> None:
    """Set the fields that were sent; `version` is the one the client saw.

    Raises lifecycle.Stale, Invalid, sites.NameTaken or capacity.SiteTooSmall.
    """
    lifecycle.check_version(site, version)
    there = {name: getattr(site, name) for name in FIELDS} | {"jurisdiction": site.jurisdiction_id}
    values = siteentries.read({**there, **sent}, today=now.date())
    wanted = {name: value for name, value in values.items() if name in sent}
    sites.change(site=site, values=wanted, version=version, by=by, now=now)


def own(host: Organization, named: Any) -> Site:
    """The site with this id, if the host has it. Raises Invalid, which does not tell that others have it."""
    id = as_uuid(named) if isinstance(named, str) else None
    found = Site.objects.filter(host=host, pk=id).select_related("host").first() if id else None
    if found is None:
        raise Invalid({"site": [_("Give the id of one of your sites.")]})
    return found


def waiting(site: Site) -> list[str]:
    """The fields with a change that waits for staff."""
    found = site.reviews.filter(state=ReviewState.WAITING).first()
    return list(found.fields) if found else []
