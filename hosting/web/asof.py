"""The day on which a page is read: today, or another one that the address names (?as_of=2021-05-25)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Nobody mined before the first block; nothing is dated so far ahead.
FIRST, LAST = date(2009, 1, 3), date(2100, 12, 31)


def asked(query: Mapping[str, Any], *, today: date) -> tuple[date, str]:
    """The day, and what is wrong with the one that was asked for: "" if nothing is, else the day is today."""
    given = str(query.get("as_of", "")).strip()
    if not given:
        return today, ""
    if not DAY.fullmatch(given):
        return today, _("Write the day as year, month and day: 2021-05-25.")
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return today, _("The calendar has no such day.")
    if not FIRST <= day <= LAST:
        return today, _("Choose a day from %(first)s to %(last)s.") % {"first": FIRST, "last": LAST}
    return day, ""
