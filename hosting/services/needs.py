"""A need: what a miner asks for, read from what was typed or sent, and handed to the engine.

The same reader serves the form, the API and a saved request. A need knows nothing of who asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.services.errors import Invalid
from hosting.matching import records, scoring
from hosting.models import (
    CapacityRequest,
    Cooling,
    Evidence,
    LegalStatus,
    PriceModel,
)
from hosting.services import fleets
from hosting.services.entries import Entries
from hosting.services.fleets import Line

FIELDS = (
    "need_kw",
    "fleet",
    "efficiency_j_th",
    "worst_j_th",
    "origin",
    "earliest_start",
    "latest_start",
    "term_months",
    "max_price_usd",
    "max_deposit_months",
    "min_uptime",
    "max_curtailment",
    "min_renewable",
    "cooling",
    "price_models",
    "allowed_jurisdictions",
    "excluded_jurisdictions",
    "min_legal_status",
    "min_predictability",
    "licences",
    "min_evidence",
    "weights",
)
HORIZON = timedelta(days=3660)


@dataclass(frozen=True)
class Held:
    """A licence the miner says it holds, on the days of [valid_from, valid_to); an empty side is open."""

    type: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class NeedData:
    """A need in the units people use: kW, J/TH, USD per kWh, percent, months. None or () = left out."""

    need_kw: int
    efficiency_j_th: Decimal | None
    worst_j_th: Decimal | None
    origin: str
    earliest_start: date
    latest_start: date
    term_months: int
    max_price_usd: Decimal
    max_deposit_months: int | None = None
    min_uptime: Decimal | None = None
    max_curtailment: Decimal | None = None
    min_renewable: Decimal | None = None
    cooling: tuple[str, ...] = ()
    price_models: tuple[str, ...] = ()
    allowed_jurisdictions: tuple[str, ...] = ()
    excluded_jurisdictions: tuple[str, ...] = ()
    min_legal_status: str = ""
    min_predictability: int | None = None
    licences: tuple[Held, ...] = ()
    min_evidence: str = ""
    weights: dict[str, int] | None = None
    fleet: tuple[Line, ...] = field(default=())

    def as_engine(self, *, request: Any = None) -> records.Need:
        """The same need in the engine's whole numbers; `request` is the UUID whose commitments are left
        out."""
        return records.Need(
            need_kw=self.need_kw,
            efficiency=_scaled(self.efficiency_j_th, 100),
            worst_j_th=_scaled(self.worst_j_th, 100),
            origin=self.origin.partition("-")[0] or None,
            earliest_start=self.earliest_start,
            latest_start=self.latest_start,
            term_months=self.term_months,
            max_price_micros=int(self.max_price_usd * 1_000_000),
            max_deposit_months=self.max_deposit_months,
            min_uptime_bp=_scaled(self.min_uptime, 100),
            max_curtailment_bp=_scaled(self.max_curtailment, 100),
            min_renewable_bp=_scaled(self.min_renewable, 100),
            cooling=frozenset(self.cooling) or None,
            price_models=frozenset(self.price_models) or None,
            allowed=frozenset(self.allowed_jurisdictions) or None,
            excluded=frozenset(self.excluded_jurisdictions) or None,
            min_legal_status=self.min_legal_status or None,
            min_predictability=self.min_predictability,
            licences=tuple(records.Licence(one.type, one.valid_from, one.valid_to) for one in self.licences),
            min_evidence=self.min_evidence or None,
            weights=self.weights,
            request=request,
        )


def read(raw: Mapping[str, Any], *, today: date, strict: bool = False) -> NeedData:
    """The need that was typed or sent. Raises Invalid with everything that is wrong, by field.

    `strict` refuses unknown fields (the API); a form brings its own extra ones.
    """
    entries = Entries(raw)
    if strict:
        entries.known(FIELDS)
    fleet = fleets.read(entries)
    has_fleet = entries.given("fleet") is not None
    need_kw, efficiency, worst = _typed_size(entries) if not has_fleet else fleets.measure(fleet)
    earliest, latest = _window(entries, today)
    values: dict[str, Any] = {
        "need_kw": need_kw,
        "efficiency_j_th": efficiency,
        "worst_j_th": worst,
        "fleet": tuple(fleet),
        "origin": _origin(entries),
        "earliest_start": earliest,
        "latest_start": latest,
        "term_months": entries.whole("term_months", low="1", high="240", unit=_("months"), required=True),
        "max_price_usd": entries.number(
            "max_price_usd", places=6, low="0.000001", high="10", unit=_("USD per kWh"), required=True
        ),
        "max_deposit_months": entries.whole("max_deposit_months", low="0", high="120", unit=_("months")),
        "min_uptime": _percent(entries, "min_uptime"),
        "max_curtailment": _percent(entries, "max_curtailment"),
        "min_renewable": _percent(entries, "min_renewable"),
        "cooling": entries.words("cooling", among=Cooling.values),
        "price_models": entries.words("price_models", among=PriceModel.values),
        "min_legal_status": entries.word("min_legal_status", among=LegalStatus.values),
        "min_predictability": entries.whole("min_predictability", low="1", high="5"),
        "min_evidence": entries.word("min_evidence", among=Evidence.values),
        "licences": _licences(entries),
        "weights": _weights(entries),
        **_jurisdictions(entries),
    }
    if entries.wrong:
        raise Invalid(entries.wrong)
    return NeedData(**values)


def of_request(request: CapacityRequest) -> NeedData:
    """The need of a saved request, as it was published."""
    names: tuple[str, ...] = (
        "need_kw",
        "efficiency_j_th",
        "worst_j_th",
        "origin",
        "earliest_start",
        "latest_start",
    )
    names += ("term_months", "max_price_usd", "max_deposit_months", "min_uptime", "max_curtailment")
    names += ("min_renewable", "min_legal_status", "min_predictability", "min_evidence", "weights")
    sets = ("cooling", "price_models", "allowed_jurisdictions", "excluded_jurisdictions")
    stored: dict[str, Any] = {name: getattr(request, name) for name in names}
    return NeedData(
        **stored | {name: tuple(getattr(request, name)) for name in sets},
        licences=tuple(
            Held(
                one["type"],
                date.fromisoformat(one["valid_from"]) if one.get("valid_from") else None,
                date.fromisoformat(one["valid_to"]) if one.get("valid_to") else None,
            )
            for one in request.licences
        ),
    )


def _scaled(value: Decimal | None, by: int) -> int | None:
    """Exact: the readers and the columns admit no finer value."""
    return None if value is None else int((value * by).to_integral_value(rounding=ROUND_HALF_UP))


def _typed_size(entries: Entries) -> tuple[int | None, Decimal | None, Decimal | None]:
    need_kw = entries.whole("need_kw", low="1", high="10000000", unit=_("kW"))
    if entries.given("need_kw") is None:
        entries.refuse("need_kw", _("Enter the kW you need, or the machines you have."))
    efficiency = entries.number("efficiency_j_th", places=2, low="0", high="100000", unit=_("J/TH"))
    worst = entries.number("worst_j_th", places=2, low="0", high="100000", unit=_("J/TH"))
    return need_kw, efficiency, worst


def _window(entries: Entries, today: date) -> tuple[date | None, date | None]:
    earliest = entries.day("earliest_start", required=True)
    latest = entries.day("latest_start", required=True)
    if latest and latest < today:
        entries.refuse("latest_start", _("This day has passed."))
    elif earliest and latest and latest < earliest:
        entries.refuse("latest_start", _("The latest start lies before the earliest."))
    for name, day in (("earliest_start", earliest), ("latest_start", latest)):
        if day and abs(day - today) > HORIZON:
            entries.refuse(name, _("This is more than ten years away; please check the year."))
    return earliest, latest


def _origin(entries: Entries) -> str:
    codes = entries.codes("origin")
    if len(codes) > 1:
        entries.refuse("origin", _("Name one place."))
    return codes[0] if codes else ""


def _percent(entries: Entries, name: str) -> Decimal | None:
    return entries.number(name, places=2, low="0", high="100", unit="%")


def _jurisdictions(entries: Entries) -> dict[str, tuple[str, ...]]:
    allowed = entries.codes("allowed_jurisdictions")
    excluded = entries.codes("excluded_jurisdictions")
    both = [code for code in allowed if code in excluded or code.partition("-")[0] in excluded]
    if both:
        entries.refuse(
            "excluded_jurisdictions",
            _("%(codes)s is allowed and excluded at once.") % {"codes": ", ".join(both)},
        )
    return {"allowed_jurisdictions": allowed, "excluded_jurisdictions": excluded}


def _licences(entries: Entries) -> tuple[Held, ...]:
    held = []
    for number, one in enumerate(entries.listed("licences")):
        name = f"licences.{number}"
        if not isinstance(one, Mapping) or not isinstance(one.get("type"), str) or not one["type"].strip():
            entries.refuse(f"{name}.type", _("Name the type of the licence."))
            continue
        for key in set(one) - {"type", "valid_from", "valid_to"}:
            entries.refuse(f"{name}.{str(key)[:40]}", _("There is no such field."))
        begins = entries.day(f"{name}.valid_from", raw=one.get("valid_from"))
        ends = entries.day(f"{name}.valid_to", raw=one.get("valid_to"))
        if begins and ends and ends <= begins:
            entries.refuse(f"{name}.valid_to", _("A licence ends after it begins."))
        held.append(Held(one["type"].strip()[:60], begins, ends))
    return tuple(held)


def _weights(entries: Entries) -> dict[str, int] | None:
    given = entries.mapping("weights")
    weights: dict[str, int] = {}
    for part, value in given.items():
        name = f"weights.{str(part)[:40]}"
        if part not in scoring.PARTS:
            entries.refuse(name, _("There is no such part."))
            continue
        number = entries.number(name, places=0, low="0", high="100", raw=value)
        if number is not None:
            weights[part] = int(number)
    if not weights:
        return None
    if not any({**scoring.DEFAULT_WEIGHTS, **weights}.values()):
        entries.refuse("weights", _("At least one weight must be above zero."))
    return weights
