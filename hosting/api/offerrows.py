"""A page of offers, fast: columns instead of models, one query for each part, the text made here.

The same representation as OfferSerializer, field by field (a test holds them together). It skips the table of
who sees what, which is right only as long as everybody sees every field of a listed offer: a test holds that.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from rest_framework import serializers

from accounts.models import Licence, Review, Verification
from hosting.api.fields import Text
from hosting.api.terms import TermsSerializer
from hosting.models import CapacityPhase, Claim, Commitment, OfferTier

Write = Callable[[Any], Any]
IN_FORCE = "in_force__terms"
OWN = ("version", "updated_at", "published_at", "status", "title", "evidence", "free_kw")
PRICED = ("list_price_micros", "list_price_on")
SITE = ("id", "name", "jurisdiction_id", "region", "connected_on")
HOST = ("id", "handle", "verification", "verified_at", "reputation")
TERMS = tuple(name for name in TermsSerializer().get_fields() if name != "tiers")
# What a page's query selects; "pk" and what lists are ordered by are among them.
COLUMNS = (
    "pk",
    *OWN,
    *PRICED,
    *(f"site__{name}" for name in SITE),
    *(f"site__host__{name}" for name in HOST),
    f"{IN_FORCE}_id",
    *(f"{IN_FORCE}__{name}" for name in TERMS),
)


def usd(micros: int | None) -> str | None:
    """micro-USD as decimal text in USD with 6 places; null stays null."""
    return None if micros is None else f"{micros // 1_000_000}.{micros % 1_000_000:06}"


def moment(value: datetime | None) -> str | None:
    """A time in UTC as the API writes it."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _decimal(places: int) -> Write:
    def write(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:.{places}f}"

    return write


def _same(value: Any) -> Any:
    return value


def _or_null(value: str) -> str | None:
    return value or None


def _writer(field: serializers.Field) -> Write:
    """How a field of the terms is written: what its serializer's field says, without the field."""
    if isinstance(field, serializers.DecimalField):
        return _decimal(field.decimal_places or 0)
    if isinstance(field, serializers.DateField):
        return day
    return _or_null if isinstance(field, Text) else _same


WRITERS: tuple[tuple[str, str, Write], ...] = tuple(
    (name, f"{IN_FORCE}__{name}", _writer(field))
    for name, field in TermsSerializer().get_fields().items()
    if name != "tiers"
)


class OfferRows:
    """Stands where a serializer does: OfferRows(rows, many=True, context={}).data."""

    def __init__(self, rows: Sequence[Any], *, many: bool, context: dict[str, Any]) -> None:
        self.rows = [row._asdict() for row in rows]

    @property
    def data(self) -> list[dict[str, Any]]:
        """The rows in their order; five queries, however many there are."""
        offers = [row["pk"] for row in self.rows]
        hosts = {row["site__host__id"] for row in self.rows}
        terms = [row[f"{IN_FORCE}_id"] for row in self.rows]
        parts = _phases(offers), _commitments(offers), _claims(offers), _tiers(terms), _licences(hosts)
        return [_offer(row, *parts) for row in self.rows]


Parts = dict[UUID, list[dict[str, Any]]]


def _offer(
    row: dict[str, Any], phases: Parts, commitments: Parts, claims: Parts, tiers: Parts, licences: Parts
) -> dict[str, Any]:
    pk = row["pk"]
    shown = {
        "id": str(pk),
        "version": row["version"],
        "updated_at": moment(row["updated_at"]),
        "published_at": moment(row["published_at"]),
        "status": row["status"],
        "title": row["title"],
        "site": {
            "id": str(row["site__id"]),
            "name": row["site__name"],
            "jurisdiction": row["site__jurisdiction_id"],
            "region": row["site__region"],
            "connected_on": day(row["site__connected_on"]),
        },
        "host": {
            "handle": row["site__host__handle"],
            "verified": row["site__host__verification"] == Verification.VERIFIED,
            "verified_at": moment(row["site__host__verified_at"]),
            "reputation": row["site__host__reputation"],
            "licences": licences.get(row["site__host__id"], []),
        },
        "phases": phases.get(pk, []),
        "commitments": commitments.get(pk, []),
        "evidence": row["evidence"],
        "claims": claims.get(pk, []),
        "free_kw": row["free_kw"],
        "list_price": usd(row["list_price_micros"]),
        "list_price_on": day(row["list_price_on"]),
    }
    if row[f"{IN_FORCE}_id"] is not None:
        shown |= {name: write(row[column]) for name, column, write in WRITERS}
        shown["tiers"] = tiers.get(row[f"{IN_FORCE}_id"], [])
    return shown


def _gathered(rows: Iterable[tuple[UUID, dict[str, Any]]]) -> Parts:
    found: Parts = {}
    for key, part in rows:
        found.setdefault(key, []).append(part)
    return found


def _phases(offers: list[UUID]) -> Parts:
    rows = CapacityPhase.objects.filter(offer__in=offers).order_by("starts_on", "id")
    return _gathered(
        (offer, {"available_kw": kw, "starts_on": day(begins), "ends_on": day(ends), "state": state})
        for offer, kw, begins, ends, state in rows.values_list(
            "offer_id", "available_kw", "starts_on", "ends_on", "state"
        )
    )


def _commitments(offers: list[UUID]) -> Parts:
    rows = Commitment.objects.live().filter(offer__in=offers).order_by("starts_on", "id")
    return _gathered(
        (offer, {"kw": kw, "start": day(begins), "end": day(ends)})
        for offer, kw, begins, ends in rows.values_list("offer_id", "kw", "starts_on", "ends_on")
    )


def _claims(offers: list[UUID]) -> Parts:
    rows = Claim.objects.filter(offer__in=offers).order_by("field")
    return _gathered(
        (offer, {"field": field, "level": level, "valid_until": day(until)})
        for offer, field, level, until in rows.values_list("offer_id", "field", "level", "valid_until")
    )


def _tiers(terms: list[UUID]) -> Parts:
    rows = OfferTier.objects.filter(terms__in=terms).order_by("min_kw")
    return _gathered(
        (of, {"min_kw": min_kw, "energy_price": f"{price:.6f}"})
        for of, min_kw, price in rows.values_list("terms_id", "min_kw", "energy_price")
    )


def _licences(hosts: set[UUID]) -> Parts:
    rows = Licence.objects.filter(organization__in=hosts, review=Review.REVIEWED)
    columns = ("organization_id", "type", "valid_from", "valid_to", "jurisdiction_code")
    return _gathered(
        (of, {"type": kind, "valid_from": day(begins), "valid_to": day(ends), "jurisdiction_code": code})
        for of, kind, begins, ends, code in rows.order_by("type", "valid_from", "id").values_list(*columns)
    )
