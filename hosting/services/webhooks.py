"""Webhooks: where an organization wants to be told of what, and the secret it knows us by.

A secret is shown once, when it is made. Changing it leaves the old one signing beside it for a day.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.adapters import sealing
from accounts.models import Organization, User
from accounts.services import events as record
from accounts.services import lifecycle
from accounts.services.acting import Viewer
from accounts.services.errors import Conflict, Invalid
from hosting.adapters import addresses, signing
from hosting.models import EndpointStatus, EventType, WebhookEndpoint
from hosting.services import deliveries

MOST = 10
# How long a secret that was replaced still signs beside the new one.
GRACE = timedelta(hours=24)

SENTENCES = {
    "bad_url": _("Give an address like https://example.org/hooks, without a user name and without a #."),
    "not_https": _("The address has to begin with https://."),
    "private_address": _("This address is not on the public internet."),
}
NO_LIST = _("Give a list of names of events.")


class TooMany(Conflict):
    """The organization has as many endpoints as it may have."""

    code = "too_many_webhooks"
    message = _("An organization has at most %(most)s webhooks. Remove one first.")


class SameAddress(Conflict):
    """The organization has an endpoint with this address already."""

    code = "same_address"
    message = _("There is a webhook with this address already.")


def may_manage(viewer: Viewer) -> bool:
    """Whether the viewer may change the endpoints of the organization they act for: its owners, and a program
    whose token an owner made for that (its scope is asked at the edge)."""
    return viewer.token is not None or viewer.may("sign")


def create(
    *, organization: Organization, url: str, events: Iterable[str], by: User | None, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its secret, which is not shown again. Raises Invalid, TooMany or SameAddress."""
    values = _checked(url=url, events=events)
    secret = signing.new_secret()
    with transaction.atomic():
        _lock(organization)
        rows = WebhookEndpoint.objects.filter(organization=organization)
        if rows.count() >= MOST:
            raise TooMany(most=MOST)
        if rows.filter(url=values["url"]).exists():
            raise SameAddress
        made = WebhookEndpoint.objects.create(
            organization=organization,
            secret_sealed=sealing.seal(secret),
            created_at=now,
            updated_at=now,
            **values,
        )
        _event(made, "created", by, now)
    return made, secret


def change(
    *,
    endpoint: WebhookEndpoint,
    version: int | None,
    by: User | None,
    now: datetime,
    url: str | None = None,
    events: Iterable[str] | None = None,
    is_on: bool | None = None,
) -> None:
    """Change what is given, of the version that was seen. What waits goes to the new address; switching off
    gives it up. Raises Stale, Invalid or SameAddress."""
    given = {"url": url, "events": events}
    values = _checked(**{name: value for name, value in given.items() if value is not None})
    with transaction.atomic():
        row = _held(endpoint, version)
        if "url" in values:
            others = WebhookEndpoint.objects.filter(organization=row.organization_id, url=values["url"])
            if others.exclude(pk=row.pk).exists():
                raise SameAddress
        if values:
            changes = {**values, "version": F("version") + 1, "updated_at": now, "rests_until": None}
            WebhookEndpoint.objects.filter(pk=row.pk).update(**changes)
            _event(row, "changed", by, now)
        _switch(row, is_on, by, now)
    endpoint.refresh_from_db()


def _switch(row: WebhookEndpoint, is_on: bool | None, by: User | None, now: datetime) -> None:
    is_off = row.status == EndpointStatus.OFF
    if is_on is None or is_on != is_off:
        return
    to = EndpointStatus.ACTIVE if is_on else EndpointStatus.OFF
    lifecycle.move(row, to=to, at=now, by=by, on_behalf_of=row.organization_id, rests_until=None)
    if not is_on:
        deliveries.drop(endpoint=row, now=now)


def rotate(*, endpoint: WebhookEndpoint, version: int | None, by: User | None, now: datetime) -> str:
    """A new secret, not shown again. For a day both sign; of two changes within it the older secret goes.
    Raises Stale."""
    secret = signing.new_secret()
    with transaction.atomic():
        row = _held(endpoint, version)
        WebhookEndpoint.objects.filter(pk=row.pk).update(
            secret_sealed=sealing.seal(secret),
            previous_secret_sealed=row.secret_sealed,
            previous_until=now + GRACE,
            version=F("version") + 1,
            updated_at=now,
        )
        _event(row, "secret_rotated", by, now)
    endpoint.refresh_from_db()
    return secret


def remove(*, endpoint: WebhookEndpoint, version: int | None, by: User | None, now: datetime) -> None:
    """End the endpoint, with its log. Raises Stale."""
    with transaction.atomic():
        row = _held(endpoint, version)
        _event(row, "removed", by, now)
        row.delete()


def _held(endpoint: WebhookEndpoint, version: int | None) -> WebhookEndpoint:
    """The row, locked, in the version that was seen."""
    rows = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=endpoint.pk).first()
    if row is None:
        raise lifecycle.SomebodyWasFirst
    lifecycle.check_version(row, version)
    return row


def _lock(organization: Organization) -> None:
    """Two at once would both find the last place free."""
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization.pk)


def _event(row: WebhookEndpoint, code: str, by: User | None, now: datetime) -> None:
    # The address may hold a secret of theirs: it is not repeated where everything else is kept for good.
    record.changed(row, code=code, at=now, by=by, on_behalf_of=row.organization_id)


def _checked(**given: Any) -> dict[str, Any]:
    """The address and the events as stored. Raises Invalid with all that is wrong."""
    wrong: dict[str, list[Any]] = {}
    values: dict[str, Any] = {}
    if "url" in given:
        values["url"] = given["url"].strip()
        try:
            addresses.parse(values["url"], allows_loopback=settings.WEBHOOKS_ALLOW_LOOPBACK)
        except addresses.Refused as refused:
            wrong["url"] = [SENTENCES[refused.code]]
    if "events" in given:
        wanted = set(given["events"])
        values["events"] = [one for one in EventType.values if one in wanted]
        if not wanted:
            wrong["events"] = [_("Choose at least one.")]
        elif unknown := sorted(wanted - set(EventType.values)):
            wrong["events"] = [
                _("There is no event %(name)s.") % {"name": name[:60]} for name in unknown[:10]
            ]
    if wrong:
        raise Invalid(wrong)
    return values
