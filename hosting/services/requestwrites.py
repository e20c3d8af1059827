"""A request as a client sends it, for the organization it acts for: its own, or a miner's under a mandate."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.services import lifecycle
from accounts.services.errors import Invalid
from hosting.models import CapacityRequest
from hosting.services import mandates, requestentries, requests

withdraw = requests.withdraw


def create(*, sender: Organization, sent: Mapping[str, Any], by: User, now: datetime) -> CapacityRequest:
    """Save a draft. With `miner` among what was sent, it is that miner's, under the sender's mandate.

    Raises Invalid, mandates.NoMandate or requests.NotAMiner.
    """
    owner, mandate, named = sender, None, sent.get("miner")
    if named is not None and not isinstance(named, str):
        raise Invalid({"miner": [_("Enter text.")]})
    if named and named != sender.handle:
        mandate = mandates.standing(broker=sender, miner=named, today=now.date())
        owner = mandate.miner
    requests.check_owner(owner)
    posted = requestentries.read(sent, today=now.date())
    return requests.create(
        owner=owner,
        mandate=mandate,
        need=posted.need,
        expires_at=posted.expires_at,
        is_anonymous=posted.is_anonymous,
        by=by,
        now=now,
    )


def change(
    *, request: CapacityRequest, sent: Mapping[str, Any], version: int | None, by: User, now: datetime
) -> None:
    """Set the fields that were sent. Raises lifecycle.Stale, requests.NotChangeable or Invalid."""
    lifecycle.check_version(request, version)
    posted = requestentries.changed(request, sent, today=now.date())
    requests.change(
        request=request,
        need=posted.need,
        expires_at=posted.expires_at,
        is_anonymous=posted.is_anonymous,
        version=version,
        by=by,
        now=now,
    )


def publish(
    *, request: CapacityRequest, sender: Organization, version: int | None, by: User, now: datetime
) -> None:
    """Open the request; a sender that is not its owner acts as a broker. Raises as requests.publish."""
    broker = sender if sender.pk != request.owner_id else None
    requests.publish(request=request, broker=broker, version=version, by=by, now=now)
