"""The API on the day of the factories: the edge reads the clock, so the clock is held there."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from tests import factories


@pytest.fixture(autouse=True)
def _held_clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: factories.NOW)


@pytest.fixture
def stranger(db) -> APIClient:
    """A client of nobody."""
    return APIClient()


@pytest.fixture
def as_(db):
    """A client signed in as a person, acting for the organization with the handle, if one is given."""

    def client_of(person, handle: str | None = None) -> APIClient:
        client = APIClient(headers={"X-Organization": handle} if handle else None)
        client.force_login(person)
        return client

    return client_of
