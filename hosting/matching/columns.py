"""Offers as rows of whole numbers: what each states, with empty fields and missing rates settled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, Self

import numpy as np

from hosting.matching import money, pricing, scoring
from hosting.matching.capacity import HALF, changes_of, fill_room, owned_by, stretches
from hosting.matching.gates import NO_LIMIT
from hosting.matching.records import (
    COOLINGS,
    EVIDENCE,
    NUMBER_LIMIT,
    PASSTHROUGH_MODELS,
    PRICE_MODELS,
    Offer,
)
from hosting.matching.tables import AMOUNT_LIMIT, FACTOR_LIMIT, FEE_LIMIT, OFFER_FIELDS, OFFER_TYPE, picked

AGE_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Beyond these a row is answered by code that is not compiled.
LIMITS = {
    "rate": AMOUNT_LIMIT,
    "estimate": AMOUNT_LIMIT,
    "hosting_fee": AMOUNT_LIMIT,
    "base_fee": AMOUNT_LIMIT,
    "setup_fee": AMOUNT_LIMIT,
    "share": FACTOR_LIMIT,
    "factor": FACTOR_LIMIT,
}
AMOUNTS = {
    "rate": "energy_price",
    "estimate": "passthrough_estimate",
    "hosting_fee": "hosting_fee",
    "base_fee": "base_fee_kw_month",
    "setup_fee": "setup_fee_kw",
}


def missing_field(offer: Offer) -> str | None:
    """The required field of a price that is empty, or None."""
    if offer.energy_price is None and offer.price_model != "tiered":
        return "energy_price"
    if offer.passthrough_estimate is None and offer.price_model in PASSTHROUGH_MODELS:
        return "passthrough_estimate"
    if offer.revenue_share_bp is None and offer.price_model == "revenue_share":
        return "revenue_share_bp"
    if offer.pue_e4 is None and offer.metering == "site":
        return "pue_e4"
    if offer.metering_uplift_bp is None and offer.metering == "nameplate":
        return "metering_uplift_bp"
    return None


def needs_rate(offer: Offer) -> bool:
    """Whether an amount entered as non-zero, and read in this price model, is in the offer's currency."""
    read: list[Decimal | None] = [offer.hosting_fee, offer.base_fee_kw_month, offer.setup_fee_kw]
    if offer.price_model != "tiered":
        read.append(offer.energy_price)
    if offer.price_model in PASSTHROUGH_MODELS:
        read.append(offer.passthrough_estimate)
    return any(read)


def factor_of(offer: Offer) -> int:
    """What a kWh at the plug is at the meter, in ten-thousandths."""
    if offer.metering == "site":
        return offer.pue_e4 or 0
    return 10_000 + (offer.metering_uplift_bp or 0 if offer.metering == "nameplate" else 0)


@dataclass(frozen=True, slots=True)
class Rows:
    """Some offers as rows, with what changes in their free capacity and their tiers.

    Without law and age: those columns are 0 here. `odd` has the whole rows, by position, that do not fit the
    kernel's numbers; their rows in `table` are clipped. `published` and the ids' halves order by age.
    """

    table: np.ndarray
    odd: dict[int, dict[str, int]]
    changes: np.ndarray
    owned: np.ndarray
    tiers: np.ndarray
    odd_tiers: dict[int, int]
    published: np.ndarray
    id_high: np.ndarray
    id_low: np.ndarray

    @classmethod
    def of(cls, offers: Sequence[Offer], usable: Mapping, as_of: int) -> Self:
        """Rows of these offers at the rates to use, on a day."""
        table = np.zeros(len(offers), dtype=OFFER_TYPE)
        _plain(offers, table)
        wide: dict[str, dict[int, int]] = {name: {} for name in LIMITS}

        def put(name: str, values: list[int]) -> None:
            table[name] = clipped(values, LIMITS[name], wide[name])

        models = [offer.price_model for offer in offers]
        passes = [model in PASSTHROUGH_MODELS for model in models]
        fx = [usable.get(("fx", offer.currency)) for offer in offers]
        for name, entered in AMOUNTS.items():
            values = [micros_of(value, rate) for value, rate in zip(_get(offers, entered), fx, strict=True)]
            if name == "estimate":
                values = [value if passed else 0 for value, passed in zip(values, passes, strict=True)]
            put(name, values)
        put("factor", [factor_of(offer) for offer in offers])
        put("share", [share or 0 for share in _get(offers, "revenue_share_bp")])
        table["is_complete"] = [
            missing_field(offer) is None and (rate is not None or not needs_rate(offer))
            for offer, rate in zip(offers, fx, strict=True)
        ]
        tiers, odd_tiers = _tiers(offers, fx, table, wide["rate"])
        changes = changes_of(offers, table)
        fill_room(table, changes, as_of)
        odd_rows = {at for column in wide.values() for at in column}
        is_heavy = table["hosting_fee"] * table["factor"] >= FEE_LIMIT
        odd_rows |= set(np.flatnonzero(is_heavy).tolist())
        _parts(table)
        odd = {at: _odd_row(table[at], {n: c[at] for n, c in wide.items() if at in c}) for at in odd_rows}
        keys = [offer.id.int for offer in offers]
        return cls(
            *(table, odd, changes, owned_by(changes), tiers, odd_tiers),
            np.array([(o.published_at - AGE_ZERO) // MICROSECOND for o in offers], dtype=np.int64),
            np.array([key // HALF for key in keys], dtype=np.uint64),
            np.array([key % HALF for key in keys], dtype=np.uint64),
        )

    def copy(self) -> Self:
        """The same rows, to be given another law."""
        return replace(self, table=self.table.copy())

    def with_rows(self, more: Self, take: np.ndarray) -> Self:
        """Rows picked by position from these followed by `more`."""
        count = len(self.table)
        table = picked(self.table, more.table, take)
        is_more = take >= count
        changes = np.concatenate([self.changes, more.changes])
        table["segment_first"][is_more] += len(self.changes)
        at = _spread(table["segment_first"], table["segments"])
        changes = changes[at]
        changes[:, 0] = np.repeat(np.arange(len(take)), table["segments"])
        table["segment_first"] = np.cumsum(table["segments"]) - table["segments"]
        tiers = np.concatenate([self.tiers, more.tiers])
        table["tier_first"][is_more] += len(self.tiers)
        count_tiers = np.maximum(table["tiers"], 0)
        at = _spread(table["tier_first"], count_tiers)
        table["tier_first"] = np.cumsum(count_tiers) - count_tiers
        wide = self.odd_tiers | {len(self.tiers) + row: value for row, value in more.odd_tiers.items()}
        odd_tiers = {new: wide[old] for new, old in enumerate(at.tolist()) if old in wide} if wide else {}
        rows = self.odd | {count + row: values for row, values in more.odd.items()}
        odd = {}
        if rows:
            for new, old in enumerate(take.tolist()):
                if old in rows:
                    first = {name: int(table[name][new]) for name in ("segment_first", "tier_first")}
                    odd[new] = rows[old] | first
        ages = (
            np.concatenate([getattr(self, name), getattr(more, name)])[take]
            for name in ("published", "id_high", "id_low")
        )
        return replace(
            self,
            table=table,
            odd=odd,
            changes=changes,
            owned=owned_by(changes),
            tiers=tiers[at],
            odd_tiers=odd_tiers,
            **dict(zip(("published", "id_high", "id_low"), ages, strict=True)),
        )

    def offers_of(self, high: np.ndarray, low: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Offers at which these requests (by the halves of their ids) have commitments: CSR."""
        first = np.searchsorted(self.owned[:, 0], low, side="left")
        last = np.searchsorted(self.owned[:, 0], low, side="right")
        start = np.zeros(len(low) + 1, dtype=np.int64)
        found: list[np.ndarray] = []
        for number in np.flatnonzero(last > first).tolist():
            here = self.owned[first[number] : last[number]]
            here = here[here[:, 1] == high[number], 2]
            start[number + 1] = len(here)
            found.append(here)
        return np.cumsum(start), np.concatenate(found) if found else np.zeros(0, dtype=np.int64)

    def free_on(self, day: int) -> np.ndarray:
        """Free kW of every offer on a day."""
        offer, low, high, free = stretches(len(self.table), self.changes)
        found = np.zeros(len(self.table), dtype=np.int64)
        here = (low <= day) & (day < high)
        found[offer[here]] = free[here]
        return found


def _spread(first: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Positions first[i] : first[i] + count[i], one after the other."""
    return np.repeat(first - (np.cumsum(count) - count), count) + np.arange(int(count.sum()))


def _get(offers: Iterable[Offer], name: str) -> list[Any]:
    return list(map(attrgetter(name), offers))


def micros_of(value: Decimal | int | None, rate: money.Ratio | None) -> int:
    """An amount as micro-USD; 0 without a value or a rate (then is_complete says whether that matters)."""
    return money.micros(value, rate) if value and rate else 0


def clipped(values: list[int], limit: int, wide: dict[int, int]) -> np.ndarray:
    """A column of whole numbers in [0, limit); those outside are noted in `wide` and 0 here."""
    try:
        column = np.array(values, dtype=np.int64)
    except OverflowError:
        column = np.array([value if 0 <= value < limit else -1 for value in values], dtype=np.int64)
    outside = np.flatnonzero((column < 0) | (column >= limit))
    for at in outside.tolist():
        wide[at] = values[at]
    column[outside] = 0
    return column


def _plain(offers: Sequence[Offer], table: np.ndarray) -> None:
    """Everything but money, law and time. Limits left empty become ones that nothing reaches."""
    empty = {
        "kw_min": ("min_kw", 0),
        "kw_max": ("max_kw", NUMBER_LIMIT),
        "term_min": ("min_term_months", 0),
        "term_max": ("max_term_months", NUMBER_LIMIT),
        "max_j_th": ("max_j_per_th", NO_LIMIT),
        "deposit": ("deposit_months", 0),
        "uptime": ("uptime_bp", 0),
        "renewable": ("renewable_bp", 0),
        "curtailment": ("curtailment_bp", 0),
        "levies_included": ("levies_included", 0),
    }
    for name, (field, nothing) in empty.items():
        table[name] = [nothing if value is None else value for value in _get(offers, field)]
    words: dict[str, tuple[str, dict[Any, int]]] = {
        "cooling": ("cooling", {word: at for at, word in enumerate((*COOLINGS, None))}),
        "model": ("price_model", {word: at for at, word in enumerate(PRICE_MODELS)}),
        "evidence": ("evidence", {word: at for at, word in enumerate(EVIDENCE)}),
    }
    for name, (field, codes) in words.items():
        table[name] = [codes[word] for word in _get(offers, field)]
    pairs = zip(table["evidence"].tolist(), _get(offers, "reputation"), strict=True)
    table["trust"] = [scoring.trust_value(*pair) for pair in pairs]


def _parts(table: np.ndarray) -> None:
    """The parts of the price that need nothing of the other side, at the offer's own load."""
    table["load"] = table["uptime"] * (pricing.UNIT - table["curtailment"]) // pricing.UNIT
    table["energy"] = pricing.metered(table["rate"], table["factor"])
    table["passthrough"] = pricing.metered(table["estimate"], table["factor"])
    load = np.maximum(table["load"], 1)
    light = np.where(table["hosting_fee"] * table["factor"] < FEE_LIMIT, table["hosting_fee"], 0)
    table["fee"] = pricing.fee_at(light, table["base_fee"], table["factor"], load)


def _odd_row(row: np.void, wide: dict[str, int]) -> dict[str, int]:
    values = dict(zip(OFFER_FIELDS, row.tolist(), strict=True)) | wide
    values["energy"] = pricing.metered(values["rate"], values["factor"])
    values["passthrough"] = pricing.metered(values["estimate"], values["factor"])
    load = max(values["load"], 1)
    values["fee"] = pricing.fee_at(values["hosting_fee"], values["base_fee"], values["factor"], load)
    return values


def _tiers(
    offers: Sequence[Offer], fx: list[money.Ratio | None], table: np.ndarray, wide: dict[int, int]
) -> tuple[np.ndarray, dict[int, int]]:
    """(min_kw, rate, is priced) of every tier, ascending per offer; an odd one makes its offer odd."""
    rows: list[tuple[int, int, int]] = []
    odd: dict[int, int] = {}
    for at, offer in enumerate(offers):
        if offer.price_model != "tiered":
            continue
        tiers = sorted(offer.tiers)
        if len({min_kw for min_kw, _price in tiers}) != len(tiers):
            raise ValueError(f"offer {offer.id}: two tiers begin at the same kW")
        table["tier_first"][at] = len(rows)
        # None at all is -1: such an offer has a price for nobody.
        table["tiers"][at] = len(tiers) or -1
        rate = fx[at]
        for min_kw, price in tiers:
            micros = micros_of(price, rate)
            if not 0 <= micros < AMOUNT_LIMIT:
                odd[len(rows)] = micros
                wide.setdefault(at, int(table["rate"][at]))
                micros = 0
            rows.append((min_kw, micros, int(rate is not None or not price)))
    return np.array(rows, dtype=np.int64).reshape(-1, 3), odd
