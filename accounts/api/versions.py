"""Versions: which version of a row a client has decided about."""

import re

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from accounts.services.errors import Invalid

VERSION = re.compile(r'(?:W/)?"(\d{1,9})"|(\d{1,9})')
# For the schema of a call that takes it.
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="the `version` you decided about"
)


class IfMatchMissing(Invalid):
    """Nobody changes what they have not seen."""

    code = "if_match_missing"
    message = _('Send the version you have seen in If-Match, for example If-Match: "3".')


class IfMatchUnreadable(Invalid):
    """No version stands there."""

    code = "if_match_unreadable"
    message = _('If-Match holds one version, for example "3".')


def if_match(request: Request) -> int:
    """The version in If-Match, quoted or plain. The service refuses a stale one (412).

    Raises IfMatchMissing or IfMatchUnreadable (400).
    """
    given = request.headers.get("If-Match")
    if given is None:
        raise IfMatchMissing
    found = VERSION.fullmatch(given.strip())
    if found is None:
        raise IfMatchUnreadable
    return int(found[1] or found[2])
