"""`manage.py seed`: the places, facts, rules, news, machines and rates that come with the software."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management import CommandError

from hosting.management.bell import RingingCommand
from hosting.services import reading, seeding


class Command(RingingCommand):
    """Loads hosting/reference/; run again, it changes nothing."""

    help = "Load the reference data that comes with the software. Safe to run at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which files."""
        parser.add_argument("--only", nargs="+", choices=seeding.NAMES, default=seeding.NAMES, metavar="NAME")

    def handle(self, *, only: list[str], **options: Any) -> None:
        """Load and say what was loaded; raises CommandError naming file, line and column of a bad cell."""
        try:
            seeding.seed(now=datetime.now(UTC), only=only, report=self.say)
        except reading.Malformed as error:
            raise CommandError(f"{error}\nNothing was saved.") from error

    def say(self, loaded: seeding.Loaded) -> None:
        """One line for each file."""
        self.stdout.write(
            f"{loaded.file:<24} {loaded.rows:>4} rows, {loaded.added} new, {loaded.changed} changed"
        )
