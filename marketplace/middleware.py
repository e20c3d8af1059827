"""What surrounds every request: its name in the logs, who may keep the answer, the bell after a change."""

import re
import uuid
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.web import caching
from hosting import tasks
from hosting.web import publicpages
from marketplace.logs import request_id

Answer = Callable[[HttpRequest], HttpResponse]

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


class RequestId:
    """Names each request: the client's X-Request-ID if it is a plain word, else a new one.

    `request.request_id` holds it, the answer's X-Request-ID repeats it, every log line carries it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        name = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = name  # type: ignore[attr-defined]
        token = request_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = name
        return response


class Keeping:
    """Says who may keep the answer: a public page everybody, for a minute, if a stranger asked; a person's
    page nobody. It stands outside of whatever sets cookies."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not caching.is_stranger(request):
            return caching.private(response)
        return caching.shared(request, response) if publicpages.is_public(request) else response


class Bell:
    """Tells the worker to look, once, after an unsafe request that was not refused.

    A refused request changed nothing. Whatever this misses, the sweep finds a few seconds later.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in SAFE_METHODS and response.status_code < 400:
            transaction.on_commit(tasks.ring, robust=True)
        return response
