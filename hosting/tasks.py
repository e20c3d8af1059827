"""What the clock and the queue call. Every body is one service call."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from hosting.services import matchruns, rates

log = logging.getLogger(__name__)


@shared_task
def match_due() -> None:
    """Match what is due."""
    matchruns.match_due(now=timezone.now(), clock=timezone.now)


@shared_task
def begin_day() -> None:
    """Begin the UTC day, once."""
    matchruns.begin_day(now=timezone.now())


@shared_task
def watch_rates() -> None:
    """Tell staff which rates have grown old."""
    rates.watch(now=timezone.now())


def ring() -> bool:
    """Tell the worker to look now. False when the queue is away: then the sweep finds what is due."""
    try:
        match_due.apply_async(retry=False, expires=60)
    except (OperationalError, OSError) as error:
        log.warning("the bell was not heard: %s", error)
        return False
    return True
