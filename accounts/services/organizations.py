"""Organization: founded, described, joined, verified, suspended."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pycountry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    Membership,
    Organization,
    Role,
    SanctionsResult,
    User,
    Verification,
)
from accounts.services import events, lifecycle, staff
from accounts.services.errors import Conflict, Invalid, NotAllowed

KINDS = ("host", "miner", "broker", "partner")
# A word of our own addresses can't be a handle: /organizations/act-for/ is no organization.
RESERVED_HANDLES = ("act-for",)
# A sanctions check older than this says nothing about today.
SANCTIONS_CHECK_DAYS = 90
# What staff vouched for, or is looking at, is not rewritten under its eyes.
PARTICULARS = ("legal_name", "country", "registration_number")
FIXED_WHILE = (
    Verification.SUBMITTED, Verification.IN_REVIEW, Verification.VERIFIED, Verification.SUSPENDED,
)  # fmt: skip


class HandleTaken(Conflict):
    """Another organization has this handle."""

    code = "handle_taken"
    field = "handle"
    message = _("The handle %(handle)s is taken.")


class ParticularsFixed(Conflict):
    """What staff vouched for, or is looking at, stays as it was handed in."""

    code = "particulars_fixed"
    message = _("Name, country and registration number stay as they are while staff looks or has verified.")


class NotChecked(Conflict):
    """Nobody is verified without a fresh and clear sanctions check."""

    code = "sanctions_not_clear"
    message = _("Record a clear sanctions check of the last %(days)s days first.")


class SecondPerson(NotAllowed):
    """Whoever proposed to lift a suspension can't also confirm it."""

    code = "second_person_needed"
    message = _("You proposed this yourself. Somebody else of the staff has to confirm it.")


class NotProposed(Conflict):
    """A suspension is lifted in two steps, and the first is missing (or was taken already)."""

    code = "lift_not_proposed"
    message = _("Lifting a suspension is proposed by one of the staff and confirmed by another.")


def found(
    *,
    by: User,
    handle: str,
    legal_name: str,
    country: str,
    kinds: list[str],
    id: uuid.UUID | None = None,
    now: datetime,
    **more: Any,
) -> Organization:
    """Found an organization; whoever founds it becomes its owner. The same id again gives the row of the
    first time. Raises Invalid or HandleTaken."""
    earlier = Organization.objects.filter(pk=id, memberships__user=by).first() if id else None
    if earlier:
        return earlier
    if handle in RESERVED_HANDLES:
        raise HandleTaken(handle=handle)
    made = Organization(
        id=id or uuid.uuid4(),
        handle=handle,
        legal_name=legal_name,
        country=country,
        created_at=now,
        updated_at=now,
        **flags_of(kinds),
        **more,
    )
    check(made)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            raise HandleTaken(handle=handle) from error
        events.changed(made, code="founded", at=now, by=by)
        join(organization=made, user=by, role=Role.OWNER, by=by, now=now)
    return made


def flags_of(kinds: list[str]) -> dict[str, bool]:
    """The columns for these kinds. Raises Invalid if there is none, or one that nobody knows."""
    if not kinds or set(kinds) - set(KINDS):
        raise Invalid({"kinds": [_("Choose host, miner, broker or partner.")]})
    return {f"is_{kind}": kind in kinds for kind in KINDS}


def check(organization: Organization) -> None:
    """Raises Invalid if a column of the row can't be as it is."""
    try:
        organization.clean_fields()
    except ValidationError as error:
        raise Invalid(error.message_dict) from error
    if pycountry.countries.get(alpha_2=organization.country) is None:
        raise Invalid({"country": [_("Choose a country.")]})


def describe(
    *,
    organization: Organization,
    version: int | None,
    kinds: list[str],
    legal_name: str,
    country: str,
    registration_number: str,
    by: User,
    now: datetime,
) -> None:
    """Change what the organization says of itself. Raises Stale, Invalid; or Conflict for particulars that
    staff vouched for or is looking at (kinds can always change)."""
    with transaction.atomic():
        rows = Organization.objects.select_for_update(of=("self",), no_key=True)
        row = rows.get(pk=organization.pk)
        lifecycle.check_version(row, version)
        given = {"legal_name": legal_name, "country": country, "registration_number": registration_number}
        changed = [name for name in PARTICULARS if getattr(row, name) != given[name]]
        if changed and row.verification in FIXED_WHILE:
            raise ParticularsFixed
        for name, value in {**given, **flags_of(kinds)}.items():
            setattr(row, name, value)
        check(row)
        row.save(update_fields=[*PARTICULARS, *flags_of(kinds)])
        events.touch(row, at=now)
        events.changed(row, code="described", at=now, by=by, params={"fields": changed, "kinds": kinds})
    organization.refresh_from_db()


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
    staff.only(by)
    lifecycle.move(organization, to=Verification.IN_REVIEW, at=now, by=by)


def check_sanctions(
    *, organization: Organization, result: str, reference: str, by: User, now: datetime
) -> None:
    """Staff records what the sanctions lists say today, and where it stands. Raises Invalid."""
    staff.only(by)
    if result not in (SanctionsResult.CLEAR, SanctionsResult.HIT):
        raise Invalid({"result": [_("Choose clear or hit.")]})
    if not reference.strip():
        raise Invalid({"reference": [_("Name the search: which lists, under which number.")]})
    with transaction.atomic():
        Organization.objects.filter(pk=organization.pk).update(
            sanctions_result=result, sanctions_checked_on=now.date(), sanctions_reference=reference.strip()
        )
        events.touch(organization, at=now)
        events.changed(organization, code="sanctions_checked", at=now, by=by, params={"result": result})


def approve(*, organization: Organization, by: User, why: str, now: datetime) -> None:
    """Staff verifies the organization, for a year. Raises NotChecked."""
    staff.only(by)
    reason = staff.reason(why)
    is_clear = organization.sanctions_result == SanctionsResult.CLEAR
    checked_on = organization.sanctions_checked_on
    if not is_clear or not checked_on or checked_on < now.date() - timedelta(days=SANCTIONS_CHECK_DAYS):
        raise NotChecked(days=SANCTIONS_CHECK_DAYS)
    lifecycle.move(organization, to=Verification.VERIFIED, at=now, by=by, why=reason, verified_at=now)


def reject(*, organization: Organization, by: User, why: str, now: datetime) -> None:
    """Staff declines to verify the organization, which may submit again."""
    staff.only(by)
    lifecycle.move(organization, to=Verification.REJECTED, at=now, by=by, why=staff.reason(why))


def ask_more(*, organization: Organization, by: User, why: str, now: datetime) -> None:
    """Staff needs more; the reason says what."""
    staff.only(by)
    lifecycle.move(organization, to=Verification.INFO_NEEDED, at=now, by=by, why=staff.reason(why))


def suspend(*, organization: Organization, by: User, why: str, now: datetime) -> None:
    """Staff suspends the organization: nothing of it is looked at in matching."""
    staff.only(by)
    reason = staff.reason(why)
    lifecycle.move(organization, to=Verification.SUSPENDED, at=now, by=by, why=reason, lift_proposed_by=None)


def propose_lift(*, organization: Organization, by: User, why: str, now: datetime) -> None:
    """The first of two steps: one of the staff proposes to lift the suspension. Raises NotProposed if
    somebody did already, or it is not suspended."""
    staff.only(by)
    reason = staff.reason(why)
    with transaction.atomic():
        open_for_it = Organization.objects.filter(
            pk=organization.pk, verification=Verification.SUSPENDED, lift_proposed_by=None
        )
        if not open_for_it.update(lift_proposed_by=by):
            raise NotProposed
        events.touch(organization, at=now)
        events.changed(organization, code="lift_proposed", at=now, by=by, why=reason)


def lift(*, organization: Organization, by: User, why: str, now: datetime) -> None:
    """The second step: another one of the staff lifts the suspension. Raises NotProposed, SecondPerson."""
    staff.only(by)
    reason = staff.reason(why)
    if organization.lift_proposed_by_id is None:
        raise NotProposed
    if organization.lift_proposed_by_id == by.pk:
        raise SecondPerson
    lifecycle.move(
        organization,
        to=Verification.VERIFIED,
        at=now,
        by=by,
        why=reason,
        lift_proposed_by=None,
        # A suspension neither lengthens nor shortens the year for which it was verified.
        verified_at=organization.verified_at or now,
    )


def verified_until(at: datetime) -> datetime:
    """When a verification of this moment ends: twelve months later (28 February for the 29th)."""
    try:
        return at.replace(year=at.year + 1)
    except ValueError:
        return at.replace(year=at.year + 1, day=28)


def expire_due(*, now: datetime) -> int:
    """Verifications whose twelve months are over expire. Gives how many did; a second call finds none."""
    expired = 0
    candidates = Organization.objects.filter(
        verification=Verification.VERIFIED, verified_at__lte=now - timedelta(days=364)
    )
    for organization in candidates.order_by("pk"):
        if organization.verified_at and verified_until(organization.verified_at) <= now:
            try:
                lifecycle.move(organization, to=Verification.EXPIRED, at=now)
            except lifecycle.SomebodyWasFirst:
                # Staff took a step at this very moment; the next call sees what it was.
                continue
            expired += 1
    return expired
