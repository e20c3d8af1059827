"""The axes of charts: round steps, doublings, and what is written under the days."""

from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from hosting.templatetags import market


def height(value: Decimal, is_log: bool) -> Decimal:
    """Where a value stands on its scale."""
    return value.ln() if is_log else value


def round_steps(most: Decimal) -> list[Decimal]:
    """0 and three to five round steps, the last not below the largest value."""
    if most <= 0:
        return [Decimal(0), Decimal(1)]
    size = Decimal(1).scaleb(most.adjusted())
    step = next(
        size * part
        for part in (Decimal("0.2"), Decimal("0.25"), Decimal("0.5"), Decimal(1), Decimal(2), Decimal(5))
        if most / (size * part) <= 5
    )
    count = int((most / step).to_integral_value(rounding=ROUND_CEILING))
    return [step * number for number in range(count + 1)]


def doublings(low: Decimal, high: Decimal) -> list[Decimal]:
    """Doublings of 25 x a power of ten around all values, which are above 0."""
    step = Decimal(25).scaleb(low.adjusted() - 1)
    while step > low:
        step /= 2
    steps = [step]
    while steps[-1] < high:
        steps.append(steps[-1] * 2)
    return steps if len(steps) > 1 else [step, step * 2]


def at(day: date) -> Decimal:
    """A day as a number of the axis."""
    return Decimal(day.toordinal())


def calendar(first: date, last: date) -> list[tuple[Decimal, str]]:
    """What to write under the days: days within two months, else months within two years, else years."""
    span = (last - first).days
    if span <= 62:
        every = [first + timedelta(days=number) for number in range(span + 1)]
        return [(at(day), market.day(day)) for day in every]
    if span <= 731:
        numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        months = [date(number // 12, number % 12 + 1, 1) for number in numbers]
        return [(at(day), market.month(day)) for day in months]
    return [(at(date(year, 1, 1)), str(year)) for year in range(first.year, last.year + 1)]
