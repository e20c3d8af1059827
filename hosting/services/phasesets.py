"""All phases of an offer at once: what a client sends is what is there afterwards, or nothing changes.

One by one, a step in between could break a promise that the whole keeps; so the promises are looked at once,
when all is written. Site first, then the offer: that is the order of locks.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import events
from hosting.models import CapacityPhase, Offer
from hosting.services import capacity, phases, terms

COLUMNS = ("available_kw", "starts_on", "ends_on", "state")


def replace(*, offer: Offer, wanted: Iterable[Mapping[str, Any]], by: User, now: datetime) -> None:
    """Make the phases of the offer these (COLUMNS each). A phase that is among them already stays as it is.

    Raises phases.BeneathCommitted, terms.NotEditable or capacity.SiteTooSmall.
    """
    with transaction.atomic():
        site = capacity.lock_site(site_id=offer.site_id)
        held = Offer.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.pk)
        gone, new = _differences(held, [dict(one) for one in wanted])
        if not gone and not new:
            return
        terms.check_editable(held)
        told = _write(held, gone, new, now)
        phases.check_commitments(held)
        if held.status in terms.LIVE:
            capacity.check_site(site=site)
        events.touch(held, at=now)
        for phase, code in told:
            params = {"offer": str(held.pk), "kw": phase.available_kw}
            events.changed(phase, code=code, at=now, by=by, params=params)
    offer.refresh_from_db()


def _differences(
    offer: Offer, wanted: list[dict[str, Any]]
) -> tuple[list[CapacityPhase], list[dict[str, Any]]]:
    """The phases that are not wanted, and the wanted ones that are not there; both by their first day."""
    gone = []
    for phase in offer.phases.order_by("starts_on", "pk"):
        values = {name: getattr(phase, name) for name in COLUMNS}
        if values in wanted:
            wanted.remove(values)
        else:
            gone.append(phase)
    return gone, sorted(wanted, key=lambda one: one["starts_on"])


def _write(
    offer: Offer, gone: list[CapacityPhase], new: list[dict[str, Any]], now: datetime
) -> list[tuple[CapacityPhase, str]]:
    """A phase that goes while one comes is the same phase, changed. Gives (phase, what happened to it)."""
    told = []
    for phase, values in zip(gone, new, strict=False):
        for name, value in values.items():
            setattr(phase, name, value)
        phase.version += 1
        phase.updated_at = now
        phase.save(update_fields=[*COLUMNS, "version", "updated_at"])
        told.append((phase, "changed"))
    for phase in gone[len(new) :]:
        CapacityPhase.objects.filter(pk=phase.pk).delete()
        told.append((phase, "removed"))
    for values in new[len(gone) :]:
        phase = CapacityPhase.objects.create(offer=offer, created_at=now, updated_at=now, **values)
        told.append((phase, "added"))
    return told
