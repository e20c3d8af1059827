"""What should have been done and was not: work that no worker took, mail that does not go out."""

from datetime import datetime, timedelta

from django.db import models

from accounts.models import Due, OutboxMail

# Work that no worker took for so long means that none runs.
LATE_AFTER = timedelta(minutes=10)


def late(now: datetime) -> models.QuerySet[Due]:
    """Marks that a running worker would have settled."""
    return Due.objects.filter(event__at__lt=now - LATE_AFTER)


def failing_mail() -> models.QuerySet[OutboxMail]:
    """Mail that was tried in vain and has not gone out; also what was refused for good."""
    return OutboxMail.objects.filter(sent_at__isnull=True).exclude(error="")
