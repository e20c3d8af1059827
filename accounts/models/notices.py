"""Notice: a line in the app; NoticeSetting: how a person wants to hear of a kind of news."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Organization, User


class Way(models.TextChoices):
    """How a person hears of a kind of news; each one also does what the one before it does."""

    NONE = "none", _("not at all")
    IN_APP = "in_app", _("in the list only")
    DAILY = "daily", _("in the list, and in one mail a day")
    EACH = "each", _("in the list, and by a mail each")


class Mail(models.TextChoices):
    """Whether a notice goes out by mail: none; waiting for a mail of its own or for the day's; written,
    once it stands in the outbox."""

    NONE = "none", _("no mail")
    WAITING = "waiting", _("waiting")
    DIGEST = "digest", _("waits for the day's mail")
    WRITTEN = "written", _("in the outbox")


class NoticeQuerySet(models.QuerySet):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)

    def readable(self, user: User) -> "NoticeQuerySet":
        """The person's own; what concerns an organization only while they are a member of it."""
        mine = Organization.objects.filter(memberships__user=user)
        return self.filter(Q(organization__isnull=True) | Q(organization__in=mine), recipient=user)


class Notice(models.Model):
    """Something a person should know: a code with parameters; the words are made where it is read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name=_("for"))
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
        help_text=_("as whose member the person is told; empty when told as a person"),
    )
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
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_by_recipient"),
            models.Index(
                fields=["mail"], name="notice_to_be_mailed", condition=Q(mail__in=["waiting", "digest"])
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "about"], name="notice_is_told_once"),
            models.CheckConstraint(name="notice_mail_is_known", condition=Q(mail__in=Mail.values)),
        ]

    def __str__(self) -> str:
        return f"{self.code} → {self.recipient}"


class NoticeSetting(models.Model):
    """What a person chose for a kind of news; without a row the kind's default holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="notice_settings", verbose_name=_("person"))
    code = models.CharField(_("what"), max_length=60)
    way = models.CharField(_("how"), max_length=8, choices=Way)

    class Meta:
        verbose_name = _("notice setting")
        verbose_name_plural = _("notice settings")
        constraints = [
            models.UniqueConstraint(fields=["user", "code"], name="notice_setting_is_one_per_kind"),
            models.CheckConstraint(name="notice_setting_is_known", condition=Q(way__in=Way.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.code} {self.way}"
