"""The language a browser is spoken to in."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST
from django.views.i18n import set_language


@csrf_exempt
@require_POST
def choose(request: HttpRequest) -> HttpResponseBase:
    """Keep the language in a cookie and go back to the page.

    A stranger's form carries no token, so that public pages are the same for all strangers and may be kept.
    What another site could do with it is refused where the browser names that site, and is no more than the
    words this one is read in.
    """
    if request.user.is_authenticated:
        return csrf_protect(set_language)(request)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise PermissionDenied
    return set_language(request)
