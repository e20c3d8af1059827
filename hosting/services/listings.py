"""List prices: what an offer costs the typical guest today, kept on the offer for sorting and filters."""

import uuid
from collections.abc import Collection
from datetime import datetime

from hosting.matching import match
from hosting.matching.book import Book
from hosting.models import Offer

BATCH = 500


def refresh(*, book: Book, now: datetime, only: Collection[uuid.UUID] | None = None) -> int:
    """Store the list price of each offer of the book, and none for every other; or of those in `only`.
    Gives how many changed.

    A price that changes is no new version of the offer: nobody's If-Match grows stale by a rate of exchange.
    """
    prices = match.list_prices(book)
    asked = list(only or ())
    changed = []
    for at in range(0, len(asked), BATCH) if only is not None else (0,):
        stored = Offer.objects.order_by("pk").values_list("pk", "list_price_micros")
        if only is not None:
            stored = stored.filter(pk__in=asked[at : at + BATCH])
        for pk, was in stored:
            position = book.position.get(pk)
            price = None if position is None else prices[position]
            if was != price:
                changed.append(
                    Offer(pk=pk, list_price_micros=price, list_price_on=book.as_of, updated_at=now)
                )
    Offer.objects.bulk_update(changed, ["list_price_micros", "list_price_on", "updated_at"], batch_size=BATCH)
    return len(changed)
