"""Notice: a line in the app, and the outbox of the mail that goes with it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class Mail(models.TextChoices):
    NONE = "none", _("no mail")
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class NoticeQuerySet(models.QuerySet):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """Something a person should know: a code with parameters; the words are made where it is read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name=_("for"))
    code = models.CharField(_("what"), max_length=60)
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    about = models.CharField(
        _("about"),
        max_length=120,
        help_text=_("the same thing is told once: a key like rates:fx:KZT:2026-11-22"),
    )
    created_at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mail = models.CharField(_("mail"), max_length=8, choices=Mail, default=Mail.NONE)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "about"], name="notice_is_told_once"),
            models.CheckConstraint(name="notice_mail_is_known", condition=Q(mail__in=Mail.values)),
        ]

    def __str__(self) -> str:
        return f"{self.code} → {self.recipient}"
