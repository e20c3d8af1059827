"""What the clock and the queue call. Every body is one service call."""

import logging

from celery import shared_task
from celery.signals import worker_process_init
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.services import mail, repeats
from accounts.services.digests import Addresses
from hosting.adapters import webhooks
from hosting.services import deliveries, feed, imports, matchruns, matchwork, news, placefigures, rates

log = logging.getLogger(__name__)


@worker_process_init.connect
def warm_up(**_sender: object) -> None:
    """A worker's process begins: the engine is compiled and the market read before the first task comes."""
    matchwork.warm(as_of=timezone.now().date())


@shared_task
def match_due() -> None:
    """Match what is due."""
    matchruns.match_due(now=timezone.now(), clock=timezone.now)


@shared_task
def begin_day() -> None:
    """Begin the UTC day, once."""
    matchruns.begin_day(now=timezone.now())


@shared_task
def count_places() -> None:
    """Store what places have on the market today."""
    now = timezone.now()
    placefigures.refresh(as_of=now.date(), now=now)


@shared_task
def watch_rates() -> None:
    """Tell staff which rates have grown old."""
    rates.watch(now=timezone.now())


@shared_task
def tell_news() -> None:
    """Tell people what happened."""
    news.spread(now=timezone.now(), addresses=addresses())


@shared_task
def write_digests() -> None:
    """Write the day's mail for those whose morning has come."""
    news.write_digests(now=timezone.now(), addresses=addresses())


@shared_task
def run_imports() -> None:
    """Check and write the files that wait."""
    imports.run_due(now=timezone.now())


@shared_task
def forget_imports() -> None:
    """Delete the files that nobody wrote."""
    imports.forget(now=timezone.now())


@shared_task
def forget_repeats() -> None:
    """Forget the answers that are kept for calls sent twice, once their day is over."""
    repeats.forget(now=timezone.now())


@shared_task
def send_mail() -> None:
    """Send what stands in the outbox."""
    mail.send_due(clock=timezone.now)


@shared_task
def forget_mail() -> None:
    """Drop what was sent long ago."""
    mail.forget(now=timezone.now())


@shared_task
def tell_partners() -> None:
    """Record what partners are told, in the feed and for their webhooks."""
    feed.record_due(clock=timezone.now)


@shared_task
def send_webhooks() -> None:
    """Try the webhook deliveries that are due."""
    deliveries.send_due(clock=timezone.now, sender=webhooks.sender())


@shared_task
def forget_webhooks() -> None:
    """Delete what partners were told more than 30 days ago."""
    feed.forget(now=timezone.now())


def addresses() -> Addresses:
    """Whole addresses, as a mail needs them: no request is there to say under which name we are reached."""
    return Addresses(
        notice=lambda notice: settings.PUBLIC_URL + reverse("notice", args=[notice.pk]),
        settings=settings.PUBLIC_URL + reverse("notice_settings"),
    )


def ring() -> bool:
    """Tell the worker to look now. False when the queue is away: then the sweep finds what is due."""
    try:
        match_due.apply_async(retry=False, expires=60)
    except (OperationalError, OSError) as error:
        log.warning("the bell was not heard: %s", error)
        return False
    return True
