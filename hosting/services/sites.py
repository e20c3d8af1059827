"""Site: a host describes its ground and its power."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.services import events
from accounts.services.errors import Conflict, Invalid, NotAllowed
from hosting.models import Cooling, Jurisdiction, Site


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
    **more: Any,
) -> Site:
    """Describe a site. `more`: address, connected_on, cooling, energy_mix, pue, grid, insurance. Power in kW.

    Raises NotAHost, Invalid or NameTaken.
    """
    if not host.is_host:
        raise NotAHost(handle=host.handle)
    _check(total_kw=total_kw, cooling=more.get("cooling") or [], energy_mix=more.get("energy_mix") or {})
    with transaction.atomic():
        try:
            with transaction.atomic():
                site = Site.objects.create(
                    host=host,
                    name=name,
                    jurisdiction=jurisdiction,
                    region=region,
                    total_kw=total_kw,
                    created_at=now,
                    updated_at=now,
                    **more,
                )
        except IntegrityError as error:
            raise NameTaken(name=name) from error
        events.changed(site, code="described", at=now, by=by, on_behalf_of=host.pk)
    return site


def _check(*, total_kw: int, cooling: list[str], energy_mix: dict[str, Any]) -> None:
    wrong: dict[str, list[Any]] = {}
    if total_kw <= 0:
        wrong["total_kw"] = [_("A site has some power.")]
    if set(cooling) - set(Cooling.values):
        wrong["cooling"] = [_("Choose air, hydro or immersion.")]
    if energy_mix and sum(Decimal(str(share)) for share in energy_mix.values()) != 100:
        wrong["energy_mix"] = [_("The parts of the energy mix add up to 100 %.")]
    if wrong:
        raise Invalid(wrong)
