"""What the tests of a place's page have in common: news to show, and what the page traces to its rows."""

from datetime import date
from typing import Any

from hosting.models import RegulationEvent
from tests import factories
from tests.web import tracing


def traced(answer: Any, row: str, field: str) -> list[str]:
    """The texts that the page traces to a column of a row (of any row of a kind)."""
    page = tracing.read(answer.content.decode())
    return [one.text for one in page.traced if one.row.startswith(row) and one.field == field]


def event(code: str, **fields: Any) -> RegulationEvent:
    """News of a place, of 25 May 2021 unless told otherwise."""
    values = {
        "date": date(2021, 5, 25),
        "date_precision": "day",
        "kind": "ban",
        "title": f"News of {code}",
        "confidence": "high",
        "source": "The Post",
        "url": "https://example.org/news",
        "updated_at": factories.NOW,
    }
    return RegulationEvent.objects.create(jurisdiction=code, **{**values, **fields})
