"""Decimal amounts and dated rates turned into whole micro-USD, exactly and once."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from hosting.matching.records import Rate

MICRO = 10**6
Ratio = tuple[int, int]


def half_up(numerator, denominator):
    """numerator / denominator rounded half up; whole numbers or arrays of them."""
    return (2 * numerator + denominator) // (2 * denominator)


def latest(rates: Iterable[Rate], as_of: date, max_age_days: int) -> dict[tuple[str, str | None], Ratio]:
    """(kind, currency) -> the rate to use on `as_of`, as a ratio of whole numbers.

    The latest one not after the day and at most `max_age_days` old; zero or below counts as missing.
    USD is 1 exactly. ValueError for two different rates of one kind, currency and day.
    """
    newest: dict[tuple[str, str | None], Rate] = {}
    for rate in rates:
        age = (as_of - rate.on).days
        if not 0 <= age <= max_age_days:
            continue
        key = (rate.kind, rate.currency)
        known = newest.get(key)
        if known is not None and known.on == rate.on and known.value != rate.value:
            raise ValueError(f"two rates of {rate.currency or rate.kind} on {rate.on}")
        if known is None or known.on < rate.on:
            newest[key] = rate
    usable = {key: ratio(rate.value) for key, rate in newest.items() if rate.value > 0}
    usable["fx", "USD"] = (1, 1)
    return usable


def ratio(value: Decimal | int) -> Ratio:
    """A decimal as numerator and denominator. TypeError for a float, ValueError for a NaN."""
    if not isinstance(value, Decimal | int):
        raise TypeError(f"money is Decimal, not {type(value).__name__}")
    return value.as_integer_ratio()


def micros(value: Decimal | int, rate: Ratio) -> int:
    """An amount in some currency as micro-USD, converted and rounded once."""
    top, bottom = ratio(value)
    return half_up(top * rate[0] * MICRO, bottom * rate[1])


def hashprice_micros(rate: Ratio | None) -> int:
    """USD per PH/s and day as micro-USD per TH/s and day; 0 when there is no rate."""
    return 0 if rate is None else half_up(rate[0] * MICRO, rate[1] * 1000)
