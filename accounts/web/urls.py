"""The pages of accounts."""

from django.urls import path

from accounts.web import signin

urlpatterns = [
    path("login/", signin.SignIn.as_view(), name="login"),
    path("logout/", signin.SignOut.as_view(), name="logout"),
]
