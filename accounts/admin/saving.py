"""Reference rows that staff enters and corrects in the admin: a form, then one call of a service.

The service has the last word and writes the row; what it refuses stands beside the fields. Nothing is
deleted.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.timelines import TimelineMixin
from accounts.models import User
from accounts.services.errors import Invalid, Refused


class Saved(forms.ModelForm):
    """A form whose row is written by `keep`, once its fields are sound."""

    by: User

    def keep(self, row: models.Model | None, values: dict[str, Any]) -> models.Model:
        """Call the service; `row` is None for a new one. Gives the saved row."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        # Django would hold the row against its constraints here, and name them; the service says it in words.
        is_new = self.instance._state.adding
        if self.errors:
            return
        try:
            self.instance = self.keep(None if is_new else self.instance, dict(self.cleaned_data))
        except Refused as refused:
            fields = refused.fields if isinstance(refused, Invalid) else {"": [str(refused)]}
            for field, sentences in fields.items():
                self.add_error(field if field in self.fields else None, [str(one) for one in sentences])

    def now(self) -> Any:
        """The clock, read here at the edge."""
        return timezone.now()


class SavedWithReason(Saved):
    """A form that asks why; the answer stands in the timeline."""

    why = forms.CharField(
        label=_("Why"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept in the timeline. A correction needs it."),
    )


class SavingAdmin(TimelineMixin, admin.ModelAdmin):
    """Rows that whoever has the right adds and changes through `form`, and nobody deletes."""

    list_per_page = 50
    show_full_result_count = False
    # Fields that say which row it is: asked once, then only shown.
    key: tuple[str, ...] = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change=change, **kwargs)
        if change:
            for name in self.key:
                if name in made.base_fields:
                    made.base_fields[name].disabled = True
        # The form was made for this request alone.
        made.by = request.user  # type: ignore[attr-defined]
        return made

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The service has saved it."""
