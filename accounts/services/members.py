"""Members of an organization: their role changes, they leave. Never the last owner."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organization, Role, User
from accounts.services import events, lifecycle
from accounts.services.errors import Conflict, Invalid


class LastOwner(Conflict):
    """Without an owner nobody could sign, or let anybody in."""

    code = "last_owner"
    message = _("An organization keeps at least one owner. Make somebody else an owner first.")


def change_role(*, membership: Membership, role: str, was: str, by: User, now: datetime) -> None:
    """Give the member another role. `was` is the role the form was made from. Raises LastOwner or Stale."""
    if role not in Role.values:
        raise Invalid({"role": [_("Choose viewer, trader or owner.")]})
    with transaction.atomic():
        _keep_an_owner(membership, unless=role == Role.OWNER)
        if not Membership.objects.filter(pk=membership.pk, role=was).update(role=role):
            raise lifecycle.Stale
        events.changed(
            membership, code="role_changed", at=now, by=by, on_behalf_of=membership.organization_id,
            params={"user": str(membership.user_id), "from": was, "to": role},
        )  # fmt: skip
    membership.refresh_from_db()


def remove(*, membership: Membership, by: User, now: datetime) -> None:
    """End the membership: somebody is sent away, or leaves. Raises LastOwner."""
    with transaction.atomic():
        _keep_an_owner(membership)
        if not Membership.objects.filter(pk=membership.pk).exists():
            raise lifecycle.SomebodyWasFirst
        events.changed(
            membership, code="left", at=now, by=by, on_behalf_of=membership.organization_id,
            params={"user": str(membership.user_id)},
        )  # fmt: skip
        membership.delete()


def _keep_an_owner(membership: Membership, *, unless: bool = False) -> None:
    """Lock the organization, so that two owners can't remove each other, and look who else owns it."""
    organizations = Organization.objects.select_for_update(of=("self",), no_key=True)
    organization = organizations.get(pk=membership.organization_id)
    owners = organization.memberships.filter(role=Role.OWNER)
    if not unless and owners.filter(pk=membership.pk).exists() and owners.count() == 1:
        raise LastOwner
