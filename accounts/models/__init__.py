"""Who, and what everything rests on."""

from accounts.models.events import Due, Event
from accounts.models.licences import Licence, Review
from accounts.models.notices import Mail, Notice
from accounts.models.people import Membership, Organization, Role, SanctionsResult, User, Verification

__all__ = [
    "Due",
    "Event",
    "Licence",
    "Mail",
    "Membership",
    "Notice",
    "Organization",
    "Review",
    "Role",
    "SanctionsResult",
    "User",
    "Verification",
]
