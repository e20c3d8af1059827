"""List prices: what an offer costs the typical guest today, kept on the offer for sorting and filters."""

from datetime import datetime

from hosting.matching import match
from hosting.matching.book import Book
from hosting.models import Offer
from hosting.services import placefigures


def refresh(*, book: Book, now: datetime) -> int:
    """Store the list price of each offer of the book, and none for every other; then what places have on the
    market that day. Gives how many prices changed.

    A price that changes is no new version of the offer: nobody's If-Match grows stale by a rate of exchange.
    """
    prices = dict(zip((offer.id for offer in book.offers), match.list_prices(book), strict=True))
    changed = []
    stored = Offer.objects.only("pk", "list_price_micros", "list_price_on", "updated_at")
    for offer in stored.order_by("pk"):
        price = prices.get(offer.pk)
        if offer.list_price_micros != price:
            offer.list_price_micros, offer.list_price_on, offer.updated_at = price, book.as_of, now
            changed.append(offer)
    Offer.objects.bulk_update(changed, ["list_price_micros", "list_price_on", "updated_at"], batch_size=500)
    placefigures.refresh(as_of=book.as_of, now=now)
    return len(changed)
