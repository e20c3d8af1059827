"""Tokens of an organization: its owners make and revoke them; the token itself is shown once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organization
from accounts.services import tokens
from accounts.services.acting import Person
from accounts.web.mine import of_mine
from accounts.web.tokenforms import MakeToken


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_mine("sign")
def listing(request: HttpRequest, viewer: Person, organization: Organization) -> HttpResponse:
    """The tokens there are, and one more: the page that makes it is the only one to show it."""
    now, made, form = timezone.now(), None, MakeToken()
    if request.method == "POST":
        form = MakeToken(request.POST)
        made = form.carry_out(tokens.make, organization=organization, by=viewer.user, now=now)
    rows = organization.tokens.select_related("made_by")
    page = {
        "viewer": viewer,
        "may_sign": viewer.owns(organization.pk) and viewer.may("sign"),
        "organization": organization,
        "tokens": [(one, one.is_live(now)) for one in rows],
        "form": MakeToken() if made else form,
        "secret": made[1] if made else None,
    }
    return render(request, "token_list.html", page, status=form.status if form.errors else 200)


@require_POST
@of_mine("sign")
def revoke(request: HttpRequest, viewer: Person, organization: Organization, pk: object) -> HttpResponse:
    """The token opens nothing any more."""
    token = get_object_or_404(organization.tokens, pk=pk)
    tokens.revoke(token=token, by=viewer.user, now=timezone.now())
    messages.success(request, _("%(prefix)s… is revoked.") % {"prefix": token.prefix})
    return redirect("tokens", organization.handle)
