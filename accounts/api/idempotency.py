"""Idempotency-Key: the same unsafe call sent twice is carried out once."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import viewing
from accounts.models import IdempotencyRecord
from accounts.services import documents, repeats
from accounts.services.errors import Invalid

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
# Plain signs: whoever logs a key sees the whole of it.
KEY = re.compile(r"[\x20-\x7e]{1,255}")
# Headers that are part of an answer; the rest is of the day.
KEPT_HEADERS = ("Content-Type", "Content-Language", "Location", "ETag")
IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER, description="at most 255 characters, kept for 24 hours"
)
Call = Callable[..., Any]


class BadKey(Invalid):
    """The key can't be kept."""

    code = "idempotency_key_unreadable"
    message = _("An Idempotency-Key has 1 to 255 ASCII characters.")


def idempotent(call: Call) -> Call:
    """For every unsafe method of a view. With a key, what the call changes and its answer are kept in one
    transaction. Not kept: 409, 429 and 5xx."""
    return _once(call, is_atomic=True)


def repeatable(call: Call) -> Call:
    """The same for a call that changes nothing and may take long: it holds no transaction open."""
    return _once(call, is_atomic=False)


def _once(call: Call, *, is_atomic: bool) -> Call:
    @wraps(call)
    def kept(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        caller = _caller(request)
        if key is None or caller is None:
            return call(view, request, *args, **kwargs)
        if not KEY.fullmatch(key):
            raise BadKey
        record = repeats.begin(caller=caller, key=key, fingerprint=_fingerprint(request), now=timezone.now())
        if record.status is not None:
            return _replayed(record)
        return _answer(record, view, request, lambda: call(view, request, *args, **kwargs), is_atomic)

    kept.takes_idempotency_key = True  # type: ignore[attr-defined]  # a test looks whether any view lacks it
    return kept


def _answer(
    record: IdempotencyRecord, view: Any, request: Request, call: Call, is_atomic: bool
) -> HttpResponse:
    """Carry the call out; keep its answer, or free the key."""
    try:
        try:
            if not is_atomic:
                return _keep(record, _rendered(view, request, call()))
            with transaction.atomic():
                return _keep(record, _rendered(view, request, call()))
        except Exception as error:
            # A refusal is an answer too, outside the transaction that it undid. What is none rises again.
            return _keep(record, _rendered(view, request, view.handle_exception(error)))
    except BaseException:
        repeats.release(record=record)
        raise


def _keep(record: IdempotencyRecord, response: HttpResponse) -> HttpResponse:
    status = response.status_code
    if status in (409, 429) or status >= 500:
        repeats.release(record=record)
    else:
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        repeats.finish(record=record, status=status, headers=headers, body=response.content)
    return response


def _rendered(view: Any, request: Request, response: HttpResponse) -> HttpResponse:
    """The answer as it goes out, so that its bytes can be kept."""
    if isinstance(response, Response):
        view.finalize_response(request, response)
        response.render()
    return response


def _replayed(record: IdempotencyRecord) -> HttpResponse:
    response = HttpResponse(repeats.body_of(record=record), status=record.status, headers=record.headers)
    if "Content-Type" not in record.headers:
        del response["Content-Type"]
    response[REPLAYED] = "true"
    return response


def _caller(request: Request) -> str | None:
    """Whose key it is; None for a stranger, who changes nothing."""
    viewer = viewing.viewer_of(request)
    if viewer.token is not None:
        return f"token:{viewer.token.pk}"
    return f"user:{viewer.user.pk}" if viewer.user is not None else None


def _fingerprint(request: Request) -> str:
    """What makes two calls the same: method, path with its query, acting organization and body."""
    inner = request._request
    organization = request.headers.get("X-Organization", "")
    digest = hashlib.sha256(f"{inner.method}\n{inner.get_full_path()}\n{organization}\n".encode())
    if inner.method == "POST" and inner.content_type == "multipart/form-data":
        # Its boundary is drawn anew with every try: the parts count.
        for name, values in sorted(inner.POST.lists()):
            digest.update(repr((name, values)).encode())
        for name, files in sorted(inner.FILES.lists()):
            for file in files:
                digest.update(repr((name, file.name, documents.fingerprint(file))).encode())
    else:
        digest.update(inner.body)
    return digest.hexdigest()
