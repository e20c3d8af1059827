"""The bell for whoever works from a terminal: the counterpart of the middleware's."""

from typing import Any

from django.core.management import BaseCommand
from django.db import transaction

from hosting import tasks


class RingingCommand(BaseCommand):
    """A command that changes the market and tells the worker to look, once, when it is done."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command, then ring."""
        output = super().execute(*args, **options)
        transaction.on_commit(tasks.ring, robust=True)
        return output
