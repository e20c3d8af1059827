"""Signing in and out, by Django's own views in our dress."""

from django.contrib.auth import views


class SignIn(views.LoginView):
    """Sign in by e-mail; somebody who is signed in already is sent on."""

    redirect_authenticated_user = True
    extra_context = {"area": "login"}


class SignOut(views.LogoutView):
    """Sign out (POST only) and return to the first page."""
