"""Who calls: a program with a token, or a person with a browser's session."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts.models import ApiToken
from accounts.services import tokens

SCHEME = "bearer"


class BearerToken(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`. request.auth is then the ApiToken, and request.user nobody: whose
    rights count is said by viewing.viewer_of alone."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiToken] | None:
        """None without the header: the next way of signing in is tried. Raises AuthenticationFailed (401)."""
        presented = bearer(request._request)
        if presented is None:
            return None
        token = token_of(request._request)
        if token is None:
            raise exceptions.AuthenticationFailed(
                _("This token is unknown, revoked or expired."), "token_invalid"
            )
        tokens.used(token=token, now=timezone.now())
        return AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="api"'


def bearer(request: HttpRequest) -> str | None:
    """What stands behind Bearer in the header; None if there is no such header."""
    scheme, _blank, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == SCHEME else None


def token_of(request: HttpRequest) -> ApiToken | None:
    """The live token the request carries, looked up once: limits and authentication both ask."""
    if not hasattr(request, "api_token"):
        presented = bearer(request)
        found = tokens.find(token=presented, now=timezone.now()) if presented else None
        request.api_token = found
    return request.api_token


class BearerTokenScheme(OpenApiAuthenticationExtension):
    """How the schema tells of it."""

    target_class = "accounts.api.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token in the header."""
        return {"type": "http", "scheme": SCHEME, "description": "a token of an organization, with scopes"}
