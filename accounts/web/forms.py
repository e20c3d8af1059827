"""How a form of ours meets its service: what the service refuses stands beside the field it is about."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.services.errors import Conflict, Invalid
from accounts.web import uploads


class Ask(forms.Form):
    """A form whose page is answered with `status` when it can't be carried out."""

    status = 400

    def carry_out(self, verb: Callable[..., Any], **given: Any) -> Any:
        """Call the service with what was typed and what the page knows; None if it refused.

        A Conflict that names no field of the form goes on, to become a page of its own.
        """
        if not self.is_valid():
            return None
        try:
            return verb(**self.cleaned_data, **given)
        except Invalid as refused:
            for field, sentences in refused.fields.items():
                self.add_error(field if field in self.fields else None, [str(one) for one in sentences])
        except Conflict as refused:
            if getattr(refused, "field", "") not in self.fields:
                raise
            self.add_error(refused.field, str(refused))  # type: ignore[attr-defined]
            self.status = 409
        return None


class Once(Ask):
    """A form that makes a row, whose id is drawn with the page: sent twice, it makes one."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class Taken(forms.FileField):
    """A file; one that was cut off on the way because of its size is told apart from one never chosen."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=1000, allow_empty_file=False, **more)


class TakesFiles(Once):
    """A form with a file. Give it the request, so that it knows what was cut off."""

    def __init__(self, data: Any = None, files: Any = None, *, request: Any = None, **more: Any) -> None:
        super().__init__(data, files, **more)
        self.cut_off = uploads.too_large(request)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.cut_off & set(self.fields):
            self.errors.pop(name, None)
            self.add_error(name, _("The file is larger than 10 MB."))
        return cleaned


def date_field(label: Any, *, hint: Any = "") -> forms.DateField:
    """An optional day, with the browser's own calendar."""
    picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, required=False, widget=picker)
