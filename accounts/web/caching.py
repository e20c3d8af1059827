"""Who may keep an answer: a stranger's public page everybody, for a minute; a person's page nobody."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag

MAX_AGE_SECONDS = 60
# Cookies by which an answer may be somebody's own: who is signed in, and a line left for the next page.
PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")
# A page is another one in another language, and the part that htmx asks for is less than the page.
VARIES_BY = ("Cookie", "Accept-Language", "HX-Request", "HX-History-Restore-Request")


def is_stranger(request: HttpRequest) -> bool:
    """Whether nothing in the request says who asks."""
    is_named = any(name in request.COOKIES for name in PERSONAL_COOKIES)
    return not is_named and "Authorization" not in request.headers


def shared(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer to a stranger for a public page: with its ETag and for a minute to keep, or 304.

    What sets a cookie, was refused, or says itself how long it may be kept is left as it is.
    """
    is_plain = response.status_code == 200 and not response.streaming and not response.cookies
    if request.method not in ("GET", "HEAD") or not is_plain or response.has_header("Cache-Control"):
        return response
    patch_vary_headers(response, VARIES_BY)
    response["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
    set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def private(response: HttpResponse) -> HttpResponse:
    """A page for one person: kept by nobody, also not for the way back after signing out."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    if is_page and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store"
    return response
