"""Dossier: what an organization shows of itself to be verified, and what staff answered."""

from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import DocumentKind, Event, Organization, Review, User
from accounts.services import events, lifecycle, organizations
from accounts.services.errors import Invalid

# Why staff and clock moved the organization; what it did itself needs no reason.
ANSWERS = (
    "became_verified", "became_rejected", "became_info_needed", "became_suspended", "became_expired",
)  # fmt: skip


def gaps(*, organization: Organization, today: date) -> list:
    """What still is missing, in sentences; empty if the dossier can be submitted."""
    sentences = []
    if not organization.registration_number:
        sentences.append(_("Enter the registration number."))
    holding = organization.documents.exclude(review=Review.REJECTED).filter(
        Q(expires_on__isnull=True) | Q(expires_on__gt=today), kind=DocumentKind.REGISTRATION
    )
    if not holding.exists():
        sentences.append(_("Hand in an extract from the company register."))
    return sentences


def submit(*, organization: Organization, version: int | None, by: User, now: datetime) -> None:
    """Hand the dossier to staff. Raises Stale, Invalid (with the gaps) or NoSuchMove."""
    lifecycle.check_version(organization, version)
    missing = gaps(organization=organization, today=now.date())
    if missing:
        raise Invalid({"dossier": missing})
    organizations.submit(organization=organization, by=by, now=now)


def answers(*, organization: Organization) -> list[Event]:
    """What became of it and why, the latest first."""
    kind = events.kind_of(organization)
    rows = Event.objects.filter(subject_kind=kind, subject_id=organization.pk, code__in=ANSWERS)
    return list(rows.order_by("-pk"))
