"""The timeline of a row: its Events, who, when, why and on whose behalf, where Django has its history."""

import uuid
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.models import Event
from accounts.services import timelines

LINES = 100


class TimelineMixin:
    """For a ModelAdmin: its history page tells the Events of the row."""

    def events_of(self, row: Model) -> Q:
        """Which Events are told of a row."""
        return timelines.own(row)

    def lines(self, row: Model, *, before: uuid.UUID | None = None, most: int = LINES) -> list[dict]:
        """The newest first, each with the address of what it speaks of, where that is another row."""
        found = timelines.read(which=self.events_of(row), before=before, most=most)
        return [
            {
                "line": one,
                "event": one.event,
                "subject": subject(one.event, row),
                # That a part belongs to this row is plain here.
                "details": {name: said for name, said in one.event.params.items() if said != str(row.pk)},
            }
            for one in found
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):  # type: ignore[attr-defined]
            raise PermissionDenied
        lines = self.lines(row, before=_as_uuid(request.GET.get("before")))
        opts = self.opts  # type: ignore[attr-defined]
        shown = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Timeline: %(row)s") % {"row": row},
            "subtitle": None,
            "lines": lines,
            "next": lines[-1]["event"].uid if len(lines) == LINES else None,
            "object": row,
            "opts": opts,
            "back": reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk]),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/timeline.html", shown)


def subject(event: Event, row: Model) -> dict[str, Any] | None:
    """What the Event speaks of: its name, and its page in the admin; None for the row itself."""
    if event.subject_id in (row.pk, getattr(row, "id", None)):
        return None
    try:
        model = apps.get_model(event.subject_kind)
        address = reverse(f"admin:{event.subject_kind.replace('.', '_')}_change", args=[event.subject_id])
    except (LookupError, NoReverseMatch):
        return {"name": event.subject_kind, "address": ""}
    return {"name": model._meta.verbose_name, "address": address}


def _as_uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
