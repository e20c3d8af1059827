"""What a client sends about a request: the need, when it expires, and whether its owner is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.services.errors import Invalid
from hosting.models import CapacityRequest
from hosting.services import needs
from hosting.services.entries import Entries
from hosting.services.needs import NeedData

FIELDS = (*needs.FIELDS, "expires_at", "anonymous")
# What a fleet says already; one of the two sides is sent, never both.
SIZE = ("need_kw", "efficiency_j_th", "worst_j_th")


@dataclass(frozen=True)
class Posted:
    """A request as it can be stored."""

    need: NeedData
    expires_at: datetime
    is_anonymous: bool


def read(raw: Mapping[str, Any], *, today: date) -> Posted:
    """The request that was sent. Raises Invalid with all that is wrong, by field."""
    entries = Entries(raw)
    expires_at = _moment(entries, "expires_at")
    is_anonymous = raw.get("anonymous")
    if is_anonymous is not None and not isinstance(is_anonymous, bool):
        entries.refuse("anonymous", _("Send true or false."))
    need = None
    try:
        need = needs.read({name: raw[name] for name in needs.FIELDS if name in raw}, today=today)
    except Invalid as refused:
        entries.wrong |= {name: [str(one) for one in lines] for name, lines in refused.fields.items()}
    if entries.wrong or need is None or expires_at is None:
        raise Invalid(dict(entries.wrong))
    return Posted(need, expires_at, bool(is_anonymous))


def changed(request: CapacityRequest, sent: Mapping[str, Any], *, today: date) -> Posted:
    """The request with what was sent laid upon it. Sending a fleet replaces the size that was typed, and the
    other way round. Raises Invalid."""
    there = as_sent(request)
    if "fleet" in sent:
        for name in SIZE:
            there[name] = there[name] if not sent["fleet"] else None
    elif any(name in sent for name in SIZE) and there["fleet"]:
        there["fleet"] = None
    elif there["fleet"]:
        there |= dict.fromkeys(SIZE)
    return read({**there, **sent}, today=today)


def as_sent(request: CapacityRequest) -> dict[str, Any]:
    """The request as columns under the names a client uses."""
    sent: dict[str, Any] = {name: getattr(request, name) for name in needs.FIELDS if name != "fleet"}
    sent["fleet"] = [{"machine": one.machine_id, "quantity": one.quantity} for one in request.fleet.all()]
    return sent | {"expires_at": request.expires_at, "anonymous": request.is_anonymous}


def _moment(entries: Entries, field: str) -> datetime | None:
    value = entries.given(field)
    if value is None:
        entries.refuse(field, _("Choose a time within the next twelve months."))
        return None
    if isinstance(value, datetime):
        return value
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
        if moment is not None:
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    entries.refuse(
        field, _("Write the time as ISO 8601, for example 2026-11-22T10:00:00Z (a + as %%2B).") % ()
    )
    return None
