"""What the tests of the miner's pages share: browsers of the cast, a posted need, a run of the matching."""

import uuid
from typing import Any

from django.test import Client

from accounts.models import User
from hosting.services import matchruns
from tests.factories import NOW

POSTED = {
    "by": "kw",
    "need_kw": "1000",
    "efficiency_j_th": "20",
    "earliest_start": "2027-01-31",
    "latest_start": "2027-04-01",
    "term_months": "12",
    "max_price_usd": "0.08",
    "expires_on": "2027-03-01",
}


class Browser:
    """A signed-in person who acts for one organization; every form says so."""

    def __init__(self, person: User, handle: str) -> None:
        self.client, self.handle = Client(), handle
        self.client.force_login(person)

    def get(self, address: str, *args: Any, **options: Any):
        return self.client.get(address, *args, **options)

    def post(self, address: str, data: dict[str, Any] | None = None, **options: Any):
        return self.client.post(address, {"acting": self.handle, **(data or {})}, **options)


def need(**changes: Any) -> dict[str, Any]:
    """A form as it is sent; a change to None leaves the field out."""
    sent = {**POSTED, "id": str(uuid.uuid4()), **changes}
    return {name: value for name, value in sent.items() if value is not None}


def match() -> None:
    matchruns.match_due(now=NOW, clock=lambda: NOW)
