"""What a person should know: the list, the way from a line to what it speaks of, and how to hear of what."""

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings as site
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Notice, Way
from accounts.services import notices as telling
from accounts.services.acting import Person
from accounts.services.errors import Invalid
from accounts.web import acting
from hosting.services import newswords

ON_A_PAGE = 50


@require_safe
@acting.signed_in
def notices(request: HttpRequest, viewer: Person) -> HttpResponse:
    """The person's news, the newest first."""
    rows = Notice.objects.readable(viewer.user).select_related("organization")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    lines = list(zip(page.object_list, newswords.say(page.object_list), strict=True))
    return render(request, "notice_list.html", {"page": page, "lines": lines, "area": "notices"})


@require_POST
@acting.signed_in
def read_all(request: HttpRequest, viewer: Person) -> HttpResponse:
    """Nothing is new any more."""
    telling.read(user=viewer.user, now=timezone.now())
    return redirect("notices")


@require_safe
@acting.signed_in
def open_notice(request: HttpRequest, viewer: Person, pk: Any) -> HttpResponse:
    """From a line, or a mail, to the page of what it speaks of, as a member of whom it concerns."""
    notice = get_object_or_404(Notice.objects.readable(viewer.user).select_related("organization"), pk=pk)
    telling.read(user=viewer.user, notice=notice, now=timezone.now())
    if notice.organization and not viewer.owns(notice.organization.pk):
        acting.choose(request, notice.organization.handle)
        messages.info(request, _("You now act for %(handle)s.") % {"handle": notice.organization.handle})
    name, *args = _page_of(notice)
    return redirect(name, *args)


def _page_of(notice: Notice) -> tuple[str, ...]:
    """(name of the address, its arguments) of what a notice speaks of; the list where it is nothing."""
    params = notice.params
    if notice.code in ("match_list_changed", "interest_expressed"):
        return "request", params["request"]
    if notice.code == "interest_declined":
        return ("fitting_request" if params["to"] == "host" else "request"), params["request"]
    if notice.code == "offer_reviewed":
        return ("site_edit", params["site"]) if "site" in params else ("offer_edit", params["offer"])
    if notice.code == "verification_changed" and notice.organization:
        return "verification", notice.organization.handle
    if notice.code == "invitation":
        return ("organizations",)
    if notice.code == "webhook_failing" and notice.organization:
        return "webhooks", notice.organization.handle
    if notice.code == "place_news" and "event" in params:
        return "event", params["event"]
    if notice.code in ("place_news", "place_rule", "place_status"):
        return ("place", params["place"]) if "place" in params else ("followed_places",)
    if notice.code == "rate_too_old":
        return ("admin:hosting_rate_changelist",)
    return ("notices",)


@require_http_methods(["GET", "HEAD", "POST"])
@acting.signed_in
def settings(request: HttpRequest, viewer: Person) -> HttpResponse:
    """How to hear of what: not at all, in the list, in the day's mail, by a mail each."""
    form = SettingsForm(request, viewer)
    if request.method != "POST":
        return render(request, "notice_settings.html", {"form": form, "area": "notices"})
    try:
        form.save()
    except Invalid as refused:
        form.refuse(refused)
        return render(request, "notice_settings.html", {"form": form, "area": "notices"}, status=400)
    messages.success(request, _("Saved: this is how you will hear of things."))
    return redirect("notice_settings")


class SettingsForm:
    """What the person chose, or has just typed; with the sentences of a refusal beside the fields."""

    ways = Way.choices
    languages = site.LANGUAGES
    zones = sorted(available_timezones())

    def __init__(self, request: HttpRequest, viewer: Person) -> None:
        self.user = viewer.user
        shown = {
            code: kind.way
            for code, kind in newswords.KINDS.items()
            if viewer.is_staff or not kind.is_for_staff
        }
        typed = request.POST if request.method == "POST" else {}
        kept = telling.ways(user=self.user, defaults=shown)
        self.chosen = {code: typed.get(code, way) for code, way in kept.items()}
        self.time_zone = typed.get("time_zone", self.user.time_zone)
        self.language = typed.get("language", self.user.language)
        self.errors: dict[str, list[Any]] = {}

    def save(self) -> None:
        """Raises Invalid."""
        telling.choose(
            user=self.user,
            ways=self.chosen,
            known=newswords.KINDS,
            time_zone=self.time_zone,
            language=self.language,
        )

    def refuse(self, refused: Invalid) -> None:
        self.errors = refused.fields

    @property
    def kinds(self) -> list[tuple[str, Any, str, list[Any]]]:
        """(code, name, chosen way, sentences), in the order of the registry."""
        return [
            (code, newswords.KINDS[code].name, way, self.errors.get(code, []))
            for code, way in self.chosen.items()
        ]

    @property
    def problems(self) -> list[tuple[str, Any, Any]]:
        """(id of the field, its name, sentence) of everything that is wrong."""
        names = {"time_zone": _("Time zone"), "language": _("Language of mails")}
        names |= {code: str(kind.name) for code, kind in newswords.KINDS.items()}
        return [(f"f-{code}", names[code], said) for code, all_ in self.errors.items() for said in all_]
