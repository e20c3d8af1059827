"""Who looks: the viewer behind a request of the API."""

from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.services import acting
from accounts.services.acting import Viewer


def viewer_of(request: Request) -> Viewer:
    """The signed-in person, acting for the organization that the X-Organization header names by its handle;
    or a token's organization, as a trader. Looked up once for each request.

    Raises NotAllowed for an organization the person is no member of, or that is not the token's.
    """
    inner = request._request
    if not hasattr(inner, "api_viewer"):
        inner.api_viewer = _viewer(request)
    return inner.api_viewer


def _viewer(request: Request) -> Viewer:
    handle = request.headers.get("X-Organization")
    if isinstance(request.auth, ApiToken):
        return acting.as_token(request.auth, handle=handle)
    person = request.user if isinstance(request.user, User) else None
    return acting.as_viewer(person, handle=handle)
