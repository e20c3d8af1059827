"""Problem details (RFC 9457): the one shape in which the API says no."""

import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from rest_framework import exceptions, renderers, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.api.bodies import TooLarge
from accounts.services import lifecycle, repeats
from accounts.services.errors import Conflict, Invalid, NotAllowed, Refused

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
# The first that fits counts.
KINDS: tuple[tuple[type[Refused], int], ...] = (
    (lifecycle.Stale, 412),
    (repeats.OtherBody, 422),
    (Invalid, 400),
    (NotAllowed, 403),
    (Conflict, 409),
)


class ProblemSerializer(serializers.Serializer):
    """An answer that says no."""

    type = serializers.CharField(help_text="always about:blank; the code says which problem it is")
    title = serializers.CharField(help_text="the status in words")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="a sentence in the language of Accept-Language")
    instance = serializers.CharField(help_text="the path that was asked for")
    code = serializers.CharField(help_text="for programs: one word that does not change")
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="by field: what is wrong with it",
    )
    request_id = serializers.CharField(help_text="names this request in the server's logs")


def answers(*statuses: int) -> dict[tuple[int, str], type[ProblemSerializer]]:
    """Problems with these statuses among a view's answers, for the schema."""
    return {(status, MEDIA_TYPE): ProblemSerializer for status in statuses}


class Problem(Response):
    """A problem is JSON, whatever the view would have answered in."""

    @property
    def rendered_content(self) -> bytes:
        self["Content-Type"] = MEDIA_TYPE
        return renderers.JSONRenderer().render(self.data)


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an exception raised in a view of the API.

    Anything unforeseen becomes a 500 that tells nothing of its cause; the log has it, under the request's id.
    """
    request = context["request"]
    set_rollback()
    if isinstance(error, Refused):
        status = next((status for kind, status in KINDS if isinstance(error, kind)), 409)
        fields = error.fields if isinstance(error, Invalid) else {}
        return problem(request, status=status, code=error.code, detail=str(error), errors=fields)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = TooLarge(_("The body is too large."))
    if isinstance(error, exceptions.APIException):
        return _refused_by_framework(request, error)
    if settings.DEBUG:
        return None
    logger.exception("unforeseen error in the API")
    # The framework's own notice of a failed request, which it sends only for errors that reach it.
    got_request_exception.send(sender=handler, request=request._request)
    return problem(request, status=500, code="error", detail=_("Something went wrong here."))


def problem(request, *, status: int, code: str, detail: str, errors=None) -> Response:
    """A problem as an answer; `request` is the framework's request."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
        "errors": {name: [force_str(line) for line in lines] for name, lines in (errors or {}).items()},
        "request_id": getattr(request, "request_id", ""),
    }
    return Problem(body, status=status, content_type=MEDIA_TYPE)


def _refused_by_framework(request, error: exceptions.APIException) -> Response:
    errors: dict[str, list[Any]] = {}
    if isinstance(error, exceptions.ValidationError):
        detail, code = str(Invalid.message), Invalid.code
        if isinstance(error.detail, dict):
            errors = {name: list(lines) for name, lines in error.detail.items()}
        else:
            errors = {"body": list(error.detail)}
    else:
        detail, code = force_str(error.detail), str(error.get_codes())
    response = problem(request, status=error.status_code, code=code, detail=detail, errors=errors)
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        response["Retry-After"] = str(int(wait))
    return response
