"""The tables the kernel reads: one row per offer, need, place, group and rule, all in whole numbers.

Compiled code reads arrays of int64. The same code, not compiled, reads a plain twin: rows as named tuples and
arrays of Python integers, where nothing can overflow. `plain` makes the twin.
"""

from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np

# Beyond these a product of the kernel could pass 2**62, or a key its bits: such rows are answered plainly.
AMOUNT_LIMIT = 2**33
FACTOR_LIMIT = 2**20
FEE_LIMIT = 2**37
HASHPRICE_LIMIT = 2**30
KW_LIMIT = 2**31 - 1
PRICE_BITS = 29
AGE_BITS = 20

# group and place: positions in the tables of law. age: 0 is the oldest. energy, passthrough and fee: parts of
# the price that only law's stops and tiers could change, at the offer's own load. always_kw and peak_kw: the
# least and the most free on any day from as_of on; opens: the first such day with any; owned:
# how many changes are commitments of requests.
OFFER_FIELDS = (
    *("kw_min", "kw_max", "term_min", "term_max", "cooling", "model", "max_j_th", "deposit", "uptime"),
    *("renewable", "evidence", "curtailment", "always_kw", "segment_first", "segments", "group", "place"),
    *(
        "is_complete",
        "levies_included",
        "share",
        "energy",
        "passthrough",
        "fee",
        "load",
        "setup_fee",
        "tiers",
    ),
    *("trust", "age", "tier_first", "rate", "estimate", "factor", "hosting_fee", "base_fee"),
    *("peak_kw", "opens", "owned"),
)
# Sets are bits; `country`, licences and codes are numbers in the vocabulary of the Asked.
NEED_FIELDS = (
    *("kw", "efficiency", "worst_j_th", "country", "earliest", "latest", "term", "max_price"),
    *("max_deposit", "min_uptime", "max_curtailment", "min_renewable", "coolings", "models", "min_status"),
    *(
        "min_rating",
        "min_evidence",
        "w_price",
        "w_law",
        "w_start",
        "w_trust",
        "w_uptime",
        "w_energy",
        "w_sum",
    ),
    *("request_high", "request_low", "has_request", "licence_first", "licences"),
    *("allowed_first", "allowed", "excluded_first", "excluded"),
)
PLACE_FIELDS = ("is_banned", "status", "is_unsure", "rating", "value", "country")
# The rules of a group in three lists: those that forbid starts, seasonal stops by first day, levies.
GROUP_FIELDS = (
    *("place", "ban_first", "bans", "stop_first", "stops", "levy_first", "levies"),
    *("licence_first", "licences"),
)
RULE_FIELDS = ("effect", "subject", "low", "high", "kw_min", "kw_max", "cap_kw", "licence", "scale")

OfferRow = namedtuple("OfferRow", OFFER_FIELDS)  # type: ignore[misc]
NeedRow = namedtuple("NeedRow", NEED_FIELDS)  # type: ignore[misc]
PlaceRow = namedtuple("PlaceRow", PLACE_FIELDS)  # type: ignore[misc]
GroupRow = namedtuple("GroupRow", GROUP_FIELDS)  # type: ignore[misc]
RuleRow = namedtuple("RuleRow", RULE_FIELDS)  # type: ignore[misc]


def row_type(fields: tuple[str, ...]) -> np.dtype:
    """The type of one row: every field an int64."""
    return np.dtype([(name, np.int64) for name in fields], align=True)


OFFER_TYPE, NEED_TYPE = row_type(OFFER_FIELDS), row_type(NEED_FIELDS)
PLACE_TYPE, GROUP_TYPE, RULE_TYPE = row_type(PLACE_FIELDS), row_type(GROUP_FIELDS), row_type(RULE_FIELDS)


class Law(NamedTuple):
    """What the law of the day says, place by place and group by group.

    `group_rules` are positions in `rules`; a levy scale has its rows at scale_first[s] : scale_first[s + 1].
    """

    places: Any
    groups: Any
    group_rules: Any
    rules: Any
    licence: Any
    licence_low: Any
    licence_high: Any
    scale_first: Any
    scale_from: Any
    scale_amount: Any
    scale_is_priced: Any


class Market(NamedTuple):
    """The offers, on one day: their rows, what changes in their free capacity, and their tiers.

    changes: day and kW of each change, side by side; change_high and change_low: whose commitment it is.
    """

    as_of: int
    hashprice: int
    offers: Any
    changes: Any
    change_high: Any
    change_low: Any
    tier_kw: Any
    tier_rate: Any
    tier_is_priced: Any


class Wants(NamedTuple):
    """The needs, and how their words meet those of a book.

    country[c], licence[l]: number in the book of the Asked's country and licence type (-1: none there).
    within[code * places + place]: whether the place lies within the code.
    """

    needs: Any
    held: Any
    held_low: Any
    held_high: Any
    codes: Any
    country: Any
    licence: Any
    within: Any


ROWS = {
    OFFER_TYPE: OfferRow,
    NEED_TYPE: NeedRow,
    PLACE_TYPE: PlaceRow,
    GROUP_TYPE: GroupRow,
    RULE_TYPE: RuleRow,
}


def plain(table: Any, odd: dict[str, dict[int, Any]] | None = None) -> Any:
    """The twin of a table for code that is not compiled: the same numbers as Python's own integers.

    `odd` has, by name of the column, the values (or rows) that do not fit an int64.
    """
    columns = []
    for name, column in zip(table._fields, table, strict=True):
        if isinstance(column, np.ndarray):
            row = ROWS.get(column.dtype)
            values = column.tolist() if row is None else [row(*one) for one in column.tolist()]
            for at, value in (odd or {}).get(name, {}).items():
                values[at] = value
            columns.append(values)
        else:
            columns.append((odd or {}).get(name, {}).get(0, column))
    return type(table)(*columns)


def picked(table: np.ndarray, more: np.ndarray, take: np.ndarray) -> np.ndarray:
    """Rows by position from one table followed by another, where most stay where they were."""
    count, found = len(table), np.empty(len(take), dtype=table.dtype)
    same = min(count, len(take))
    found[:same] = table[:same]
    place = np.arange(len(take))
    moved = np.flatnonzero((take != place) | (place >= count))
    source = take[moved]
    is_more = source >= count
    found[moved[~is_more]] = table[source[~is_more]]
    found[moved[is_more]] = more[source[is_more] - count]
    return found
