"""The dossier of an organization: its papers, its licences, and what staff answered."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Document, Organization
from accounts.services import documents, dossiers, licences, lifecycle
from accounts.services.acting import Person
from accounts.services.errors import Invalid
from accounts.web import acting, orgforms, staffsite
from accounts.web.mine import of_mine


@require_http_methods(["GET", "HEAD", "POST"])
@of_mine("sign")
def verification(request: HttpRequest, viewer: Person, organization: Organization) -> HttpResponse:
    """Where verification stands; a POST hands the dossier to staff."""
    problems: list = []
    if request.method == "POST":
        version = request.POST.get("version", "")
        given: dict[str, Any] = {"organization": organization, "by": viewer.user, "now": timezone.now()}
        try:
            dossiers.submit(version=int(version) if version.isdecimal() else None, **given)
            messages.success(request, _("Your dossier is with our staff. You will be told what they say."))
            return redirect("verification", organization.handle)
        except Invalid as refused:
            problems = refused.fields["dossier"]
    return dossier(request, viewer, organization, orgforms.HandIn(), problems)


def dossier(
    request: HttpRequest,
    viewer: Person,
    organization: Organization,
    form: orgforms.HandIn,
    problems: list,
) -> HttpResponse:
    """The page of the dossier, with its upload form as it was left."""
    today = timezone.now().date()
    page: dict[str, Any] = {
        "viewer": viewer,
        "organization": organization,
        "is_acting": viewer.owns(organization.pk),
        "documents": organization.documents.all(),
        "gaps": dossiers.gaps(organization=organization, today=today),
        "answers": dossiers.answers(organization=organization),
        "can_submit": lifecycle.can_move(organization, to="submitted"),
        "is_open": organization.verification in documents.OPEN_DOSSIER,
        "form": form,
        "problems": problems,
    }
    status = form.status if form.errors else 400 if problems else 200
    return render(request, "verification.html", page, status=status)


@require_POST
@of_mine("write")
def hand_in(request: HttpRequest, viewer: Person, organization: Organization) -> HttpResponse:
    """Add a paper to the dossier."""
    form = orgforms.HandIn(request.POST, request.FILES, request=request)
    keep = partial(documents.hand_in, organization=organization)
    if form.carry_out(keep, by=viewer.user, now=timezone.now()) is None:
        return dossier(request, viewer, organization, form, [])
    messages.success(request, _("The paper is in your dossier."))
    return redirect("verification", organization.handle)


@require_POST
@of_mine("write")
def take_back(request: HttpRequest, viewer: Person, organization: Organization, pk: object) -> HttpResponse:
    """Remove a paper that nobody has looked at."""
    document = get_object_or_404(organization.documents.select_related("organization"), pk=pk)
    documents.take_back(document=document, by=viewer.user, now=timezone.now())
    messages.success(request, _("The paper is removed."))
    return redirect("verification", organization.handle)


@require_safe
@acting.signed_in
def download(request: HttpRequest, viewer: Person, pk: object) -> FileResponse:
    """The paper as it came, for its own side and for staff; always as a file to keep, never to open here."""
    is_staff = viewer.is_staff and not staffsite.lacks_second_factor(request)
    visible = Q() if is_staff else Q(organization__in=viewer.organizations)
    document = get_object_or_404(Document.objects.filter(visible), pk=pk)
    answer = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.name,
        content_type=document.content_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@of_mine("write")
def licence_new(request: HttpRequest, viewer: Person, organization: Organization) -> HttpResponse:
    """Enter a licence."""
    form = orgforms.EnterLicence(
        request.POST if request.method == "POST" else None, organization=organization
    )
    if request.method == "POST":
        enter = partial(licences.add, organization=organization)
        if form.carry_out(enter, by=viewer.user, now=timezone.now()):
            messages.success(request, _("The licence is entered. It counts once staff has reviewed it."))
            return redirect("organization", organization.handle)
    page = {"form": form, "organization": organization, "viewer": viewer}
    return render(request, "organization_licence_form.html", page, status=form.status if form.errors else 200)
