"""People: their own particulars, whose address is theirs, and how an account is closed."""

import zoneinfo
from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, Membership, Notice, Organization, OutboxMail, Role, User
from accounts.services import events
from accounts.services.errors import Conflict, Invalid


class StillNeeded(Conflict):
    """The only owner of an organization that has people or business can't leave it alone."""

    code = "still_needed"
    message = _(
        "You are the only owner of %(handles)s, which still has members, open requests or live offers. "
        "Make somebody else an owner, or end them first."
    )


def vouch(*, user: User) -> None:
    """The person's address is confirmed without a mail: they were made by somebody who knows (the demo)."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def has_confirmed(*, user: User, email: str) -> bool:
    """Whether the person has shown that mail to this address reaches them."""
    return EmailAddress.objects.filter(user=user, verified=True, email__iexact=email).exists()


def has_second_factor(*, user: User) -> bool:
    """Whether signing in as this person takes more than a password."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def describe(*, user: User, name: str, language: str, time_zone: str) -> None:
    """Change how the person is called, and in which language and time zone they read. Raises Invalid."""
    if language not in dict(settings.LANGUAGES):
        raise Invalid({"language": [_("Choose one of the languages.")]})
    if time_zone not in zoneinfo.available_timezones():
        raise Invalid({"time_zone": [_("Choose a time zone, for example Asia/Almaty.")]})
    user.name, user.language, user.time_zone = name, language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])


def has_business(organization: Organization) -> bool:
    """Whether something of the organization is open on the market. The market says what
    (settings.BUSINESS_OF_AN_ORGANIZATION): accounts lie beneath it."""
    asked: Callable[[Organization], bool] = import_string(settings.BUSINESS_OF_AN_ORGANIZATION)
    return asked(organization)


def close(*, user: User, now: datetime) -> None:
    """Close the account: it can't sign in any more, and what is personal in it is gone.

    Events and consents stay; they hold an id and nothing else. Raises StillNeeded, then nothing changed.
    """
    with transaction.atomic():
        # Every organization of theirs is locked, by id: nobody else may stop being an owner meanwhile.
        organizations = list(
            Organization.objects.select_for_update(of=("self",), no_key=True)
            .filter(memberships__user=user)
            .order_by("pk")
        )
        needed = [one.handle for one in organizations if _leans_on(one, user)]
        if needed:
            raise StillNeeded(handles=", ".join(needed))
        for organization in organizations:
            events.changed(organization, code="member_left", at=now, by=user, params={"user": str(user.pk)})
        address = f"closed-{user.pk}@account.invalid"
        Membership.objects.filter(user=user).delete()
        Invitation.objects.filter(email__iexact=user.email).update(email=address)
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        Notice.objects.filter(recipient=user).delete()
        OutboxMail.objects.filter(to__iexact=user.email).delete()
        user.email, user.name, user.is_active, user.is_staff, user.is_superuser = (
            address,
            "",
            False,
            False,
            False,
        )
        user.language, user.time_zone, user.last_login = "en", "UTC", None
        user.set_unusable_password()
        user.save()
        events.changed(user, code="closed", at=now, by=user)


def _leans_on(organization: Organization, user: User) -> bool:
    others = organization.memberships.exclude(user=user)
    if others.filter(role=Role.OWNER).exists():
        return False
    if not organization.memberships.filter(user=user, role=Role.OWNER).exists():
        return False
    return others.exists() or has_business(organization)
