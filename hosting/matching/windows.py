"""Days: when a term ends, what an offer has free and when, and the first day that nothing stands against.

Days are whole numbers since 1970-01-01. Everything is worked out on intervals; nothing walks over days. The
functions on numbers are compiled by the kernel, too.
"""

from datetime import date

from hosting.matching.records import Licence, Rule

EPOCH = date(1970, 1, 1).toordinal()
FAR = 10_000_000
PAST = -FAR
NEVER = -FAR - 1
LAST_DAY = date.max.toordinal() - EPOCH


def day_of(day: date) -> int:
    """A date as days since 1970-01-01."""
    return day.toordinal() - EPOCH


def date_of(day: int) -> date:
    """Days since 1970-01-01 as a date."""
    return date.fromordinal(int(day) + EPOCH)


def span(period: Rule | Licence) -> tuple[int, int]:
    """[first, end) of a rule or licence as day numbers; an open side is PAST or FAR."""
    return (
        PAST if period.valid_from is None else day_of(period.valid_from),
        FAR if period.valid_to is None else day_of(period.valid_to),
    )


def covers_day(period: Rule | Licence, day: int) -> bool:
    """Whether a rule is in force, or a licence valid, on a day number."""
    low, high = span(period)
    return low <= day < high


def month_of(day):
    """(months since year 0, days since that month's first) of a day, by the Gregorian calendar."""
    # Years are counted from March, so that a leap day is a year's last; 146097 days are 400 years.
    shifted = day + 719_468
    era = shifted // 146_097
    of_era = shifted - era * 146_097
    year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    return (year + era * 400) * 12 + month + 2, of_year - (153 * month + 2) // 5


def first_of(month):
    """The first day of a month counted since year 0."""
    from_march = month - 2
    year = from_march // 12
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (from_march - year * 12) + 2) // 5
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def term_end(start, term):
    """The first day after a term: same day of the month, clipped to that month's last day."""
    month, offset = month_of(start)
    first = first_of(month + term)
    return first + min(offset, first_of(month + term + 1) - first - 1)


def first_start_past(day, term):
    """The first start whose term covers that day or begins after it.

    A start d with term [d, end) lies wholly before `day` when end <= day. `end` never falls as d grows, so
    these are all the days up to one: in the month `term` earlier, the same day of the month, or, when `day`
    is the last of its month (to which longer months are clipped), that month's last day.
    """
    month, offset = month_of(day)
    is_last = offset == first_of(month + 1) - first_of(month) - 1
    first = first_of(month - term)
    length = first_of(month - term + 1) - first
    return first + (length - 1 if is_last else min(offset, length - 1)) + 1


def is_own(offer, need, market, at):
    """Whether a change of free capacity is a commitment of the request itself."""
    return (
        offer.owned != 0
        and need.has_request != 0
        and market.change_low[at] == need.request_low
        and market.change_high[at] == need.request_high
    )


def most_free(offer, need, market, low, stop):
    """The most kW an offer has free on any day of [low, stop), the request's own commitments left out."""
    most, free, since = 0, 0, PAST
    is_seen = False
    for at in range(offer.segment_first, offer.segment_first + offer.segments + 1):
        until = FAR
        if at < offer.segment_first + offer.segments:
            until = market.changes[2 * at]
        if since < until and since < stop and until > low:
            most = free if not is_seen else max(most, free)
            is_seen = True
        if until == FAR or until >= stop:
            break
        if not is_own(offer, need, market, at):
            free += market.changes[2 * at + 1]
        since = until
    return most


def first_run(offer, need, market, day, stop):
    """The first day of [day, stop) from which enough is free on every day of the term, or NEVER."""
    free, since = 0, PAST
    # When the term of `day` ends, once anybody asks.
    end = NEVER
    for at in range(offer.segment_first, offer.segment_first + offer.segments + 1):
        until = FAR
        if at < offer.segment_first + offer.segments:
            until = market.changes[2 * at]
        if since < until and until > day and free < need.kw:
            if end == NEVER:
                end = term_end(day, need.term)
            if since >= end:
                break
            # Too little from `since` to `until`, and the term reaches it: begin when that is over.
            day = until
            if day >= stop:
                return NEVER
            end = NEVER
        if until == FAR:
            break
        if not is_own(offer, need, market, at):
            free += market.changes[2 * at + 1]
        since = until
    return day


def past_blocks(blocks, first, count, day):
    """The first day not before `day` that none of the blocks [low, high) covers, FAR if there is none."""
    is_moved = count > 0
    while is_moved:
        is_moved = False
        for at in range(first, first + count):
            if blocks[at, 0] <= day < blocks[at, 1]:
                day = blocks[at, 1]
                is_moved = True
    return day


def first_start(offer, need, market, blocks, block_first, block_count, day, stop):
    """The first day of [day, stop) with room for the whole term and no block on it, or NEVER."""
    while day < stop:
        free = past_blocks(blocks, block_first, block_count, day)
        if free >= stop:
            return NEVER
        # What is free on every day needs no search.
        if offer.always_kw >= need.kw:
            return free
        day = first_run(offer, need, market, free, stop)
        if day in (free, NEVER):
            return day
    return NEVER
