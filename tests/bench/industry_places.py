"""Where the benchmark's market lies: the shipped places, facts and rules, and how sites and prices spread.

Marks: [E] from data, [D] derived from it, [A] assumed.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from hosting.matching.records import Fact, Place, Rate, Rule

AS_OF = date(2026, 11, 22)
REFERENCE = Path(__file__).resolve().parents[2] / "hosting" / "reference"
LAW_FIELDS = ("legal_status", "predictability")
# The shipped rates are older than a run admits; the market's are given this age.
RATE_AGE = timedelta(days=5)
HASHPRICE = Decimal("27.70")
SANCTIONED = frozenset({"IR"})


class Region(NamedTuple):
    """How a place takes part: share of the sites, USD per kWh (p10, median, p90), local currency, renewable
    share in percent."""

    sites: float
    low: float
    median: float
    high: float
    currency: str
    renewable: int


# Shares of sites follow the 45 known sites and the prices of regions [E/D], thinner places by judgement [A].
# States without a place of their own (Oklahoma, Ohio, Pennsylvania) count as US. CN and the other places that
# ban mining still have a few offers: somebody always tries.
REGIONS = {
    "US": Region(17.0, 0.052, 0.065, 0.080, "USD", 20),
    "US-TX": Region(16.0, 0.045, 0.056, 0.070, "USD", 35),
    "US-ND": Region(5.0, 0.055, 0.066, 0.080, "USD", 40),
    "US-NY": Region(3.5, 0.055, 0.065, 0.078, "USD", 70),
    "US-GA": Region(3.0, 0.052, 0.065, 0.080, "USD", 25),
    "US-KY": Region(2.5, 0.055, 0.066, 0.080, "USD", 10),
    "US-WY": Region(1.2, 0.052, 0.063, 0.078, "USD", 25),
    "US-AR": Region(0.8, 0.052, 0.063, 0.078, "USD", 15),
    "CA": Region(1.5, 0.045, 0.060, 0.085, "CAD", 70),
    "CA-QC": Region(2.0, 0.045, 0.060, 0.085, "CAD", 100),
    "CA-AB": Region(1.8, 0.045, 0.060, 0.085, "CAD", 20),
    "CA-BC": Region(0.7, 0.045, 0.060, 0.085, "CAD", 95),
    "CA-MB": Region(0.5, 0.045, 0.060, 0.085, "CAD", 98),
    "CA-NB": Region(0.3, 0.045, 0.060, 0.085, "CAD", 50),
    "PY": Region(7.0, 0.048, 0.056, 0.068, "USD", 100),
    "ET": Region(5.0, 0.042, 0.049, 0.058, "USD", 100),
    "KZ": Region(5.0, 0.050, 0.062, 0.078, "KZT", 10),
    "RU": Region(3.0, 0.045, 0.055, 0.070, "RUB", 20),
    "RU-IRK": Region(3.0, 0.045, 0.055, 0.070, "RUB", 80),
    "RU-BU": Region(0.6, 0.045, 0.055, 0.070, "RUB", 40),
    "RU-ZAB": Region(0.5, 0.045, 0.055, 0.070, "RUB", 10),
    "RU-DA": Region(0.2, 0.045, 0.055, 0.070, "RUB", 60),
    "NO": Region(2.5, 0.050, 0.063, 0.080, "NOK", 98),
    "SE": Region(1.5, 0.050, 0.063, 0.080, "SEK", 65),
    "FI": Region(1.2, 0.050, 0.063, 0.080, "EUR", 45),
    "IS": Region(1.2, 0.050, 0.063, 0.080, "USD", 100),
    "AE": Region(2.2, 0.045, 0.056, 0.068, "AED", 8),
    "OM": Region(1.8, 0.045, 0.056, 0.068, "USD", 3),
    "GE": Region(0.8, 0.048, 0.058, 0.072, "GEL", 80),
    "UZ": Region(0.7, 0.048, 0.058, 0.072, "UZS", 10),
    "KG": Region(0.5, 0.048, 0.058, 0.072, "USD", 85),
    "MY": Region(1.0, 0.050, 0.060, 0.075, "MYR", 15),
    "ID": Region(0.7, 0.050, 0.060, 0.075, "USD", 15),
    "LA": Region(0.5, 0.050, 0.060, 0.075, "USD", 70),
    "TH": Region(0.4, 0.050, 0.060, 0.075, "THB", 15),
    "BR": Region(1.5, 0.048, 0.062, 0.080, "BRL", 85),
    "AR": Region(1.3, 0.048, 0.062, 0.080, "USD", 35),
    "NG": Region(0.7, 0.040, 0.050, 0.062, "NGN", 20),
    "BT": Region(0.6, 0.045, 0.055, 0.065, "USD", 100),
    "KE": Region(0.3, 0.045, 0.055, 0.068, "USD", 85),
    "AU": Region(0.3, 0.055, 0.070, 0.090, "USD", 35),
    "AM": Region(0.2, 0.048, 0.058, 0.072, "USD", 30),
    "MN": Region(0.2, 0.048, 0.058, 0.072, "USD", 10),
    "PK": Region(0.2, 0.048, 0.060, 0.075, "USD", 35),
    "CN-SC": Region(0.3, 0.039, 0.047, 0.055, "CNY", 85),
    "KW": Region(0.1, 0.045, 0.056, 0.068, "USD", 1),
    "VE": Region(0.1, 0.045, 0.056, 0.068, "USD", 70),
}


def places() -> list[Place]:
    """Every shipped place."""
    return [Place(row["code"], row["parent_code"] or None) for row in _rows("jurisdictions.csv")]


def facts() -> list[Fact]:
    """Legal status and predictability as shipped, dated as the loader dates them, those of before AS_OF."""
    rows = _rows("jurisdiction_facts.csv")
    since = {row["code"]: _day(row["value"]) for row in rows if row["field"] == "effective_date"}
    found = []
    for row in rows:
        if row["field"] in LAW_FIELDS:
            begins = since.get(row["code"]) if row["field"] == "legal_status" else None
            begins = begins or _day(row["as_of"]) or AS_OF
            found.append(Fact(row["code"], row["field"], row["value"], begins, row["confidence"]))
    return found


def rules() -> list[Rule]:
    """The shipped rules, and invented ones for effects that none of the shipped ones has or has now [A]."""
    return [*_shipped_rules(), *_invented_rules()]


def _shipped_rules() -> Iterator[Rule]:
    for number, row in enumerate(_rows("regulation_rules.csv")):
        scale = re.findall(r'"from": ?"([^"]+)", ?"amount": ?"([^"]+)"', row["levy"])
        yield Rule(
            id=f"rule-{number:03}",
            jurisdiction=row["jurisdiction"],
            subject=row["subject"],
            effect=row["effect"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            min_kw=int(row["min_kw"]) if row["min_kw"] else None,
            max_kw=int(row["max_kw"]) if row["max_kw"] else None,
            new_only=row["new_only"] == "yes",
            licence_type=row["licence_type"] or None,
            cap_kw=int(row["cap_kw"]) if row["cap_kw"] else None,
            levy=tuple((Decimal(start), Decimal(amount)) for start, amount in scale),
            levy_currency=row["levy_currency"] or None,
            title=row["title"],
            confidence=row["confidence"],
        )


def _invented_rules() -> Iterator[Rule]:
    def rule(name: str, code: str, effect: str, begins: int, ends: int | None = None, **fields) -> Rule:
        until = None if ends is None else AS_OF + timedelta(days=ends)
        return Rule(
            id=f"invented-{name}",
            jurisdiction=code,
            subject=fields.pop("subject", "host"),
            effect=effect,
            valid_from=AS_OF + timedelta(days=begins),
            valid_to=until,
            title=f"Invented: {name}",
            **fields,
        )

    two_steps = ((Decimal(0), Decimal("0.001")), (Decimal("0.06"), Decimal("0.002")))
    yield rule("cap", "NO", "cap_kw", -200, cap_kw=40_000)
    yield rule("cap-for-now", "US-GA", "cap_kw", -30, 60, cap_kw=5_000)
    yield rule("levy-of-new-sites", "US-NY", "levy_per_kwh", 40, levy=two_steps, levy_currency="USD",
               new_only=True)  # fmt: skip
    yield rule("levy-of-large-fleets", "PY", "levy_per_kwh", -100, levy=two_steps, levy_currency="USD",
               min_kw=10_000)  # fmt: skip
    for season in range(3):
        yield rule(f"summer-{season}", "US-TX", "curtail", 210 + 365 * season, 217 + 365 * season,
                   min_kw=75_001)  # fmt: skip
        yield rule(f"winter-{season}", "KZ", "curtail", 40 + 365 * season, 70 + 365 * season)
    yield rule("no-old-machines", "US", "prohibit", -400, None, subject="import", min_kw=50_000)
    yield rule("no-imports-for-now", "BR", "prohibit", -10, 50, subject="import")
    yield rule("end-of-an-era", "KG", "prohibit", 900)
    yield rule("halt-to-come", "AE", "moratorium_new", 90, 400)


def rates() -> list[Rate]:
    """The latest shipped rate of each currency, and the latest hashprice known, as if of five days ago."""
    latest: dict[str, tuple[str, str]] = {}
    for row in _rows("rates.csv"):
        if row["kind"] == "fx":
            latest[row["currency"]] = max(latest.get(row["currency"], ("", "")), (row["date"], row["value"]))
    on = AS_OF - RATE_AGE
    found = [Rate("fx", currency, Decimal(value), on) for currency, (_date, value) in sorted(latest.items())]
    return [*found, Rate("hashprice", None, HASHPRICE, on)]


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _day(text: str) -> date | None:
    """The first day surely reached: a year or a month counts once it is over. None for words."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return date.fromisoformat(text)
    if re.fullmatch(r"\d{4}-\d{2}", text):
        year, month = map(int, text.split("-"))
        return date(year + month // 12, month % 12 + 1, 1)
    return date(int(text) + 1, 1, 1) if re.fullmatch(r"\d{4}", text) else None
