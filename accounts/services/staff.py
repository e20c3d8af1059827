"""What every decision of staff has in common: who may take it, and that it has a reason."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.errors import Invalid, NotAllowed


def only(by: User) -> None:
    """Raises NotAllowed unless the person is of the staff."""
    if not by.is_staff:
        raise NotAllowed


def reason(why: str) -> str:
    """The reason, without space around it. The organization reads it, so there is one. Raises Invalid."""
    plain = why.strip()
    if not plain:
        raise Invalid({"why": [_("Say why: the organization reads it.")]})
    return plain
