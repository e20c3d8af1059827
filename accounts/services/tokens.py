"""ApiToken: made, shown once, used, revoked."""

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, Organization, Scope, User
from accounts.services import events
from accounts.services.errors import Conflict, Invalid

# How a token begins, so that a person (or a program that looks for leaked keys) knows one when they see it.
MARK = "mh"
MOST_LIVE = 50
MOST_DAYS = 3650
LAST_USED_EVERY = timedelta(minutes=1)


class MadeAlready(Conflict):
    """The form was sent twice; what was shown the first time is kept nowhere."""

    code = "token_made_already"
    message = _(
        "This token was made a moment ago and shown then. If nobody noted it, revoke it and make another."
    )


class TooMany(Conflict):
    """Keys nobody looks after any more are how a market is robbed."""

    code = "too_many_tokens"
    message = _("There are %(most)s tokens already. Revoke those that are no longer used.")


class RevokedAlready(Conflict):
    """It opens nothing any more."""

    code = "token_revoked_already"
    message = _("This token is revoked already.")


def hashed(token: str) -> str:
    """What is kept of a token. It is drawn from 256 bits, so a plain hash can't be guessed backwards."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(
    *,
    organization: Organization,
    scopes: Iterable[str],
    name: str = "",
    expires_in_days: int | None = None,
    id: uuid.UUID | None = None,
    by: User | None,
    now: datetime,
) -> tuple[ApiToken, str]:
    """Make a token: its row, and the token itself, which nobody can read again. `by` is None on the server.

    Raises Invalid, MadeAlready or TooMany.
    """
    wanted = _checked(list(scopes), expires_in_days)
    prefix = f"{MARK}_{secrets.token_hex(4)}"
    token = f"{prefix}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization.pk)
        if id and ApiToken.objects.filter(pk=id).exists():
            raise MadeAlready
        if organization.tokens.live(now).count() >= MOST_LIVE:
            raise TooMany(most=MOST_LIVE)
        made = ApiToken.objects.create(
            id=id or uuid.uuid4(),
            organization=organization,
            name=name.strip(),
            prefix=prefix,
            token_hash=hashed(token),
            scopes=wanted,
            made_by=by,
            expires_at=now + timedelta(days=expires_in_days) if expires_in_days else None,
            created_at=now,
            updated_at=now,
        )
        events.changed(
            made, code="made", at=now, by=by, on_behalf_of=organization.pk, params={"scopes": wanted}
        )
    return made, token


def _checked(scopes: list[str], expires_in_days: int | None) -> list[str]:
    """The scopes, each once and in their own order."""
    wrong: dict[str, list] = {}
    unknown = [one for one in scopes if one not in Scope.values]
    if unknown or not scopes:
        wrong["scopes"] = [_("Choose from: %(scopes)s.") % {"scopes": ", ".join(Scope.values)}]
    if expires_in_days is not None and not 1 <= expires_in_days <= MOST_DAYS:
        wrong["expires_in_days"] = [_("Give 1 to %(most)s days.") % {"most": MOST_DAYS}]
    if wrong:
        raise Invalid(wrong)
    return [one for one in Scope.values if one in scopes]


def find(*, token: str, now: datetime) -> ApiToken | None:
    """The live token, with its organization; None for one that is unknown, revoked or expired."""
    rows = ApiToken.objects.live(now).select_related("organization")
    return rows.filter(token_hash=hashed(token)).first()


def used(*, token: ApiToken, now: datetime) -> None:
    """Note that it was used, at most once a minute: a busy token is no busy row."""
    before = now - LAST_USED_EVERY
    if token.last_used_at is not None and token.last_used_at > before:
        return
    rows = ApiToken.objects.filter(Q(last_used_at__isnull=True) | Q(last_used_at__lte=before), pk=token.pk)
    if rows.update(last_used_at=now):
        token.last_used_at = now


def revoke(*, token: ApiToken, by: User | None, now: datetime) -> None:
    """From here on it opens nothing. Raises RevokedAlready."""
    with transaction.atomic():
        if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            raise RevokedAlready
        events.touch(token, at=now)
        events.changed(token, code="revoked", at=now, by=by, on_behalf_of=token.organization_id)
