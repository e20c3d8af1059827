"""Organizations: mine, founded, looked at, described; and for which of them I act."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import InvitationStatus, Membership, Organization, Role
from accounts.services import dossiers, lifecycle, organizations
from accounts.services.acting import Person
from accounts.web import acting, orgforms
from accounts.web.mine import of_mine


@require_http_methods(["GET", "HEAD", "POST"])
@acting.signed_in
def mine(request: HttpRequest, viewer: Person) -> HttpResponse:
    """Whom I may act for; founding another one."""
    form = orgforms.Found(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made = form.carry_out(organizations.found, by=viewer.user, now=timezone.now())
        if made:
            acting.choose(request, made.handle)
            messages.success(request, _("%(handle)s is founded. You are its owner.") % {"handle": made})
            return redirect("organization", made.handle)
    memberships = Membership.objects.filter(user=viewer.user).select_related("organization")
    page = {"form": form, "memberships": memberships.order_by("organization__handle"), "viewer": viewer}
    return render(request, "organization_list.html", page, status=form.status if form.errors else 200)


@require_POST
@acting.signed_in
def act_for(request: HttpRequest, viewer: Person) -> HttpResponse:
    """Act for another organization from now on. Raises NotAllowed for one that is not mine."""
    handle = request.POST.get("handle", "")
    acting.choose(request, handle)
    messages.info(request, _("You act for %(handle)s now.") % {"handle": handle})
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return redirect(wanted) if wanted and is_ours else redirect("organization", handle)


@require_safe
@of_mine("read")
def show(request: HttpRequest, viewer: Person, organization: Organization) -> HttpResponse:
    """Members, invitations, licences and where verification stands."""
    return overview(request, viewer, organization, orgforms.Invite())


def overview(
    request: HttpRequest, viewer: Person, organization: Organization, invite: orgforms.Invite
) -> HttpResponse:
    """The page of an organization, with its invitation form as it was left."""
    now = timezone.now()
    waiting = organization.invitations.filter(status=InvitationStatus.OPEN)
    page = {
        "viewer": viewer,
        "organization": organization,
        "is_acting": viewer.owns(organization.pk),
        "members": organization.memberships.select_related("user").order_by("created_at", "pk"),
        "invitations": [(one, one.is_open(now)) for one in waiting],
        "licences": organization.licences.select_related("document"),
        "answers": dossiers.answers(organization=organization)[:1],
        "verified_until": organization.verified_at and organizations.verified_until(organization.verified_at),
        "form": invite,
        "roles": Role.choices,
    }
    return render(request, "organization_detail.html", page, status=invite.status if invite.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@of_mine("sign")
def edit(request: HttpRequest, viewer: Person, organization: Organization) -> HttpResponse:
    """Change the particulars, of the version that the page showed."""
    form, changes = orgforms.Describe.of(organization), []
    if request.method == "POST":
        form = orgforms.Describe(request.POST)
        given = {"organization": organization, "by": viewer.user, "now": timezone.now()}
        try:
            form.carry_out(organizations.describe, **given)
        except lifecycle.Stale as stale:
            changes = form.meanwhile(organization)
            form.add_error(None, str(stale))
            form.status = 409
        if not form.errors:
            messages.success(request, _("Saved."))
            return redirect("organization", organization.handle)
    page = {"form": form, "organization": organization, "changes": changes, "viewer": viewer}
    return render(request, "organization_form.html", page, status=form.status if form.errors else 200)
