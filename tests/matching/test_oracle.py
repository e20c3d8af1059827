"""The oracle itself, against numbers worked out by hand. Amounts are micro-USD per kWh."""

from datetime import date

import pytest

from tests.matching.oracle import match
from tests.matching.oracle_terms import months_later

AS_OF = date(2026, 12, 1)
EMPTY_TERMS = dict.fromkeys(
    (
        *("passthrough_estimate", "hosting_fee", "base_fee_kw_month", "revenue_share", "setup_fee_kw", "pue"),
        *("metering_uplift", "deposit_months", "min_kw", "max_kw", "min_term_months", "max_term_months"),
        *("curtailment", "renewable", "max_j_per_th"),
    )
)
WEIGHTS = ("price", "regulation", "start", "trust", "uptime", "energy")


def offer(number=1, *, jurisdiction="KZ-10", connected_on=None, reputation=None, licences=(), **terms):
    """Five cents, plug, all in, always up, 1,000 kW for ever; every other field empty."""
    return {
        **EMPTY_TERMS,
        "id": f"00000000-0000-4000-8000-{number:012}",
        "version": 1,
        "published_at": "2026-11-01T00:00:00Z",
        "site": {"jurisdiction": jurisdiction, "connected_on": connected_on},
        "host": {"licences": list(licences), "reputation": reputation},
        "evidence": "claimed",
        "price_model": "all_in",
        "currency": "USD",
        "energy_price": "0.050000",
        "levies_included": False,
        "metering": "plug",
        "tiers": [],
        "uptime": "100.00",
        "cooling": "air",
        "phases": [{"available_kw": 1000, "starts_on": "2026-01-01", "ends_on": None, "state": "planned"}],
        "commitments": [],
        **terms,
    }


def rule(effect, valid_from="2020-01-01", valid_to=None, **fields):
    return {
        **dict.fromkeys(("min_kw", "max_kw", "licence_type", "cap_kw", "levy", "levy_currency")),
        **{"id": "r", "title": "", "subject": "host", "new_only": False, "confidence": "high"},
        **{"effect": effect, "valid_from": valid_from, "valid_to": valid_to},
        **fields,
    }


def fact(value, confidence="high"):
    return {"value": value, "valid_from": "2020-01-01", "confidence": confidence}


def answer(*offers, rules=(), status=None, country_status=None, predictability=None, rates=(), **body):
    """A need of 1,000 kW at 20 J/TH from January 2027 for a month, held against the offers."""
    need = {
        "need_kw": 1000,
        "efficiency_j_th": "20.00",
        "worst_j_th": "20.00",
        "earliest_start": "2027-01-01",
        "latest_start": "2027-01-11",
        "term_months": 1,
        "max_price_usd": "0.100000",
        **body,
    }
    country = {
        "code": "KZ",
        "parent": None,
        "legal_status": country_status,
        "predictability": None,
        "rules": [],
    }
    region = {"code": "KZ-10", "parent": "KZ", "legal_status": status, "predictability": predictability}
    machines = [
        {"id": "half-way", "hashrate_th_s": "200.00", "power_w": 4001},
        {"id": "old", "hashrate_th_s": "100.00", "power_w": 3000},
    ]
    return match(offers, [country, region | {"rules": list(rules)}], rates, machines, need, AS_OF)


def only(*offers, **market):
    """The one pair of a market with one offer."""
    return answer(*(offers or (offer(),)), **market).pairs[0]


def test_a_fifth_of_the_yield_at_50_usd_and_20_j_th_is_20833():
    rates = [{"kind": "hashprice", "currency": None, "value": "50", "on": "2026-12-01"}]
    hosted = offer(price_model="revenue_share", revenue_share="20.00", energy_price="0")
    assert only(hosted, rates=rates).components["revenue_share"] == 20833
    assert only(hosted, rates=rates, efficiency_j_th=None).price is None
    assert only(hosted).price is None


def test_each_row_is_rounded_once():
    # 1 x 1.5 + 10,000 x 10,000 / (730 x 10,000) = 1.5 + 13.699 = 15.199; rounded one by one it would be 16.
    fees = offer(metering="site", pue="1.5", hosting_fee="0.000001", base_fee_kw_month="0.01")
    assert only(fees).components["hosting_fee"] == 15
    # 50,000,000 x 10,000 / (730 x 12 x 9,550) = 5,976.7
    assert only(offer(setup_fee_kw="50.00", uptime="95.50"), term_months=12).components["setup"] == 5977
    assert (
        only(offer(metering="nameplate", metering_uplift="0.01", energy_price="0.005")).price == 5001
    )  # 5000.5


def test_the_highest_tier_that_fits_sets_the_rate():
    tiers = [{"min_kw": 1001, "energy_price": "0.01"}, {"min_kw": 1000, "energy_price": "0.04"}]
    tiers.append({"min_kw": 1, "energy_price": "0.06"})
    assert only(offer(price_model="tiered", tiers=tiers, energy_price=None)).price == 40_000
    assert only(offer(price_model="tiered", tiers=tiers[:1])).failed == ["price_comparable"]


def test_levies_of_a_scale_add_up_before_the_factor():
    rates = [{"kind": "fx", "currency": "KZT", "value": "0.002", "on": "2026-12-01"}]
    # The thresholds are 0, 48,000 and 50,002 micro-USD: the rate is 50,000, with its estimate 50,001.
    scale = [{"from": "0", "amount": "1"}, {"from": "24", "amount": "2"}, {"from": "25.001", "amount": "9"}]
    levies = [
        rule("levy_per_kwh", levy=scale, levy_currency="KZT"),
        rule("levy_per_kwh", levy=[{"from": "0.05", "amount": "0.001"}], levy_currency="USD"),
    ]
    hosted = offer(price_model="indexed", passthrough_estimate="0.000001", metering="site", pue="1.1")
    assert only(hosted, rules=levies, rates=rates).components["levy"] == (4000 + 1000) * 11 // 10
    assert only(hosted, rules=levies).failed == ["price_comparable"]
    assert only(hosted | {"levies_included": True}, rules=levies).components["levy"] == 0


@pytest.mark.parametrize(
    ("on", "value", "price"),
    [
        ("2026-10-27", "1.2", 60_000),
        ("2026-10-26", "1.2", None),
        ("2026-12-02", "1.2", None),
        ("2026-12-01", "0", None),
    ],
)
def test_a_rate_counts_for_35_days_and_zero_is_none(on, value, price):
    rates = [{"kind": "fx", "currency": "EUR", "value": value, "on": on}]
    assert only(offer(currency="EUR"), rates=rates).price == price
    assert only(offer(currency="EUR", energy_price="0"), rates=rates).price == 0


def test_months_end_on_the_same_day_clipped():
    assert months_later(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_later(date(2027, 12, 31), 2) == date(2028, 2, 29)
    assert months_later(date(2027, 3, 15), 12) == date(2028, 3, 15)
    one_day = {"earliest_start": "2027-01-31", "latest_start": "2027-01-31"}
    assert only(rules=[rule("prohibit", "2027-02-28")], **one_day).failed == []
    assert only(rules=[rule("prohibit", "2027-02-27")], **one_day).failed == ["rules"]


def test_days_of_overlapping_seasons_count_once():
    # 1 to 31 January less the ten days of S: the term from 1 January has 31 days, 15 of them in a season.
    seasons = [rule("curtail", "2027-01-05", "2027-01-15"), rule("curtail", "2027-01-10", "2027-01-20")]
    pair = only(offer(curtailment="1.00"), rules=seasons, max_curtailment="49.37")
    assert pair.curtailment == 100 + 15 * 10000 // 31 == 4938
    assert pair.failed == ["curtailment"]
    assert only(rules=seasons, earliest_start="2027-01-05", latest_start="2027-01-19").failed == ["rules"]
    assert only(rules=seasons, earliest_start="2027-01-05", latest_start="2027-01-20").start == date(
        2027, 1, 20
    )


def test_new_sites_are_those_connected_since_the_rule_or_unknown():
    moratorium = [rule("moratorium_new", "2026-06-01")]
    assert only(offer(connected_on="2026-05-31"), rules=moratorium).failed == []
    assert only(offer(connected_on="2026-06-01"), rules=moratorium).failed == ["rules"]
    assert only(rules=moratorium).failed == ["rules"]


def test_an_import_ban_looks_at_a_foreign_origin_on_the_start_day_alone():
    ban = [rule("prohibit", "2027-01-05", "2027-01-12", subject="import")]
    assert only(rules=ban, origin="CN").start == date(2027, 1, 1)
    assert only(rules=ban, origin="CN", earliest_start="2027-01-05").failed == ["rules"]
    for origin in ("KZ", "KZ-39", None):
        assert only(rules=ban, origin=origin, earliest_start="2027-01-05").failed == []


def test_a_licence_must_be_valid_on_the_start_day_and_held_by_whom_the_rule_names():
    licence = {"type": "mining", "valid_from": "2027-01-03", "valid_to": "2027-01-04"}
    for_host = [rule("require_licence", licence_type="mining")]
    assert only(offer(licences=[licence]), rules=for_host).start == date(2027, 1, 3)
    assert only(offer(licences=[licence]), rules=for_host, earliest_start="2027-01-04").failed == ["rules"]
    assert only(rules=for_host, licences=[licence]).failed == ["rules"]
    for_miner = [rule("require_registration", licence_type="mining", subject="miner", min_kw=1000)]
    assert only(rules=for_miner, licences=[licence]).start == date(2027, 1, 3)
    assert only(rules=for_miner, need_kw=999).start == date(2027, 1, 1)


def test_a_banned_parent_bans_and_low_confidence_softens_nothing():
    banned = fact("banned", "low")
    assert only(status=fact("legal_licensed"), country_status=banned).failed == ["legal_status"]
    assert only(country_status=banned).failed == ["legal_status"]
    assert only(country_status=fact("tolerated"), min_legal_status="tolerated").failed == []
    assert only(status=fact("tolerated", "low"), min_legal_status="restricted").failed == ["legal_status"]
    assert only(status=fact("tolerated", "low")).parts[1]["value"] == 1500
    assert only(min_legal_status="banned").failed == ["legal_status"]


def test_the_start_is_the_first_day_that_is_lawful_and_has_room_for_the_whole_term():
    free_until = {
        "available_kw": 1000,
        "starts_on": "2026-01-01",
        "ends_on": "2027-02-05",
        "state": "energised",
    }
    joined = [free_until, free_until | {"starts_on": "2027-02-05", "ends_on": None, "available_kw": 1001}]
    taken = [{"kw": 1, "start": "2026-01-01", "end": "2027-01-06"}]
    assert only(offer(phases=joined, commitments=taken)).start == date(2027, 1, 6)
    assert only(offer(phases=[free_until], commitments=taken)).failed == ["window"]  # 6 Jan ends on 6 Feb
    assert only(offer(phases=joined, commitments=taken), need_kw=1001).failed == ["capacity"]
    assert only(latest_start="2026-12-31", earliest_start="2026-12-31").start == date(2026, 12, 31)
    assert only(latest_start="2026-11-30", earliest_start="2026-11-01").failed == ["window"]
    early = [rule("cap_kw", cap_kw=999, valid_from="2027-01-06")]
    assert only(offer(commitments=taken, phases=joined), rules=early).failed == ["window"]


def test_points_add_up_and_the_largest_remainder_gets_what_floors_left():
    # Values 5000, 6000, 9000, 2500, 10000, 0, weight 1 each: the score is 32500 // 6 = 5416. The floors are
    # 833, 1000, 1500, 416, 1666, 0, one short; of the remainders 2, 0, 0, 4, 4, 0 trust's stands first.
    late = [rule("prohibit", "2020-01-01", "2027-01-02")]
    pair = only(rules=late, status=fact("legal_licensed"), weights=dict.fromkeys(WEIGHTS, 1))
    assert [part["value"] for part in pair.parts] == [5000, 6000, 9000, 2500, 10000, 0]
    assert [part["points"] for part in pair.parts] == [833, 1000, 1500, 417, 1666, 0]
    assert pair.score == 5416


def test_default_weights_score():
    # 5000 x 40 + (4500 + 2000) x 20 + 10000 x 15 + (2500 + 4999) x 10 + 5500 x 10 + 2550 x 5 = 622,740
    hosted = offer(evidence="documented", reputation=9999, uptime="95.50", renewable="25.50")
    found = answer(hosted, status=fact("legal_unregulated"), predictability=fact(3))
    assert found.results[0]["score"] == "62.27"
    assert found.results[0]["effective_price_usd"] == "0.050000"


def test_equal_matches_are_ordered_by_age_then_id():
    older = offer(9, published_at="2026-10-31T23:59:59.999999Z")
    found = answer(offer(3), offer(2), older, offer(4, energy_price="0.049999"))
    assert [pair.offer["id"][-1] for pair in found.matched] == ["4", "9", "2", "3"]


def test_near_misses_come_easiest_cure_first_then_cheapest_none_last():
    found = answer(
        offer(1, jurisdiction="KZ", energy_price=None),
        offer(2, max_term_months=2, energy_price="0.06"),
        offer(3, max_term_months=2),
        offer(4, min_kw=1001),
        offer(5, min_kw=1001, max_term_months=2),
        offer(6, energy_price="0.100001"),
        term_months=3,
    )
    assert [row["offer"][-1] for row in found.near] == ["4", "6", "3", "2", "1"]
    assert [row["effective_price_usd"] for row in found.near][-2:] == ["0.060000", None]


def test_a_fleet_is_rounded_to_hundredths_and_up_to_whole_kw():
    fleet = [{"machine": "half-way", "quantity": 1}]
    assert only(offer(max_j_per_th="20.00"), fleet=fleet).failed == ["machine_age"]  # 20.005 is 20.01
    assert only(offer(max_j_per_th="20.01", min_kw=5, max_kw=5), fleet=fleet).failed == []  # 4,001 W
    mixed = [*fleet, {"machine": "old", "quantity": 1}]
    assert only(offer(max_j_per_th="29.99"), fleet=mixed).failed == ["machine_age"]


def test_excluded_wins_and_a_country_covers_its_subdivisions():
    assert only(allowed_jurisdictions=["KZ"]).failed == []
    assert only(allowed_jurisdictions=["KZ"], excluded_jurisdictions=["KZ-10"]).failed == ["jurisdiction"]
    assert only(offer(jurisdiction="KZ"), allowed_jurisdictions=["KZ-10"]).failed == ["jurisdiction"]
