"""Mandate: a miner's owner lets a broker post requests for it, for a time; ended at once."""

import uuid
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Document, Organization, User
from accounts.services import events
from accounts.services.errors import Conflict, Invalid, NotAllowed
from hosting.models import Mandate

LONGEST = timedelta(days=3 * 366)


class NoMandate(NotAllowed):
    """No mandate between the two is valid today."""

    code = "no_mandate"
    message = _("No mandate of %(miner)s is valid today that lets you act for it.")


class NotAnOwner(NotAllowed):
    """The organization that grants mandates is a miner."""

    code = "not_a_miner_to_act_for"
    message = _("%(handle)s is not registered as a miner.")


class AlreadyGranted(Conflict):
    """The id of this mandate is another one's."""

    code = "mandate_id_taken"
    message = _("This form was used before. Open a new one.")


def grant(
    *,
    miner: Organization,
    broker: str,
    valid_from: date,
    valid_until: date,
    document: Document | None = None,
    by: User,
    now: datetime,
    id: uuid.UUID | None = None,
) -> Mandate:
    """Let the broker with this handle act on the days of [valid_from, valid_until).

    The same id again gives the mandate of the first time. Raises NotAnOwner, Invalid or AlreadyGranted.
    """
    if not miner.is_miner:
        raise NotAnOwner(handle=miner.handle)
    found = Organization.objects.filter(handle=broker.strip().lower(), is_broker=True).first()
    wrong = _wrong(miner, found, valid_from, valid_until, document, now.date())
    if found is None or wrong:
        raise Invalid(wrong)
    try:
        with transaction.atomic():
            mandate = Mandate(
                id=id or uuid.uuid4(),
                broker=found,
                miner=miner,
                valid_from=valid_from,
                valid_until=valid_until,
                document=document,
                created_at=now,
                updated_at=now,
            )
            mandate.save(force_insert=True)
            params = {"broker": str(found.pk)}
            events.changed(mandate, code="granted", at=now, by=by, on_behalf_of=miner.pk, params=params)
    except IntegrityError as error:
        earlier = Mandate.objects.filter(pk=id, miner=miner).first() if id else None
        if earlier is None:
            raise AlreadyGranted from error
        return earlier
    return mandate


def _wrong(
    miner: Organization,
    broker: Organization | None,
    valid_from: date,
    valid_until: date,
    document: Document | None,
    today: date,
) -> dict[str, list]:
    wrong: dict[str, list] = {}
    if broker is None:
        wrong["broker"] = [_("There is no broker with this handle.")]
    elif broker.pk == miner.pk:
        wrong["broker"] = [_("You need no mandate to act for yourself.")]
    if valid_until <= max(valid_from, today):
        wrong["valid_until"] = [_("A mandate ends after it begins, and not in the past.")]
    elif valid_until - max(valid_from, today) > LONGEST:
        wrong["valid_until"] = [_("A mandate lasts three years at most; grant it anew then.")]
    if document is not None and document.organization_id != miner.pk:
        wrong["document"] = [_("Choose one of your papers.")]
    return wrong


def end(*, mandate: Mandate, by: User, now: datetime) -> None:
    """The broker acts for the miner no longer, from this moment on. Ended twice, it was ended the first time.

    Either side may end it; whoever calls has seen to that.
    """
    with transaction.atomic():
        running = Mandate.objects.filter(pk=mandate.pk, ended_at__isnull=True)
        if running.update(ended_at=now, updated_at=now, version=mandate.version + 1):
            params = {"broker": str(mandate.broker_id)}
            events.changed(mandate, code="ended", at=now, by=by, on_behalf_of=mandate.miner_id, params=params)
    mandate.refresh_from_db()


def standing(*, broker: Organization, miner: str, today: date) -> Mandate:
    """The mandate under which the broker acts for the miner with this handle today. Raises NoMandate, also
    for a handle that nobody has: who is a miner is not told this way."""
    found = Mandate.objects.valid(today).filter(broker=broker, miner__handle=miner)
    mandate = found.select_related("miner").order_by("-valid_until", "pk").first()
    if mandate is None:
        raise NoMandate(miner=miner)
    return mandate


def of(organization: Organization) -> QuerySet[Mandate]:
    """The mandates it has given, the newest first."""
    return Mandate.objects.filter(miner=organization).select_related("broker", "document")
