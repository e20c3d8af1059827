"""Invitation: sent to an address, resent, revoked, accepted by whoever owns the address."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, InvitationStatus, Membership, Organization, Role, User
from accounts.services import events, lifecycle, mail, organizations, people
from accounts.services.errors import Conflict, Invalid, NotAllowed

LASTS = timedelta(days=7)
# From a token to the address of its page: only the edge knows under which name the site is reached.
Address = Callable[[str], str]


class AlreadyInvited(Conflict):
    """One open invitation per address."""

    code = "already_invited"
    field = "email"
    message = _("%(email)s is invited already. Send that invitation again, or revoke it.")


class Over(Conflict):
    """It was accepted or revoked, or its week is over."""

    code = "invitation_over"
    message = _("This invitation no longer holds. Ask whoever invited you for a new one.")


class NotYours(NotAllowed):
    """Somebody else's mailbox was invited."""

    code = "invitation_not_yours"
    message = _("This invitation is for another address. Sign in with the address it was sent to.")


def hashed(token: str) -> str:
    """What is kept of a token. It is drawn from 256 bits, so a plain hash can't be guessed backwards."""
    return hashlib.sha256(token.encode()).hexdigest()


def invite(
    *, organization: Organization, email: str, role: str, address: Address, by: User, now: datetime
) -> Invitation:
    """Invite the owner of a mailbox for a week. Raises Invalid or AlreadyInvited."""
    email = email.strip().lower()
    if role not in Role.values:
        raise Invalid({"role": [_("Choose viewer, trader or owner.")]})
    if organization.memberships.filter(user__email=email).exists():
        raise Invalid({"email": [_("This person is a member already.")]})
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        _expire(organization, email, now)
        try:
            with transaction.atomic():
                invitation = Invitation.objects.create(
                    organization=organization,
                    email=email,
                    role=role,
                    token_hash=hashed(token),
                    invited_by=by,
                    expires_at=now + LASTS,
                    created_at=now,
                    updated_at=now,
                )
        except IntegrityError as error:
            raise AlreadyInvited(email=email) from error
        events.changed(
            invitation, code="sent", at=now, by=by, on_behalf_of=organization.pk, params={"role": role}
        )
        _write(invitation, address(token), now)
    return invitation


def resend(*, invitation: Invitation, address: Address, by: User, now: datetime) -> None:
    """Send it again with a new token and a new week; the token in the earlier mail is void. Raises Over."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        still = Invitation.objects.filter(pk=invitation.pk, status=InvitationStatus.OPEN)
        if not still.update(token_hash=hashed(token), expires_at=now + LASTS, updated_at=now):
            raise Over
        invitation.refresh_from_db()
        events.changed(invitation, code="sent", at=now, by=by, on_behalf_of=invitation.organization_id)
        _write(invitation, address(token), now)


def revoke(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Take the invitation back: its token opens nothing any more."""
    lifecycle.move(
        invitation, to=InvitationStatus.REVOKED, at=now, by=by, on_behalf_of=invitation.organization_id
    )


def find(*, token: str) -> Invitation | None:
    """The invitation whose mail had this token, whatever became of it."""
    rows = Invitation.objects.select_related("organization", "invited_by")
    return rows.filter(token_hash=hashed(token)).first()


def accept(*, invitation: Invitation, user: User, now: datetime) -> Membership:
    """Become a member. Whoever is one already keeps the role they have. Raises Over or NotYours."""
    if not invitation.is_open(now):
        raise Over
    if not people.has_confirmed(user=user, email=invitation.email):
        raise NotYours
    organization = invitation.organization
    with transaction.atomic():
        lifecycle.move(
            invitation, to=InvitationStatus.ACCEPTED, at=now, by=user, on_behalf_of=organization.pk
        )
        member = organization.memberships.filter(user=user).first()
        if member is None:
            member = organizations.join(
                organization=organization, user=user, role=invitation.role, by=user, now=now
            )
    return member


def _expire(organization: Organization, email: str, now: datetime) -> None:
    """Write down that an open invitation to this address is over, so that a new one has its place."""
    stale = organization.invitations.filter(
        email=email, status=InvitationStatus.OPEN, expires_at__lte=now
    ).first()
    if stale:
        lifecycle.move(stale, to=InvitationStatus.EXPIRED, at=now)


def _write(invitation: Invitation, link: str, now: datetime) -> None:
    """Queue the mail. The organization's legal name is not for people outside: the handle is."""
    handle, until = invitation.organization.handle, f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
    mail.queue(
        to=invitation.email,
        subject=_now("You are invited to join %(handle)s") % {"handle": handle},
        text=_now(
            "You are invited to join the organization %(handle)s on Mining hotels as %(role)s.\n\n"
            "Accept with this address of yours, until %(until)s:\n%(link)s\n\n"
            "If you don't know what this is about, do nothing: nobody joins without accepting.\n"
        )
        % {"handle": handle, "role": invitation.get_role_display(), "until": until, "link": link},
        now=now,
    )
