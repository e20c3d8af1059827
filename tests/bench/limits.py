"""The physical limit beside a time: bytes that must be touched, over the memory bandwidth of this machine."""

import dataclasses
import statistics
import time
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

MEGABYTE = 2**20
# An answer's row: position, score, price, start, 8 bytes each.
ROW_BYTES = 4 * 8
BEST = 20


def bandwidth(megabytes: int = 256, turns: int = 5) -> dict[str, float]:
    """Bytes a second of one core: copy (2 streams) and triad a = b + 3 c (numpy makes two passes: 5 streams).

    Medians over arrays of `megabytes` each, far larger than any cache.
    """
    count = megabytes * MEGABYTE // 8
    first, second, third = (np.full(count, value, dtype=np.float64) for value in (1.0, 2.0, 3.0))
    copies, triads = [], []
    for _turn in range(turns):
        began = time.perf_counter()
        np.copyto(first, second)
        copies.append(time.perf_counter() - began)
        began = time.perf_counter()
        np.multiply(third, 3.0, out=first)
        np.add(first, second, out=first)
        triads.append(time.perf_counter() - began)
    size = first.nbytes
    return {"copy": 2 * size / statistics.median(copies), "triad": 5 * size / statistics.median(triads)}


def array_bytes(thing: Any, seen: set[int] | None = None) -> int:
    """All bytes of the numpy arrays of numbers that a thing of dataclasses, mappings and sequences holds.

    Each array counts once, views with what they are views of; arrays of Python objects and records of
    offers and needs are not columns and do not count.
    """
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return 0
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        if thing.base is not None and isinstance(thing.base, np.ndarray):
            return array_bytes(thing.base, seen)
        return 0 if thing.dtype == object else thing.nbytes
    parts: Iterable[Any] = ()
    if isinstance(thing, Mapping):
        parts = thing.values()
    elif dataclasses.is_dataclass(thing):
        parts = (getattr(thing, field.name) for field in dataclasses.fields(thing))
    elif isinstance(thing, tuple | list) and (not thing or isinstance(thing[0], np.ndarray)):
        parts = thing
    return sum(array_bytes(part, seen) for part in parts)


def of_a_full_run(book: Any, asked: Any, requests: int) -> int:
    """What no engine gets around: every column of both sides read once, every list written once."""
    return array_bytes(book) + array_bytes(asked) + requests * BEST * ROW_BYTES


def of_one_request(book: Any) -> int:
    """Every column of the offers read once, one list written. Bounds may do with less."""
    return array_bytes(book) + BEST * ROW_BYTES
