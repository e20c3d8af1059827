"""Files of offers or machines on the pages: sent, looked at line by line, then written as a whole."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.services.acting import Member
from accounts.services.errors import Conflict, Invalid
from accounts.web import uploads
from accounts.web.acting import acts
from hosting.models import CapacityRequest, Import, ImportFormat, ImportKind, ImportStatus, RequestStatus
from hosting.services import importfleets, importreading, importrows, imports

# Imports on the overview, and lines of one of them.
LATEST = 20
SHOWN = 200
AT_WORK = (ImportStatus.WAITING, ImportStatus.ACCEPTED)
# What a file can be: (kind, format).
CHOICES = {
    "offers": (ImportKind.OFFERS, ImportFormat.CSV, gettext_lazy("Offers, as CSV")),
    "fleet": (ImportKind.FLEET, ImportFormat.CSV, gettext_lazy("Machines, as CSV")),
    "pyasic": (ImportKind.FLEET, ImportFormat.PYASIC, gettext_lazy("Machines, as JSON from pyasic")),
}


class Sent(forms.Form):
    """What somebody sends."""

    what = forms.ChoiceField(label=gettext_lazy("What it holds"))
    request: Any = forms.ModelChoiceField(
        label=gettext_lazy("Request the machines go into"),
        queryset=None,
        required=False,
        help_text=gettext_lazy("For machines: a draft or an open request of yours."),
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=[("", gettext_lazy("Unicode")), *((one, one) for one in importreading.ENCODINGS[1:])],
        required=False,
    )
    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)

    def __init__(self, *args: Any, viewer: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = viewer.organization
        possible = {
            ImportKind.OFFERS: ours.is_host,
            ImportKind.FLEET: ours.is_miner or ours.is_broker,
        }
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (name, label) for name, (kind, _format, label) in CHOICES.items() if possible[kind]
        ]
        if not possible[ImportKind.FLEET]:
            del self.fields["request"]
            return
        changeable = (RequestStatus.DRAFT, RequestStatus.OPEN)
        self.fields["request"].queryset = CapacityRequest.objects.filter(  # type: ignore[attr-defined]
            owner=ours, status__in=changeable
        )


@require_http_methods(["GET", "HEAD", "POST"])
@acts("write")
def overview(request: HttpRequest, viewer: Member) -> HttpResponse:
    """Send a file; the latest ones."""
    form = Sent(request.POST or None, request.FILES or None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        made = _received(form, request, viewer)
        if made is not None:
            return redirect("import", pk=made.pk)
    shown = {
        "form": form,
        "latest": Import.objects.filter(organization=viewer.organization)[:LATEST],
        "offer_columns": importrows.COLUMNS,
        "fleet_columns": importfleets.COLUMNS,
        "may_write": viewer.may("write"),
    }
    return render(request, "import_list.html", shown, status=400 if form.errors else 200)


def _received(form: Sent, request: HttpRequest, viewer: Member) -> Import | None:
    """The import, or None with what is wrong in the form."""
    if "file" in uploads.too_large(request):
        form.add_error("file", _("The file is too large."))
        return None
    kind, format, _label = CHOICES[form.cleaned_data["what"]]
    try:
        return imports.receive(
            organization=viewer.organization,
            kind=kind,
            format=format,
            content=form.cleaned_data["file"].read(),
            encoding=form.cleaned_data["encoding"],
            request=form.cleaned_data.get("request"),
            by=viewer.user,
            now=timezone.now(),
        )
    except Invalid as refused:
        for name, sentences in refused.fields.items():
            form.add_error(name if name in form.fields else "file", [str(one) for one in sentences])
    return None


def own(viewer: Member, pk: UUID) -> Import:
    return get_object_or_404(Import, pk=pk, organization=viewer.organization)


@require_safe
@acts("read")
def detail(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """What it becomes and what is wrong; while it is at work, the page asks again every two seconds."""
    found = own(viewer, pk)
    shown = {
        "found": found,
        "rows_done": imports.done_rows(found),
        "is_at_work": found.status in AT_WORK,
        "errors": found.errors[:SHOWN],
        "results": found.results[:SHOWN],
        "may_commit": viewer.may("write") and found.status == ImportStatus.CHECKED,
    }
    name = "_import.html" if request.headers.get("HX-Request") else "import_detail.html"
    return render(request, name, shown)


@require_POST
@acts("write")
def commit(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """Write it, as it was looked at."""
    found = own(viewer, pk)
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() else -1
    try:
        imports.commit(found=found, by=viewer.user, now=timezone.now(), version=seen)
    except Conflict as refused:
        messages.error(request, str(refused))
    return redirect("import", pk=pk)
