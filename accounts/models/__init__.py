"""Who, and what everything rests on."""

from accounts.models.consents import Consent, Paper
from accounts.models.documents import Document, DocumentKind, Review
from accounts.models.events import Due, Event
from accounts.models.idempotency import IdempotencyRecord
from accounts.models.invitations import Invitation, InvitationStatus
from accounts.models.licences import Licence
from accounts.models.notices import Mail, Notice, NoticeSetting, Way
from accounts.models.outbox import OutboxMail
from accounts.models.people import Membership, Organization, Role, SanctionsResult, User, Verification
from accounts.models.tokens import ApiToken, Scope

__all__ = [
    "ApiToken",
    "Consent",
    "Document",
    "DocumentKind",
    "IdempotencyRecord",
    "Invitation",
    "InvitationStatus",
    "Paper",
    "Due",
    "Event",
    "Licence",
    "Mail",
    "Membership",
    "Notice",
    "NoticeSetting",
    "OutboxMail",
    "Organization",
    "Review",
    "Role",
    "SanctionsResult",
    "Scope",
    "User",
    "Verification",
    "Way",
]
