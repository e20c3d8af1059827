"""Document: a paper of an organization's dossier, kept outside the web root under a random name."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Organization
from accounts.models.rows import Versioned


class Review(models.TextChoices):
    SUBMITTED = "submitted", _("submitted")
    REVIEWED = "reviewed", _("reviewed")
    REJECTED = "rejected", _("rejected")


# What staff may say of a paper or a licence. A rejected one is not argued about: a new one is handed in.
REVIEW_MOVES: dict[str, frozenset[str]] = {
    Review.SUBMITTED: frozenset({Review.REVIEWED, Review.REJECTED}),
    Review.REVIEWED: frozenset({Review.REJECTED}),
    Review.REJECTED: frozenset(),
}


class DocumentKind(models.TextChoices):
    REGISTRATION = "registration", _("extract from the company register")
    OWNERSHIP = "ownership", _("who owns and directs it")
    POWER = "power", _("power connection or supply contract")
    SITE = "site", _("right to the land or the building")
    LICENCE = "licence", _("licence or permit")
    OTHER = "other", _("something else")


def random_name(document: "Document", name: str) -> str:
    """Where the file lies under MEDIA_ROOT. Nothing of the name it came with is in it, not even its end."""
    drawn = secrets.token_hex(20)
    return f"documents/{drawn[:2]}/{drawn}"


class Document(Versioned):
    """A file as it came, byte by byte (sha256 says so). Only its own side and staff ever read it."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="documents", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=DocumentKind)
    file = models.FileField(_("file"), upload_to=random_name, max_length=120, editable=False)
    name = models.CharField(_("name"), max_length=200, help_text=_("as it was called; only ever shown"))
    content_type = models.CharField(_("type"), max_length=40, editable=False)
    size_bytes = models.PositiveIntegerField(_("size, bytes"), editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    expires_on = models.DateField(
        _("expires on"), null=True, blank=True, help_text=_("the first day it no longer holds")
    )
    review = models.CharField(_("review"), max_length=10, choices=Review, default=Review.SUBMITTED)

    STATUS_FIELD = "review"
    MOVES = REVIEW_MOVES

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "sha256"], name="document_is_one_per_organization_and_content"
            ),
            models.CheckConstraint(name="document_review_is_known", condition=Q(review__in=Review.values)),
            models.CheckConstraint(name="document_kind_is_known", condition=Q(kind__in=DocumentKind.values)),
        ]

    def __str__(self) -> str:
        return self.name
