"""Limits: how many calls an hour, for whom. Windows begin on the hour; without counters none is refused."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.adapters import counters

WINDOW_SECONDS = 3600


@dataclass(frozen=True)
class Caller:
    """Whose calls are counted together: a token, a person, or a stranger's address."""

    kind: str
    name: str

    @property
    def rank(self) -> str:
        """Which of the two limits holds."""
        return "stranger" if self.kind == "address" else "known"


@dataclass(frozen=True)
class Standing:
    """How far a limit is used up: calls an hour, calls left, whole seconds until it begins anew."""

    limit: int
    remaining: int
    reset_seconds: int
    is_over: bool


def count(*, caller: Caller, is_preview: bool, now: datetime) -> Standing:
    """Count one call, and give the limit that is nearest to its end. A preview is a call as well, and has a
    limit of its own besides. With counters away the limit stands as if this were the first call."""
    window, gone = divmod(int(now.timestamp()), WINDOW_SECONDS)
    reset = WINDOW_SECONDS - gone
    # No address stands in Redis as it is.
    who = salted_hmac("accounts.limits", f"{caller.kind}:{caller.name}", algorithm="sha256").hexdigest()[:32]
    limits = {f"limit:calls:{who}:{window}": settings.CALLS_PER_HOUR[caller.rank]}
    if is_preview:
        limits[f"limit:previews:{who}:{window}"] = settings.PREVIEWS_PER_HOUR[caller.rank]
    counted = None
    if settings.LIMITS_REDIS:
        # Kept a little longer than the window, for servers whose clocks differ.
        counted = counters.at(settings.LIMITS_REDIS).count(dict.fromkeys(limits, WINDOW_SECONDS + 60))
    used = counted or [1] * len(limits)
    standings = [
        Standing(limit=most, remaining=max(most - number, 0), reset_seconds=reset, is_over=number > most)
        for most, number in zip(limits.values(), used, strict=True)
    ]
    return min(standings, key=lambda one: (not one.is_over, one.remaining))
