"""What a host types or sends about a phase, turned into columns."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.services.errors import Invalid
from hosting.models import PhaseState
from hosting.services.entries import Entries

FIRST_YEAR, LAST_YEAR = 2009, 2100


def read(raw: Mapping[str, Any]) -> dict[str, Any]:
    """available_kw, starts_on, ends_on (exclusive) and state. Raises Invalid with all that is wrong."""
    entries = Entries(raw)
    begins, ends = entries.day("starts_on", required=True), entries.day("ends_on")
    values: dict[str, Any] = {
        "available_kw": entries.whole("available_kw", low="1", high="10000000", unit="kW", required=True),
        "starts_on": begins,
        "ends_on": ends,
        "state": entries.word("state", among=PhaseState.values) or PhaseState.ENERGISED.value,
    }
    for name, day in (("starts_on", begins), ("ends_on", ends)):
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            entries.refuse(name, _("Please check the year."))
    if begins and ends and ends <= begins:
        entries.refuse("ends_on", _("The last day lies before the first."))
    if entries.wrong:
        raise Invalid(dict(entries.wrong))
    return values
