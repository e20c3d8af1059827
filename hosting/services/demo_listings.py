"""What the demo's hosts offer: invented terms, near those that real contracts published (2023 to 2026).

Most pay for machines of today at about 28 USD per PH/s and day. Days are counted from today.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hosting.models import PhaseState

HYDRO, IMMERSION = "hydro", "immersion"
BUILT, BUILDING, PLANNED = PhaseState.ENERGISED, PhaseState.UNDER_CONSTRUCTION, PhaseState.PLANNED

Phase = tuple[int, int, int | None, str]
# kW, first day, days, whether a contract is signed (else it is held for the next two days)
Taken = tuple[int, int, int, bool]

# What the contracts have in common; a listing says what is different.
INDUSTRIAL: dict[str, Any] = {
    "deposit_months": 2, "min_kw": 500, "max_kw": None, "min_term_months": 12, "max_term_months": 36,
    "host_notice_days": 90, "miner_notice_days": 60, "uptime": "97",
    "uptime_remedy": "One day's fee for each day below the promise, counted by the month",
    "curtailment": "2", "curtailment_notice_hours": 4, "curtailment_credits": "host", "cooling": "air",
    "accepted_machines": "SHA-256, maker's warranty seals intact", "firmware": "approved",
    "allows_low_power_mode": True, "host_may_move_machines": False, "return_days": 30,
    "return_paid_by": "miner", "has_cross_default": False, "rate_lock_months": 12,
}  # fmt: skip
RETAIL: dict[str, Any] = {
    **INDUSTRIAL, "deposit_months": 1, "min_kw": 10, "max_kw": 2_000, "min_term_months": 6,
    "max_term_months": 24, "host_notice_days": 30, "miner_notice_days": 30, "uptime": "95",
    "uptime_remedy": "Fee waived for the hours below the promise", "firmware": "stock",
    "return_days": 14, "rate_lock_months": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listing:
    """An offer of a site. evidence: levels of power connection, price basis and right to host,
    by their first
    letters. terms: what differs from the contract, prices as decimal text in `currency`."""

    site: str
    title: str
    price_model: str
    currency: str
    renewable: str
    phases: tuple[Phase, ...]
    evidence: str
    listed_days_ago: int
    terms: dict[str, Any]
    contract: dict[str, Any] = field(default_factory=lambda: INDUSTRIAL)
    tiers: tuple[tuple[int, str], ...] = ()
    taken: tuple[Taken, ...] = ()
    ends_as: str = "published"

    def all_terms(self) -> dict[str, Any]:
        """Columns of OfferTerms."""
        own = {"price_model": self.price_model, "currency": self.currency, "renewable": self.renewable}
        return {**self.contract, **own, **self.terms}

    def all_tiers(self) -> Iterable[tuple[int, Decimal]]:
        """(from kW, price)."""
        return [(min_kw, Decimal(price)) for min_kw, price in self.tiers]


NORTH = (
    Listing("Suldal Hall", "Fjord hydro, all in", "all_in", "NOK", "100", ((12_000, -90, None, BUILT),),
            "vvv",
            104, {"energy_price": "0.535", "uptime": "98", "curtailment": "1"},
            taken=((5_000, -60, 700, True), (1_500, 20, 365, False))),
    Listing("Suldal Hall", "Spot power passed through", "pass_through", "NOK", "100",
            ((6_000, -90, None, BUILT),), "vdv", 71,
            {"energy_price": "0", "passthrough_estimate": "0.315", "hosting_fee": "0.155",
            "metering": "site",
             "pue": "1.0800", "passthrough_cap": "0.60", "rate_lock_months": None, "deposit_months": 3}),
    Listing("Glomfjord Hall", "Water-cooled rows, indexed", "indexed", "EUR", "100",
            ((10_000, -20, None, BUILT), (16_000, 75, None, BUILDING), (16_000, 260, None, PLANNED)),
            "vdd", 40,
            {"energy_price": "0", "passthrough_estimate": "0.0345", "hosting_fee": "0.0125",
            "cooling": HYDRO,
             "metering": "site", "pue": "1.0500", "uptime": "98.5", "max_j_per_th": "20", "min_kw": 1_000,
             "max_term_months": 60}, taken=((6_000, -15, 1_000, True),)),
    Listing("Boden Hall", "Taxes included, river power", "all_in", "SEK", "100", ((14_000, -90, None,
            BUILT),),
            "vvd", 98, {"energy_price": "0.555", "levies_included": True, "uptime": "97.5",
            "curtailment": "1"},
            taken=((9_000, -80, 730, True),)),
    Listing("Boden Hall", "Base fee and metered power, tax on top", "base_plus_metered", "SEK", "100",
            ((8_000, -30, None, BUILT),), "ddd", 33,
            {"energy_price": "0.175", "base_fee_kw_month": "29.00", "setup_fee_kw": "40.00"}),
    Listing("Kokkola Works", "Heat reuse, by size", "tiered", "EUR", "70", ((7_000, -60, None, BUILT),),
            "vvd", 62,
            {"energy_price": None, "uptime": "98", "curtailment": "0.50", "min_kw": 100},
            tiers=((100, "0.0310"), (1_000, "0.0275"), (5_000, "0.0255"))),
    Listing("Kokkola Works", "Heat reuse, share of the yield", "revenue_share", "EUR", "70",
            ((4_000, 30, None, BUILDING),), "cdd", 25,
            {"energy_price": "0.0240", "revenue_share": "8", "cooling": HYDRO, "max_j_per_th": "18",
             "uptime": "98"}),
    Listing("Hraun Hall", "Geothermal, small lots", "all_in", "USD", "100", ((4_500, -90, None, BUILT),),
            "ddv",
            88, {"energy_price": "0.0560", "uptime": "98", "curtailment": "0"}, RETAIL,
            taken=((2_000, -70, 500, True),)),
)  # fmt: skip

AMERICAS = (
    Listing("Pecos Yard", "Wind power with curtailment", "base_plus_metered", "USD", "70",
            ((100_000, -90, None, BUILT), (40_000, 120, None, BUILDING)), "vvv", 101,
            {"energy_price": "0.0310", "base_fee_kw_month": "10.50", "curtailment": "12", "uptime": "95",
             "curtailment_credits": "shared", "min_kw": 1_000, "max_kw": 90_000, "max_term_months": 60,
             "setup_fee_kw": "12.00"}, taken=((8_000, -60, 900, True),)),
    Listing("Pecos Yard", "Immersion tanks", "all_in", "USD", "70", ((15_000, -40, None, BUILT),), "vdv",
            47,
            {"energy_price": "0.0545", "cooling": IMMERSION, "max_j_per_th": "25", "uptime": "98",
             "curtailment": "8", "return_days": 45}, taken=((4_000, -30, 365, True),)),
    Listing("Lubbock Yard", "Energy at cost plus fee", "pass_through", "USD", "75",
            ((20_000, -90, None, BUILT), (10_000, 180, 545, PLANNED)), "vdd", 83,
            {"energy_price": "0", "passthrough_estimate": "0.0365", "hosting_fee": "0.0110",
             "curtailment": "9", "uptime": "96", "passthrough_cap": "0.05", "min_kw": 1_000},
            taken=((12_000, -45, 800, True),)),
    Listing("Williston Pads", "Stranded gas, by nameplate", "all_in", "USD", "0",
            ((18_000, -90, None, BUILT), (7_000, 45, None, BUILDING)), "dcd", 59,
            {"energy_price": "0.0515", "metering": "nameplate", "metering_uplift": "4", "uptime": "94",
             "curtailment": "0", "curtailment_credits": "", "has_cross_default": True}),
    Listing("Bridger Barn", "Retail, by size", "tiered", "USD", "40", ((3_500, -90, None, BUILT),),
            "ddd", 77,
            {"energy_price": None}, RETAIL,
            tiers=((10, "0.0660"), (100, "0.0610"), (1_000, "0.0565")), taken=((900, -50, 365, True),)),
    Listing("Harlan Shop", "Coal country, all in", "all_in", "USD", "0", ((9_000, -90, None, BUILT),),
            "dcc", 92,
            {"energy_price": "0.0595", "setup_fee_kw": "8.00"}, taken=((3_000, -30, 400, True),)),
    Listing("Dalton Shed", "Base fee and metered power", "base_plus_metered", "USD", "60",
            ((2_400, -90, None, BUILT),), "ccd", 51,
            {"energy_price": "0.0430", "base_fee_kw_month": "9.00"}, RETAIL),
    Listing("Seneca Mill", "Upstate hydro", "all_in", "USD", "100", ((8_000, -90, None, BUILT),), "vdv", 96,
            {"energy_price": "0.0610", "uptime": "98", "curtailment": "3"}, taken=((8_000, -85, 150,
            True),)),
    Listing("Ozark Shop", "Permit in hand", "all_in", "USD", "40", ((6_000, -60, None, BUILT),), "ddv", 44,
            {"energy_price": "0.0560"}),
    Listing("Levee Yard", "Gas by the river", "all_in", "USD", "0", ((14_000, -60, None, BUILT),), "ccc",
            29,
            {"energy_price": "0.0490", "uptime": "94"}),
    Listing("Bécancour Hall", "Block power, hydro", "all_in", "CAD", "100",
            ((12_000, -90, None, BUILT), (4_000, 60, 425, BUILT)), "vvv", 103,
            {"energy_price": "0.0715", "uptime": "98", "curtailment": "3.50"}, taken=((7_500, -80, 730,
            True),)),
    Listing("Sorel Hall", "New hall, hydro", "all_in", "CAD", "100", ((10_000, -20, None, BUILT),),
            "ddc", 22,
            {"energy_price": "0.0690"}),
    Listing("Drayton Pad", "Own gas, indexed", "indexed", "CAD", "0", ((9_000, -90, None, BUILT),),
            "ddd", 66,
            {"energy_price": "0", "passthrough_estimate": "0.0460", "hosting_fee": "0.0180",
            "uptime": "95"}),
    Listing("Pinawa Hall", "Connected before the pause", "all_in", "CAD", "100", ((7_000, -90, None,
            BUILT),),
            "vvd", 85, {"energy_price": "0.0680", "uptime": "98"}, taken=((2_500, -40, 540, True),)),
    Listing("Portage Hall", "Waiting for its connection", "all_in", "CAD", "100",
            ((15_000, 200, None, PLANNED),), "ccc", 18, {"energy_price": "0.0640"}),
    Listing("Kootenay Room", "Small hydro room", "base_plus_metered", "CAD", "100",
            ((4_000, -30, None, BUILT),), "ccd", 36, {"energy_price": "0.0520",
            "base_fee_kw_month": "8.50"},
            RETAIL),
    Listing("Hernandarias Yard", "Dam power with a share", "revenue_share", "USD", "100",
            ((30_000, -90, None, BUILT), (20_000, 90, None, BUILDING)), "vdv", 99,
            {"energy_price": "0.0430", "revenue_share": "15", "setup_fee_kw": "15.00", "min_kw": 1_000},
            taken=((14_000, -70, 600, True),)),
    Listing("Hernandarias Yard", "Water-cooled rows", "all_in", "USD", "100", ((8_000, -10, None,
            BUILT),), "vdd",
            15, {"energy_price": "0.0555", "cooling": HYDRO, "max_j_per_th": "17", "uptime": "98"}),
    Listing("Villa Hayes Yard", "Large blocks", "all_in", "USD", "100",
            ((24_000, -60, None, BUILT), (24_000, 150, None, BUILDING), (24_000, 330, None, PLANNED)),
            "ddd", 73,
            {"energy_price": "0.0520", "min_kw": 5_000, "deposit_months": 3, "max_term_months": 18,
             "uptime": "96"}, taken=((10_000, -30, 365, True),)),
    Listing("Uberaba Yard", "Hydro and sun", "all_in", "BRL", "100", ((9_000, -60, None, BUILT),), "dcd",
            31,
            {"energy_price": "0.2850", "metering": "nameplate", "metering_uplift": "2.50"}),
)  # fmt: skip

EURASIA = (
    Listing("Sayan Rooms", "Siberian hydro", "all_in", "RUB", "100",
            ((26_000, -90, None, BUILT), (14_000, 100, None, BUILDING)), "vdv", 90,
            {"energy_price": "4.0500", "uptime": "98", "curtailment": "1", "deposit_months": 1},
            taken=((12_000, -60, 500, True),)),
    Listing("Kabansk Rooms", "Cold rooms by the lake", "all_in", "RUB", "60", ((9_000, -90, None,
            BUILT),), "ddv",
            69, {"energy_price": "3.5000", "min_term_months": 6}),
    Listing("Chita Rooms", "By size, summer seasons", "tiered", "RUB", "0", ((6_000, -90, None, BUILT),),
            "dcv",
            55, {"energy_price": None, "min_kw": 100, "min_term_months": 3},
            tiers=((100, "3.9000"), (1_000, "3.5500"), (3_000, "3.3000"))),
    Listing("Bratsk Rooms", "North of the region", "base_plus_metered", "RUB", "100",
            ((20_000, -90, None, BUILT),), "dcd", 81, {"energy_price": "2.6000",
            "base_fee_kw_month": "640.00"}),
    Listing("Steppe Hall 2", "Surplus power", "all_in", "KZT", "20",
            ((18_000, -90, None, BUILT), (12_000, 65, None, BUILDING)), "vdv", 94,
            {"energy_price": "23.4000", "uptime": "96", "curtailment": "4"}, taken=((6_000, -50, 420,
            True),)),
    Listing("Steppe Hall 2", "Firm supply with fee", "base_plus_metered", "KZT", "20",
            ((10_000, -90, None, BUILT),), "vdv", 57,
            {"energy_price": "24.1000", "base_fee_kw_month": "900.00", "metering": "site", "pue": "1.0900",
             "uptime": "98", "curtailment": "0"}),
    Listing("Saryarka Plot 1", "Cheap and quick", "all_in", "KZT", "0", ((15_000, -60, None, BUILT),),
            "ccc", 38,
            {"energy_price": "20.5000", "uptime": "93", "host_may_move_machines": True}),
    Listing("Zarafshan Field", "Own solar field, all in", "all_in", "UZS", "85", ((10_000, -90, None,
            BUILT),),
            "vdd", 64, {"energy_price": "655", "levies_included": True, "uptime": "92",
            "curtailment": "6"}),
    Listing("Zarafshan Field", "Grid supply, levy on top", "base_plus_metered", "UZS", "0",
            ((5_000, -60, None, BUILT),), "ddd", 42, {"energy_price": "410", "base_fee_kw_month": "60000"}),
    Listing("Naryn Ridge", "Mountain hydro", "all_in", "USD", "100", ((8_000, -90, None, BUILT),), "ddv",
            79,
            {"energy_price": "0.0485", "curtailment": "10", "uptime": "94"}, taken=((3_000, -20, 300,
            True),)),
    Listing("Rustavi Floor", "All in, by the river", "all_in", "GEL", "75", ((9_000, -90, None, BUILT),),
            "vdd",
            87, {"energy_price": "0.1450", "uptime": "97.5"}),
)  # fmt: skip

SOUTH = (
    Listing("Awash Terrace 1", "Permit of 2023", "all_in", "USD", "100",
            ((22_000, -90, None, BUILT),), "vdd", 97, {"energy_price": "0.0470", "curtailment": "5",
            "uptime": "95"},
            taken=((9_000, -60, 450, True),)),
    Listing("Awash Terrace 2", "Newly built", "all_in", "USD", "95", ((25_000, -15, None, BUILT),),
            "dcc", 20,
            {"energy_price": "0.0440", "uptime": "95"}),
    Listing("Salalah Rooms", "Immersion under licence", "all_in", "USD", "10", ((14_000, -90, None,
            BUILT),),
            "vvv", 100, {"energy_price": "0.0530", "cooling": IMMERSION, "uptime": "98.5",
            "curtailment": "0.50",
                         "max_j_per_th": "30"}, taken=((5_000, -40, 600, True),)),
    Listing("Salalah Rooms", "Air rooms, indexed to gas", "indexed", "USD", "10",
            ((10_000, -30, None, BUILT),), "vdv", 35,
            {"energy_price": "0.0080", "passthrough_estimate": "0.0310", "hosting_fee": "0.0120",
             "uptime": "97"}),
    Listing("Dhafra Rooms", "Desert immersion", "all_in", "AED", "40",
            ((16_000, -90, None, BUILT), (16_000, 140, None, BUILDING)), "vvd", 91,
            {"energy_price": "0.2020", "cooling": IMMERSION, "uptime": "99", "curtailment": "0",
             "deposit_months": 3}, taken=((11_000, -65, 700, True),)),
    # Metered at the site, and its PUE is not stated: nobody can say what it costs.
    Listing("Sipitang Block", "Metered at the site", "all_in", "MYR", "20", ((5_000, -60, None, BUILT),),
            "ccd", 49,
            {"energy_price": "0.2050", "metering": "site", "pue": None}),
    Listing("Nam Ngum Block", "Dam power, licence awaited", "all_in", "USD", "100",
            ((12_000, -90, None, BUILT),), "ccc", 61, {"energy_price": "0.0450", "uptime": "90"}),
    Listing("Pinawa Hall", "Winter rows, paused", "all_in", "CAD", "100", ((2_000, -20, 365, BUILT),),
            "ddd", 27,
            {"energy_price": "0.0660"}, ends_as="paused"),
    Listing("Salo Shed", "First rows", "all_in", "EUR", "100", ((2_000, 30, None, BUILDING),), "ccc", 12,
            {"energy_price": "0.0350"}, RETAIL, ends_as="in_review"),
)  # fmt: skip

LISTINGS = (*NORTH, *AMERICAS, *EURASIA, *SOUTH)
