"""Match runs: what set them off, what they did, why they failed; and a re-match, with how far it has come."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Event
from accounts.services.errors import Invalid, NotAllowed
from hosting.admin.timelines import MarketAdmin
from hosting.models import MatchRun, RunState
from hosting.services import rematching, waiting

TOOK = ExpressionWrapper(F("finished_at") - F("started_at"), DurationField())


class Why(forms.Form):
    """Why everything is to be matched again."""

    why = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kept in the log of Events.")
    )


class Standing(admin.SimpleListFilter):
    """The failures that the home of staff counts."""

    title = _("lately")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("failed", _("failed in the last days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() != "failed":
            return queryset
        return queryset.filter(pk__in=waiting.failed_runs(timezone.now()).values("pk"))


@admin.register(MatchRun)
class MatchRunAdmin(MarketAdmin):
    change_list_template = "admin/matchrun_list.html"
    change_form_template = "admin/matchrun.html"
    list_display = (
        *("number", "trigger", "state", "as_of", "started_at", "took", "requests", "offers"),
        *("lists_changed", "settled", "short_hash", "short_error"),
    )
    list_filter = (Standing, "state")
    search_fields = ("=id", "trigger", "inputs_hash", "error")
    date_hierarchy = "started_at"
    readonly_fields = ("took",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(took=TOOK)

    @admin.display(ordering="took", description=_("took"))
    def took(self, run: Any) -> str:
        return _("%(seconds)s s") % {"seconds": f"{run.took.total_seconds():.2f}"} if run.took else "—"

    @admin.display(ordering="inputs_hash", description=_("hash"))
    def short_hash(self, run: MatchRun) -> str:
        return run.inputs_hash[:8]

    @admin.display(ordering="error", description=_("error"))
    def short_error(self, run: MatchRun) -> str:
        return run.error[:80]

    def may_rematch(self, request: HttpRequest) -> bool:
        return request.user.has_perm("hosting.change_matchrun")

    def get_urls(self) -> list:
        guard = self.admin_site.admin_view
        return [
            path("rematch/", guard(self.rematch), name="hosting_matchrun_rematch"),
            path("rematch/<uuid:uid>/", guard(self.follow), name="hosting_matchrun_follow"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        extra = {"may_rematch": self.may_rematch(request), **(extra_context or {})}
        return super().changelist_view(request, extra)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        extra: dict[str, Any] = {"may_rematch": self.may_rematch(request)}
        if run is not None and run.state == RunState.RUNNING:
            extra["progress"] = rematching.of(run, now=timezone.now())
        return super().change_view(request, object_id, form_url, {**extra, **(extra_context or {})})

    def rematch(self, request: HttpRequest) -> HttpResponse:
        """Ask why, make everything due, and go to the page that follows it."""
        if not self.may_rematch(request):
            raise PermissionDenied
        form, status = Why(request.POST or None), 200
        by: Any = request.user
        if request.method == "POST":
            status = 400
            if form.is_valid():
                try:
                    made = rematching.ask(by=by, now=timezone.now(), **form.cleaned_data)
                    return redirect("admin:hosting_matchrun_follow", uid=made.uid)
                except (Invalid, NotAllowed) as refused:
                    form.add_error(None, str(refused))
        title = _("Match everything again")
        return self._shown(request, "admin/step.html", title, status, form=form, step={"label": title})

    def follow(self, request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
        """How far the re-match has come; the page looks again by itself until it is over."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            event = rematching.asked(uid=uid)
        except Event.DoesNotExist:
            raise Http404 from None
        progress = rematching.progress(event=event, now=timezone.now())
        return self._shown(request, "admin/rematch.html", _("Re-match"), event=event, progress=progress)

    def _shown(
        self, request: HttpRequest, template: str, title: Any, status: int = 200, **more: Any
    ) -> HttpResponse:
        back = reverse("admin:hosting_matchrun_changelist")
        page = {"title": title, "row": self.opts.verbose_name_plural, "back": back, **more}
        given = {**self.admin_site.each_context(request), "opts": self.opts, **page}
        return TemplateResponse(request, template, given, status=status)
