"""The admin's site: entered through the same door as everything else, and with a second factor."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.services import people


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether this person of the staff must set up a second factor first (never in the demo)."""
    if not settings.STAFF_NEEDS_SECOND_FACTOR:
        return False
    return isinstance(request.user, AnonymousUser) or not people.has_second_factor(user=request.user)


class StaffSite(AdminSite):
    """For staff. It has no sign-in page of its own."""

    site_header = _("Mining hotels: staff")
    site_title = _("Staff")
    index_title = _("What waits, and what there is")

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not lacks_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Send strangers to sign in, staff without a second factor to set one up, everybody else away."""
        wanted = request.GET.get("next", reverse("admin:index"))
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)
        if not super().has_permission(request):
            raise PermissionDenied
        if lacks_second_factor(request):
            messages.warning(request, _("Staff signs in with a second factor. Set one up first."))
            return redirect(f"{reverse('mfa_activate_totp')}?{urlencode({'next': wanted})}")
        return redirect("admin:index")
