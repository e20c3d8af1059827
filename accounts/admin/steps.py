"""Steps that staff takes with a row from the admin: a form with a reason, then one call of a service.

The row itself stays to look at. A step is shown while the row admits it; the service decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin.looking import LookingAdmin
from accounts.services import lifecycle
from accounts.services.errors import Conflict, Invalid, NotAllowed, Refused

# The page of a row tells the newest; its timeline tells all.
FEW = 20
STATUS = ((Invalid, 400), (NotAllowed, 403), (Conflict, 409))


class Plain(forms.Form):
    """A step that needs no reason, only the version of the row that was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class Why(Plain):
    """A step with its reason."""

    why = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 5}), help_text=_("The organization reads this.")
    )


class Reason(Plain):
    """A step whose reason is for staff."""

    why = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 5}), help_text=_("Kept in the timeline.")
    )


@dataclass(frozen=True)
class Step:
    """`verb` is called with the row (under the admin's `subject`), by, now, and what the form asks."""

    name: str
    label: Any
    verb: Callable[..., None]
    is_possible: Callable[[Any], bool]
    form: type[Plain] = Why


class SteppingAdmin(LookingAdmin):
    """A row to look at, with the steps that staff may take."""

    change_form_template = "admin/row_with_steps.html"
    subject = ""
    steps: tuple[Step, ...] = ()

    def may_step(self, request: HttpRequest) -> bool:
        """Staff who were given the right to change such rows; superusers are."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.take)
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        return [path("<path:object_id>/step/<slug:step>/", view, name=name), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        extra = {"lines": self.lines(row, most=FEW) if row else [], **(extra_context or {})}
        if row and self.may_step(request):
            extra["steps"] = [step for step in self.steps if step.is_possible(row)]
        return super().change_view(request, object_id, form_url, extra)

    def take(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Ask for the reason; with it, call the service and go back to the row."""
        row, chosen = self.get_object(request, object_id), {one.name: one for one in self.steps}.get(step)
        if row is None or chosen is None:
            raise Http404
        if not self.may_step(request):
            raise PermissionDenied
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        form, status = chosen.form(initial={"version": row.version}), 200
        if request.method == "POST":
            form = chosen.form(request.POST)
            status = self.answer(request, row, chosen, form)
            if status == 302:
                messages.success(request, _("Done: %(step)s.") % {"step": chosen.label})
                return redirect(back)
        page = {"title": chosen.label, "row": row, "form": form, "step": chosen, "back": back}
        given = {**self.admin_site.each_context(request), "opts": self.opts, **page}
        return TemplateResponse(request, "admin/step.html", given, status=status)

    def answer(self, request: HttpRequest, row: Any, step: Step, form: forms.Form) -> int:
        """Take the step. Gives 302, or the status of the refusal, which then stands in the form."""
        if not form.is_valid():
            return 400
        asked = dict(form.cleaned_data)
        try:
            lifecycle.check_version(row, asked.pop("version"))
            step.verb(**{self.subject: row}, by=request.user, now=timezone.now(), **asked)
        except Refused as refused:
            fields = refused.fields if isinstance(refused, Invalid) else {None: [str(refused)]}
            for field, sentences in fields.items():
                form.add_error(field if field in form.fields else None, [str(one) for one in sentences])
            return next(code for kind, code in STATUS if isinstance(refused, kind))
        return 302
