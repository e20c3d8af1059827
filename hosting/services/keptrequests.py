"""The asking side that a worker keeps: open requests as the engine's columns, brought up like the offers."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hosting.matching.asked import Asked
from hosting.matching.records import Need
from hosting.models import CapacityRequest
from hosting.services import marketrows, needs


@dataclass(frozen=True, slots=True)
class Requests:
    """The open requests of one moment, and the version each was read in."""

    asked: Asked = field(default_factory=lambda: Asked.build([]))
    versions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one snapshot holds, and the requests it was compared with."""

    held: Requests
    versions: Mapping[str, int]
    changed: list[tuple[uuid.UUID, Need]]


def read(held: Requests, now: datetime) -> Reading:
    """Within a snapshot: the requests that differ. Two queries."""
    is_open = CapacityRequest.objects.open(now)
    versions = marketrows.versions_of(is_open)
    changed = marketrows.differing(held.versions, versions)
    return Reading(held, versions, _needs(marketrows.named(is_open, "pk", changed)) if changed else [])


def made(reading: Reading) -> Requests:
    """Outside of it: the columns of what was read."""
    held = reading.held
    gone = [uuid.UUID(key) for key in held.versions.keys() - reading.versions.keys()]
    if not gone and not reading.changed:
        return held
    if not held.versions:
        return Requests(Asked.build(reading.changed), reading.versions)
    return Requests(held.asked.with_needs(reading.changed, gone), reading.versions)


def of(ids: set[uuid.UUID], now: datetime) -> list[tuple[uuid.UUID, Need]]:
    """The needs of those of these requests that are open, read afresh."""
    return _needs(CapacityRequest.objects.open(now).filter(pk__in=ids))


def _needs(rows) -> list[tuple[uuid.UUID, Need]]:
    return [
        (row.pk, needs.of_request(row).as_engine(request=row.pk)) for row in rows.order_by("pk").iterator()
    ]
