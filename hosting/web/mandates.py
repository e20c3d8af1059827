"""Mandates of an organization: whom a miner lets act for it, and for whom a broker acts."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organization
from accounts.services.acting import Person
from accounts.web.forms import Once
from accounts.web.mine import of_mine
from hosting.models import Mandate
from hosting.services import mandates

DAY = timedelta(days=1)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class Grant(Once):
    """Whom, from when, until when."""

    broker = forms.CharField(
        label=gettext_lazy("Broker"), max_length=40, help_text=gettext_lazy("Its handle on this market.")
    )
    valid_from = _day(gettext_lazy("First day"))
    valid_until = _day(gettext_lazy("Last day"))
    document: Any = forms.ModelChoiceField(
        label=gettext_lazy("Paper"),
        queryset=None,
        required=False,
        help_text=gettext_lazy("The signed mandate, if it is among the papers of your dossier."),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = organization.documents.all()  # type: ignore[attr-defined]
        self.fields["document"].label_from_instance = lambda one: one.name  # type: ignore[attr-defined]

    def clean_valid_until(self) -> date:
        """People see the last day; a period ends on the day after it."""
        return (
            self.cleaned_data["valid_until"] + DAY
            if self.cleaned_data["valid_until"] < date.max
            else date.max
        )


@require_http_methods(["GET", "HEAD", "POST"])
@of_mine("sign")
def overview(request: HttpRequest, viewer: Person, organization: Organization) -> HttpResponse:
    """The mandates given and held; an owner of a miner grants another one."""
    form = Grant(request.POST if request.method == "POST" else None, organization=organization)
    if request.method == "POST":
        grant = partial(mandates.grant, miner=organization)
        made = form.carry_out(grant, by=viewer.user, now=timezone.now())
        if made:
            messages.success(request, _("%(broker)s may act for you now.") % {"broker": made.broker})
            return redirect("mandates", organization.handle)
    page = {"viewer": viewer, "organization": organization, "form": form, **_lists(organization)}
    page["may_grant"] = viewer.owns(organization.pk) and viewer.may("sign") and organization.is_miner
    return render(request, "mandate_list.html", page, status=form.status if form.errors else 200)


def _lists(organization: Organization) -> dict[str, Any]:
    return {
        "given": _shown(mandates.of(organization)),
        "held": _shown(Mandate.objects.filter(broker=organization).select_related("miner")),
    }


def _shown(rows: QuerySet[Mandate]) -> list[tuple[Mandate, date, bool]]:
    """(mandate, its last day, whether it is valid today)."""
    today = timezone.now().date()
    return [(one, one.valid_until - DAY, one.is_valid_on(today)) for one in rows]


@require_POST
@of_mine("sign")
def end(request: HttpRequest, viewer: Person, organization: Organization, pk: object) -> HttpResponse:
    """End a mandate that was given, at once."""
    mandate = get_object_or_404(organization.mandates_given.select_related("broker"), pk=pk)
    mandates.end(mandate=mandate, by=viewer.user, now=timezone.now())
    messages.success(request, _("%(broker)s no longer acts for you.") % {"broker": mandate.broker})
    return redirect("mandates", organization.handle)
