"""Licence: entered by an organization, with its paper; counts in matching once staff has reviewed it."""

import re
import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Document, Licence, Organization, Review, User
from accounts.services import events, lifecycle, staff
from accounts.services.errors import Invalid

TYPE = re.compile(r"[a-z0-9][a-z0-9-]{1,59}")
# A code of ISO 3166, by its form: which places there are is known to the market, not here.
PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def add(
    *,
    organization: Organization,
    jurisdiction_code: str,
    type: str,
    number: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    document: Document | None = None,
    id: uuid.UUID | None = None,
    by: User,
    now: datetime,
) -> Licence:
    """Enter a licence; it holds on the days of [valid_from, valid_to). The same id again gives the row of
    the first time. Raises Invalid."""
    earlier = organization.licences.filter(pk=id).first() if id else None
    if earlier:
        return earlier
    wrong: dict[str, list] = {}
    if valid_from and valid_to and valid_to <= valid_from:
        wrong["valid_to"] = [_("A licence ends after it begins.")]
    if not PLACE.fullmatch(jurisdiction_code):
        wrong["jurisdiction_code"] = [_("Enter a code of ISO 3166, for example KZ or US-TX.")]
    if not TYPE.fullmatch(type):
        wrong["type"] = [_("Use lower-case letters, digits and hyphens, for example kz-digital-mining-1.")]
    if document and document.organization_id != organization.pk:
        wrong["document"] = [_("Choose one of your papers.")]
    if wrong:
        raise Invalid(wrong)
    with transaction.atomic():
        licence = Licence.objects.create(
            id=id or uuid.uuid4(),
            organization=organization,
            jurisdiction_code=jurisdiction_code,
            type=type,
            number=number,
            valid_from=valid_from,
            valid_to=valid_to,
            document=document,
            created_at=now,
            updated_at=now,
        )
        events.changed(licence, code="entered", at=now, by=by, on_behalf_of=organization.pk)
    return licence


def review(*, licence: Licence, by: User, why: str, now: datetime) -> None:
    """Staff has seen the paper: the licence counts."""
    _decide(licence, Review.REVIEWED, by, why, now)


def reject(*, licence: Licence, by: User, why: str, now: datetime) -> None:
    """Staff does not accept it, or no longer: it counts no more."""
    _decide(licence, Review.REJECTED, by, why, now)


def _decide(licence: Licence, to: str, by: User, why: str, now: datetime) -> None:
    staff.only(by)
    lifecycle.move(licence, to=to, at=now, by=by, on_behalf_of=licence.organization_id, why=staff.reason(why))
