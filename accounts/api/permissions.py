"""Who may call what: strangers read, tokens need a scope, people need a role."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, permissions
from rest_framework.request import Request

from accounts.api import viewing
from accounts.models import Scope
from accounts.services.acting import Viewer
from accounts.services.errors import NotAllowed


class ScopeMissing(NotAllowed):
    """The token was made for less than this."""

    code = "scope_missing"
    message = _("This token lacks the scope %(scope)s.")


class NoOrganization(NotAllowed):
    """Whoever belongs to several says for which one they write."""

    code = "organization_missing"
    message = _("Say for which organization you act: its handle in X-Organization.")


class Reads(permissions.BasePermission):
    """Everybody, but a token needs market:read. For what only reads, and for previews."""

    def admits_strangers(self, method: str) -> bool:
        """For the schema."""
        return True

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or raises ScopeMissing (403)."""
        check_scope(viewing.viewer_of(request), Scope.MARKET_READ)
        return True


class Known(permissions.BasePermission):
    """Whoever is no stranger, with whatever scopes."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or raises NotAuthenticated (401)."""
        return known(request) is not None


def needs(scope: str, *, is_public: bool = False) -> type[permissions.BasePermission]:
    """The permission class of a view that writes: `permission_classes = (needs("offers:write"),)`.

    To write, a token needs the scope and a person a role that writes in the organization they act for. To
    read, a token needs market:read; a stranger may read what `is_public`. Raises 401 or 403.
    """

    class Needs(permissions.BasePermission):
        def admits_strangers(self, method: str) -> bool:
            return is_public and method in permissions.SAFE_METHODS

        def has_permission(self, request: Request, view: Any) -> bool:
            if request.method in permissions.SAFE_METHODS:
                viewer = viewing.viewer_of(request) if is_public else known(request)
                check_scope(viewer, Scope.MARKET_READ)
                return True
            viewer = known(request)
            check_scope(viewer, scope)
            if viewer.organization is None:
                raise NoOrganization
            if not viewer.may("write"):
                raise NotAllowed
            return True

    return Needs


def known(request: Request) -> Viewer:
    """The viewer, who is no stranger. Raises NotAuthenticated (401)."""
    viewer = viewing.viewer_of(request)
    if not viewer.is_signed_in:
        raise exceptions.NotAuthenticated
    return viewer


def check_scope(viewer: Viewer, scope: str) -> None:
    """Raises ScopeMissing (403) for a token that was made for less."""
    if not viewer.may_call(scope):
        raise ScopeMissing(scope=scope)
