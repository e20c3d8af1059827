"""Invitation: a place in an organization that waits for the owner of a mailbox."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Organization, Role, User
from accounts.models.rows import Versioned


class InvitationStatus(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    REVOKED = "revoked", _("revoked")
    EXPIRED = "expired", _("expired")


class Invitation(Versioned):
    """To one e-mail address, with one role, for a week. The token itself is only in the mail.

    An open invitation whose time is over counts as expired, whether or not the clock has written it yet.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="invitations", verbose_name=_("organization")
    )
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.VIEWER)
    token_hash = models.CharField(_("token, hashed"), max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by")
    )
    expires_at = models.DateTimeField(_("expires"))
    status = models.CharField(
        _("status"), max_length=8, choices=InvitationStatus, default=InvitationStatus.OPEN
    )

    MOVES = {
        InvitationStatus.OPEN: frozenset(
            {InvitationStatus.ACCEPTED, InvitationStatus.REVOKED, InvitationStatus.EXPIRED}
        ),
        InvitationStatus.ACCEPTED: frozenset(),
        InvitationStatus.REVOKED: frozenset(),
        InvitationStatus.EXPIRED: frozenset(),
    }

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(status=InvitationStatus.OPEN),
                name="invitation_is_one_open_per_address",
            ),
            models.CheckConstraint(name="invitation_role_is_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="invitation_status_is_known", condition=Q(status__in=InvitationStatus.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organization}"

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted at `now` (its time is half-open)."""
        return self.status == InvitationStatus.OPEN and now < self.expires_at
