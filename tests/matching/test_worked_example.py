"""The worked example of docs/matching.md and its table of codes, read out of the page, held to the engine."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from hosting.matching.book import Fact, Phase, Place, Rate, Rule, Taken
from hosting.matching.gates import GATES
from hosting.matching.reasons import CODES
from tests.matching.scene import failing, judge, need, offer

PAGE = (Path(__file__).parents[2] / "docs" / "matching.md").read_text()
SINCE = date(2024, 1, 1)


def table(name):
    """{name: value} of a fenced block; what stands behind two spaces is a remark."""
    block = re.search(rf"^```{name}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE).group(1)
    rows = [re.split(r"\s{2,}", line.strip()) for line in block.splitlines()]
    found = {row[0]: row[1] for row in rows}
    assert len(found) == len(rows)
    return found


def days(text):
    low, _dots, high = text.partition("..")
    return date.fromisoformat(low), date.fromisoformat(high) if high else None


def stretches(text, record):
    """Phases or commitments written as kW@from or kW@from..to."""
    pairs = [word.split("@") for word in text.split(" ")]
    return tuple(record(int(kw), *days(period)) for kw, period in pairs)


@pytest.fixture(scope="module")
def found():
    given = table("given")

    def number(name):
        return int(given.pop(name))

    def amount(name):
        return Decimal(given.pop(name))

    as_of = date.fromisoformat(given.pop("as_of"))
    wish = need(
        earliest_start=date.fromisoformat(given.pop("earliest_start")),
        latest_start=date.fromisoformat(given.pop("latest_start")),
        **{
            name: number(name)
            for name in ("need_kw", "efficiency", "worst_j_th", "term_months", "max_price_micros")
        },
    )
    steps = tuple(
        tuple(Decimal(part) for part in step.split(":")) for step in given.pop("levy_scale").split(" ")
    )
    low, high = days(given.pop("winter_stop"))
    rules = [
        Rule(id=effect, jurisdiction="KZ", subject="host", effect=effect, **fields)
        for effect, fields in (
            ("levy_per_kwh", {"valid_from": SINCE, "levy": steps, "levy_currency": "KZT"}),
            ("curtail", {"valid_from": low, "valid_to": high}),
        )
    ]
    facts = [Fact("KZ", name, given.pop(name), SINCE, "high") for name in ("legal_status", "predictability")]
    rates = [
        Rate("fx", "KZT", amount("tenge_in_usd"), as_of),
        Rate("hashprice", None, amount("hashprice"), as_of),
    ]
    money = ("energy_price", "passthrough_estimate", "hosting_fee", "base_fee_kw_month", "setup_fee_kw")
    whole = ("revenue_share_bp", "pue_e4", "uptime_bp", "curtailment_bp", "renewable_bp", "reputation")
    hotel = offer(
        jurisdiction="KZ",
        currency="KZT",
        metering="site",
        price_model=given.pop("price_model"),
        evidence=given.pop("evidence"),
        phases=stretches(given.pop("phases"), Phase),
        commitments=stretches(given.pop("commitments"), Taken),
        **{name: amount(name) for name in money},
        **{name: number(name) for name in whole},
    )
    assert not given, f"the example states what nobody reads: {sorted(given)}"
    return judge(hotel, wish, places=[Place("KZ")], facts=facts, rules=rules, rates=rates, as_of=as_of)


def test_every_number_of_the_worked_example_is_the_engines(found):
    said = {
        "start": found.start.isoformat(),
        "free_kw_on_start": found.free_kw_on_start,
        "total_curtailment_bp": found.total_curtailment_bp,
        **found.components,
        "price_micros": found.price_micros,
        **{f"value.{part.name}": part.value for part in found.parts},
        **{f"points.{part.name}": part.points for part in found.parts},
        "score": found.score,
    }
    assert table("found") == {name: str(value) for name, value in said.items()}
    assert failing(found) == []


def test_the_page_lists_every_code_of_every_gate():
    listed = {}
    for names, codes in re.findall(
        r"^\| ([a-z_, ]+) \| ([^|]+) \|$", PAGE.partition("## Codes")[2], re.MULTILINE
    ):
        for name in names.split(", "):
            listed[name] = tuple(re.sub(r" \([^)]*\)", "", codes).split(", "))
    del listed["gate"]
    assert listed == CODES
    assert set(listed) == set(GATES)
