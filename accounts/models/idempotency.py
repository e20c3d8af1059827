"""IdempotencyRecord: an unsafe call that carried a key, and the answer it got."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyRecord(models.Model):
    """One call of one caller under one key. `status` is empty while the call runs.

    `lease_until` is how long a call that has not answered is believed to run: after that it has crashed, and
    the key is free again. Nothing leads from here to the caller but its id: the row is swept after a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    caller = models.CharField(_("caller"), max_length=60, help_text=_("token:<id> or user:<id>"))
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(
        _("fingerprint"), max_length=64, help_text=_("SHA-256 of method, path, organization and body")
    )
    run = models.UUIDField(_("run"), default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("created"))
    lease_until = models.DateTimeField(_("believed to run until"))
    expires_at = models.DateTimeField(_("expires"))
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    body = models.BinaryField(_("body"), default=b"", blank=True)

    class Meta:
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["expires_at"], name="idempotency_by_expiry")]
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="idempotency_is_one_per_caller_and_key")
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
