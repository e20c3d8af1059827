"""Offers of a file, written together: the same rows that drafting each by hand gives, in a few statements.

They are drafts: nothing is on the market, so no bound of a site and no commitment can be touched. Each goes
through review like any other.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.services import events
from hosting.models import CapacityPhase, Offer, OfferTerms, OfferTier, TermsInForce
from hosting.services.importrows import Drafted

BATCH = 200


def write(
    *, drafted: Iterable[Drafted], of: uuid.UUID, by: User | None, now: datetime
) -> list[dict[str, Any]]:
    """Store the offers with terms, tiers and phases, and one Event each. Gives [{"line", "offer"}].

    `of` is the import: line and import make the id, so that the same line can't be written twice. The caller
    holds the transaction.
    """
    drafted = list(drafted)
    offers = [
        Offer(
            id=offer_id(of=of, line=one.line), site=one.site, title=one.title, created_at=now, updated_at=now
        )
        for one in drafted
    ]
    terms = [
        OfferTerms(offer=offer, number=1, created_at=now, created_by=by.pk if by else None, **one.terms)
        for offer, one in zip(offers, drafted, strict=True)
    ]
    Offer.objects.bulk_create(offers, batch_size=BATCH)
    OfferTerms.objects.bulk_create(terms, batch_size=BATCH)
    OfferTier.objects.bulk_create(
        (
            OfferTier(terms=written, min_kw=min_kw, energy_price=price)
            for written, one in zip(terms, drafted, strict=True)
            for min_kw, price in one.tiers
        ),
        batch_size=BATCH,
    )
    TermsInForce.objects.bulk_create(
        (TermsInForce(offer=one.offer, terms=one) for one in terms), batch_size=BATCH
    )
    CapacityPhase.objects.bulk_create(
        (
            CapacityPhase(offer=offer, created_at=now, updated_at=now, **one.phase)
            for offer, one in zip(offers, drafted, strict=True)
        ),
        batch_size=BATCH,
    )
    events.record_many(
        rows=offers,
        code="drafted",
        at=now,
        by=by,
        on_behalf_of=drafted[0].site.host_id if drafted else None,
        params={"import": str(of)},
    )
    return [
        {"line": one.line, "offer": str(offer.pk), "title": one.title, "site": str(one.site.pk)}
        for offer, one in zip(offers, drafted, strict=True)
    ]


def offer_id(*, of: uuid.UUID, line: int) -> uuid.UUID:
    """The id of the offer that a line of an import becomes."""
    return uuid.uuid5(of, str(line))
