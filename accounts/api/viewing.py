"""Who looks: the viewer behind a request of the API."""

from rest_framework.request import Request

from accounts.models import User
from accounts.services import acting
from accounts.services.acting import Viewer


def viewer_of(request: Request) -> Viewer:
    """The signed-in person, acting for the organization that the X-Organization header names by its handle.

    Raises NotAllowed for an organization the person is no member of.
    """
    person = request.user if isinstance(request.user, User) else None
    return acting.as_viewer(person, handle=request.headers.get("X-Organization"))
