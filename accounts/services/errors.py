"""The three kinds of refusal. The error of a verb lives beside the verb and is one of these.

Each carries a code and parameters; the sentence is made when somebody reads it, in the reader's language.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A verb said no. Nothing was changed."""

    code = "refused"
    message: Any = _("This was refused.")

    def __init__(self, **params: Any) -> None:
        super().__init__()
        self.params = params

    def __str__(self) -> str:
        return str(self.message) % self.params


class Invalid(Refused):
    """The input can't be used (400). `fields` says what is wrong where: {field: [sentence, ...]}."""

    code = "invalid"
    message = _("Please correct the fields below.")

    def __init__(self, fields: dict[str, list[Any]] | None = None, **params: Any) -> None:
        super().__init__(**params)
        self.fields = fields or {}


class NotAllowed(Refused):
    """The person may see it but not do this (403)."""

    code = "not_allowed"
    message = _("You are not allowed to do this.")


class Conflict(Refused):
    """The state of things does not admit it, or somebody was first (409)."""

    code = "conflict"
    message = _("This is no longer possible as things stand.")
