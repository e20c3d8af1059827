"""The offered side of a small market: rates and offers, with a null wherever the API may show one."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st

from tests.matching.markets_law import CURRENCIES, periods
from tests.matching.markets_need import EVIDENCE, PRICE_MODELS, iso, licences, often

# Halves of an id with and without their highest bit: ids are ordered as numbers of 128 bits.
HALVES = ("0000000000000001", "7fffffffffffffff", "8000000000000000", "ffffffffffffffff")
IDS = [str(UUID(high + low)) for high in HALVES for low in HALVES]
PUBLISHED_AT = (
    *("2026-10-01T08:00:00Z", "2026-10-01T08:00:00.000001Z"),
    *("2026-10-01T07:59:59.999999Z", "2026-11-02T00:00:00Z"),
)
STATES = ("energised", "under_construction", "planned")
PRICE = st.sampled_from(("0.050000", "0.050001", "0.049999", "0", "0.0613"))


@st.composite
def rates(draw, as_of):
    """Rows that are in time, just in time, too old by one day, to come, zero or not there at all."""
    found = []
    for kind, currency, value in (
        ("hashprice", None, "50.00"),
        ("fx", "EUR", "1.083333333333"),
        ("fx", "KZT", "0.0019"),
        ("fx", "XAU", "2.5"),
        ("fx", "USD", "3"),
    ):
        ages = draw(often((0,), (35,), (36,), (), (-1, 35), (-1,), (0, 1)))
        for age in ages:
            on = iso(as_of - timedelta(age))
            shown = draw(often(value, value, "0", "27.7005"))
            found.append({"kind": kind, "currency": currency, "value": shown, "on": on})
    return found


@st.composite
def phases(draw, pool, kw):
    """One that always stands; or up to three that overlap, adjoin or leave a gap."""
    if draw(often(True, False)):
        return [{"available_kw": 2 * kw, "starts_on": pool[0], "ends_on": None, "state": "energised"}]
    found = []
    for _ in range(draw(st.integers(0, 3))):
        starts_on, ends_on = draw(periods(pool))
        available_kw = draw(st.sampled_from((kw, max(kw - 1, 1), kw + 1, -(-kw // 2))))
        state = draw(st.sampled_from(STATES))
        found.append(
            {"available_kw": available_kw, "starts_on": starts_on, "ends_on": ends_on, "state": state}
        )
    return found


@st.composite
def commitments(draw, pool, kw):
    found = []
    for _ in range(draw(often(0, 1, 2))):
        start, end = draw(periods(pool, open_end=False))
        found.append({"kw": draw(st.sampled_from((kw, kw + 1, 1))), "start": start, "end": end})
    return found


def tiers(kw):
    thresholds = st.sampled_from((1, kw, kw + 1, max(kw - 1, 0)))
    row = st.builds(lambda min_kw, price: {"min_kw": min_kw, "energy_price": price}, thresholds, PRICE)
    return st.lists(row, min_size=1, max_size=3, unique_by=lambda tier: tier["min_kw"])


def oddities(kw, term):
    """What may be empty, refuse the need or sit on its boundary; an offer has a few of these at most."""
    return st.sampled_from(
        [
            *(("energy_price", value) for value in (None, "0", "0.050001", "0.0613")),
            *(("passthrough_estimate", value) for value in (None, "0", "0.000001")),
            # Beyond 64 bits once multiplied: absurd, and still exact.
            *(("energy_price", "99999999999.999999"), ("setup_fee_kw", "9999999999999.99")),
            *(("revenue_share", value) for value in (None, "0", "0.01", "100")),
            *(("tiers", value) for value in (None, [])),
            *(("pue", value) for value in (None, "1", "1.3333")),
            *(("metering_uplift", value) for value in (None, "0", "12.5")),
            *(("min_kw", value) for value in (kw, kw + 1, max(kw - 1, 0))),
            *(("max_kw", value) for value in (kw, max(kw - 1, 1), kw + 1)),
            *(("min_term_months", value) for value in (term, term + 1)),
            *(("max_term_months", value) for value in (term, max(term - 1, 1))),
            *(("uptime", value) for value in (None, "0.00", "0.01", "90.00", "90.01", "95.49")),
            *(("curtailment", value) for value in ("12.50", "12.51", "99.99", "100.00")),
            *(("renewable", value) for value in (None, "0.00", "49.99", "100")),
            *(("cooling", value) for value in ("hydro", "immersion")),
            *(("max_j_per_th", value) for value in ("20.00", "20.01", "34.00", "30", "98.00")),
        ]
    )


@st.composite
def offers(draw, id_, codes, as_of, pool, kw, term):
    model = draw(st.sampled_from(PRICE_MODELS))
    offer = {
        "id": id_,
        "version": draw(st.sampled_from((1, 2, 7))),
        "published_at": draw(st.sampled_from(PUBLISHED_AT)),
        "site": {
            "jurisdiction": draw(st.sampled_from(codes)),
            "connected_on": draw(st.sampled_from((None, *pool))),
        },
        "host": {
            "licences": draw(licences(as_of)),
            "reputation": draw(st.sampled_from((None, 0, 1, 9999, 10000))),
        },
        "evidence": draw(st.sampled_from(EVIDENCE)),
        "price_model": model,
        "currency": draw(often("USD", *CURRENCIES)),
        "energy_price": draw(PRICE),
        "passthrough_estimate": "0.010000",
        "hosting_fee": draw(often(None, "0", "0.005", "0.000001")),
        "base_fee_kw_month": draw(often(None, "0.00", "3.65", "10.01", "7.30")),
        "revenue_share": "20.00" if model == "revenue_share" else draw(often(None, "1.25")),
        "levies_included": draw(often(False, True)),
        "setup_fee_kw": draw(often(None, "0.00", "50.00", "0.01")),
        "metering": draw(often("plug", "site", "nameplate")),
        "pue": draw(st.sampled_from(("1.15", "1.0001"))),
        "metering_uplift": draw(st.sampled_from(("3.00", "0.01"))),
        "tiers": draw(tiers(kw)) if model == "tiered" else [],
        "deposit_months": draw(st.sampled_from((None, 0, 1, 2, 3))),
        "min_kw": None,
        "max_kw": None,
        "min_term_months": None,
        "max_term_months": None,
        "uptime": draw(st.sampled_from(("95.50", "99.99", "100.00"))),
        "curtailment": draw(st.sampled_from((None, "0.00", "4.99", "5.00"))),
        "renewable": draw(st.sampled_from(("50.00", "50.01"))),
        "cooling": "air",
        "max_j_per_th": None,
        "phases": draw(phases(pool, kw)),
        "commitments": draw(commitments(pool, kw)),
    }
    return offer | dict(draw(st.lists(oddities(kw, term), max_size=4)))
