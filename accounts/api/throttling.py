"""The API's limits: each call is counted, and each answer says how many are left."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.api import authentication, problems
from accounts.services import limits
from accounts.services.limits import Caller, Standing

PREFIX = "/api/"
PREVIEW = "/matches/preview/"


class Limits:
    """Middleware for the API's addresses, so that no answer is forgotten: no 404, and no refused token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.RATE_LIMITS or not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        is_preview = request.method == "POST" and request.path_info.endswith(PREVIEW)
        standing = limits.count(caller=caller_of(request), is_preview=is_preview, now=timezone.now())
        response = _over(request, standing) if standing.is_over else self.get_response(request)
        response["RateLimit-Limit"] = str(standing.limit)
        response["RateLimit-Remaining"] = str(standing.remaining)
        response["RateLimit-Reset"] = str(standing.reset_seconds)
        return response


def _over(request: HttpRequest, standing: Standing) -> HttpResponse:
    detail = _("That was %(limit)s calls in this hour. The next begins in %(seconds)s seconds.")
    words = {"limit": standing.limit, "seconds": standing.reset_seconds}
    response = problems.problem(request, status=429, code="throttled", detail=detail % words)
    response["Retry-After"] = str(standing.reset_seconds)
    return response.render()


def caller_of(request: HttpRequest) -> Caller:
    """The live token, the signed-in person, or else the address. A token that opens nothing is nobody's."""
    token = authentication.token_of(request)
    if token is not None:
        return Caller("token", str(token.pk))
    if authentication.bearer(request) is None and request.user.is_authenticated:
        return Caller("user", str(request.user.pk))
    return Caller("address", address_of(request))


def address_of(request: HttpRequest) -> str:
    """The caller's network: an IPv4 address, or the /64 of an IPv6 one, which is one household's.

    Behind a proxy that we trust, the last hop of X-Forwarded-For, which the proxy itself has written.
    """
    given = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUST_PROXY:
        given = request.headers.get("X-Forwarded-For", given).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, 64), strict=False))
        address = address.ipv4_mapped
    return str(address)
