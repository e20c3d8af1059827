"""Webhooks of an organization: its owners say where it is told of what; the secret is shown once."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organization
from accounts.services.acting import Person
from accounts.web.forms import Ask
from accounts.web.mine import of_mine
from hosting.models import EndpointStatus, EventType, WebhookDelivery, WebhookEndpoint
from hosting.services import deliveries, webhooks

ON_A_PAGE = 50


class Endpoint(Ask):
    """Where to, and what."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("It begins with https:// and is on the public internet."),
        widget=forms.URLInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Tell it when"),
        choices=EventType,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )


class Change(Endpoint):
    """The same, of the version that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, endpoint: WebhookEndpoint) -> "Change":
        """The form as the row stands."""
        names = ("url", "events", "version")
        return cls(initial={name: getattr(endpoint, name) for name in names})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_mine("sign")
def listing(request: HttpRequest, viewer: Person, organization: Organization) -> HttpResponse:
    """The endpoints there are, and one more: the page that makes it is the only one to show its secret."""
    made, form = None, Endpoint()
    if request.method == "POST":
        form = Endpoint(request.POST)
        made = form.carry_out(webhooks.create, organization=organization, by=viewer.user, now=timezone.now())
    page = {
        **_page(viewer, organization),
        "endpoints": organization.webhooks.all(),
        "form": Endpoint() if made else form,
        "secret": made[1] if made else None,
    }
    return render(request, "webhook_list.html", page, status=form.status if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_mine("sign")
def show(request: HttpRequest, viewer: Person, organization: Organization, pk: UUID) -> HttpResponse:
    """One endpoint: what it is told, and its log of 30 days."""
    endpoint = get_object_or_404(organization.webhooks, pk=pk)
    form = Change.of(endpoint)
    if request.method == "POST":
        form = Change(request.POST)
        form.carry_out(webhooks.change, endpoint=endpoint, by=viewer.user, now=timezone.now())
        if not form.errors:
            messages.success(request, _("Saved."))
            return redirect("webhook", organization.handle, endpoint.pk)
    return _shown(request, viewer, endpoint, form)


@never_cache
@require_POST
@of_mine("sign")
def step(
    request: HttpRequest, viewer: Person, organization: Organization, pk: UUID, step: str
) -> HttpResponse:
    """A new secret, on, off, or away with it."""
    endpoint = get_object_or_404(organization.webhooks, pk=pk)
    if step not in ("rotate", "enable", "disable", "remove"):
        raise Http404
    seen = request.POST.get("version", "")
    given: dict[str, Any] = {"endpoint": endpoint, "by": viewer.user, "now": timezone.now()}
    given["version"] = int(seen) if seen.isascii() and seen.isdigit() else None
    if step == "rotate":
        secret = webhooks.rotate(**given)
        return _shown(request, viewer, endpoint, Change.of(endpoint), secret=secret)
    return _after(request, organization, endpoint, step, given)


def _after(
    request: HttpRequest, organization: Organization, endpoint: WebhookEndpoint, step: str, given: Any
) -> HttpResponse:
    if step == "remove":
        webhooks.remove(**given)
        messages.success(request, _("The webhook is removed."))
        return redirect("webhooks", organization.handle)
    webhooks.change(**given, is_on=step == "enable")
    said = _("The webhook is on.") if step == "enable" else _("The webhook is off: nothing is sent.")
    messages.success(request, said)
    return redirect("webhook", organization.handle, endpoint.pk)


@require_POST
@of_mine("sign")
def redeliver(
    request: HttpRequest, viewer: Person, organization: Organization, pk: UUID, delivery_pk: UUID
) -> HttpResponse:
    """The same message once more."""
    rows = WebhookDelivery.objects.filter(endpoint__organization=organization, endpoint=pk)
    delivery = get_object_or_404(rows.select_related("endpoint"), pk=delivery_pk)
    deliveries.redeliver(delivery=delivery, by=viewer.user, now=timezone.now())
    messages.success(request, _("It is sent again in a moment."))
    return redirect("webhook", organization.handle, delivery.endpoint_id)


def _shown(
    request: HttpRequest, viewer: Person, endpoint: WebhookEndpoint, form: Change, **more: Any
) -> HttpResponse:
    log = endpoint.deliveries.select_related("event")
    page = {
        **_page(viewer, endpoint.organization),
        "endpoint": endpoint,
        "is_on": endpoint.status != EndpointStatus.OFF,
        "log": Paginator(log, ON_A_PAGE).get_page(request.GET.get("page")),
        "form": form,
        **more,
    }
    return render(request, "webhook_detail.html", page, status=form.status if form.errors else 200)


def _page(viewer: Person, organization: Organization) -> dict[str, Any]:
    is_owner = viewer.owns(organization.pk) and webhooks.may_manage(viewer)
    return {"viewer": viewer, "organization": organization, "may_manage": is_owner}
