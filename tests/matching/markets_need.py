"""The asker's side of a small market: bodies of requests, and the pools that every side draws from."""

from datetime import timedelta

from hypothesis import strategies as st

PRICE_MODELS = ("all_in", "base_plus_metered", "pass_through", "indexed", "revenue_share", "tiered")
EVIDENCE = ("claimed", "documented", "verified")
LEGAL_STATUS = ("banned", "restricted", "tolerated", "legal_unregulated", "legal_licensed")
WEIGHTS = ("price", "regulation", "start", "trust", "uptime", "energy")
# 20.005 J/TH is half way between two hundredths; 1,323 W makes kW that have to be rounded up.
MACHINES = [
    {"id": f"00000000-0000-4000-8000-00000000000{n}", "hashrate_th_s": th, "power_w": watts}
    for n, (th, watts) in enumerate((("100.00", 2000), ("100", 3400), ("200.0", 4001), ("13.50", "1323")))
]


def often(harmless, *others):
    """The harmless value two times in three or more; shrinks towards it."""
    return st.sampled_from((harmless,) * (2 * len(others)) + others)


def iso(day):
    return day.isoformat()


# What a request may ask besides; left out, null and empty mean the same.
BOUNDS = st.sampled_from(
    [
        *(("max_deposit_months", value) for value in (None, 0, 1, 2)),
        *(("min_uptime", value) for value in (None, "0.00", "95.50", "95.51", "100.00")),
        *(("max_curtailment", value) for value in (None, "0.00", "5.00", "12.50", "100.00")),
        *(("min_renewable", value) for value in (None, "0.00", "50.00", "50.01")),
        *(("cooling", value) for value in (None, [], ["air"], ["hydro", "air"], ["immersion"])),
        *(("price_models", value) for value in ([], ["all_in", "tiered"], ["indexed"], [*PRICE_MODELS[1:]])),
        *(("allowed_jurisdictions", value) for value in ([], ["KZ"], ["KZ-10", "US"], ["NO", "KZ", "US-TX"])),
        *(("excluded_jurisdictions", value) for value in (None, ["KZ"], ["US-NY"], ["NO", "CN"])),
        *(("min_legal_status", value) for value in (None, *LEGAL_STATUS)),
        *(("min_predictability", value) for value in (None, 1, 3, 4, 5)),
        *(("min_evidence", value) for value in (None, *EVIDENCE)),
    ]
)


def weights():
    """Some or all of the six, not all zero."""
    given = st.dictionaries(st.sampled_from(WEIGHTS), st.sampled_from((0, 1, 7, 33, 100)), min_size=1)
    by_age_or_price = st.just({"price": 0, "regulation": 0, "uptime": 0, "energy": 0})
    return by_age_or_price | given.filter(lambda chosen: len(chosen) < len(WEIGHTS) or any(chosen.values()))


@st.composite
def needs(draw, as_of):
    """The body of a request. Starts lie around as_of; a window can be one day, or already be over."""
    earliest = as_of + timedelta(draw(often(2, -3, -1, 0, 1, 9)))
    body = {
        "earliest_start": iso(earliest),
        "latest_start": iso(earliest + timedelta(draw(often(6, 0, 1, 2, 3, 16)))),
        "term_months": draw(st.sampled_from((1, 2, 3, 1, 6, 12))),
        "max_price_usd": draw(often("0.200000", "0.050000", "0.050001", "0.060000", "0.999999", "0.000001")),
        "origin": draw(st.sampled_from((None, "CN", "CN-SC", "KZ-10", "KZ", "US-CA", "DE"))),
        "licences": draw(licences(as_of)),
        "weights": draw(st.none() | weights()),
    } | dict(draw(st.lists(BOUNDS, max_size=4)))
    if draw(st.booleans()):
        fleet = st.tuples(st.sampled_from(MACHINES), st.sampled_from((1, 30, 499, 500, 501)))
        lines = draw(st.lists(fleet, min_size=1, max_size=3))
        return body | {"fleet": [{"machine": machine["id"], "quantity": n} for machine, n in lines]}
    return body | {
        "need_kw": draw(st.sampled_from((1000, 1, 999, 75001, 12_000_000))),
        "efficiency_j_th": draw(often("20.00", "17.35", None, "34")),
        "worst_j_th": draw(often("20.00", "30.00", "30.01", None)),
    }


def licences(as_of):
    """Of the two types that rules ask for, with validity that may begin or end around the start."""
    near = [None, *(iso(as_of + timedelta(n)) for n in (-400, -1, 0, 2, 3, 4, 9))]
    return st.lists(
        st.builds(
            lambda kind, first, end: {"type": kind, "valid_from": first, "valid_to": end},
            often("mining", "register"),
            often(None, *near),
            often(None, *near),
        ),
        max_size=2,
    )


def need_kw_of(body):
    """The pivot of the kW pools; a fleet's power is rounded up."""
    if "need_kw" in body:
        return body["need_kw"]
    watts = {machine["id"]: int(machine["power_w"]) for machine in MACHINES}
    return -(-sum(watts[line["machine"]] * line["quantity"] for line in body["fleet"]) // 1000)
