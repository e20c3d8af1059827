"""What tests of the write API send, and as whom."""

from typing import Any

from rest_framework.test import APIClient

from accounts.models import Organization
from accounts.services import tokens
from tests import factories

SITE: dict[str, Any] = {
    "name": "Steppe Hall 9",
    "jurisdiction": "KZ",
    "region": "Karaganda region",
    "total_kw": 20000,
    "connected_on": "2022-01-01",
    "cooling": ["air"],
    "energy_mix": {"coal": "60", "wind": "40"},
    "pue": "1.0800",
    "address": "12 Secret Street",
}
OFFER: dict[str, Any] = {
    "title": "Firm power",
    "price_model": "all_in",
    "currency": "USD",
    "energy_price": "0.061000",
    "metering": "plug",
    "uptime": "97.50",
    "cooling": "air",
    "levies_included": True,
    "has_cross_default": False,
    "deposit_months": 2,
    "phases": [{"available_kw": 5000, "starts_on": "2027-01-11"}],
}
REQUEST: dict[str, Any] = {**factories.NEED, "expires_at": "2027-03-01T00:00:00Z", "anonymous": True}


def version(number: Any) -> dict[str, str]:
    """The header that says which version was seen."""
    return {"If-Match": f'"{number}"'}


def program(organization: Organization, *scopes: str) -> APIClient:
    """A program of the organization, with a token of these scopes and market:read."""
    _row, token = tokens.make(
        organization=organization,
        scopes=["market:read", *scopes],
        by=organization.memberships.get(role="owner").user,
        now=factories.NOW,
    )
    return APIClient(headers={"Authorization": f"Bearer {token}"})
