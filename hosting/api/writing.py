"""What every call that writes has in common: its body, and for whom it writes."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api import lists, viewing
from accounts.api.idempotency import IDEMPOTENCY_KEY
from accounts.api.versions import IF_MATCH
from accounts.services.acting import Member
from accounts.services.errors import Invalid

# Parameters of a call that makes something, and of one that changes it, for the schema.
MAKES = [IDEMPOTENCY_KEY]
CHANGES = [IF_MATCH, IDEMPOTENCY_KEY]
# Problems that any writing call may answer with.
REFUSALS = (400, 401, 403, 404, 409, 413, 415, 422, 429)
STALE = (*REFUSALS, 412)
LONGEST_REASON = 1000


class NothingSerializer(serializers.Serializer):
    """An empty object, or no body at all."""


class ReasonSerializer(serializers.Serializer):
    """Why: for the record and, where there is one, the other side."""

    why = serializers.CharField(required=False, max_length=LONGEST_REASON)


def member_of(request: Request) -> Member:
    """Who writes, for which organization. `permissions.needs` has seen to it that there is one."""
    lists.refuse_unknown(request)
    return cast(Member, viewing.viewer_of(request))


def body(request: Request, writable: Collection[str], *, shown: Collection[str] = ()) -> Mapping[str, Any]:
    """The object that was sent, with no field but the writable ones; `shown` are those that are read only.

    Raises Invalid that names every other field.
    """
    sent = request.data
    if not isinstance(sent, Mapping):
        raise Invalid({"body": [_("Send an object.")]})
    wrong = {
        str(name)[:40]: [_("This field can't be written.") if name in shown else _("There is no such field.")]
        for name in sent
        if name not in writable
    }
    if wrong:
        raise Invalid(wrong)
    return sent


def reason(request: Request, name: str = "why") -> str:
    """The reason that a step may carry. Raises Invalid."""
    value = body(request, (name,)).get(name) or ""
    if not isinstance(value, str) or len(value) > LONGEST_REASON:
        raise Invalid({name: [_("At most %(most)s characters.") % {"most": LONGEST_REASON}]})
    return value.strip()
