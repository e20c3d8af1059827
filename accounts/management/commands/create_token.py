"""`manage.py create_token`: a token for an organization's program, made on the server."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts.models import Organization, Scope
from accounts.services import tokens
from accounts.services.errors import Invalid, Refused


class Command(BaseCommand):
    """Prints the token and nothing else, so that a script can keep it."""

    help = "Make an API token for an organization. Prints the token, once, and nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For whom, for what, and for how long."""
        parser.add_argument("handle", help="the organization's handle")
        parser.add_argument(
            "--scope", nargs="+", action="extend", required=True, choices=Scope.values, metavar="S",
            help=f"one or more of {', '.join(Scope.values)}",
        )  # fmt: skip
        parser.add_argument("--expires-in-days", type=int, help="without it, it lasts until it is revoked")
        parser.add_argument("--name", default="", help="what it is for")

    def handle(
        self, *, handle: str, scope: list[str], expires_in_days: int | None, name: str, **options: Any
    ) -> None:
        """Make the token; raises CommandError with what is wrong."""
        organization = Organization.objects.filter(handle=handle).first()
        if organization is None:
            raise CommandError(f"No organization has the handle {handle!r}.")
        try:
            _made, token = tokens.make(
                organization=organization,
                scopes=scope,
                name=name,
                expires_in_days=expires_in_days,
                by=None,
                now=datetime.now(UTC),
            )
        except Invalid as error:
            lines = [f"{field}: {line}" for field, found in error.fields.items() for line in found]
            raise CommandError(" ".join(lines)) from error
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(token)
