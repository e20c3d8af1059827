"""From the API's shapes to the engine's records: units and names only, nothing of what matching decides.

What the API does not show (superseded facts, the asker's own commitments) comes from the market's other
fields, so that the engine has to leave out what the oracle never sees.
"""

import math
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from hosting.matching.book import Fact, Licence, Need, Offer, Phase, Place, Rate, Rule, Taken

OWN_REQUEST = UUID("12345678-1234-4234-8234-123456789abc")
OTHER_REQUEST = UUID("12345678-1234-4234-8234-123456789abd")


def day(text):
    return None if text is None else date.fromisoformat(text)


def money(text):
    return None if text is None else Decimal(text)


def scaled(text, factor):
    """A decimal string in whole parts: percent and J/TH by 100, PUE by 10,000, USD by a million."""
    return None if text is None else int((Decimal(text) * factor).to_integral_value(ROUND_HALF_UP))


def licences(rows):
    return tuple(Licence(row["type"], day(row["valid_from"]), day(row["valid_to"])) for row in rows or ())


def places(jurisdictions):
    return [Place(place["code"], place["parent"]) for place in jurisdictions]


def facts(jurisdictions, others):
    """One record per value shown, and those that another day would show."""
    shown = [
        place[field] | {"jurisdiction": place["code"], "field": field}
        for place in jurisdictions
        for field in ("legal_status", "predictability")
        if place[field]
    ]
    return [
        Fact(row["jurisdiction"], row["field"], str(row["value"]), day(row["valid_from"]), row["confidence"])
        for row in shown + others
    ]


def rules(jurisdictions):
    same = ("id", "subject", "effect", "min_kw", "max_kw", "new_only", "licence_type", "cap_kw")
    return [
        Rule(
            jurisdiction=place["code"],
            valid_from=day(rule["valid_from"]),
            valid_to=day(rule["valid_to"]),
            levy=tuple((Decimal(row["from"]), Decimal(row["amount"])) for row in rule["levy"] or ()),
            levy_currency=rule["levy_currency"],
            title=rule["title"],
            confidence=rule["confidence"],
            **{name: rule[name] for name in same},
        )
        for place in jurisdictions
        for rule in place["rules"]
    ]


def rates(rows):
    return [Rate(row["kind"], row["currency"], Decimal(row["value"]), day(row["on"])) for row in rows]


def offers(rows, own_commitments):
    return [offer(row, own_commitments.get(row["id"], [])) for row in rows]


def offer(row, own_commitments):
    same = ("version", "evidence", "price_model", "currency", "levies_included", "metering", "deposit_months")
    same += ("min_kw", "max_kw", "min_term_months", "max_term_months", "cooling")
    prices = ("energy_price", "passthrough_estimate", "hosting_fee", "base_fee_kw_month", "setup_fee_kw")
    percents = ("revenue_share", "metering_uplift", "uptime", "curtailment", "renewable")
    taken = [(commitment, OTHER_REQUEST) for commitment in row["commitments"]]
    taken += [(commitment, OWN_REQUEST) for commitment in own_commitments]
    return Offer(
        id=UUID(row["id"]),
        published_at=datetime.fromisoformat(row["published_at"]),
        jurisdiction=row["site"]["jurisdiction"],
        connected_on=day(row["site"]["connected_on"]),
        host_licences=licences(row["host"]["licences"]),
        reputation=row["host"]["reputation"],
        pue_e4=scaled(row["pue"], 10_000),
        tiers=tuple((tier["min_kw"], Decimal(tier["energy_price"])) for tier in row["tiers"] or ()),
        max_j_per_th=scaled(row["max_j_per_th"], 100),
        phases=tuple(
            Phase(phase["available_kw"], day(phase["starts_on"]), day(phase["ends_on"]))
            for phase in row["phases"]
        ),
        commitments=tuple(
            Taken(one["kw"], day(one["start"]), day(one["end"]), request) for one, request in taken
        ),
        **{name: row[name] for name in same},
        **{name: money(row[name]) for name in prices},
        **{f"{name}_bp": scaled(row[name], 100) for name in percents},
    )


def need(body, machines):
    """The typed or the fleet's numbers: kW rounded up, J/TH to hundredths, half up."""
    if "fleet" in body:
        catalogue = {machine["id"]: machine for machine in machines}
        lines = [(line["quantity"], catalogue[line["machine"]]) for line in body["fleet"]]
        watts = sum(count * Decimal(machine["power_w"]) for count, machine in lines)
        hashrate = sum(count * Decimal(machine["hashrate_th_s"]) for count, machine in lines)
        numbers = {
            "need_kw": math.ceil(watts / 1000),
            "efficiency": per_terahash(watts, hashrate),
            "worst_j_th": max(
                per_terahash(Decimal(machine["power_w"]), Decimal(machine["hashrate_th_s"]))
                for _, machine in lines
            ),
        }
    else:
        numbers = {
            "need_kw": body["need_kw"],
            "efficiency": scaled(body["efficiency_j_th"], 100),
            "worst_j_th": scaled(body["worst_j_th"], 100),
        }
    sets = {"cooling": "cooling", "price_models": "price_models"}
    sets |= {"allowed": "allowed_jurisdictions", "excluded": "excluded_jurisdictions"}
    percents = ("min_uptime", "max_curtailment", "min_renewable")
    same = ("origin", "term_months", "max_deposit_months", "min_legal_status", "min_predictability")
    same += ("min_evidence", "weights")
    return Need(
        earliest_start=day(body["earliest_start"]),
        latest_start=day(body["latest_start"]),
        max_price_micros=scaled(body["max_price_usd"], 1_000_000),
        licences=licences(body.get("licences")),
        request=OWN_REQUEST,
        **numbers,
        **{name: body.get(name) for name in same},
        **{name: None if body.get(key) is None else frozenset(body[key]) for name, key in sets.items()},
        **{f"{name}_bp": scaled(body.get(name), 100) for name in percents},
    )


def per_terahash(watts, hashrate):
    """Hundredths of J/TH: (2n + d) // (2d) over thousandths of W and TH/s."""
    numerator, denominator = int(watts * 1000) * 100, int(hashrate * 1000)
    return (2 * numerator + denominator) // (2 * denominator)
