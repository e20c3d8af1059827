"""`manage.py rematch`: matches open requests anew, all of them or those that one place or row can touch."""

import time
import uuid
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management import BaseCommand, CommandError
from tqdm import tqdm

from accounts.services.errors import Refused
from hosting.models import MatchRun
from hosting.services import matchruns, rematching

# How long another run is waited for; whoever was killed has lost its place by then.
PATIENCE_SECONDS = 600


class Command(BaseCommand):
    """Runs here and now, through the worker's own door; safe at any time, beside running workers too."""

    help = "Match open requests anew: all, or those that a place, an offer or a request touches."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to match; nothing means everything."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--jurisdiction", metavar="CODE", help="lists that the offers of a place can reach")
        what.add_argument("--request", type=uuid.UUID, metavar="UUID", help="one request's list")
        what.add_argument("--offer", type=uuid.UUID, metavar="UUID", help="lists that an offer can reach")

    def handle(self, **options: Any) -> None:
        """Match behind a progress bar and say what was done."""
        scope = {name: options[name] for name in ("jurisdiction", "request", "offer")}
        named = next((name for name, value in scope.items() if value is not None), "all")
        try:
            what = rematching.touched_by(**scope)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        began = time.monotonic()
        with tqdm(unit=" lists", leave=False, disable=None) as bar:
            run = self._run(f"rematch {named}", what, bar)
        seconds = time.monotonic() - began
        self.stdout.write(
            f"run {run.number}: {run.requests} lists looked at, {run.lists_changed} changed, "
            f"{run.offers} offers, {seconds:.1f} s"
        )

    def _run(self, trigger: str, what: Any, bar: tqdm) -> MatchRun:
        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return matchruns.run(
                    now=datetime.now(UTC),
                    clock=lambda: datetime.now(UTC),
                    trigger=trigger,
                    what=what,
                    report=report,
                )
            except matchruns.Busy as busy:
                if time.monotonic() > deadline:
                    raise CommandError(str(busy)) from busy
                bar.set_description_str("waiting for another run")
                time.sleep(0.5)
