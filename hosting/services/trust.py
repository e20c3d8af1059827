"""Claim: staff says how far something a host states has been shown."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.services import events
from hosting.models import Claim, ClaimField, Evidence, Offer


def settle(
    *,
    offer: Offer,
    field: str,
    level: str,
    by: User,
    now: datetime,
    note: str = "",
    valid_until: date | None = None,
) -> Claim:
    """Set the level of one field; the offer's evidence becomes the lowest of its three fields."""
    with transaction.atomic():
        claim, _created = Claim.objects.update_or_create(
            offer=offer,
            field=field,
            defaults={
                "level": level,
                "by": by.pk,
                "note": note,
                "valid_until": valid_until,
                "updated_at": now,
            },
        )
        Offer.objects.filter(pk=offer.pk).update(evidence=lowest(offer))
        events.touch(offer, at=now)
        events.changed(
            claim,
            code="settled",
            at=now,
            by=by,
            params={"offer": str(offer.pk), "field": field, "level": level},
        )
    return claim


def lowest(offer: Offer) -> str:
    """The lowest level among power connection, price basis and right to host; a field without a claim is
    claimed."""
    levels = dict(offer.claims.values_list("field", "level"))
    return min(
        (levels.get(field, Evidence.CLAIMED) for field in ClaimField.values), key=Evidence.values.index
    )
