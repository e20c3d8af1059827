"""Files as partners send them."""

import csv
import io
from typing import Any

from hosting.models import Import
from hosting.services import imports
from tests import factories

OFFER = {
    "site": "Hall",
    "title": "Winter power",
    "price_model": "all_in",
    "currency": "USD",
    "energy_price": "0.055",
    "metering": "plug",
    "uptime": "97",
    "cooling": "air",
    "available_kw": "1000",
    "starts_on": "2027-02-01",
    "state": "planned",
}


def offers_csv(*rows: dict[str, str], separator: str = ",") -> str:
    """A CSV of offers, each like OFFER but for what the row says."""
    lines = [{**OFFER, **row} for row in rows]
    columns = list({name: None for line in lines for name in line})
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, delimiter=separator, restval="")
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue()


def receive(organization, content: str | bytes, kind: str = "offers", **more: Any) -> Import:
    """The import of a file, as it is after it was received."""
    return imports.receive(
        organization=organization,
        kind=kind,
        format=more.pop("format", "csv"),
        content=content.encode() if isinstance(content, str) else content,
        by=more.pop("by", None) or organization.memberships.get(role="owner").user,
        now=factories.NOW,
        **more,
    )


def told(found: Import) -> list[tuple[int, str]]:
    """Where something is wrong: (line, column)."""
    return [(one["line"], one["column"]) for one in found.errors]
