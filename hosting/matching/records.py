"""What the engine is given: plain records in the units people enter, and the closed lists of words in them.

Money is Decimal in the stated currency, percent in basis points, power in kW, efficiency in hundredths of
J/TH. Days are `datetime.date` in UTC; every period is half-open: [from, to), where None is open on that side.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

PRICE_MODELS = ("all_in", "base_plus_metered", "pass_through", "indexed", "revenue_share", "tiered")
METERINGS = ("plug", "site", "nameplate")
COOLINGS = ("air", "hydro", "immersion")
EVIDENCE = ("claimed", "documented", "verified")
LEGAL_STATUS = ("banned", "restricted", "tolerated", "legal_unregulated", "legal_licensed")
EFFECTS = (
    "prohibit",
    "moratorium_new",
    "cap_kw",
    "require_licence",
    "require_registration",
    "levy_per_kwh",
    "curtail",
    "allow",
)
SUBJECTS = ("host", "miner", "import")
CONFIDENCES = ("low", "medium", "high")

# Price models whose estimate of the passed-through cost is read.
PASSTHROUGH_MODELS = ("pass_through", "indexed")
REQUIRING_EFFECTS = ("require_licence", "require_registration")

# Beyond these no site, fleet or contract is real; refusing them keeps every sum within int64.
KW_LIMIT = 10**12
MONTHS_LIMIT = 12_000
NUMBER_LIMIT = 2**62


def check(name: str, value: int | None, low: int, high: int) -> None:
    """Refuse a whole number outside [low, high] with ValueError; None passes."""
    if value is not None and not low <= value <= high:
        raise ValueError(f"{name} must lie between {low} and {high}, not {value}")


@dataclass(frozen=True, slots=True)
class Place:
    """A country (`parent` None) or a subdivision under it."""

    code: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A dated value of a place; only the fields legal_status and predictability decide anything here."""

    jurisdiction: str
    field: str
    value: str
    valid_from: date
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A published rule of a place. `levy` holds (from, amount) per kWh in `levy_currency`."""

    id: str
    jurisdiction: str
    subject: str
    effect: str
    valid_from: date | None
    valid_to: date | None = None
    min_kw: int | None = None
    max_kw: int | None = None
    new_only: bool = False
    licence_type: str | None = None
    cap_kw: int | None = None
    levy: tuple[tuple[Decimal, Decimal], ...] = ()
    levy_currency: str | None = None
    title: str = ""
    confidence: str = "high"

    def __post_init__(self) -> None:
        if self.effect not in EFFECTS or self.subject not in SUBJECTS or self.confidence not in CONFIDENCES:
            raise ValueError(f"rule {self.id}: unknown effect, subject or confidence")
        if self.effect == "cap_kw" and self.cap_kw is None:
            raise ValueError(f"rule {self.id}: cap_kw is required for this effect")


@dataclass(frozen=True, slots=True)
class Rate:
    """kind "fx": USD per unit of `currency`; kind "hashprice": USD per PH/s and day, `currency` None."""

    kind: str
    currency: str | None
    value: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence or registration somebody holds, by the type that rules ask for."""

    type: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """Power an offer has from a day on; phases add up."""

    kw: int
    starts_on: date | None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A live commitment (held or confirmed); `request` says for which request, if any."""

    kw: int
    starts_on: date | None
    ends_on: date | None = None
    request: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One version of an offer's terms with what is known of its site and host. None is an empty field."""

    id: UUID
    version: int
    published_at: datetime
    jurisdiction: str
    connected_on: date | None = None
    host_licences: tuple[Licence, ...] = ()
    reputation: int | None = None
    evidence: str = "claimed"
    price_model: str
    currency: str
    energy_price: Decimal | None = None
    passthrough_estimate: Decimal | None = None
    hosting_fee: Decimal | None = None
    base_fee_kw_month: Decimal | None = None
    revenue_share_bp: int | None = None
    levies_included: bool = False
    setup_fee_kw: Decimal | None = None
    metering: str = "plug"
    pue_e4: int | None = None
    metering_uplift_bp: int | None = None
    tiers: tuple[tuple[int, Decimal], ...] = ()
    deposit_months: int | None = None
    min_kw: int | None = None
    max_kw: int | None = None
    min_term_months: int | None = None
    max_term_months: int | None = None
    uptime_bp: int | None = None
    curtailment_bp: int | None = None
    renewable_bp: int | None = None
    cooling: str | None = None
    max_j_per_th: int | None = None
    phases: tuple[Phase, ...] = ()
    commitments: tuple[Taken, ...] = ()

    def __post_init__(self) -> None:
        if self.price_model not in PRICE_MODELS or self.metering not in METERINGS:
            raise ValueError(f"offer {self.id}: unknown price model or metering")
        if self.evidence not in EVIDENCE or self.cooling not in (*COOLINGS, None):
            raise ValueError(f"offer {self.id}: unknown evidence or cooling")
        for name in ("uptime_bp", "curtailment_bp", "renewable_bp", "reputation"):
            check(name, getattr(self, name), 0, 10_000)
        for name in ("min_kw", "max_kw", "min_term_months", "max_term_months", "deposit_months"):
            check(name, getattr(self, name), 0, KW_LIMIT)
        check("max_j_per_th", self.max_j_per_th, 0, KW_LIMIT)
        for name in ("pue_e4", "metering_uplift_bp", "revenue_share_bp"):
            check(name, getattr(self, name), 0, NUMBER_LIMIT - 10_000)
        for kw in [phase.kw for phase in self.phases] + [taken.kw for taken in self.commitments]:
            check("kw", kw, 0, KW_LIMIT)
        for min_kw, _price in self.tiers:
            check("tier min_kw", min_kw, 0, KW_LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a miner asks for. None is "left out"; an empty set means all (or, for `excluded`, none).

    efficiency and worst_j_th in hundredths of J/TH; max_price_micros in micro-USD per kWh. `request` names
    the request this need comes from: its own commitments do not stand in its way.
    """

    need_kw: int
    efficiency: int | None = None
    worst_j_th: int | None = None
    origin: str | None = None
    earliest_start: date
    latest_start: date
    term_months: int
    max_price_micros: int
    max_deposit_months: int | None = None
    min_uptime_bp: int | None = None
    max_curtailment_bp: int | None = None
    min_renewable_bp: int | None = None
    cooling: frozenset[str] | None = None
    price_models: frozenset[str] | None = None
    allowed: frozenset[str] | None = None
    excluded: frozenset[str] | None = None
    min_legal_status: str | None = None
    min_predictability: int | None = None
    licences: tuple[Licence, ...] = ()
    min_evidence: str | None = None
    weights: dict[str, int] | None = None
    request: UUID | None = None

    def __post_init__(self) -> None:
        check("need_kw", self.need_kw, 1, KW_LIMIT)
        check("term_months", self.term_months, 1, MONTHS_LIMIT)
        check("max_price_micros", self.max_price_micros, 1, NUMBER_LIMIT)
        for name in ("efficiency", "worst_j_th", "max_deposit_months"):
            check(name, getattr(self, name), 0, KW_LIMIT)
        for name in ("min_uptime_bp", "max_curtailment_bp", "min_renewable_bp"):
            check(name, getattr(self, name), 0, 10_000)
        if self.min_legal_status is not None and self.min_legal_status not in LEGAL_STATUS:
            raise ValueError(f"unknown legal status {self.min_legal_status}")
        if self.min_evidence is not None and self.min_evidence not in EVIDENCE:
            raise ValueError(f"unknown evidence {self.min_evidence}")
