"""A large invented market in the API's shapes, the same for every run of a seed.

It is meant to be plausible, not adversarial (the drawn markets of tests/matching are that): some forty places
with their law, six price models, two phases and up to three commitments an offer.
"""

import random
from datetime import date, timedelta
from uuid import UUID

AS_OF = date(2026, 11, 22)
COUNTRIES = (
    *("US", "CA", "KZ", "RU", "NO", "SE", "FI", "IS", "PY", "AR", "BR", "AE", "OM", "ET", "KE", "ZA", "GE"),
    *("MY", "ID", "BT"),
)
STATUSES = ("restricted", "tolerated", "legal_unregulated", "legal_licensed", "legal_licensed")
MODELS = ("all_in", "base_plus_metered", "pass_through", "indexed", "revenue_share", "tiered")
RATES = [
    {"kind": "hashprice", "currency": None, "value": "50.00", "on": "2026-11-20"},
    {"kind": "fx", "currency": "EUR", "value": "1.083333333333", "on": "2026-11-20"},
    {"kind": "fx", "currency": "KZT", "value": "0.0019", "on": "2026-11-20"},
]
BODY = {
    "need_kw": 1000,
    "efficiency_j_th": "20.00",
    "worst_j_th": "24.00",
    "origin": "CN",
    "earliest_start": "2026-12-01",
    "latest_start": "2027-03-01",
    "term_months": 12,
    "max_price_usd": "0.080000",
    "licences": [],
}


def on(days):
    """A date so many days from the market's own."""
    return (AS_OF + timedelta(days)).isoformat()


def fact(rng, value):
    return {
        "value": value,
        "valid_from": on(-rng.randint(0, 900)),
        "confidence": rng.choice(("high", "medium")),
    }


def places(rng):
    """Twenty countries with two parts each; a rule here and there, levies and winter stops among them."""
    found = []
    for country in COUNTRIES:
        for code in (country, f"{country}-1", f"{country}-2"):
            found.append(
                {
                    "code": code,
                    "parent": None if code == country else country,
                    "legal_status": fact(rng, rng.choice(STATUSES)) if code == country else None,
                    "predictability": fact(rng, rng.randint(1, 5)) if code == country else None,
                    "rules": [rule(rng, f"{code}-{n}") for n in range(rng.choice((0, 0, 1, 2)))],
                }
            )
    return found


def rule(rng, name):
    effect = rng.choice(("levy_per_kwh", "curtail", "moratorium_new", "allow", "prohibit"))
    starts = rng.randint(-400, 300)
    return {
        "id": name,
        "subject": "host",
        "effect": effect,
        "valid_from": on(starts),
        "valid_to": on(starts + (90 if effect in ("curtail", "prohibit") else 700)),
        "min_kw": None,
        "max_kw": None,
        "new_only": False,
        "licence_type": None,
        "cap_kw": None,
        "levy": [{"from": "0", "amount": "0.001"}, {"from": "0.05", "amount": "0.002"}]
        if effect == "levy_per_kwh"
        else None,
        "levy_currency": "USD" if effect == "levy_per_kwh" else None,
        "title": name,
        "confidence": "high",
    }


def offers(rng, codes, count):
    """So many offers, spread over the places."""
    return [offer(rng, codes) for _ in range(count)]


def offer(rng, codes):
    model = rng.choice(MODELS)
    begins = rng.randint(-500, 60)
    return {
        "id": str(UUID(int=rng.getrandbits(128))),
        "version": 1,
        "published_at": f"{on(-rng.randint(1, 300))}T08:00:00Z",
        "site": {"jurisdiction": rng.choice(codes), "connected_on": on(-rng.randint(0, 1500))},
        "host": {"licences": [], "reputation": rng.choice((None, rng.randint(0, 10_000)))},
        "evidence": rng.choice(("claimed", "documented", "verified")),
        "price_model": model,
        "currency": rng.choice(("USD", "USD", "EUR")),
        "energy_price": f"0.0{rng.randint(30_000, 75_000)}",
        "passthrough_estimate": "0.010000",
        "hosting_fee": rng.choice((None, "0.005000")),
        "base_fee_kw_month": rng.choice((None, "3.65")),
        "revenue_share": "20.00" if model == "revenue_share" else None,
        "levies_included": rng.random() < 0.3,
        "setup_fee_kw": rng.choice((None, "50.00")),
        "metering": rng.choice(("plug", "site", "nameplate")),
        "pue": "1.1500",
        "metering_uplift": "3.00",
        "tiers": [{"min_kw": kw, "energy_price": f"0.0{60_000 - kw}"} for kw in (0, 500, 5_000)]
        if model == "tiered"
        else [],
        "deposit_months": rng.choice((0, 1, 2, 3)),
        "min_kw": rng.choice((None, 100, 500, 2_000)),
        "max_kw": None,
        "min_term_months": rng.choice((None, 6, 12, 24)),
        "max_term_months": None,
        "uptime": rng.choice(("95.00", "97.50", "99.00")),
        "curtailment": rng.choice((None, "2.00", "8.00")),
        "renewable": f"{rng.randint(0, 100)}.00",
        "cooling": rng.choice(("air", "hydro", "immersion")),
        "max_j_per_th": rng.choice((None, "30.00", "38.00")),
        "phases": [
            {
                "available_kw": rng.randint(200, 20_000),
                "starts_on": on(begins),
                "ends_on": None,
                "state": "energised",
            },
            {
                "available_kw": 5_000,
                "starts_on": on(begins + 200),
                "ends_on": on(begins + 900),
                "state": "planned",
            },
        ],
        "commitments": [
            {"kw": rng.randint(50, 2_000), "start": on(begins), "end": on(begins + rng.randint(200, 900))}
            for _ in range(rng.randint(0, 3))
        ],
    }


def market(count, seed=20261122):
    """(places, offers): so many offers, always the same ones for a seed."""
    rng = random.Random(seed)
    found = places(rng)
    return found, offers(rng, [place["code"] for place in found], count)
