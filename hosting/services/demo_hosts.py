"""The demo's sites: invented grounds in real places. Years of connection matter: some rules spare the old."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hosting.models import Jurisdiction, Site
from hosting.services import sites
from hosting.services.demo_people import Cast

AIR, HYDRO, IMMERSION = "air", "hydro", "immersion"


@dataclass(frozen=True, slots=True)
class Ground:
    """A site: total_kw, mix in percent by source, connected_on or None where the host does not say."""

    host: str
    name: str
    place: str
    region: str
    total_kw: int
    connected_on: date | None
    mix: dict[str, int]
    cooling: tuple[str, ...] = (AIR,)
    pue: str | None = None
    grid: str = "132 kV, two feeders"


GROUNDS = (
    Ground("fjellro", "Suldal Hall", "NO", "Rogaland", 18_000, date(2020, 9, 1), {"hydro": 98, "wind": 2},
           pue="1.0800"),
    Ground("fjellro", "Glomfjord Hall", "NO", "Nordland", 42_000, date(2025, 11, 10), {"hydro": 100},
           cooling=(HYDRO,), pue="1.0500"),
    Ground("fjellro", "Boden Hall", "SE", "Norrbotten", 24_000, date(2022, 3, 15), {"hydro": 85, "wind": 15},
           pue="1.0700"),
    Ground("fjellro", "Kokkola Works", "FI", "Central Ostrobothnia", 12_000, date(2023, 10, 2),
           {"wind": 55, "nuclear": 30, "hydro": 15}, cooling=(AIR, HYDRO), pue="1.0400",
           grid="110 kV; heat sold to the district network"),
    Ground("hraun-hysing", "Hraun Hall", "IS", "Reykjanes", 9_000, date(2018, 5, 4),
           {"geothermal": 70, "hydro": 30}, pue="1.0600"),
    Ground("caprock-halls", "Pecos Yard", "US-TX", "West Texas", 160_000, date(2022, 6, 1),
           {"wind": 55, "solar": 15, "gas": 30}, cooling=(AIR, IMMERSION), pue="1.0600",
           grid="138 kV, interruptible"),
    Ground("caprock-halls", "Lubbock Yard", "US-TX", "South Plains", 30_000, date(2023, 8, 20),
           {"wind": 70, "gas": 30}, pue="1.0700"),
    Ground("tallgrass-yards", "Williston Pads", "US-ND", "Williams County", 25_000, date(2021, 11, 8),
           {"gas": 100}, grid="own generation on stranded gas"),
    Ground("tallgrass-yards", "Bridger Barn", "US-WY", "Laramie County", 8_000, date(2022, 9, 12),
           {"coal": 60, "wind": 40}),
    Ground("tallgrass-yards", "Harlan Shop", "US-KY", "Harlan County", 15_000, date(2021, 8, 3),
           {"coal": 70, "gas": 30}),
    Ground("tallgrass-yards", "Dalton Shed", "US-GA", "Whitfield County", 6_000, date(2020, 2, 17),
           {"nuclear": 45, "gas": 40, "solar": 15}),
    Ground("tallgrass-yards", "Seneca Mill", "US-NY", "Finger Lakes", 20_000, date(2019, 7, 1),
           {"hydro": 90, "wind": 10}),
    Ground("tallgrass-yards", "Ozark Shop", "US-AR", "Boone County", 10_000, date(2024, 9, 9),
           {"gas": 60, "hydro": 40}),
    Ground("delta-levee", "Levee Yard", "US-AR", "Desha County", 14_000, date(2024, 12, 2), {"gas": 100}),
    Ground("erable-froid", "Bécancour Hall", "CA-QC", "Centre-du-Québec", 22_000, date(2018, 11, 5),
           {"hydro": 99, "wind": 1}),
    Ground("erable-froid", "Sorel Hall", "CA-QC", "Montérégie", 10_000, date(2025, 3, 3), {"hydro": 100}),
    Ground("erable-froid", "Drayton Pad", "CA-AB", "Drayton Valley", 12_000, date(2021, 5, 25),
           {"gas": 100}, grid="own generation"),
    Ground("erable-froid", "Pinawa Hall", "CA-MB", "Eastman", 10_000, date(2021, 4, 1), {"hydro": 100}),
    Ground("erable-froid", "Portage Hall", "CA-MB", "Central Plains", 15_000, date(2026, 6, 20),
           {"hydro": 100}),
    Ground("erable-froid", "Kootenay Room", "CA-BC", "Kootenay", 5_000, None, {"hydro": 100}),
    Ground("selenga-rooms", "Sayan Rooms", "RU", "Khakassia", 40_000, date(2021, 10, 1), {"hydro": 100}),
    Ground("selenga-rooms", "Kabansk Rooms", "RU-BU", "Kabansk district", 14_000, date(2022, 1, 20),
           {"hydro": 60, "coal": 40}),
    Ground("selenga-rooms", "Chita Rooms", "RU-ZAB", "Chita", 9_000, date(2022, 4, 11), {"coal": 100}),
    Ground("selenga-rooms", "Bratsk Rooms", "RU-IRK", "Bratsk", 30_000, date(2019, 6, 14), {"hydro": 100}),
    Ground("steppe-halls", "Steppe Hall 2", "KZ", "Karaganda region", 50_000, date(2021, 9, 1),
           {"coal": 80, "wind": 20}, pue="1.0900", grid="220 kV, surplus power"),
    Ground("saryarka-plot", "Saryarka Plot 1", "KZ", "Pavlodar region", 20_000, date(2021, 7, 15),
           {"coal": 100}),
    Ground("tian-ridge", "Zarafshan Field", "UZ", "Navoiy region", 16_000, date(2024, 5, 6),
           {"solar": 85, "gas": 15}),
    Ground("tian-ridge", "Naryn Ridge", "KG", "Naryn region", 12_000, date(2023, 6, 30), {"hydro": 100}),
    Ground("kura-valley", "Rustavi Floor", "GE", "Kvemo Kartli", 17_000, date(2020, 12, 12),
           {"hydro": 75, "gas": 25}),
    Ground("abrigo-verde", "Hernandarias Yard", "PY", "Alto Paraná", 60_000, date(2022, 2, 2),
           {"hydro": 100}, cooling=(AIR, HYDRO), pue="1.0500"),
    Ground("abrigo-verde", "Villa Hayes Yard", "PY", "Presidente Hayes", 80_000, date(2023, 9, 18),
           {"hydro": 100}),
    Ground("cerrado-abrigo", "Uberaba Yard", "BR", "Minas Gerais", 13_000, date(2024, 8, 1),
           {"hydro": 65, "solar": 35}),
    Ground("awash-terraces", "Awash Terrace 1", "ET", "Oromia", 35_000, date(2023, 12, 1), {"hydro": 100}),
    Ground("awash-terraces", "Awash Terrace 2", "ET", "Oromia", 25_000, date(2026, 3, 1),
           {"hydro": 95, "wind": 5}),
    Ground("dhofar-cool", "Salalah Rooms", "OM", "Dhofar", 28_000, date(2023, 8, 23), {"gas": 90, "wind": 10},
           cooling=(AIR, IMMERSION), pue="1.0300"),
    Ground("dhofar-cool", "Dhafra Rooms", "AE", "Abu Dhabi", 32_000, date(2023, 11, 11),
           {"gas": 60, "nuclear": 25, "solar": 15}, cooling=(IMMERSION,), pue="1.0300"),
    Ground("lantern-rivers", "Sipitang Block", "MY", "Sabah", 7_000, date(2022, 10, 10),
           {"gas": 80, "hydro": 20}),
    Ground("lantern-rivers", "Nam Ngum Block", "LA", "Vientiane", 18_000, date(2022, 2, 14), {"hydro": 100}),
    Ground("newcomer-yard", "Salo Shed", "FI", "Southwest Finland", 3_000, date(2026, 5, 5), {"wind": 100}),
)  # fmt: skip


def build(*, cast: Cast, now: datetime) -> dict[str, Site]:
    """Describe the sites that are not there yet; gives all of them by name."""
    at = now - timedelta(days=110)
    places = Jurisdiction.objects.in_bulk()
    there = {(site.host_id, site.name): site for site in Site.objects.filter(host__in=_hosts(cast))}
    built = {}
    for ground in GROUNDS:
        host = cast.companies[ground.host]
        built[ground.name] = there.get((host.pk, ground.name)) or sites.create(
            host=host,
            name=ground.name,
            jurisdiction=places[ground.place],
            total_kw=ground.total_kw,
            by=cast.owners[ground.host],
            now=at,
            **_described(ground),
        )
    return built


def _hosts(cast: Cast) -> list[Any]:
    return [cast.companies[ground.host].pk for ground in GROUNDS]


def _described(ground: Ground) -> dict[str, Any]:
    return {
        "region": ground.region,
        "address": f"{ground.name}, invented for the demo market, {ground.region}",
        "connected_on": ground.connected_on,
        "cooling": list(ground.cooling),
        "energy_mix": ground.mix,
        "pue": ground.pue,
        "grid": ground.grid,
        "insurance": "Property and liability, machines insured by their owner",
    }
