"""Free capacity over time: phases and commitments laid out as changes on days, offer by offer."""

from collections.abc import Sequence

import numpy as np

from hosting.matching.records import NUMBER_LIMIT, Offer, Phase, Taken
from hosting.matching.windows import EPOCH, FAR, PAST

HALF = 2**64
# The halves of the nil UUID: a commitment that no request of ours stands behind.
NOBODY = (-HALF // 2, -HALF // 2)


def is_owned(changes: np.ndarray) -> np.ndarray:
    """Which changes are commitments that a request stands behind."""
    return (changes[:, 3] != NOBODY[0]) | (changes[:, 4] != NOBODY[1])


def owned_by(changes: np.ndarray) -> np.ndarray:
    """(low half, high half, offer) of each commitment that a request stands behind, sorted."""
    found = changes[is_owned(changes)][:, [4, 3, 0]]
    found = found[np.lexsort(found.T[::-1])]
    is_new = np.ones(len(found), dtype=bool)
    is_new[1:] = (found[1:] != found[:-1]).any(axis=1)
    return found[is_new]


def changes_of(offers: Sequence[Offer], table: np.ndarray) -> np.ndarray:
    """(offer, day, change of free kW, halves of the owner's id), sorted."""
    found: list[tuple[int, int, int, int, int]] = []
    add = found.append
    for at, offer in enumerate(offers):
        rows: tuple[Phase | Taken, ...] = (*offer.phases, *offer.commitments)
        for row in rows:
            low = PAST if row.starts_on is None else row.starts_on.toordinal() - EPOCH
            high = FAR if row.ends_on is None else row.ends_on.toordinal() - EPOCH
            if low >= high:
                continue
            kw, owner = row.kw, NOBODY
            if isinstance(row, Taken):
                kw = -kw
                if row.request is not None:
                    owner = halves(row.request.int)
            add((at, low, kw, *owner))
            if high != FAR:
                add((at, high, -kw, *owner))
    changes = np.array(found, dtype=np.int64).reshape(-1, 5)
    changes = changes[np.lexsort((changes[:, 1], changes[:, 0]))]
    every = np.arange(len(offers) + 1)
    first = np.searchsorted(changes[:, 0], every)
    table["segment_first"] = first[:-1]
    table["segments"] = np.diff(first)
    table["owned"] = np.bincount(changes[is_owned(changes), 0], minlength=len(offers))
    return changes


def halves(number: int) -> tuple[int, int]:
    """A number of 128 bits as two of 64 with a sign."""
    high, low = divmod(number, HALF)
    return high - HALF // 2, low - HALF // 2


def fill_room(table: np.ndarray, changes: np.ndarray, as_of: int) -> None:
    """The least and the most free from as_of on, and the first day with any.

    Only a request with a commitment of its own there can find more.
    """
    offer, low, high, free = stretches(len(table), changes)
    counted = high > as_of
    table["always_kw"], table["opens"] = NUMBER_LIMIT, FAR
    np.minimum.at(table["always_kw"], offer[counted], free[counted])
    np.maximum.at(table["peak_kw"], offer[counted], free[counted])
    counted &= free > 0
    np.minimum.at(table["opens"], offer[counted], np.maximum(low[counted], as_of))


def stretches(count: int, changes: np.ndarray) -> tuple[np.ndarray, ...]:
    """(offer, first day, end, free kW) of each stretch of days; they cover every day of every offer once."""
    every = np.arange(count)
    offer = np.concatenate([every, changes[:, 0]])
    low = np.concatenate([np.full(count, PAST), changes[:, 1]])
    change = np.concatenate([np.zeros(count, dtype=np.int64), changes[:, 2]])
    order = np.lexsort((low, offer))
    offer, low, change = offer[order], low[order], change[order]
    is_last = np.append(offer[1:] != offer[:-1], True)[: len(offer)]
    high = np.where(is_last, FAR, np.append(low[1:], FAR)[: len(low)])
    free = np.cumsum(change)
    before = np.concatenate([[0], free])[np.searchsorted(offer, every)] if count else free
    free = free - before[offer]
    kept = low < high
    return offer[kept], low[kept], high[kept], free[kept]
