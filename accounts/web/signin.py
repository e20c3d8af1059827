"""The one door: allauth's pages under our addresses."""

from allauth.account.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.views.generic import RedirectView


class SignIn(LoginView):
    """Sign in by e-mail; somebody who is signed in already is sent on."""

    extra_context = {"area": "login"}


class SignOut(LogoutView):
    """Sign out and return to the first page. A link can't do it."""

    http_method_names = ["post"]


class ToSignIn(RedirectView):
    """Allauth's own address of signing in leads to ours; a form sent there is sent on as it is."""

    pattern_name = "login"
    query_string = True

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return SignIn.as_view()(request)
