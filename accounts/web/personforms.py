"""The forms of a person about themselves."""

import zoneinfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.web.forms import Ask


def zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones())]


class Describe(Ask):
    """How somebody is called, and how they read."""

    name = forms.CharField(
        label=_("Name"), max_length=150, required=False, help_text=_("As your colleagues know you.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)


class Accept(Ask):
    """The tick under the terms."""

    accepts = forms.BooleanField(
        label=_("I accept the terms of use and have read the privacy notice"),
        error_messages={"required": _("Tick this to go on, or sign out.")},
    )


class Close(Ask):
    """The tick before an account is closed."""

    is_sure = forms.BooleanField(
        label=_("Close my account for good"), error_messages={"required": _("Tick this if you are sure.")}
    )
