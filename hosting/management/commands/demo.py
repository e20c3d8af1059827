"""`manage.py demo`: opens the demo market, or adds what is missing of it."""

from datetime import UTC, datetime
from typing import Any

from django.core.management import CommandError

from accounts.services.errors import Refused
from hosting.management.bell import RingingCommand
from hosting.services import demo


class Command(RingingCommand):
    """Adds invented hosts, offers and requests; safe to run at any time, refused where DEMO is off."""

    help = "Open the demo market: invented people, hotels and requests. Refused where DEMO is off."

    def handle(self, **options: Any) -> None:
        """Open it, and say who can sign in."""
        try:
            opened = demo.open_market(now=datetime.now(UTC))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{opened.sites} sites, {opened.offers} new offers, {opened.requests} new requests, "
            f"{opened.rates} rates of today"
        )
        for email, password, words in demo.PEOPLE:
            self.stdout.write(f"{email:<22} {password}  {words}")
