"""Hosting prices that were published somewhere, 2018 to 2026, as history: the shipped file, read once.

They are no offers of this market. A row that repeats a contract, or whose price can't be compared, stays in
the file and out of here (`in_price_stats`).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from hosting.models import Confidence, DatePrecision
from hosting.services import reading, seeding

FILE = "hosting_terms.csv"
COLUMNS = (
    *("id", "company", "counterparty", "region_code", "site", "as_of", "price_model", "all_in_usd_kwh"),
    *("price_low_usd_kwh", "price_high_usd_kwh", "energy_usd_kwh", "base_fee_usd_kw_month"),
    *("host_share_pct", "share_basis", "original_price", "original_currency", "metering_basis"),
    *("deposit_usd", "deposit_days", "deposit_note", "setup_fee_usd_per_unit", "min_order_machines"),
    *("min_order_kw", "deal_machines", "deal_mw", "term_months", "renewal_or_notice", "uptime_sla_pct"),
    *("uptime_basis", "curtailment", "cooling", "energy_source", "renewable_pct", "effective_usd_kwh"),
    *("effective_basis", "era", "in_price_stats", "source_kind", "source_publisher", "source_url"),
    *("confidence", "note"),
)
# How the file says that it does not know where.
NOWHERE = "ZZ"


@dataclass(frozen=True, slots=True)
class PublishedPrice:
    """One price with its source. `on` is the first day of what the source dates; code: a country, a
    subdivision, or "" where it is not said; usd_kwh: what it came to at the miner's plug."""

    id: str
    company: str
    code: str
    as_of: str
    on: date
    precision: str
    price_model: str
    usd_kwh: Decimal
    basis: str
    publisher: str
    url: str
    confidence: str
    note: str


def rows(folder: Path | None = None) -> tuple[PublishedPrice, ...]:
    """Those that can be compared, oldest first. Raises Malformed."""
    return _read(folder or seeding.FOLDER)


@lru_cache(maxsize=4)
def _read(folder: Path) -> tuple[PublishedPrice, ...]:
    found = [
        _price_of(line)
        for line in reading.lines(folder / FILE, columns=COLUMNS)
        if line.flag("in_price_stats")
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.id)))


def _price_of(line: reading.Line) -> PublishedPrice:
    on, precision = line.first_day("as_of")
    code = line.text("region_code")
    return PublishedPrice(
        id=line.text("id"),
        company=line.text("company"),
        code="" if code == NOWHERE else code,
        as_of=line.text("as_of"),
        on=on,
        precision=DatePrecision(precision).value,
        price_model=line.text("price_model"),
        usd_kwh=line.decimal("effective_usd_kwh"),
        basis=line.text("effective_basis"),
        publisher=line.text("source_publisher"),
        url=line.cells["source_url"],
        confidence=line.choice("confidence", Confidence.values),
        note=line.cells["note"],
    )
