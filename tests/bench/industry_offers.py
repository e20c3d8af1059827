"""The offered side of the benchmark's market: hosts, their sites, and offers as the engine's records.

Shares follow the distributions gathered for demo and benchmark markets: [E] from data, [D] derived from it,
[A] assumed. Everything is drawn in columns first, so that 50,000 offers take seconds.
"""

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from hosting.matching.records import Licence, Offer, Rate, Rule
from tests.bench.industry_places import AS_OF, REGIONS
from tests.bench.industry_terms import MACHINE_KW, commitments, phases, prices

OFFERS_A_SITE, SITES_A_HOST = 2.5, 3
LATEST_PUBLISHED = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MODELS = ("all_in", "base_plus_metered", "pass_through", "indexed", "revenue_share", "tiered")
RETAIL_MODELS = (0.70, 0.08, 0.02, 0.00, 0.10, 0.10)
INDUSTRIAL_MODELS = (0.35, 0.13, 0.27, 0.05, 0.20, 0.00)


class Host(NamedTuple):
    """Who offers. Hosts without reviews have no reputation."""

    licences: tuple[Licence, ...]
    reputation: int | None


class Site(NamedTuple):
    """Where: `host` is a position in the market's hosts. connected_on may be unknown, or still to come."""

    host: int
    jurisdiction: str
    connected_on: date | None
    power_kw: int


class Supply(NamedTuple):
    """The offered side. `site_of` holds for each offer its position in `sites`."""

    hosts: list[Host]
    sites: list[Site]
    site_of: list[int]
    offers: list[Offer]


class Draw:
    """Columns of drawn values, one per row, as plain Python lists."""

    def __init__(self, rng: np.random.Generator, size: int) -> None:
        self.rng, self.size = rng, size

    def pick(self, values, weights=None) -> list:
        """One of the values per row."""
        share = None if weights is None else np.array(weights, dtype=float) / sum(weights)
        return [values[at] for at in self.rng.choice(len(values), size=self.size, p=share).tolist()]

    def whole(self, low: int, high: int) -> list[int]:
        """Whole numbers of [low, high)."""
        return self.rng.integers(low, high, self.size).tolist()

    def part(self) -> list[float]:
        """Fractions of [0, 1)."""
        return self.rng.random(self.size).tolist()

    def normal(self) -> list[float]:
        return self.rng.standard_normal(self.size).tolist()


def supply(rng: np.random.Generator, count: int, rules: list[Rule], rates: list[Rate],
           asking: list[UUID]) -> Supply:  # fmt: skip
    """So many offers. `asking` are requests of which some already hold a little of somebody's capacity."""
    site_count = max(1, round(count / OFFERS_A_SITE))
    sites = _sites(rng, site_count)
    hosts = _hosts(rng, sites, rules)
    site_of = np.sort(rng.integers(0, site_count, count)).tolist()
    per_unit = {rate.currency: float(rate.value) for rate in rates if rate.kind == "fx"} | {"USD": 1.0}
    columns = _columns(Draw(rng, count))
    offers = []
    for at, row in enumerate(zip(*columns.values(), strict=True)):
        drawn = dict(zip(columns, row, strict=True))
        site = sites[site_of[at]]
        offers.append(_offer(drawn, site, hosts[site.host], per_unit, asking))
    return Supply(hosts, sites, site_of, offers)


def _sites(rng: np.random.Generator, count: int) -> list[Site]:
    draw = Draw(rng, count)
    codes = draw.pick(list(REGIONS), [region.sites for region in REGIONS.values()])
    # Lognormal, median 15 MW, sigma 1.3, clipped at 0.3 and 400 MW [A].
    power = [int(1000 * min(400.0, max(0.3, 15 * math.exp(1.3 * z)))) for z in draw.normal()]
    age = draw.whole(-400, 3_000)
    is_dated = [part > 0.08 for part in draw.part()]
    host = draw.whole(0, max(1, count // SITES_A_HOST))
    return [
        Site(host[at], codes[at], AS_OF - timedelta(days=age[at]) if is_dated[at] else None, power[at])
        for at in range(count)
    ]


def _hosts(rng: np.random.Generator, sites: list[Site], rules: list[Rule]) -> list[Host]:
    """Seven in ten hold the licences their places ask for; some of those run out within a term."""
    count = 1 + max(site.host for site in sites)
    asked = {
        (rule.jurisdiction, rule.licence_type)
        for rule in rules
        if rule.subject == "host" and rule.licence_type
    }
    wanted: list[set[str]] = [set() for _host in range(count)]
    for site in sites:
        wanted[site.host] |= {kind for place, kind in asked if site.jurisdiction.startswith(place)}
    draw = Draw(rng, count)
    holds, runs_out, reviewed = draw.part(), draw.part(), draw.part()
    days, marks = draw.whole(20, 900), rng.beta(8, 2.5, count).tolist()
    found = []
    for at in range(count):
        until = AS_OF + timedelta(days=days[at]) if runs_out[at] < 0.3 else None
        since = AS_OF - timedelta(days=days[at])
        kinds = sorted(wanted[at]) if holds[at] < 0.7 else []
        licences = tuple(Licence(kind, since, until) for kind in kinds)
        found.append(Host(licences, round(10_000 * marks[at]) if reviewed[at] < 0.5 else None))
    return found


def _columns(draw: Draw) -> dict[str, list]:
    return {
        "id": _ids(draw),
        "minutes": draw.whole(0, 300 * 24 * 60),
        "version": draw.pick((1, 2, 3, 5), (6, 2, 1, 1)),
        "is_retail": [part < 0.55 for part in draw.part()],
        "retail_model": draw.pick(MODELS, RETAIL_MODELS),
        "industrial_model": draw.pick(MODELS, INDUSTRIAL_MODELS),
        "z": draw.normal(),
        "is_tidy": [part < 0.5 for part in draw.part()],
        "energy_part": (0.65 + 0.15 * draw.rng.random(draw.size)).tolist(),
        "share_bp": draw.pick((1500, 2000, 3000, 3500, 5000), (35, 35, 15, 10, 5)),
        "is_local": [part < 0.45 for part in draw.part()],
        "setup_unit": draw.pick((None, 0, 15, 25, 39, 50, 75, 100), (25, 20, 15, 15, 10, 10, 3, 2)),
        "metering": draw.pick(("plug", "site", "nameplate"), (70, 20, 10)),
        "pue_e4": [100 * pue for pue in draw.whole(102, 131)],
        "uplift_bp": draw.pick((200, 300, 500)),
        "levies_included": [part < 0.35 for part in draw.part()],
        "deposit_months": draw.pick((0, 1, 2, 3), (5, 50, 33, 12)),
        "retail_min": draw.pick((1, 5, 10, 25, 100), (60, 13, 12, 10, 5)),
        "industrial_min": draw.pick((500, 1000, 5000, 10_000), (20, 35, 30, 15)),
        "has_max": [part < 0.3 for part in draw.part()],
        "retail_term": draw.pick((None, 1, 12, 24, 36), (10, 20, 50, 12, 8)),
        "industrial_term": draw.pick((None, 6, 12, 18, 24, 36, 60), (5, 5, 35, 15, 25, 10, 5)),
        "longest": draw.pick((None, 36, 60, 120), (60, 15, 20, 5)),
        # A missing promise is no load and so no price; most hosts learn that soon.
        "uptime_bp": draw.pick((None, 9000, 9500, 9550, 9700, 9800, 9900), (5, 5, 52, 5, 15, 13, 5)),
        "lost_hours": draw.pick((None, 0, 1, 2, 3), (15, 10, 30, 30, 15)),
        "lost_part": draw.part(),
        "greener": draw.part(),
        "cooling": draw.pick(("air", "hydro", "immersion", None), (82, 8, 8, 2)),
        "max_j_per_th": draw.pick((None, 3800, 3000, 2500, 2200), (55, 20, 15, 7, 3)),
        "evidence": draw.pick(("claimed", "documented", "verified"), (55, 35, 10)),
        "phase_count": draw.pick((1, 2, 3), (70, 25, 5)),
        "of_site": (0.2 + 0.8 * draw.rng.random(draw.size)).tolist(),
        "begins": draw.whole(-1_200, 500),
        "ends": draw.pick((None, 1_100, 1_800, 2_600), (75, 10, 10, 5)),
        # Free share: 0 at three in ten, else beta(2, 3) [A].
        "free": np.where(draw.rng.random(draw.size) < 0.3, 0.0, draw.rng.beta(2, 3, draw.size)).tolist(),
        "taken_count": draw.whole(1, 6),
        "taken_days": draw.whole(30, 1_000),
        "asking": draw.part(),
    }


def _ids(draw: Draw) -> list[UUID]:
    halves = draw.rng.integers(0, 2**63, (draw.size, 2)).tolist()
    return [UUID(int=(high << 64) | low, version=4) for high, low in halves]


def _offer(drawn: dict[str, Any], site: Site, host: Host, per_unit: dict, asking: list[UUID]) -> Offer:
    retail = drawn["is_retail"]
    region = REGIONS[site.jurisdiction]
    kw = max(100, int(site.power_kw * drawn["of_site"]))
    smallest = math.ceil(drawn["retail_min"] * MACHINE_KW) if retail else drawn["industrial_min"]
    lost = drawn["lost_hours"]
    if site.jurisdiction == "US-TX" and lost is not None:
        lost = max(lost, 2)
    range_bp = {0: (0, 0), 1: (100, 100), 2: (228, 570), 3: (685, 1027)}.get(lost, (0, 0))
    renewable = min(100, max(0, region.renewable + int(40 * (drawn["greener"] - 0.5)))) // 5 * 500
    return Offer(
        id=drawn["id"],
        version=drawn["version"],
        published_at=LATEST_PUBLISHED - timedelta(minutes=drawn["minutes"]),
        jurisdiction=site.jurisdiction,
        connected_on=site.connected_on,
        host_licences=host.licences,
        reputation=host.reputation,
        evidence=drawn["evidence"],
        levies_included=drawn["levies_included"],
        metering=drawn["metering"],
        pue_e4=drawn["pue_e4"] if drawn["metering"] == "site" else None,
        metering_uplift_bp=drawn["uplift_bp"] if drawn["metering"] == "nameplate" else None,
        deposit_months=drawn["deposit_months"],
        min_kw=min(smallest, kw),
        max_kw=kw if drawn["has_max"] else None,
        min_term_months=drawn["retail_term"] if retail else drawn["industrial_term"],
        max_term_months=drawn["longest"],
        uptime_bp=drawn["uptime_bp"],
        curtailment_bp=None if lost is None else _between(*range_bp, drawn["lost_part"]),
        renewable_bp=renewable,
        cooling=drawn["cooling"],
        max_j_per_th=drawn["max_j_per_th"],
        phases=phases(drawn, kw),
        commitments=commitments(drawn, kw, asking),
        **prices(drawn, site.jurisdiction, kw, per_unit),
    )


def _between(low: int, high: int, part: float) -> int:
    return low + int(part * (high - low))
