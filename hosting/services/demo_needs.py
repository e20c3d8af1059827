"""What the demo's miners need: invented requests, made of real machines. Days are counted from today.

Together they meet every gate of the matching at least once.
"""

from dataclasses import dataclass, field
from typing import Any

S21 = ("Bitmain", "Antminer S21 200T")
S21_PRO = ("Bitmain", "Antminer S21 Pro 234T")
S21_XP = ("Bitmain", "Antminer S21 XP 270T")
S21_XP_HYD = ("Bitmain", "Antminer S21 XP Hyd 473T")
S19_XP = ("Bitmain", "Antminer S19 XP 140T")
S19K_PRO = ("Bitmain", "Antminer S19k Pro 120T")
T21 = ("Bitmain", "Antminer T21 190T")
M60S_PLUS = ("MicroBT", "WhatsMiner M60S+ 208T")
M63S_PLUS = ("MicroBT", "WhatsMiner M63S+ 430T")
M66S_PLUS_PLUS = ("MicroBT", "WhatsMiner M66S++ 356T")
A15_PRO = ("Canaan", "Avalon A15 Pro 218T")
A3_PRO = ("Bitdeer", "SEALMINER A3 Pro Air 290T")

Machine = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wish:
    """A request. fleet: machines and how many; without one, `more` says need_kw. window: first and last
    day to start. more: fields of a request as in the API."""

    key: str
    owner: str
    origin: str
    window: tuple[int, int]
    term_months: int
    max_price_usd: str
    fleet: tuple[tuple[Machine, int], ...] = ()
    more: dict[str, Any] = field(default_factory=dict)
    is_anonymous: bool = False


def _licence(type: str) -> list[dict[str, str]]:
    return [{"type": type}]


WISHES = (
    Wish("longtan-first", "longtan-digital", "CN", (30, 90), 24, "0.0620", ((S21, 300),),
         {"max_deposit_months": 2, "min_uptime": "95"}),
    Wish("longtan-steppe", "longtan-digital", "CN", (14, 75), 12, "0.0600", ((S19_XP, 1_200),),
         {"allowed_jurisdictions": ["KZ", "KG", "UZ", "RU"], "licences": _licence("kz-digital-mining-2")},
         is_anonymous=True),
    Wish("longtan-exodus", "longtan-digital", "KZ", (20, 120), 18, "0.0480",
         ((S19K_PRO, 2_500), (S19_XP, 800)), {"excluded_jurisdictions": ["KZ"]}, is_anonymous=True),
    Wish("longtan-licensed", "longtan-digital", "CN", (45, 150), 24, "0.0640", ((S21_XP, 900),),
         {"min_legal_status": "legal_licensed", "min_predictability": 3, "min_evidence": "documented"}),
    Wish("qingshan-blocks", "qingshan-compute", "MY", (60, 180), 36, "0.0560", ((M60S_PLUS, 4_000),),
         {"allowed_jurisdictions": ["US", "CA", "PY", "BR"], "min_evidence": "documented"}),
    Wish("qingshan-terrace", "qingshan-compute", "LA", (10, 60), 24, "0.0520", ((M60S_PLUS, 800),),
         {"allowed_jurisdictions": ["ET"]}, is_anonymous=True),
    Wish("qingshan-early", "qingshan-compute", "MY", (1, 20), 12, "0.0600", ((S21_PRO, 1_700),),
         {"cooling": ["air"], "min_uptime": "97", "max_curtailment": "3"}),
    Wish("prairie-predictable", "prairie-proof", "US", (30, 100), 24, "0.0610", (),
         {"need_kw": "2000", "efficiency_j_th": "17", "worst_j_th": "19.5", "allowed_jurisdictions": ["US"],
          "min_legal_status": "legal_unregulated", "min_predictability": 4}),
    # Above 75 MW, Texas asks the host for a registration that this one does not have.
    Wish("prairie-large", "prairie-proof", "US", (130, 200), 36, "0.0560", (),
         {"need_kw": "80000", "efficiency_j_th": "15.5", "worst_j_th": "17.5",
          "allowed_jurisdictions": ["US-TX"]}),
    Wish("prairie-barn", "prairie-proof", "US", (7, 45), 12, "0.0680", ((S21_PRO, 60),),
         {"allowed_jurisdictions": ["US"], "excluded_jurisdictions": ["US-NY"], "max_deposit_months": 1}),
    Wish("kanto-water", "kanto-blocks", "JP", (60, 160), 36, "0.0640", ((S21_XP_HYD, 400), (M63S_PLUS, 60)),
         {"cooling": ["hydro"], "min_uptime": "98"}),
    Wish("kanto-tanks", "kanto-blocks", "JP", (20, 90), 24, "0.0600", ((M66S_PLUS_PLUS, 500),),
         {"cooling": ["immersion"], "min_predictability": 4, "weights": {"regulation": 50, "uptime": 30}}),
    Wish("kanto-mixed", "kanto-blocks", "JP", (30, 90), 24, "0.0620", ((S21, 400), (S19K_PRO, 100)),
         {"min_renewable": "60", "cooling": ["air", "immersion"]}),
    Wish("baltic-green", "baltic-works", "EE", (30, 120), 24, "0.0660", ((T21, 250),),
         {"allowed_jurisdictions": ["NO", "SE", "FI", "IS"], "min_renewable": "90", "max_curtailment": "2",
          "min_evidence": "documented", "weights": {"price": 20, "energy": 40}}),
    Wish("baltic-plain", "baltic-works", "DE", (15, 60), 12, "0.0640", ((A15_PRO, 140),),
         {"price_models": ["all_in"], "max_deposit_months": 1, "excluded_jurisdictions": ["RU"]}),
    Wish("baltic-verified", "baltic-works", "EE", (40, 140), 24, "0.0630", ((A3_PRO, 320),),
         {"min_evidence": "verified", "min_uptime": "98"}),
    # No machines named and no J/TH: a share of the yield can't be turned into a price.
    Wish("pampa-dam", "pampa-hash", "AR", (30, 150), 24, "0.0600", (),
         {"need_kw": "3000", "allowed_jurisdictions": ["PY", "BR"]}),
    Wish("pampa-long", "pampa-hash", "AR", (60, 240), 48, "0.0580", ((S21, 2_900),),
         {"allowed_jurisdictions": ["PY", "BR", "US-TX"], "max_deposit_months": 2}),
    Wish("irtysh-home", "irtysh-miners", "KZ", (5, 50), 12, "0.0610", ((S21, 700),),
         {"allowed_jurisdictions": ["KZ"], "licences": _licence("kz-digital-mining-2"), "min_uptime": "95"}),
    Wish("irtysh-sun", "irtysh-miners", "KZ", (30, 120), 24, "0.0620", ((T21, 500),),
         {"allowed_jurisdictions": ["UZ", "KG"], "licences": _licence("uz-napp-mining-permit")}),
    # A start within the winter stop, and one after it.
    Wish("volga-winter", "volga-rigs", "RU", (10, 60), 12, "0.0520", ((S19_XP, 600),),
         {"allowed_jurisdictions": ["RU-BU", "RU-ZAB", "RU-IRK"],
          "licences": _licence("ru-fns-miner-register")}),
    Wish("volga-spring", "volga-rigs", "RU", (125, 170), 6, "0.0520", ((S19_XP, 900),),
         {"allowed_jurisdictions": ["RU"], "licences": _licence("ru-fns-miner-register"),
          "max_curtailment": "10"}),
    Wish("harbour-cheap", "harbour-desk", "HK", (20, 120), 12, "0.0550", (),
         {"need_kw": "600", "efficiency_j_th": "19", "worst_j_th": "21.5", "min_legal_status": "tolerated",
          "weights": {"price": 100, "regulation": 10, "start": 10, "trust": 0, "uptime": 0, "energy": 0}}),
    Wish("harbour-north", "harbour-desk", "CN", (30, 365), 24, "0.0600", ((S21_XP, 1_900),),
         {"allowed_jurisdictions": ["CA", "NO", "SE", "FI"], "min_renewable": "70"}, is_anonymous=True),
    Wish("harbour-pooled", "harbour-desk", "CN", (20, 80), 12, "0.0610", ((S21, 90),),
         {"min_evidence": "documented", "max_curtailment": "5", "excluded_jurisdictions": ["RU", "US-NY"]}),
)  # fmt: skip
