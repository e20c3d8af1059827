"""Why a gate passed or failed for one pair, as a short code with parameters that say what would cure it."""

from dataclasses import dataclass

from hosting.matching.book import Book
from hosting.matching.columns import missing_field, needs_rate
from hosting.matching.gates import GATES, barred_by, is_allowed
from hosting.matching.places import PlaceLaw
from hosting.matching.records import LEGAL_STATUS, REQUIRING_EFFECTS, Need, Offer, Rule
from hosting.matching.rules import Reach
from hosting.matching.windows import covers_day, date_of

Reason = tuple[str, dict]

# Every code a failed gate can carry; whoever shows them to people has words for each.
CODES = {
    "jurisdiction": ("excluded", "not_allowed"),
    "legal_status": ("banned", "unknown", "below_minimum"),
    "predictability": ("unknown", "below_minimum"),
    "rules": ("no_lawful_day",),
    "cooling": ("not_in_set",),
    "machine_age": ("unknown", "above_maximum"),
    "order_size": ("below_minimum", "above_maximum"),
    "capacity": ("no_free_capacity",),
    "window": ("past", "not_for_whole_term", "no_common_day"),
    "term": ("below_minimum", "above_maximum"),
    "price_model": ("not_in_set",),
    "price_comparable": (
        "missing_field",
        "no_tier",
        "missing_rate",
        "missing_hashprice",
        "missing_efficiency",
        "no_load",
    ),
    "price_ceiling": ("above_maximum",),
    "deposit": ("above_maximum",),
    "uptime": ("below_minimum",),
    "curtailment": ("above_maximum",),
    "renewable": ("below_minimum",),
    "evidence": ("below_minimum",),
}


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate of one pair. A gate that passes has the code "" and the values it compared."""

    name: str
    passed: bool
    code: str
    params: dict


@dataclass(frozen=True, slots=True)
class Pair:
    """What was found for one need and one offer. `earliest` is a later start that would do, if found."""

    offer: Offer
    place: PlaceLaw
    reach: Reach
    first: int
    latest: int
    start: int | None
    read_on: int
    most_free_kw: int
    has_run: bool
    price_micros: int | None
    curtailment_bp: int
    earliest: int | None


def results(book: Book, need: Need, pair: Pair, failed: tuple[bool, ...]) -> tuple[GateResult, ...]:
    """Every gate of one pair, in the order of GATES; `failed` says which ones fail."""
    offer = pair.offer
    found = {
        "jurisdiction": _jurisdiction(need, pair.place),
        "legal_status": _legal_status(need, pair.place),
        "predictability": _predictability(need, pair.place),
        "rules": _rules(pair),
        "cooling": _choice(offer.cooling, need.cooling),
        "machine_age": _machine_age(need, offer),
        "order_size": _order_size(need, offer),
        "capacity": _capacity(need, pair),
        "window": _window(pair),
        "term": _term(need, offer),
        "price_model": _choice(offer.price_model, need.price_models),
        "price_comparable": _comparable(book, need, pair) if pair.price_micros is None else ("", {}),
        "price_ceiling": _above(
            "price_micros", pair.price_micros, "max_price_micros", need.max_price_micros, "micros"
        ),
        "deposit": _above(
            "deposit_months",
            offer.deposit_months or 0,
            "max_deposit_months",
            need.max_deposit_months,
            "months",
        ),
        "uptime": _below("uptime_bp", offer.uptime_bp or 0, "min_uptime_bp", need.min_uptime_bp),
        "curtailment": _above(
            "curtailment_bp", pair.curtailment_bp, "max_curtailment_bp", need.max_curtailment_bp, "bp"
        ),
        "renewable": _below(
            "renewable_bp", offer.renewable_bp or 0, "min_renewable_bp", need.min_renewable_bp
        ),
        "evidence": ("below_minimum", {"value": offer.evidence, "minimum": need.min_evidence}),
    }
    return tuple(
        GateResult(gate, not fails, found[gate][0] if fails else "", found[gate][1])
        for gate, fails in zip(GATES, failed, strict=True)
    )


def _jurisdiction(need: Need, place: PlaceLaw) -> Reason:
    barred = barred_by(need, place)
    if barred is not None:
        return "excluded", {"code": place.code, "excluded": barred}
    if not is_allowed(need, place):
        return "not_allowed", {"code": place.code, "allowed": sorted(need.allowed or ())}
    return "", {"code": place.code}


def _legal_status(need: Need, place: PlaceLaw) -> Reason:
    standing = place.standing
    params = {
        "value": None if standing.status is None else LEGAL_STATUS[standing.status],
        "confidence": None if standing.legal is None else standing.legal.confidence,
        "from": standing.legal_from,
        "minimum": need.min_legal_status,
    }
    if standing.banned_by is not None:
        return "banned", params | {"banned_by": standing.banned_by}
    return ("unknown" if standing.is_unsure else "below_minimum"), params


def _predictability(need: Need, place: PlaceLaw) -> Reason:
    rating = place.standing.rating
    params = {"value": rating, "from": place.standing.predictability_from, "minimum": need.min_predictability}
    return ("unknown" if rating is None else "below_minimum"), params


def _rules(pair: Pair) -> Reason:
    named = {rule.id: rule for rule, _low, _high in pair.reach.blocks}
    rules = [named[key] for key in sorted(named)]
    params = {
        "rules": [rule.id for rule in rules],
        "titles": [rule.title for rule in rules],
        # What each side lacks, and what no licence would mend.
        "miner_lacks": _lacks(rules, "miner"),
        "host_lacks": _lacks(rules, "host"),
        "others": [rule.title for rule in rules if rule.effect not in REQUIRING_EFFECTS],
    }
    return "no_lawful_day", params | _later(pair)


def _lacks(rules: list[Rule], subject: str) -> list[str]:
    asked = (rule for rule in rules if rule.effect in REQUIRING_EFFECTS and rule.subject == subject)
    return sorted({rule.licence_type or "" for rule in asked})


def _choice(value: str | None, accepted: frozenset[str] | None) -> Reason:
    return "not_in_set", {"value": value, "accepted": sorted(accepted or ())}


def _machine_age(need: Need, offer: Offer) -> Reason:
    params = {"worst_j_th": need.worst_j_th, "max_j_per_th": offer.max_j_per_th}
    if need.worst_j_th is None:
        return "unknown", params
    if offer.max_j_per_th is not None and need.worst_j_th > offer.max_j_per_th:
        params["over_by"] = need.worst_j_th - offer.max_j_per_th
    return "above_maximum", params


def _order_size(need: Need, offer: Offer) -> Reason:
    params = {"need_kw": need.need_kw, "min_kw": offer.min_kw, "max_kw": offer.max_kw}
    if offer.min_kw is not None and need.need_kw < offer.min_kw:
        return "below_minimum", params | {"short_by_kw": offer.min_kw - need.need_kw}
    if offer.max_kw is not None and need.need_kw > offer.max_kw:
        return "above_maximum", params | {"over_by_kw": need.need_kw - offer.max_kw}
    return "", params


def _capacity(need: Need, pair: Pair) -> Reason:
    params = {"need_kw": need.need_kw, "free_kw": pair.most_free_kw}
    if pair.most_free_kw < need.need_kw:
        params |= {"short_by_kw": need.need_kw - pair.most_free_kw} | _later(pair)
    return "no_free_capacity", params


def _window(pair: Pair) -> Reason:
    params: dict = {"first": _iso(pair.first), "latest": _iso(pair.latest), "start": _iso(pair.start)}
    params |= _later(pair)
    if pair.latest < pair.first:
        return "past", params
    return ("no_common_day" if pair.has_run else "not_for_whole_term"), params


def _later(pair: Pair) -> dict:
    # How many days later the latest start would have to be for a start to exist, where one was found.
    if pair.earliest is None:
        return {}
    return {"earliest": _iso(pair.earliest), "days_later": pair.earliest - pair.latest}


def _iso(day: int | None) -> str | None:
    return None if day is None else date_of(day).isoformat()


def _term(need: Need, offer: Offer) -> Reason:
    low, high = offer.min_term_months, offer.max_term_months
    params = {"term_months": need.term_months, "min_term_months": low, "max_term_months": high}
    if low is not None and need.term_months < low:
        return "below_minimum", params | {"short_by_months": low - need.term_months}
    if high is not None and need.term_months > high:
        return "above_maximum", params | {"over_by_months": need.term_months - high}
    return "", params


def _above(name: str, value: int | None, bound_name: str, bound: int | None, unit: str) -> Reason:
    params = {name: value, bound_name: bound}
    if value is not None and bound is not None and value > bound:
        params[f"over_by_{unit}"] = value - bound
    return "above_maximum", params


def _below(name: str, value: int, bound_name: str, bound: int | None) -> Reason:
    params = {name: value, bound_name: bound}
    if bound is not None and value < bound:
        params["short_by_bp"] = bound - value
    return "below_minimum", params


def _comparable(book: Book, need: Need, pair: Pair) -> Reason:
    offer = pair.offer
    field = missing_field(offer)
    if field is not None:
        return "missing_field", {"field": field}
    fitting = [tier for tier in offer.tiers if tier[0] <= need.need_kw]
    if offer.price_model == "tiered" and not fitting:
        lowest = min((min_kw for min_kw, _price in offer.tiers), default=None)
        return "no_tier", {"need_kw": need.need_kw, "min_kw": lowest}
    reads_tier = offer.price_model == "tiered" and bool(max(fitting)[1])
    if ("fx", offer.currency) not in book.rates and (needs_rate(offer) or reads_tier):
        return "missing_rate", {"currency": offer.currency}
    if not offer.levies_included:
        for rule in pair.reach.levies:
            if rule.id in book.statute.unpriced and covers_day(rule, pair.read_on):
                return "missing_rate", {"currency": rule.levy_currency, "rule": rule.id, "title": rule.title}
    if offer.revenue_share_bp and not book.hashprice_micros:
        return "missing_hashprice", {}
    if offer.revenue_share_bp and not need.efficiency:
        return "missing_efficiency", {}
    return "no_load", {"uptime_bp": offer.uptime_bp or 0, "curtailment_bp": pair.curtailment_bp}
