"""CapacityRequest: a need saved, changed, published, withdrawn, posted again; expired by the clock."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.services import events, lifecycle
from accounts.services.errors import Conflict, Invalid, NotAllowed
from hosting.models import CapacityRequest, FleetLine, Mandate, RequestStatus
from hosting.services import fleets, needs
from hosting.services.fleets import Line
from hosting.services.needs import NeedData

LONGEST = timedelta(days=366)
USUAL_DAYS = 60
CHANGEABLE = (RequestStatus.DRAFT, RequestStatus.OPEN)


class OwnerNotVerified(NotAllowed):
    """Only a verified organization publishes."""

    code = "owner_not_verified"
    message = _("%(handle)s is not verified yet; only a verified organization publishes.")


class NotAMiner(NotAllowed):
    """The organization is neither a miner nor a broker."""

    code = "not_a_miner"
    message = _("%(handle)s is registered neither as a miner nor as a broker.")


class IdTaken(Conflict):
    """A new request was sent with the id of another one."""

    code = "id_taken"
    message = _("This form was used before. Open a new one and enter the need there.")


class NotChangeable(Conflict):
    """Only a draft or an open request is changed."""

    code = "not_changeable"
    message = _("This request is %(status)s. Only a draft or an open request can be changed; post it again.")


def check_owner(owner: Organization) -> None:
    """Refuse an organization that asks for no hosting. Raises NotAMiner."""
    if not (owner.is_miner or owner.is_broker):
        raise NotAMiner(handle=owner.handle)


def end_of(last_day: date) -> datetime:
    """When a request ends that is open until the end of this day, UTC."""
    return datetime.combine(last_day + timedelta(days=1), clock_time.min, tzinfo=UTC)


def create(
    *,
    owner: Organization,
    need: NeedData,
    expires_at: datetime,
    by: User,
    now: datetime,
    is_anonymous: bool = False,
    id: uuid.UUID | None = None,
    mandate: Mandate | None = None,
) -> CapacityRequest:
    """Save a need as a draft. Its kW and J/TH are copied from the fleet as they are today.
    `mandate`: under which a broker posts it for the owner.

    With the `id` of a form that was sent before, gives the request it made then and changes nothing.
    Raises NotAMiner, Invalid, or IdTaken for the id of somebody else's request.
    """
    check_owner(owner)
    _check_expiry(expires_at, now)
    try:
        with transaction.atomic():
            request = CapacityRequest.objects.create(
                **({"id": id} if id else {}),
                owner=owner,
                mandate=mandate,
                is_anonymous=is_anonymous,
                expires_at=expires_at,
                created_at=now,
                updated_at=now,
                **_columns(need),
            )
            _write_fleet(request, need.fleet)
            params = {"mandate": str(mandate.pk)} if mandate else {}
            events.changed(request, code="drafted", at=now, by=by, on_behalf_of=owner.pk, params=params)
    except IntegrityError as error:
        made = CapacityRequest.objects.filter(pk=id).first() if id else None
        if made is None:
            raise
        if made.owner_id != owner.pk:
            raise IdTaken from error
        return made
    return request


def _check_expiry(expires_at: datetime, now: datetime) -> None:
    if not now < expires_at <= now + LONGEST:
        raise Invalid({"expires_at": [_("Choose a time within the next twelve months.")]})


def _columns(need: NeedData) -> dict[str, Any]:
    """The need as columns of a request: tuples as lists, dates in licences as text."""
    columns: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in vars(need).items()
        if name not in ("fleet", "licences")
    }
    columns["licences"] = [
        {
            "type": one.type,
            "valid_from": one.valid_from.isoformat() if one.valid_from else None,
            "valid_to": one.valid_to.isoformat() if one.valid_to else None,
        }
        for one in need.licences
    ]
    return columns


def _write_fleet(request: CapacityRequest, fleet: tuple[Line, ...]) -> None:
    FleetLine.objects.bulk_create(
        FleetLine(request=request, machine=line.machine, quantity=line.quantity) for line in fleet
    )


def change(
    *,
    request: CapacityRequest,
    need: NeedData,
    version: int | None,
    by: User,
    now: datetime,
    expires_at: datetime | None = None,
    is_anonymous: bool | None = None,
) -> CapacityRequest:
    """Change a draft or an open request: one Event that names the fields; an open one is matched anew.

    `version` is the one the change was decided on. Left out, expiry and anonymity stay. A change of
    nothing writes nothing. Raises lifecycle.Stale, NotChangeable or Invalid.
    """
    wanted = _columns(need)
    if expires_at is not None:
        wanted["expires_at"] = expires_at
    if is_anonymous is not None:
        wanted["is_anonymous"] = is_anonymous
    with transaction.atomic():
        held = _locked(request, version)
        if held.status not in CHANGEABLE:
            raise NotChangeable(status=held.get_status_display())
        if wanted.get("expires_at", held.expires_at) != held.expires_at:
            _check_expiry(wanted["expires_at"], now)
        fields = [name for name, value in wanted.items() if getattr(held, name) != value]
        fleet = sorted((line.machine.pk, line.quantity) for line in need.fleet)
        if fleet != sorted(held.fleet.values_list("machine", "quantity")):
            fields.append("fleet")
            held.fleet.all().delete()
            _write_fleet(held, need.fleet)
        if fields:
            _guarded(held, version=F("version") + 1, updated_at=now, **wanted)
            events.changed(
                held,
                code="changed",
                at=now,
                by=by,
                on_behalf_of=held.owner_id,
                params={"fields": sorted(fields), "version": held.version + 1},
            )
    request.refresh_from_db()
    return request


def _locked(request: CapacityRequest, version: int | None) -> CapacityRequest:
    """The row as it stands, held against rivals for this transaction. Raises lifecycle.Stale."""
    held = CapacityRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
    lifecycle.check_version(held, version)
    return held


def _guarded(held: CapacityRequest, **values: Any) -> None:
    if not CapacityRequest.objects.filter(pk=held.pk, version=held.version).update(**values):
        raise lifecycle.SomebodyWasFirst


def publish(
    *,
    request: CapacityRequest,
    by: User,
    now: datetime,
    version: int | None = None,
    broker: Organization | None = None,
) -> None:
    """Open the request: it is matched from now on. Its kW and J/TH are copied from the fleet once more.

    A `version` that is given must be the row's; a `broker` that publishes for the owner is verified too.
    Raises OwnerNotVerified, Invalid for a window or an expiry that has passed, lifecycle.Stale or
    lifecycle.NoSuchMove.
    """
    for publisher in filter(None, (request.owner, broker)):
        if not publisher.is_verified:
            raise OwnerNotVerified(handle=publisher.handle)
    with transaction.atomic():
        held = request if version is None else _locked(request, version)
        if lifecycle.can_move(held, to=RequestStatus.OPEN):
            _check_expiry(held.expires_at, now)
            if held.latest_start < now.date():
                raise Invalid({"latest_start": [_("The latest start has passed. Choose a new window.")]})
        lifecycle.move(
            held,
            to=RequestStatus.OPEN,
            at=now,
            by=by,
            on_behalf_of=held.owner_id,
            published_at=now,
            **_measured(held),
        )
    request.refresh_from_db()


def _measured(request: CapacityRequest) -> dict[str, Any]:
    """kW and J/TH of the fleet by today's catalogue; nothing for a need that was typed."""
    fleet = [Line(line.machine, line.quantity) for line in request.fleet.select_related("machine")]
    if not fleet:
        return {}
    return dict(zip(("need_kw", "efficiency_j_th", "worst_j_th"), fleets.measure(fleet), strict=True))


def withdraw(
    *, request: CapacityRequest, by: User, why: str = "", now: datetime, version: int | None = None
) -> None:
    """The miner takes the request back. A `version` that is given must be the row's."""
    with transaction.atomic():
        held = request if version is None else _locked(request, version)
        lifecycle.move(held, to=RequestStatus.WITHDRAWN, at=now, by=by, why=why, on_behalf_of=held.owner_id)
    request.refresh_from_db()


def repost(
    *, request: CapacityRequest, by: User, now: datetime, id: uuid.UUID | None = None
) -> CapacityRequest:
    """A new draft with the same need. A window that has passed begins today and is as long as it was.

    With the `id` of a form that was sent before, gives the draft it made then. Raises NotAMiner or IdTaken.
    """
    lines = request.fleet.select_related("machine")
    need = replace(
        needs.of_request(request), fleet=tuple(Line(line.machine, line.quantity) for line in lines)
    )
    if need.latest_start < now.date():
        length = need.latest_start - need.earliest_start
        need = replace(need, earliest_start=now.date(), latest_start=now.date() + length)
    return create(
        owner=request.owner,
        need=need,
        expires_at=end_of(now.date() + timedelta(days=USUAL_DAYS)),
        is_anonymous=request.is_anonymous,
        by=by,
        now=now,
        id=id,
    )


def expire_due(*, now: datetime) -> int:
    """Open requests whose hour has passed expire. Gives how many."""
    over = list(CapacityRequest.objects.filter(status=RequestStatus.OPEN, expires_at__lte=now).order_by("pk"))
    for request in over:
        lifecycle.move(request, to=RequestStatus.EXPIRED, at=now)
    return len(over)
