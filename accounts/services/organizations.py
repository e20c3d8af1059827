"""Organization: founded, joined, verified, licensed."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Licence, Membership, Organization, Review, Role, User, Verification
from accounts.services import events, lifecycle
from accounts.services.errors import Conflict, Invalid

KINDS = ("host", "miner", "broker", "partner")


class HandleTaken(Conflict):
    """Another organization has this handle."""

    code = "handle_taken"
    message = _("The handle %(handle)s is taken.")


def found(
    *, by: User, handle: str, legal_name: str, country: str, kinds: list[str], now: datetime, **more: Any
) -> Organization:
    """Found an organization; whoever founds it becomes its owner. Raises Invalid or HandleTaken."""
    unknown = [kind for kind in kinds if kind not in KINDS]
    if not kinds or unknown:
        raise Invalid({"kinds": [_("Choose host, miner, broker or partner.")]})
    flags = {f"is_{kind}": True for kind in kinds}
    with transaction.atomic():
        try:
            with transaction.atomic():
                organization = Organization.objects.create(
                    handle=handle,
                    legal_name=legal_name,
                    country=country,
                    created_at=now,
                    updated_at=now,
                    **flags,
                    **more,
                )
        except IntegrityError as error:
            raise HandleTaken(handle=handle) from error
        events.changed(organization, code="founded", at=now, by=by)
        join(organization=organization, user=by, role=Role.OWNER, by=by, now=now)
    return organization


def join(*, organization: Organization, user: User, role: str, by: User | None, now: datetime) -> Membership:
    """Make the person a member with this role (changing the role of one who is)."""
    with transaction.atomic():
        membership, _created = Membership.objects.update_or_create(
            organization=organization,
            user=user,
            defaults={"role": role},
            create_defaults={"role": role, "created_at": now},
        )
        events.changed(
            organization, code="member_joined", at=now, by=by, params={"user": str(user.pk), "role": role}
        )
    return membership


def submit(*, organization: Organization, by: User, now: datetime) -> None:
    """Ask for verification."""
    lifecycle.move(organization, to=Verification.SUBMITTED, at=now, by=by)


def take_up(*, organization: Organization, by: User, now: datetime) -> None:
    """Staff begins to look at the dossier."""
    lifecycle.move(organization, to=Verification.IN_REVIEW, at=now, by=by)


def approve(*, organization: Organization, by: User, why: str, now: datetime) -> None:
    """Staff verifies the organization."""
    lifecycle.move(organization, to=Verification.VERIFIED, at=now, by=by, why=why, verified_at=now)


def suspend(*, organization: Organization, by: User, why: str, now: datetime) -> None:
    """Staff suspends the organization: nothing of it is looked at in matching."""
    lifecycle.move(organization, to=Verification.SUSPENDED, at=now, by=by, why=why)


def add_licence(
    *,
    organization: Organization,
    jurisdiction_code: str,
    type: str,
    number: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    by: User,
    now: datetime,
) -> Licence:
    """Enter a licence; it counts in matching once it is reviewed."""
    if valid_from and valid_to and valid_to <= valid_from:
        raise Invalid({"valid_to": [_("A licence ends after it begins.")]})
    with transaction.atomic():
        licence = Licence.objects.create(
            organization=organization,
            jurisdiction_code=jurisdiction_code,
            type=type,
            number=number,
            valid_from=valid_from,
            valid_to=valid_to,
            created_at=now,
            updated_at=now,
        )
        events.changed(licence, code="entered", at=now, by=by, on_behalf_of=organization.pk)
    return licence


def review_licence(*, licence: Licence, by: User, why: str, now: datetime) -> None:
    """Staff has seen the paper: the licence counts."""
    lifecycle.move(licence, to=Review.REVIEWED, at=now, by=by, why=why)
