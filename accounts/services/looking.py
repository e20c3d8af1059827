"""Staff looks at the pages as an organization sees them: to read only, for an hour, and written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Event, Organization, Role, User
from accounts.services import events, staff
from accounts.services.acting import Member
from accounts.services.timelines import LOOK

LONGEST = timedelta(hours=1)


@dataclass(frozen=True)
class Looking(Member):
    """One of the staff, who for now sees what the organization sees and nothing of what staff sees."""

    @property
    def is_staff(self) -> bool:
        return False


def begin(*, organization: Organization, by: User, why: str, now: datetime) -> Event:
    """Begin to look. Raises NotAllowed for who is not of the staff, and Invalid without a reason."""
    staff.only(by)
    return events.record(
        kind=LOOK,
        subject_id=organization.pk,
        code="look_began",
        at=now,
        by=by,
        why=staff.reason(why),
        params={"handle": organization.handle},
    )


def end(*, organization: Organization, by: User, now: datetime) -> Event:
    """Look as oneself again."""
    return events.record(kind=LOOK, subject_id=organization.pk, code="look_ended", at=now, by=by)


def is_over(*, since: datetime, now: datetime) -> bool:
    """Whether the hour has passed."""
    return now - since >= LONGEST


def as_viewer(*, organization: Organization, by: User) -> Looking:
    """A viewer who sees what a member with the role "viewer" sees."""
    return Looking(user=by, organization=organization, role=Role.VIEWER, organizations=(organization,))
