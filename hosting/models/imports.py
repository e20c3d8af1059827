"""Import: a file of offers or machines, checked first and then written as a whole or not at all."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.models.rows import Versioned
from accounts.services.acting import Viewer
from hosting.models.requests import CapacityRequest


class ImportKind(models.TextChoices):
    OFFERS = "offers", _("offers")
    FLEET = "fleet", _("fleet")


class ImportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    PYASIC = "pyasic", _("export of pyasic")


class ImportStatus(models.TextChoices):
    WAITING = "waiting", _("waiting to be checked")
    CHECKED = "checked", _("checked: nothing is written yet")
    REFUSED = "refused", _("refused: nothing was written")
    ACCEPTED = "accepted", _("being written")
    COMMITTED = "committed", _("written")


IMPORT_MOVES: dict[str, frozenset[str]] = {
    ImportStatus.WAITING: frozenset({ImportStatus.CHECKED, ImportStatus.REFUSED}),
    ImportStatus.CHECKED: frozenset({ImportStatus.ACCEPTED}),
    ImportStatus.ACCEPTED: frozenset({ImportStatus.COMMITTED, ImportStatus.REFUSED}),
    ImportStatus.REFUSED: frozenset(),
    ImportStatus.COMMITTED: frozenset(),
}


class ImportQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> "ImportQuerySet":
        """One's own, and all for staff."""
        if viewer.is_staff:
            return self
        return self.filter(organization=viewer.organization) if viewer.organization else self.none()

    def due(self, now) -> "ImportQuerySet":
        """To be checked or written, and in nobody's hands."""
        return self.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
            status__in=(ImportStatus.WAITING, ImportStatus.ACCEPTED),
        )


class Import(Versioned):
    """A file that an organization sent.

    errors: [{"line": 1 for the header, "column", "message"}, ...], the first ones of `error_count`.
    results: what each line gives, in the file's order: [{"line", ...}, ...].
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="imports", verbose_name=_("organization")
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("sent by"))
    kind = models.CharField(_("kind"), max_length=6, choices=ImportKind)
    format = models.CharField(_("format"), max_length=6, choices=ImportFormat)
    request = models.ForeignKey(
        CapacityRequest,
        models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("request the machines go into"),
    )
    status = models.CharField(_("status"), max_length=9, choices=ImportStatus, default=ImportStatus.WAITING)
    # Asked for together with the file: written as soon as it has been checked.
    is_wanted = models.BooleanField(_("to be written at once"), default=False)
    # Sentences are made in the language of whoever sent the file, also when a worker makes them.
    language = models.CharField(_("language"), max_length=10)
    content = models.TextField(_("content"), blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    error_count = models.PositiveIntegerField(_("errors"), default=0)
    errors = models.JSONField(_("first errors"), default=list, blank=True)
    results = models.JSONField(_("results"), default=list, blank=True)
    summary = models.JSONField(_("summary"), default=dict, blank=True)
    claimed_until = models.DateTimeField(_("in work until"), null=True, blank=True)

    MOVES = IMPORT_MOVES

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["status", "claimed_until"], name="import_by_status")]
        constraints = [
            models.CheckConstraint(name="import_kind_is_known", condition=Q(kind__in=ImportKind.values)),
            models.CheckConstraint(
                name="import_format_is_known", condition=Q(format__in=ImportFormat.values)
            ),
            models.CheckConstraint(
                name="import_status_is_known", condition=Q(status__in=ImportStatus.values)
            ),
            models.CheckConstraint(
                name="import_refused_has_errors",
                condition=~Q(status=ImportStatus.REFUSED) | Q(error_count__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d}"
