"""OutboxMail: a mail that is to be sent. The row is the job."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxQuerySet(models.QuerySet):
    def due(self, now) -> "OutboxQuerySet":
        """Not sent, not refused for good, and their time has come."""
        return self.filter(sent_at__isnull=True, refused_at__isnull=True, next_try_at__lte=now)


class OutboxMail(models.Model):
    """One mail, written in its reader's language. Its id is also its Message-ID, so that a receiver drops
    the copy that a crash between sending and recording may cause.

    next_try_at is the lease as well: whoever takes the mail moves it forward before sending.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("key"), max_length=160, unique=True, help_text=_("the same mail is queued once"))
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=10, default="en")
    created_at = models.DateTimeField(_("written"))
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    refused_at = models.DateTimeField(
        _("refused for good"), null=True, blank=True, help_text=_("the server will never take it")
    )
    error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("outbox")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="outbox_to_be_sent",
                condition=Q(sent_at__isnull=True, refused_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
