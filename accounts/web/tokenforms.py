"""The form that makes a token."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Scope
from accounts.web.forms import Once

FOR_EVER = "for_ever"
LASTS = (
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("a year")),
    (FOR_EVER, _("until it is revoked")),
)


def days(value: str) -> int | None:
    """A choice as a number of days; None for one without an end."""
    return None if value == FOR_EVER else int(value)


class MakeToken(Once):
    """What the token is for, what it may, and how long."""

    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("For example: fleet system, Almaty office.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may"),
        choices=Scope,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.MARKET_READ],
        error_messages={"required": _("Choose at least one.")},
    )
    expires_in_days: forms.TypedChoiceField = forms.TypedChoiceField(
        label=_("Lasts"), choices=LASTS, coerce=days, initial="90"
    )
