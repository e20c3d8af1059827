"""Consent: that a person accepted the terms or the privacy notice, and which version of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class Paper(models.TextChoices):
    TERMS = "terms", _("terms of use")
    PRIVACY = "privacy", _("privacy notice")


class Consent(models.Model):
    """One acceptance. It stays when the account is closed: it says nothing about the person but an id."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents", verbose_name=_("person"))
    document = models.CharField(_("document"), max_length=8, choices=Paper)
    version = models.PositiveSmallIntegerField(_("version"))
    at = models.DateTimeField(_("accepted"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "document", "version"], name="consent_is_one_per_person_and_version"
            ),
            models.CheckConstraint(
                name="consent_document_is_known", condition=models.Q(document__in=Paper.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"
