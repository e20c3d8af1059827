"""Two or three hotels side by side, priced and checked for one request."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from accounts.services.errors import Invalid
from hosting.matching import match
from hosting.models import CapacityRequest
from hosting.services import engine, matches, needs
from hosting.services.matches import Found

FEWEST, MOST = 2, 3


def side_by_side(*, request: CapacityRequest, offer_ids: Sequence[uuid.UUID], as_of: date) -> list[Found]:
    """The offers in the order asked for, explained for the request; with tiers, phases and claims loaded.

    One that is not on the market today is left out. Raises Invalid unless two or three different ones are
    asked for.
    """
    wanted = list(dict.fromkeys(offer_ids))
    if not FEWEST <= len(wanted) <= MOST:
        raise Invalid({"offer": [_("Choose two or three hotels to compare.")]})
    columns = engine.current(as_of).book
    at = [columns.position[one] for one in wanted if one in columns.position]
    verdict = match.evaluate(columns, needs.of_request(request).as_engine(request=request.pk), only=at)
    explained = [one for one in map(verdict.explain, wanted) if one]
    rows = matches.rows_of([one.offer for one in explained], as_of)
    found = [Found(one, rows[one.offer]) for one in explained]
    prefetch_related_objects([one.offer for one in found], "phases", "claims", "in_force__terms__tiers")
    return found
