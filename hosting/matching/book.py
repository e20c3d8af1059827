"""The book: every offer of the market as columns, with all that depends only on the run's day worked out.

The records it is built from, and the words they use, are re-exported here: this is the module to import from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from uuid import UUID

import numpy as np

from hosting.matching import money
from hosting.matching.blocks import Blocks, blocks_of
from hosting.matching.columns import LIMITS, Rows
from hosting.matching.places import LawGroup, PlaceLaw, Statute
from hosting.matching.records import (
    CONFIDENCES,
    COOLINGS,
    EFFECTS,
    EVIDENCE,
    LEGAL_STATUS,
    METERINGS,
    PRICE_MODELS,
    SUBJECTS,
    Fact,
    Licence,
    Need,
    Offer,
    Phase,
    Place,
    Rate,
    Rule,
    Taken,
)
from hosting.matching.tables import AGE_BITS, HASHPRICE_LIMIT, Market, OfferRow, plain
from hosting.matching.windows import day_of

__all__ = [
    "CONFIDENCES",
    "COOLINGS",
    "EFFECTS",
    "EVIDENCE",
    "LEGAL_STATUS",
    "METERINGS",
    "PRICE_MODELS",
    "SUBJECTS",
    "Book",
    "Fact",
    "LawGroup",
    "Licence",
    "Need",
    "Offer",
    "Phase",
    "Place",
    "PlaceLaw",
    "Rate",
    "Rule",
    "Taken",
]


@dataclass(frozen=True, slots=True)
class Book:
    """Columns over offers, in the order given. Money in micro-USD.

    `odd` are positions of offers beyond the kernel's numbers; `costly` those of them that could still be
    within somebody's ceiling. `market` and `statute` hold the tables the kernel reads, `blocks` the lanes.
    """

    as_of: date
    offers: tuple[Offer, ...]
    position: Mapping[UUID, int]
    rates: Mapping[tuple[str, str | None], money.Ratio]
    hashprice_micros: int
    statute: Statute
    rows: Rows
    market: Market
    odd: np.ndarray
    blocks: Blocks
    sources: Mapping[str, Any]
    _twin: list = field(default_factory=list, compare=False, repr=False)

    @classmethod
    def build(
        cls,
        *,
        places: Iterable[Place],
        facts: Iterable[Fact],
        rules: Iterable[Rule],
        rates: Iterable[Rate],
        offers: Iterable[Offer],
        as_of: date,
        rate_max_age_days: int = 35,
    ) -> Self:
        """Build the columns for the run of `as_of`.

        `rules` are published ones (those of low confidence are dropped here); commitments are live ones.
        ValueError for figures out of bounds, two offers with one id, or two rules with one id.
        """
        offers = tuple(offers)
        usable = money.latest(rates, as_of, rate_max_age_days)
        position = {offer.id: at for at, offer in enumerate(offers)}
        if len(position) != len(offers):
            raise ValueError("two offers share an id")
        rows = Rows.of(offers, usable, day_of(as_of))
        sources: dict[str, Any] = {"places": tuple(places), "facts": tuple(facts), "rules": tuple(rules)}
        law_of = Statute.of(offers, **sources, as_of=as_of, usable=usable)
        return cls._of(offers, position, rows, law_of, usable, as_of, sources)

    @classmethod
    def _of(
        cls,
        offers: tuple[Offer, ...],
        position: Mapping[UUID, int],
        rows: Rows,
        law_of: tuple[Statute, np.ndarray],
        usable: Mapping,
        as_of: date,
        sources: Mapping,
    ) -> Self:
        statute, group = law_of
        table = rows.table
        table["group"] = group
        table["place"] = statute.table.groups["place"][group]
        order = np.lexsort((rows.id_low, rows.id_high, rows.published))
        table["age"][order] = np.arange(len(offers))
        hashprice = money.hashprice_micros(usable.get(("hashprice", None)))
        is_odd = statute.is_odd[group] if len(group) else np.zeros(0, dtype=bool)
        is_odd[list(rows.odd)] = True
        if hashprice >= HASHPRICE_LIMIT:
            is_odd |= table["share"] != 0
        if len(offers) >= 1 << AGE_BITS:
            is_odd[:] = True
        market = Market(
            day_of(as_of),
            min(hashprice, HASHPRICE_LIMIT),
            table,
            np.ascontiguousarray(rows.changes[:, 1:3]).reshape(-1),
            *(np.ascontiguousarray(rows.changes[:, column]) for column in (3, 4)),
            *(np.ascontiguousarray(rows.tiers[:, column]) for column in range(3)),
        )
        blocks = blocks_of(market, statute, is_odd)
        odd = np.flatnonzero(is_odd)
        return cls(as_of, offers, position, usable, hashprice, statute, rows, market, odd, blocks, sources)

    @property
    def has_no_keys(self) -> bool:
        """Whether a list's order cannot be packed into keys: too many offers, or an amount below zero."""
        amounts = [*self.rows.odd_tiers.values(), *self.statute.odd["scale_amount"].values()]
        for row in self.rows.odd.values():
            amounts += [row[name] for name in LIMITS]
        return len(self.offers) >= 1 << AGE_BITS or any(amount < 0 for amount in amounts)

    @property
    def places(self) -> tuple[PlaceLaw, ...]:
        """The places of the offers, by code."""
        return self.statute.places

    @property
    def twin(self) -> Market:
        """The market for code that is not compiled, exact whatever its figures."""
        if not self._twin:
            table = self.rows.table
            odd = {
                at: OfferRow(**values | {name: int(table[name][at]) for name in ("group", "place", "age")})
                for at, values in self.rows.odd.items()
            }
            wide: dict[str, dict[int, Any]] = {
                "offers": odd,
                "tier_rate": self.rows.odd_tiers,
                "hashprice": {0: self.hashprice_micros},
            }
            self._twin.append(plain(self.market, wide))
        return self._twin[0]

    def with_offers(self, changed: Iterable[Offer], gone: Iterable[UUID]) -> Self:
        """The same book with these offers added or replaced and those left out.

        A replaced offer keeps its position; the last ones move to where one is gone.
        """
        more = {offer.id: offer for offer in changed}
        position, offers = dict(self.position), list(self.offers)
        take = list(range(len(offers)))
        for number, (key, offer) in enumerate(more.items()):
            at = position.setdefault(key, len(offers))
            if at == len(offers):
                offers.append(offer)
                take.append(0)
            offers[at], take[at] = offer, len(self.offers) + number
        for key in set(gone) - set(more):
            if key not in position:
                continue
            at = position.pop(key)
            last, came = offers.pop(), take.pop()
            if at < len(offers):
                offers[at], take[at] = last, came
                position[last.id] = at
        day = day_of(self.as_of)
        added = Rows.of(tuple(more.values()), self.rates, day)
        law_of = self.statute.with_more(tuple(more.values()), self.rates)
        if law_of is not None:
            added.table["group"] = law_of[1]
        chosen = np.array(take, dtype=np.int64)
        rows = self.rows.with_rows(added, chosen)
        kept = tuple(offers)
        # A place that was left by its last offer, or is new, makes the law anew.
        group = rows.table["group"]
        if law_of is not None:
            of_place = np.bincount(law_of[0].table.groups["place"][group], minlength=len(self.places))
        if law_of is None or not of_place.all():
            law_of = Statute.of(kept, **self.sources, as_of=self.as_of, usable=self.rates)
        else:
            law_of = law_of[0], group.copy()
        return type(self)._of(kept, position, rows, law_of, self.rates, self.as_of, self.sources)

    def with_law(self, *, places: Iterable[Place], facts: Iterable[Fact], rules: Iterable[Rule]) -> Self:
        """The same offers, day and rates under other law."""
        sources: dict[str, Any] = {"places": tuple(places), "facts": tuple(facts), "rules": tuple(rules)}
        law_of = Statute.of(self.offers, **sources, as_of=self.as_of, usable=self.rates)
        rows = self.rows.copy()
        return type(self)._of(self.offers, self.position, rows, law_of, self.rates, self.as_of, sources)


def first_day(book: Book, need: Need) -> int:
    """The first day a start is looked for: the later of earliest_start and as_of."""
    return max(day_of(need.earliest_start), day_of(book.as_of))
