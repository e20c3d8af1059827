"""Refusals of services as pages: 403, 404, 409, with the sentence the service gives."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.services.errors import Conflict, Invalid, NotAllowed, Refused

STATUS = ((Invalid, 400), (NotAllowed, 403), (Conflict, 409))


class Refusals:
    """Middleware: a refusal that a page did not answer itself becomes a page with its sentence and status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a Refused; None leaves every other error to Django."""
        if not isinstance(error, Refused):
            return None
        status = next((code for kind, code in STATUS if isinstance(error, kind)), 409)
        return render(request, "refused.html", {"sentence": str(error), "refused": error}, status=status)
