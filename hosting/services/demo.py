"""The demo market: invented hosts, miners, offers and requests among real places, rules and machines.

Never in production: its people have known passwords. Run again, it changes nothing but the rates, which
are dated today each day so that prices stay comparable.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.services import events
from accounts.services.errors import Conflict, NotAllowed
from hosting.models import Jurisdiction, MachineModel, Mandate, Rate, RateKind
from hosting.services import demo_hosts, demo_offers, demo_people, demo_requests, mandates, news, rates

PEOPLE = demo_people.PEOPLE
SOURCE = "demo"
# Who lets whom post requests in its name, and for how long.
CLIENT, BROKER, GRANTED_FOR = "longtan-digital", "atlas-index", timedelta(days=365)
# USD per PH/s and day: the newest figure that was found, of June 2026. It was printed as a low of a month,
# not as the value of a day, so it is no row of the reference data.
HASHPRICE = Decimal("27.70")


class Off(NotAllowed):
    """The setting DEMO is off."""

    code = "demo_is_off"
    message = _("The demo market is off here: the setting DEMO is not true.")


class NothingToBuildOn(Conflict):
    """The reference data is not loaded."""

    code = "no_reference_data"
    message = _("The demo market stands on the reference data: run “manage.py seed” first.")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a run added; sites counts all that are there."""

    sites: int
    offers: int
    requests: int
    rates: int


def open_market(*, now: datetime) -> Opened:
    """Bring in whatever of the demo market is not there yet. Raises Off or NothingToBuildOn."""
    if not settings.DEMO or settings.IS_PRODUCTION:
        raise Off
    if not (Jurisdiction.objects.exists() and MachineModel.objects.exists() and Rate.objects.exists()):
        raise NothingToBuildOn
    with transaction.atomic():
        was_due = {mark.pk for mark in events.due(reader=news.READER)}
        cast = demo_people.gather(now=now)
        sites = demo_hosts.build(cast=cast, now=now)
        new_offers = demo_offers.publish(cast=cast, sites=sites, now=now)
        new_requests = demo_requests.publish(cast=cast, now=now)
        _grant(cast, now)
        renewed = _renew_rates(now)
        # How an invented market came to be is no news to the people in it.
        events.settle(marks=[mark for mark in events.due(reader=news.READER) if mark.pk not in was_due])
        return Opened(len(sites), new_offers, new_requests, renewed)


def _grant(cast: demo_people.Cast, now: datetime) -> None:
    """The miner lets the broker act for it, once: what was ended since stays ended."""
    miner, broker = cast.companies[CLIENT], cast.companies[BROKER]
    if Mandate.objects.filter(miner=miner, broker=broker).exists():
        return
    today = now.date()
    mandates.grant(
        miner=miner,
        broker=BROKER,
        valid_from=today,
        valid_until=today + GRANTED_FOR,
        by=cast.owners[CLIENT],
        now=now,
    )


def _renew_rates(now: datetime) -> int:
    """A rate of today for each currency that prices need, worth what the newest real one was worth. A rate
    that somebody has entered for today stays."""
    today = now.date()
    there = set(Rate.objects.filter(on=today).values_list("currency", flat=True))
    missing = [currency for currency in rates.needed(today) if currency not in there]
    real = Rate.objects.exclude(source=SOURCE).filter(on__lte=today).order_by("on")
    newest = {rate.currency: rate for rate in real}
    renewed = 0
    for currency in missing:
        if currency and currency not in newest:
            continue
        rates.save_rate(
            kind=RateKind.FX if currency else RateKind.HASHPRICE,
            currency=currency,
            value=newest[currency].value if currency else HASHPRICE,
            on=today,
            source=SOURCE,
            note=f"value of {newest[currency].on}" if currency else "value of June 2026",
            now=now,
        )
        renewed += 1
    return renewed
