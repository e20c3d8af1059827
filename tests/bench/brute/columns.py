"""The columns of a book: what each offer states, as arrays, with empty fields and missing rates settled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np

from hosting.matching.records import (
    COOLINGS,
    EVIDENCE,
    NUMBER_LIMIT,
    PASSTHROUGH_MODELS,
    PRICE_MODELS,
    Offer,
    Rule,
)
from tests.bench.brute import money, scoring

MONEY = ("energy_price", "passthrough_estimate", "hosting_fee", "base_fee_kw_month", "setup_fee_kw")
AGE_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scale:
    """A levy in micro-USD per kWh: rows ascending by "from". `is_priced` is false where a rate is missing."""

    froms: np.ndarray
    amounts: np.ndarray
    is_priced: bool
    peak: int


def whole(values: list[int]) -> np.ndarray:
    """A column of whole numbers: int64 where every value fits well within it, else exact Python integers."""
    fits = all(-NUMBER_LIMIT < value < NUMBER_LIMIT for value in values)
    return np.array(values, dtype=np.int64 if fits else object)


def peak(column: np.ndarray) -> int:
    """The largest absolute value of a column, 0 when it is empty."""
    return max(abs(int(column.min())), abs(int(column.max()))) if column.size else 0


def amounts_of(offers: tuple[Offer, ...], name: str, usable: Mapping) -> np.ndarray:
    """One amount of every offer in micro-USD, converted at the rates to use."""
    # An amount without a rate is 0 here; needs_rate in the columns keeps such an offer from being compared.
    values = ((getattr(offer, name), usable.get(("fx", offer.currency))) for offer in offers)
    return whole([money.micros(value, rate) if value and rate else 0 for value, rate in values])


def scale_of(rule: Rule, usable: Mapping) -> Scale:
    """The scale of a levy rule, each row converted at the rate to use."""
    rows = sorted(rule.levy or ())
    rate = usable.get(("fx", rule.levy_currency))
    is_priced = rate is not None or not any(start or amount for start, amount in rows)
    froms = [money.micros(start, rate) for start, _amount in rows] if rate else []
    amounts = [money.micros(amount, rate) for _start, amount in rows] if rate else []
    # A first row of 0 for a price below every "from".
    top = max((abs(amount) for amount in amounts), default=0)
    return Scale(whole(froms), whole([0, *amounts]), is_priced, top)


def tiers_of(
    offers: tuple[Offer, ...], usable: Mapping
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Row of each offer (-1 when not tiered); per row the tiers' min_kw, prices, and missing rates."""
    # One row per tiered offer, tiers ascending; unused places hold a minimum no need reaches.
    tables: list[tuple[list[tuple[int, Decimal]], money.Ratio | None]] = []
    row_of = []
    for offer in offers:
        is_tiered = offer.price_model == "tiered"
        row_of.append(len(tables) if is_tiered else -1)
        if is_tiered:
            if len({min_kw for min_kw, _price in offer.tiers}) != len(offer.tiers):
                raise ValueError(f"offer {offer.id}: two tiers begin at the same kW")
            tables.append((sorted(offer.tiers), usable.get(("fx", offer.currency))))
    width = max((len(tiers) for tiers, _rate in tables), default=0)
    min_kw = np.full((len(tables), width), NUMBER_LIMIT, dtype=np.int64)
    prices, needs_rate = [], []
    for at, (tiers, rate) in enumerate(tables):
        min_kw[at, : len(tiers)] = [kw for kw, _price in tiers]
        blank = width - len(tiers)
        prices += [money.micros(price, rate) if rate else 0 for _kw, price in tiers] + [0] * blank
        needs_rate += [bool(price) and rate is None for _kw, price in tiers] + [False] * blank
    shape = (len(tables), width)
    return (
        np.array(row_of, dtype=np.int64),
        min_kw,
        whole(prices).reshape(shape),
        np.array(needs_rate, dtype=bool).reshape(shape),
    )


def missing_field(offer: Offer) -> str | None:
    """The required field of a price that is empty, or None."""
    required = {
        "energy_price": offer.price_model != "tiered",
        "passthrough_estimate": offer.price_model in PASSTHROUGH_MODELS,
        "revenue_share_bp": offer.price_model == "revenue_share",
        "pue_e4": offer.metering == "site",
        "metering_uplift_bp": offer.metering == "nameplate",
    }
    empty = (name for name, is_required in required.items() if is_required and getattr(offer, name) is None)
    return next(empty, None)


def needs_rate(offer: Offer) -> bool:
    """Whether an amount entered as non-zero, and read in this price model, is in the offer's currency."""
    read: list[Decimal | None] = [offer.hosting_fee, offer.base_fee_kw_month, offer.setup_fee_kw]
    if offer.price_model != "tiered":
        read.append(offer.energy_price)
    if offer.price_model in PASSTHROUGH_MODELS:
        read.append(offer.passthrough_estimate)
    return any(read)


def _factor(offer: Offer) -> int:
    if offer.metering == "site":
        return offer.pue_e4 or 0
    return 10_000 + (offer.metering_uplift_bp or 0 if offer.metering == "nameplate" else 0)


def plain(offers: tuple[Offer, ...], usable: Mapping) -> dict[str, np.ndarray]:
    """Everything but money, places and tiers. Limits left empty become ones that nothing reaches."""

    def column(value: Callable[[Offer], int]) -> np.ndarray:
        return np.array([value(offer) for offer in offers], dtype=np.int64)

    def limit(name: str, empty: int) -> np.ndarray:
        return column(lambda offer: empty if getattr(offer, name) is None else getattr(offer, name))

    ages = sorted(range(len(offers)), key=lambda at: (_published(offers[at]), offers[at].id.int))
    age_rank = np.empty(len(offers), dtype=np.int64)
    age_rank[ages] = np.arange(len(offers))
    fixed = [
        missing_field(offer) is None and (("fx", offer.currency) in usable or not needs_rate(offer))
        for offer in offers
    ]
    return {
        "age_rank": age_rank,
        "is_complete": np.array(fixed, dtype=bool),
        "levies_included": np.array([offer.levies_included for offer in offers], dtype=bool),
        "reads_estimate": np.array([offer.price_model in PASSTHROUGH_MODELS for offer in offers], dtype=bool),
        "factor": whole([_factor(offer) for offer in offers]),
        "revenue_share_bp": whole([offer.revenue_share_bp or 0 for offer in offers]),
        "uptime_bp": limit("uptime_bp", 0),
        "curtailment_bp": limit("curtailment_bp", 0),
        "renewable_bp": limit("renewable_bp", 0),
        "deposit_months": limit("deposit_months", 0),
        "min_kw": limit("min_kw", 0),
        "max_kw": limit("max_kw", NUMBER_LIMIT),
        "min_term_months": limit("min_term_months", 0),
        "max_term_months": limit("max_term_months", NUMBER_LIMIT),
        "max_j_per_th": limit("max_j_per_th", NUMBER_LIMIT),
        "has_age_limit": np.array([offer.max_j_per_th is not None for offer in offers], dtype=bool),
        "price_model": column(lambda offer: PRICE_MODELS.index(offer.price_model)),
        "cooling": column(lambda offer: COOLINGS.index(offer.cooling) if offer.cooling else -1),
        "evidence": column(lambda offer: EVIDENCE.index(offer.evidence)),
        "trust_value": column(
            lambda offer: scoring.trust_value(EVIDENCE.index(offer.evidence), offer.reputation)
        ),
    }


def _published(offer: Offer) -> int:
    # Microseconds since 1970, by whole-number division of timedeltas.
    return (offer.published_at - AGE_ZERO) // timedelta(microseconds=1)
