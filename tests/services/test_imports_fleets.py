"""Fleets as CSV and as pyasic's export: machines by the catalogue, counted, and put into a request."""

import json

import pytest

from accounts.services.errors import Invalid
from hosting.models import Import
from hosting.services import imports, requests
from tests import factories
from tests.services.importing import receive, told

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def catalogue(db):
    made = {
        model: factories.machine(maker=maker, model=model, hashrate_th_s=rate, power_w=power)
        for maker, model, rate, power in (
            ("Bitmain", "Antminer S19j Pro 100T", 100, 3050),
            ("Bitmain", "Antminer S19j Pro 104T", 104, 3068),
            ("Bitmain", "Antminer S21 200T", 200, 3500),
            ("MicroBT", "WhatsMiner M30S++ 112T", 112, 3472),
        )
    }
    made["L7"] = factories.machine(maker="Bitmain", model="Antminer L7 9.5G", algorithm="Scrypt")
    return made


def fleet(found: Import) -> dict[str, int]:
    return {row["name"]: row["quantity"] for row in found.results}


@pytest.mark.parametrize(
    "line",
    [
        "Antminer S19j Pro 104T,,,2",
        "antminer  s19J pro,Bitmain,104,2",
        "S19j Pro,,103.5,2",
        "Bitmain Antminer S19j Pro 104T,,,2",
        "S19j Pro 104TH/s,,,2",
    ],
)
def test_a_machine_is_known_by_many_names(red_river, catalogue, line):
    found = receive(red_river, f"machine,maker,hashrate_th_s,quantity\n{line}\n", kind="fleet")
    assert fleet(found) == {"Bitmain Antminer S19j Pro 104T": 2}


def test_a_machine_is_known_by_its_id(red_river, catalogue):
    machine = catalogue["Antminer S21 200T"]
    assert receive(red_river, f"machine\n{machine.pk}\n", kind="fleet").results == [
        {"machine": str(machine.pk), "name": "Bitmain Antminer S21 200T", "quantity": 1}
    ]


def test_lines_of_one_model_are_counted_together_and_measured(red_river, catalogue):
    found = receive(red_river, "machine,quantity\nS21,10\nM30S++,1\nS21 200T,5\n", kind="fleet")
    assert fleet(found) == {"Bitmain Antminer S21 200T": 15, "MicroBT WhatsMiner M30S++ 112T": 1}
    assert found.summary == {
        "machines": 16,
        "models": 2,
        "need_kw": 56,
        "efficiency_j_th": "17.99",
        "worst_j_th": "31.00",
    }


@pytest.mark.parametrize(
    "line", ["S99,1", "S19j Pro,1", "L7 9.5G,1", "S21,0", "S21,1.5", "S21,", ",1", "S21 300T,1"]
)
def test_what_is_not_sure_is_refused_on_its_line(red_river, catalogue, line):
    found = receive(red_river, f"machine,quantity\nS21,1\n{line}\n", kind="fleet")
    assert found.status == "refused"
    assert [where for where, _column in told(found)] == [3]


def test_the_refusal_names_the_variants_of_the_catalogue(red_river, catalogue):
    (error,) = receive(red_river, "machine\nS19j Pro\n", kind="fleet").errors
    assert "Antminer S19j Pro 100T" in error["message"]
    assert "Antminer S19j Pro 104T" in error["message"]


PYASIC = [
    {
        "ip": "10.0.0.7",
        "mac": "00:11:22:33:44:55",
        "make": "AntMiner",
        "model": "S19j Pro",
        "algo": "SHA256",
        "hashrate": {"unit": "TH/s", "rate": 61.2},
        "sticker_hashrate": None,
        "expected_hashrate": {"unit": 1000000000000, "rate": 104.0},
        "pools": [{"user": "wallet.secret"}],
    },
    {"ip": "10.0.0.8", "make": "WhatsMiner", "model": "M30S++ VH40", "hashrate": {"rate": 109.5}},
]


def test_a_pyasic_export_is_counted_by_the_catalogue(red_river, catalogue):
    found = receive(red_river, json.dumps(PYASIC), kind="fleet", format="pyasic")
    assert fleet(found) == {
        "Bitmain Antminer S19j Pro 104T": 1,
        "MicroBT WhatsMiner M30S++ 112T": 1,
    }


def test_addresses_and_pools_of_a_pyasic_export_are_not_kept(red_river, catalogue):
    receive(red_river, json.dumps(PYASIC), kind="fleet", format="pyasic")
    kept = json.dumps(list(Import.objects.values("content", "results", "summary", "errors")))
    assert "S19j Pro" in kept
    for secret in ("10.0.0", "00:11", "wallet"):
        assert secret not in kept


def test_a_machine_that_pyasic_did_not_know_is_told_by_its_place(red_river, catalogue):
    found = receive(red_river, json.dumps([*PYASIC, {"make": "AntMiner"}]), kind="fleet", format="pyasic")
    assert told(found) == [(3, "model")]


@pytest.mark.parametrize("text", ["", "[", "3", "[1]", '{"rate": NaN}', "[" * 5000])
def test_what_is_no_export_of_pyasic_is_refused(red_river, text):
    with pytest.raises(Invalid):
        receive(red_river, text, kind="fleet", format="pyasic")


@pytest.mark.parametrize(
    "rate", [{"rate": "x"}, {"rate": 1e400}, {"rate": -1}, "abc", {"unit": "??", "rate": 1}, []]
)
def test_a_hash_rate_that_says_nothing_is_passed_over(red_river, catalogue, rate):
    text = json.dumps([{"make": "AntMiner", "model": "S21", "hashrate": rate}]).replace("Infinity", "1e999")
    assert fleet(receive(red_river, text, kind="fleet", format="pyasic")) == {"Bitmain Antminer S21 200T": 1}


def test_a_fleet_goes_into_a_request_and_changes_its_size(red_river, min_, catalogue):
    request = factories.request(red_river, status="draft")
    found = receive(red_river, "machine,quantity\nS21,100\n", kind="fleet", request=request)
    assert (found.status, request.fleet.count()) == ("checked", 0)
    imports.commit(found=found, by=min_, now=NOW)
    request.refresh_from_db()
    assert found.status == "committed"
    assert (request.need_kw, str(request.efficiency_j_th), request.version) == (350, "17.50", 2)
    assert [(line.machine.model, line.quantity) for line in request.fleet.all()] == [
        ("Antminer S21 200T", 100)
    ]


def test_a_fleet_without_a_request_is_only_tried(red_river, min_, catalogue):
    with pytest.raises(imports.NoRequest):
        receive(red_river, "machine\nS21\n", kind="fleet", is_wanted=True)
    found = receive(red_river, "machine\nS21\n", kind="fleet")
    with pytest.raises(imports.NoRequest):
        imports.commit(found=found, by=min_, now=NOW)


def test_a_request_that_can_not_be_changed_any_more_takes_no_fleet(red_river, min_, catalogue):
    request = factories.request(red_river)
    found = receive(red_river, "machine\nS21\n", kind="fleet", request=request)
    requests.withdraw(request=request, by=min_, now=NOW)
    with pytest.raises(imports.NoRequest):
        imports.commit(found=Import.objects.get(pk=found.pk), by=min_, now=NOW)


def test_only_who_asks_for_hosting_has_a_fleet(steppe):
    with pytest.raises(requests.NotAMiner):
        receive(steppe, "machine\nS21\n", kind="fleet")
