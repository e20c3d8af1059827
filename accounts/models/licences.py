"""Licence: what an organization is allowed to do somewhere."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.documents import REVIEW_MOVES, Document, Review
from accounts.models.people import Organization
from accounts.models.rows import Versioned


class Licence(Versioned):
    """A licence, permit or registration. Keeps a place's code, not a key: accounts lie beneath the market.

    Valid on the days of [valid_from, valid_to); an empty side is open.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="licences", verbose_name=_("organization")
    )
    jurisdiction_code = models.CharField(_("jurisdiction"), max_length=6)
    type = models.CharField(_("type"), max_length=60, help_text=_("for example kz-digital-mining-1"))
    number = models.CharField(_("number"), max_length=80, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(
        _("valid to"), null=True, blank=True, help_text=_("the first day it no longer holds")
    )
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="licences",
        verbose_name=_("document"),
    )
    review = models.CharField(_("review"), max_length=10, choices=Review, default=Review.SUBMITTED)

    STATUS_FIELD = "review"
    MOVES = REVIEW_MOVES

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["organization", "type"]
        constraints = [
            models.CheckConstraint(
                name="licence_ends_after_it_begins",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="licence_review_is_known", condition=Q(review__in=Review.values)),
        ]

    def __str__(self) -> str:
        return f"{self.type} · {self.organization}"
