"""ApiToken: a key with which a partner's program acts for its organization."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Organization, User
from accounts.models.rows import Versioned


class Scope(models.TextChoices):
    """What a token may do; it never may more than a trader of its organization."""

    MARKET_READ = "market:read", _("read the market and what is the organization's own")
    OFFERS_WRITE = "offers:write", _("write sites and offers")
    REQUESTS_WRITE = "requests:write", _("write requests")
    DEALS_WRITE = "deals:write", _("write interests, quotes, contracts and moves")
    WEBHOOKS_WRITE = "webhooks:write", _("manage webhooks")


class ApiTokenQuerySet(models.QuerySet):
    def live(self, now: datetime) -> "ApiTokenQuerySet":
        """Not revoked, and their time is not over."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True)


class ApiToken(Versioned):
    """Of an organization. The token itself is shown once and kept nowhere: only its hash is.

    `prefix` is how it begins, enough to tell one from another and no part of the secret.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="tokens", verbose_name=_("organization")
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    prefix = models.CharField(_("begins with"), max_length=16, editable=False)
    token_hash = models.CharField(_("token, hashed"), max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    made_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
        help_text=_("empty if it was made on the server"),
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(
        _("last used"), null=True, blank=True, help_text=_("written at most once a minute")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return f"{self.organization} · {self.prefix}"

    def is_live(self, now: datetime) -> bool:
        """Whether it opens anything at `now` (its time is half-open)."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
