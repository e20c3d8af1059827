"""What signing up asks beyond address and password: to accept the terms."""

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import consents


class AcceptsTerms(forms.Form):
    """The tick under the sign-up form; allauth's own form builds on this one."""

    accepts = forms.BooleanField(
        label=_("I accept the terms of use and have read the privacy notice"),
        error_messages={"required": _("Without accepting the terms there is no account.")},
    )
    field_order = ("email", "password1", "accepts")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the person is stored."""
        consents.accept(user=user, now=timezone.now())
