"""Members and invitations of an organization, by its owners; and the page an invitation leads to."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organization
from accounts.services import invitations, members
from accounts.services.acting import Person
from accounts.web import acting, organizations, orgforms
from accounts.web.mine import of_mine


def address_of(request: HttpRequest) -> Callable[[str], str]:
    """From a token to the full address of its page, under the name this site was asked by."""
    return lambda token: request.build_absolute_uri(reverse("invitation", args=[token]))


@require_POST
@of_mine("sign")
def change(request: HttpRequest, viewer: Person, organization: Organization, pk: object) -> HttpResponse:
    """Another role for a member, or the end of a membership."""
    member = get_object_or_404(organization.memberships, pk=pk)
    given: dict[str, Any] = {"membership": member, "by": viewer.user, "now": timezone.now()}
    if "remove" in request.POST:
        members.remove(**given)
        messages.success(request, _("The membership has ended."))
    else:
        role, was = request.POST.get("role", ""), request.POST.get("was", "")
        members.change_role(role=role, was=was, **given)
        messages.success(request, _("The role is changed."))
    if member.user_id == viewer.user.pk:
        return redirect("organizations")
    return redirect("organization", organization.handle)


@require_POST
@of_mine("read")
def leave(request: HttpRequest, viewer: Person, organization: Organization) -> HttpResponse:
    """End my own membership; everybody may, but the last owner."""
    member = get_object_or_404(organization.memberships, user=viewer.user)
    members.remove(membership=member, by=viewer.user, now=timezone.now())
    messages.success(request, _("You have left %(handle)s.") % {"handle": organization})
    return redirect(f"{reverse('organizations')}#yours")


@require_POST
@of_mine("sign")
def invite(request: HttpRequest, viewer: Person, organization: Organization) -> HttpResponse:
    """Invite somebody by e-mail."""
    form = orgforms.Invite(request.POST)
    send = partial(invitations.invite, organization=organization, address=address_of(request))
    made = form.carry_out(send, by=viewer.user, now=timezone.now())
    if made is None:
        return organizations.overview(request, viewer, organization, form)
    messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": made.email})
    return redirect("organization", organization.handle)


@require_POST
@of_mine("sign")
def reconsider(request: HttpRequest, viewer: Person, organization: Organization, pk: object) -> HttpResponse:
    """Send an invitation again, or take it back."""
    given: dict[str, Any] = {
        "invitation": get_object_or_404(organization.invitations, pk=pk),
        "by": viewer.user,
        "now": timezone.now(),
    }
    if "revoke" in request.POST:
        invitations.revoke(**given)
        messages.success(request, _("The invitation is revoked."))
    else:
        invitations.resend(address=address_of(request), **given)
        messages.success(request, _("The invitation is sent again; the earlier link no longer works."))
    return redirect("organization", organization.handle)


@never_cache
@require_http_methods(["GET", "HEAD"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in the mail opens, for anybody who has it: 410 when it no longer holds."""
    found = invitations.find(token=token)
    if found is None:
        raise Http404
    is_open = found.is_open(timezone.now())
    page = {"invitation": found, "is_open": is_open, "token": token, "here": request.get_full_path()}
    return render(request, "invitation_detail.html", page, status=200 if is_open else 410)


@require_POST
@acting.signed_in
def accept(request: HttpRequest, viewer: Person, token: str) -> HttpResponse:
    """Become a member, and act for the organization from here on."""
    found = invitations.find(token=token)
    if found is None:
        raise Http404
    member = invitations.accept(invitation=found, user=viewer.user, now=timezone.now())
    acting.choose(request, member.organization.handle)
    messages.success(request, _("Welcome to %(handle)s.") % {"handle": member.organization})
    return redirect("organization", member.organization.handle)
