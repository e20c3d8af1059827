"""Staff's decisions in the admin: an action of a list, with a reason, one service call for each row."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.steps import Plain, Step, SteppingAdmin
from accounts.services import lifecycle, staff
from accounts.services.errors import Invalid, Refused
from hosting.admin.timelines import MarketTimeline
from hosting.models import ClaimField, Evidence, Offer, OfferStatus
from hosting.services import reviews, trust

Decide = Callable[..., None]


def decision(name: str, description: Any, decide: Decide, *, argument: str) -> Any:
    """An action that asks for a reason, then decides on each chosen row. `argument`: what the service calls
    the row. The reason's page carries the version of each row, so that nobody decides on what has changed."""

    def action(model_admin: Any, request: HttpRequest, rows: QuerySet) -> TemplateResponse | None:
        why = request.POST.get("why", "").strip()
        if "decide" not in request.POST:
            return _ask(model_admin, request, rows, name, description, "")
        if not why:
            sentence = _("Give a reason; the host reads it.")
            return _ask(model_admin, request, rows, name, description, sentence)
        for row in rows:
            _decide(model_admin, request, row, _with_reason(decide, argument, request, why))
        return None

    action.__name__ = name
    return admin.action(description=description, permissions=["decide"])(action)


def _with_reason(decide: Decide, argument: str, request: HttpRequest, why: str) -> Callable[[Model], None]:
    def decided(row: Model) -> None:
        seen = request.POST.get(f"version_{row.pk}", "")
        version = {"version": int(seen) if seen.isdigit() else -1}
        decide(**{argument: row}, by=request.user, why=why, now=timezone.now(), **version)

    return decided


def _decide(model_admin: Any, request: HttpRequest, row: Model, decided: Callable[[Model], None]) -> None:
    try:
        decided(row)
    except Refused as refused:
        said = (
            [one for some in refused.fields.values() for one in some] if isinstance(refused, Invalid) else []
        )
        sentence = " ".join(map(str, said)) or str(refused)
        model_admin.message_user(request, f"{row}: {sentence}", messages.ERROR)
    else:
        model_admin.message_user(request, _("%(row)s: done.") % {"row": row}, messages.SUCCESS)


def _ask(
    model_admin: Any, request: HttpRequest, rows: QuerySet, name: str, description: Any, wrong: str
) -> TemplateResponse:
    shown = {
        **model_admin.admin_site.each_context(request),
        "title": description,
        "opts": model_admin.model._meta,
        "rows": rows,
        "action": name,
        "why": request.POST.get("why", ""),
        "wrong": wrong,
    }
    return TemplateResponse(request, "admin/decide.html", shown, status=400 if wrong else 200)


class DecidingAdmin(MarketTimeline, SteppingAdmin):
    """To look at and, for whoever may change the rows, to decide on: in the list and on the row's page."""

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")


OFFER_ACTIONS = [
    decision("approve", gettext_lazy("Approve: list the offer"), reviews.approve, argument="offer"),
    decision("request_changes", gettext_lazy("Ask for changes"), reviews.request_changes, argument="offer"),
    decision("reject", gettext_lazy("Reject"), reviews.reject, argument="offer"),
    decision("suspend", gettext_lazy("Suspend"), reviews.suspend, argument="offer"),
    decision("lift", gettext_lazy("Lift the suspension"), reviews.lift, argument="offer"),
]


class Shown(Plain):
    """How far one thing that the host says has been shown, and until when that holds."""

    field = forms.ChoiceField(label=gettext_lazy("What"), choices=ClaimField)
    level = forms.ChoiceField(label=gettext_lazy("How far"), choices=Evidence)
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(
        label=gettext_lazy("What was seen"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Kept with the claim."),
    )


def settle(*, by: Any, **said: Any) -> None:
    """The claim as staff found it."""
    staff.only(by)
    trust.settle(by=by, **said)


def moves_to(status: str) -> Callable[[Any], bool]:
    return lambda row: lifecycle.can_move(row, to=status)


def is_suspended(offer: Offer) -> bool:
    return offer.status == OfferStatus.SUSPENDED


OFFER_STEPS = (
    Step(
        "approve",
        gettext_lazy("Approve: list the offer"),
        reviews.approve,
        lambda offer: offer.status == OfferStatus.IN_REVIEW,
    ),
    Step(
        "request-changes",
        gettext_lazy("Ask for changes"),
        reviews.request_changes,
        moves_to(OfferStatus.CHANGES_REQUESTED),
    ),
    Step("reject", gettext_lazy("Reject"), reviews.reject, moves_to(OfferStatus.REJECTED)),
    Step("suspend", gettext_lazy("Suspend"), reviews.suspend, moves_to(OfferStatus.SUSPENDED)),
    Step("lift", gettext_lazy("Lift the suspension"), reviews.lift, is_suspended),
    Step("claim", gettext_lazy("Settle a claim"), settle, bool, Shown),
)
