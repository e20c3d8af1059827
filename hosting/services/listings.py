"""List prices: what an offer costs the typical guest today, kept on the offer for sorting and filters."""

import uuid
from collections.abc import Collection
from datetime import date, datetime

from django.db import connection

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
    changed: list[tuple[uuid.UUID, int | None]] = []
    for at in range(0, len(asked), BATCH) if only is not None else (0,):
        stored = Offer.objects.order_by("pk").values_list("pk", "list_price_micros")
        if only is not None:
            stored = stored.filter(pk__in=asked[at : at + BATCH])
        for pk, was in stored:
            position = book.position.get(pk)
            price = None if position is None else prices[position]
            if was != price:
                changed.append((pk, price))
    _store(changed, on=book.as_of, now=now)
    return len(changed)


def _store(changed: list[tuple[uuid.UUID, int | None]], *, on: date, now: datetime) -> None:
    """Row by row in one go: a single statement for hundreds of prices takes longer to put together."""
    key, ops = Offer._meta.pk, connection.ops
    day, moment = ops.adapt_datefield_value(on), ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE hosting_offer SET list_price_micros = %s, list_price_on = %s, updated_at = %s"
            " WHERE id = %s",
            [(price, day, moment, key.get_db_prep_value(pk, connection)) for pk, price in changed],
        )
