"""My account: how I am called, what I accepted, and how it is closed."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.services import consents, people
from accounts.services.acting import Person
from accounts.web import acting, personforms

LOOK_AND_SEND = ["GET", "HEAD", "POST"]


@require_http_methods(LOOK_AND_SEND)
@acting.signed_in
def account(request: HttpRequest, viewer: Person) -> HttpResponse:
    """Name, language and time zone; and the way to address, password, second factor."""
    user = viewer.user
    names = ("name", "language", "time_zone")
    form = personforms.Describe(initial={name: getattr(user, name) for name in names})
    if request.method == "POST":
        form = personforms.Describe(request.POST)
        form.carry_out(people.describe, user=user)
        if not form.errors:
            messages.success(request, _("Saved."))
            answer = redirect("account")
            answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
            return answer
    page = {"form": form, "has_second_factor": people.has_second_factor(user=user)}
    return render(request, "account/account.html", page, status=form.status if form.errors else 200)


@require_http_methods(LOOK_AND_SEND)
@acting.signed_in
@reauthentication_required
def close(request: HttpRequest, viewer: Person) -> HttpResponse:
    """Close the account, after the password once more. Refused while somebody's business hangs on it."""
    form = personforms.Close(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        people.close(user=viewer.user, now=timezone.now())
        logout(request)
        messages.success(request, _("Your account is closed. What was personal in it is gone."))
        return redirect("home")
    return render(request, "account/close.html", {"form": form}, status=form.status if form.errors else 200)


@require_http_methods(LOOK_AND_SEND)
def consent(request: HttpRequest) -> HttpResponse:
    """Ask somebody who is signed in to accept the papers in force, then go on where they wanted to."""
    if not request.user.is_authenticated:
        return redirect("login")
    form = personforms.Accept(request.POST if request.method == "POST" else None)
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    if request.method == "POST" and form.is_valid():
        consents.accept(user=request.user, now=timezone.now())
        is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
        return redirect(wanted if is_ours else "/")
    page = {"form": form, "next": wanted}
    return render(request, "account/consent.html", page, status=form.status if form.errors else 200)


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The terms of use in force."""
    return render(request, "account/terms.html", {"version": consents.VERSIONS["terms"]})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The privacy notice in force."""
    return render(request, "account/privacy.html", {"version": consents.VERSIONS["privacy"]})
