"""Event: one row per change, and the due mark that its readers settle."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.rows import WrittenOnce


class Event(WrittenOnce):
    """What changed, from which status to which, when, by whom and why.

    No foreign key upwards and no names in it: people and organizations are UUIDs, so that an Event can
    outlive both.
    """

    uid = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    subject_kind = models.CharField(
        _("subject"), max_length=60, help_text=_("app.model, for example hosting.offer")
    )
    subject_id = models.UUIDField(_("subject id"))
    code = models.CharField(_("what"), max_length=60)
    status_from = models.CharField(_("from"), max_length=24, blank=True)
    status_to = models.CharField(_("to"), max_length=24, blank=True)
    at = models.DateTimeField(_("when"))
    by = models.UUIDField(_("by"), null=True, blank=True, help_text=_("a person; empty for the clock"))
    on_behalf_of = models.UUIDField(_("on behalf of"), null=True, blank=True)
    why = models.TextField(_("why"), blank=True)
    params = models.JSONField(_("parameters"), default=dict, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="event_by_subject")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.code}"


class Due(models.Model):
    """An Event that a reader has not settled yet. The row is the job: it goes when the reader has done
    its work.

    Rows, not a high-water mark: on PostgreSQL an Event with a smaller id can commit later, and must not
    be missed.
    """

    reader = models.CharField(_("reader"), max_length=30)
    event = models.ForeignKey(Event, models.CASCADE, related_name="due", verbose_name=_("event"))
    # Who works on it and until when: a lease, so that a worker that was killed keeps nothing for ever.
    claimed_by = models.UUIDField(_("claimed by"), null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("due mark")
        verbose_name_plural = _("due marks")
        indexes = [models.Index(fields=["claimed_by"], name="due_by_claim")]
        constraints = [
            models.UniqueConstraint(fields=["reader", "event"], name="due_is_one_per_reader_and_event"),
            models.CheckConstraint(
                name="due_claim_has_its_end",
                condition=models.Q(claimed_by__isnull=True) | models.Q(claimed_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.event_id}"
