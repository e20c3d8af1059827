"""The rows that the columns are made of, compared by id and version: only those that differ are read.

Every change that an answer depends on raises the version of an offer, a site or a host in its transaction
(tests/services/test_columns.py goes through the kinds of change); a phase, a claim and a commitment raise
that of their offer. Licences are few, and read whole. No mark remembers how far we have read, so that a
transaction that commits late cannot be overlooked.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar, cast

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from accounts.models import Licence, Organization, Review, Verification
from hosting.matching import records
from hosting.models import CapacityPhase, Commitment, Offer, OfferStatus, OfferTier, Site

# Columns of a version of the terms, as the engine reads them: as they are, or in hundredths.
PLAIN_TERMS = (
    *("price_model", "currency", "energy_price", "passthrough_estimate", "hosting_fee", "base_fee_kw_month"),
    *("setup_fee_kw", "levies_included", "metering", "cooling", "deposit_months", "min_kw", "max_kw"),
    *("min_term_months", "max_term_months"),
)
PERCENTAGES = ("revenue_share", "metering_uplift", "uptime", "curtailment", "renewable")
TERMS = (*PLAIN_TERMS, *PERCENTAGES, "pue", "max_j_per_th")
# How many are asked for by name; beyond that all are read.
BY_NAME = 500

Licences = Mapping[str, tuple[records.Licence, ...]]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class SiteRow:
    """Where a site stands, and whose it is."""

    host: str
    jurisdiction: str
    connected_on: date | None


@dataclass(frozen=True, slots=True)
class HostRow:
    """What of a host decides."""

    is_verified: bool
    reputation: int | None


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A published offer; its record says where its site is and what its host holds."""

    site: str
    valid_until: date | None
    record: records.Offer


@dataclass(frozen=True, slots=True)
class Rows:
    """Published offers, sites and hosts by the text of their id, and the version each was read in.

    `touched`: the offers in which these rows differ from those they were brought up from.
    """

    offers: dict[str, OfferRow] = field(default_factory=dict)
    sites: dict[str, SiteRow] = field(default_factory=dict)
    hosts: dict[str, HostRow] = field(default_factory=dict)
    licence_rows: list[tuple] = field(default_factory=list)
    licences: Licences = field(default_factory=dict)
    offer_versions: Mapping[str, int] = field(default_factory=dict)
    site_versions: Mapping[str, int] = field(default_factory=dict)
    host_versions: Mapping[str, int] = field(default_factory=dict)
    touched: frozenset[str] = frozenset()

    def is_live(self, key: str, as_of: date) -> bool:
        """Whether a published offer holds on the day and is a verified host's."""
        row = self.offers[key]
        holds = row.valid_until is None or row.valid_until > as_of
        return holds and self.hosts[self.sites[row.site].host].is_verified


def brought_up(held: Rows) -> Rows:
    """The rows as the snapshot we are in has them; `held` stays as it is. A fixed number of queries."""
    site_versions = versions_of(Site.objects.all())
    host_versions = versions_of(Organization.objects.filter(pk__in=Site.objects.values("host")))
    offer_versions = versions_of(Offer.objects.filter(status=OfferStatus.PUBLISHED))
    moved = differing(held.site_versions, site_versions)
    others = differing(held.host_versions, host_versions)
    changed = differing(held.offer_versions, offer_versions)
    licence_rows = _licence_rows()
    licences = held.licences if licence_rows == held.licence_rows else _licences(licence_rows)
    sites = merged(held.sites, site_versions, _sites(moved))
    hosts = merged(held.hosts, host_versions, _hosts(others))
    if licences is not held.licences:
        both = licences.keys() | held.licences.keys()
        others |= {key for key in both if licences.get(key) != held.licences.get(key)}
    if others:
        moved |= {key for key, site in sites.items() if site.host in others}
    fresh = Rows(held.offers, sites, hosts, licence_rows, licences)
    offers = merged(held.offers, offer_versions, _offers(changed, fresh))
    touched = changed | (held.offers.keys() - offers.keys())
    if moved:
        beside = {key: row for key, row in offers.items() if row.site in moved and key not in changed}
        offers = offers | {
            key: replace(row, record=replace(row.record, **_surroundings(fresh, row.site)))
            for key, row in beside.items()
        }
        touched |= beside.keys()
    return replace(
        fresh,
        offers=offers,
        offer_versions=offer_versions,
        site_versions=site_versions,
        host_versions=host_versions,
        touched=frozenset(touched),
    )


def versions_of(rows: QuerySet) -> dict[str, int]:
    """{id as text: version}: cheap, for there may be a hundred thousand."""
    # Text, because a UUID is hashed and compared in Python, one by one.
    return dict(rows.order_by().values_list(Cast("pk", CharField()), "version"))


def differing(held: Mapping[str, int], now: Mapping[str, int]) -> set[str]:
    """Keys that are new, or there in another version."""
    if held == now:
        return set()
    return {key for key, version in now.items() if held.get(key) != version}


def merged(held: dict[str, Row], now: Mapping[str, int], read: dict[str, Row]) -> dict[str, Row]:
    """What is held and still there, with what was read put over it."""
    if not read and len(held) == len(now):
        return held
    kept = {key: row for key, row in held.items() if key in now}
    return kept | read


def named(rows: QuerySet, name: str, keys: Collection[str]) -> QuerySet:
    """The rows whose `name` is among the ids, or all where these are too many to name."""
    if len(keys) > BY_NAME:
        return rows
    return rows.filter(**{f"{name}__in": [uuid.UUID(key) for key in keys]})


def _sites(keys: Collection[str]) -> dict[str, SiteRow]:
    rows = named(Site.objects.order_by(), "pk", keys)
    columns = (Cast("pk", CharField()), Cast("host", CharField()), "jurisdiction", "connected_on")
    return {key: SiteRow(*row) for key, *row in rows.values_list(*columns)}


def _hosts(keys: Collection[str]) -> dict[str, HostRow]:
    rows = named(Organization.objects.filter(pk__in=Site.objects.values("host")).order_by(), "pk", keys)
    found = rows.values_list(Cast("pk", CharField()), "verification", "reputation")
    return {key: HostRow(state == Verification.VERIFIED, reputation) for key, state, reputation in found}


def licences_of(host: uuid.UUID) -> tuple[records.Licence, ...]:
    """The reviewed licences of one host."""
    rows = Licence.objects.filter(organization=host, review=Review.REVIEWED).order_by("pk")
    return tuple(records.Licence(*row) for row in rows.values_list("type", "valid_from", "valid_to"))


def _licence_rows() -> list[tuple]:
    """The reviewed licences, read whole."""
    rows = Licence.objects.filter(review=Review.REVIEWED).order_by("pk")
    return list(rows.values_list(Cast("organization", CharField()), "type", "valid_from", "valid_to"))


def _licences(rows: list[tuple]) -> Licences:
    """The same by whose they are."""
    held: dict[str, list[records.Licence]] = defaultdict(list)
    for host, *licence in rows:
        held[host].append(records.Licence(*licence))
    return {host: tuple(licences) for host, licences in held.items()}


def _offers(keys: Collection[str], around: Rows) -> dict[str, OfferRow]:
    """Published offers with terms, tiers, phases and live commitments, each kind in one query."""
    published = Offer.objects.filter(status=OfferStatus.PUBLISHED, in_force__isnull=False).order_by()
    own = (Cast("pk", CharField()), "pk", "version", "published_at", "evidence", Cast("site", CharField()))
    ofs = tuple(f"in_force__terms__{name}" for name in ("pk", "valid_until", *TERMS))
    tiers = _grouped(
        named(OfferTier.objects.filter(terms__offer__status=OfferStatus.PUBLISHED), "terms__offer", keys)
        .order_by("terms", "min_kw")
        .values_list("terms", "min_kw", "energy_price"),
    )
    phases = _grouped(
        named(CapacityPhase.objects.filter(offer__status=OfferStatus.PUBLISHED), "offer", keys)
        .order_by("starts_on", "pk")
        .values_list("offer", "available_kw", "starts_on", "ends_on")
    )
    taken = _grouped(
        named(Commitment.objects.live().filter(offer__status=OfferStatus.PUBLISHED), "offer", keys)
        .order_by("starts_on", "pk")
        .values_list("offer", "kw", "starts_on", "ends_on", "request")
    )
    found = {}
    for row in named(published, "pk", keys).values_list(*own, *ofs):
        key, pk, version, published_at, evidence, site, terms, valid_until = row[:8]
        record = offer_record(
            id=pk,
            version=version,
            published_at=published_at,
            evidence=evidence,
            terms=dict(zip(TERMS, row[8:], strict=True)),
            tiers=tuple(tiers.get(terms, ())),
            phases=tuple(records.Phase(*one) for one in phases.get(pk, ())),
            commitments=tuple(records.Taken(*one) for one in taken.get(pk, ())),
            **_surroundings(around, site),
        )
        found[key] = OfferRow(site, valid_until, record)
    return found


def _grouped(rows: QuerySet) -> dict[uuid.UUID, list[tuple]]:
    found: dict[uuid.UUID, list[tuple]] = defaultdict(list)
    for owner, *row in rows:
        found[owner].append(tuple(row))
    return found


def _surroundings(around: Rows, site: str) -> dict[str, Any]:
    """What a record says of its site and host."""
    at = around.sites[site]
    return {
        "jurisdiction": at.jurisdiction,
        "connected_on": at.connected_on,
        "host_licences": around.licences.get(at.host, ()),
        "reputation": around.hosts[at.host].reputation,
    }


def offer_record(*, terms: Mapping[str, Any], published_at: datetime | None, **more: Any) -> records.Offer:
    """One offer in the engine's units, from the columns TERMS of its terms and the rest of the record."""
    hundredths: dict[str, Any] = {f"{name}_bp": _scaled(terms[name], 100) for name in PERCENTAGES}
    return records.Offer(
        # Published, so it has one: a constraint says so.
        published_at=cast(datetime, published_at),
        **{name: terms[name] for name in PLAIN_TERMS},
        **hundredths,
        pue_e4=_scaled(terms["pue"], 10_000),
        max_j_per_th=_scaled(terms["max_j_per_th"], 100),
        **more,
    )


def _scaled(value: Decimal | None, by: int) -> int | None:
    """Exact: the columns admit no finer value than 1 / by."""
    return None if value is None else int(value * by)
