"""The reference data: loaded whole, once, and refused whole when a cell can't be right."""

import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Event
from hosting.models import (
    Jurisdiction,
    JurisdictionFact,
    MachineModel,
    Rate,
    RegulationEvent,
    RegulationRule,
)
from hosting.services import reading, seeding

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MODELS = (Jurisdiction, JurisdictionFact, RegulationRule, RegulationEvent, MachineModel, Rate)


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped files, to be damaged."""
    return shutil.copytree(seeding.FOLDER, tmp_path / "reference")


def edit(folder, file, old, new, *, times=1):
    """Replace a text that must be in the file."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, times), encoding="utf-8")


def append(folder, file, line):
    with (folder / file).open("a", encoding="utf-8") as opened:
        opened.write(line + "\n")


def counts():
    return [model.objects.count() for model in MODELS]


def fact(code, field):
    return JurisdictionFact.objects.get(jurisdiction=code, field=field)


def test_everything_that_ships_is_loaded_with_one_event_a_file():
    loaded = seeding.seed(now=NOW)
    assert [(one.file, one.added) for one in loaded] == [
        ("jurisdictions.csv", 64),
        ("jurisdiction_facts.csv", 765),
        ("regulation_rules.csv", 76),
        ("regulation_events.csv", 74),
        ("machines.csv", 113),
        ("rates.csv", 292),
    ]
    assert counts() == [64, 765, 76, 74, 113, 292]
    said = Event.objects.filter(subject_kind="hosting.reference", code="loaded")
    assert [event.params["file"] for event in said.order_by("pk")] == [one.file for one in loaded]


def test_a_second_run_changes_nothing_and_says_nothing():
    seeding.seed(now=NOW)
    before = [list(model.objects.order_by("pk").values()) for model in MODELS]
    said = Event.objects.count()
    again = seeding.seed(now=datetime(2027, 5, 1, tzinfo=UTC))
    assert {(one.added, one.changed) for one in again} == {(0, 0)}
    assert [list(model.objects.order_by("pk").values()) for model in MODELS] == before
    assert Event.objects.count() == said


def test_loading_takes_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        seeding.seed(now=NOW)


def test_ids_are_the_same_on_every_installation():
    seeding.seed(now=NOW)
    first = {model: set(model.objects.values_list("pk", flat=True)) for model in MODELS}
    for model in MODELS[1:]:
        model.objects.all().delete()
    seeding.seed(now=NOW)
    assert {model: set(model.objects.values_list("pk", flat=True)) for model in MODELS} == first


def test_a_corrected_cell_changes_one_row_and_the_version_of_its_place(folder):
    seeding.seed(now=NOW, folder=folder)
    edit(
        folder,
        "jurisdiction_facts.csv",
        "US-TX,grid_carbon_gco2_per_kwh,476",
        "US-TX,grid_carbon_gco2_per_kwh,470",
    )
    loaded = seeding.seed(now=datetime(2026, 12, 1, tzinfo=UTC), folder=folder)
    assert [(one.file, one.added, one.changed) for one in loaded if one.added or one.changed] == [
        ("jurisdiction_facts.csv", 0, 1)
    ]
    assert fact("US-TX", "grid_carbon_gco2_per_kwh").value == "470"
    assert Jurisdiction.objects.get(code="US-TX").version == 2
    assert Jurisdiction.objects.get(code="US").version == 1


def test_a_superseded_rule_stays_superseded():
    seeding.seed(now=NOW)
    RegulationRule.objects.filter(jurisdiction="UZ").update(status="superseded")
    seeding.seed(now=NOW)
    assert set(RegulationRule.objects.filter(jurisdiction="UZ").values_list("status", flat=True)) == {
        "superseded"
    }


def test_an_effective_date_dates_the_legal_status_and_is_no_fact_of_its_own():
    seeding.seed(now=NOW)
    status = fact("CA-NB", "legal_status")
    assert (status.valid_from, status.dated_by, status.valid_from_text) == (
        date(2023, 12, 1),
        "effective",
        "2023-11",
    )
    assert not JurisdictionFact.objects.filter(
        field__in=["effective_date", "predictability_rationale"]
    ).exists()


@pytest.mark.parametrize(
    ("code", "field", "valid_from", "dated_by"),
    [
        ("KG", "legal_status", date(2023, 1, 1), "effective"),  # 2022
        ("OM", "legal_status", date(2022, 4, 1), "effective"),  # 2022-03
        ("KZ", "legal_status", date(2023, 4, 1), "effective"),  # a whole day
        ("US", "legal_status", date(2026, 6, 27), "as_of"),
        ("BR", "legal_status", date(2026, 11, 22), "compiled"),  # 2025 (page misdated 2023)
        ("SV", "legal_status", date(2026, 11, 22), "compiled"),  # nothing at all
        ("GE", "sanctions_comprehensive", date(2026, 11, 22), "compiled"),  # undated, after mid-2025 ...
    ],
)
def test_a_fact_counts_from_its_effective_date_else_its_source_else_the_compilation(
    code, field, valid_from, dated_by
):
    seeding.seed(now=NOW)
    found = fact(code, field)
    assert (found.valid_from, found.dated_by) == (valid_from, dated_by)


def test_the_rationale_belongs_to_the_rating():
    seeding.seed(now=NOW)
    rating = fact("US-TX", "predictability")
    assert rating.value == "4"
    assert rating.rationale == "Open to mining, with growing large-load rules."


def test_a_place_without_fact_rows_takes_its_filled_cells():
    seeding.seed(now=NOW)
    facts = {one.field: one for one in JurisdictionFact.objects.filter(jurisdiction="CN-QH")}
    assert set(facts) == {"legal_status", "predictability", "sanctions_comprehensive", "sanctions_note"}
    status, rating = facts["legal_status"], facts["predictability"]
    assert (status.value, status.valid_from, status.confidence) == ("banned", date(2021, 6, 8), "medium")
    assert (status.publisher, status.as_of) == ("Forkast", "2021-06-08")
    assert (rating.confidence, rating.dated_by, rating.publisher) == ("low", "compiled", "")
    assert rating.rationale == "Shutdown of June 2021 plus national ban."


def test_an_empty_cell_stays_unknown():
    seeding.seed(now=NOW)
    assert not JurisdictionFact.objects.filter(jurisdiction="CN-QH", field="vat_pct").exists()
    assert not JurisdictionFact.objects.filter(value="").exists()
    assert MachineModel.objects.get(model="Antminer S9j 14.5T").weight_kg is None


def test_what_nobody_published_stays_unverified():
    seeding.seed(now=NOW)
    unverified = JurisdictionFact.objects.filter(publisher="unverified")
    assert unverified.count() == 178
    assert set(unverified.values_list("confidence", flat=True)) == {"low"}


def test_rules_come_published_with_their_scale_as_published():
    seeding.seed(now=NOW)
    assert set(RegulationRule.objects.values_list("status", flat=True)) == {"published"}
    sliding = RegulationRule.objects.get(jurisdiction="KZ", effect="levy_per_kwh", valid_from="2023-01-01")
    assert (sliding.levy, sliding.levy_currency) == ([{"from": "24", "amount": "1"}], "KZT")


def test_machines_have_their_watts_divided_by_their_hashrate():
    seeding.seed(now=NOW)
    found = MachineModel.objects.get(model="WhatsMiner M60S+ 208T")
    assert (found.maker, found.efficiency_j_th) == ("MicroBT", Decimal("17.31"))
    scrypt = MachineModel.objects.get(model="Antminer L7 9.5G")
    assert (scrypt.algorithm, scrypt.efficiency_j_th) == ("Scrypt", Decimal("360526.32"))


def test_news_of_a_month_is_dated_at_its_first_day():
    seeding.seed(now=NOW)
    found = RegulationEvent.objects.get(jurisdiction="GE-AB", date="2018-12-01")
    assert found.date_precision == "month"


def test_one_file_can_be_loaded_alone():
    loaded = seeding.seed(now=NOW, only=["machines"])
    assert [one.file for one in loaded] == ["machines.csv"]
    assert counts() == [0, 0, 0, 0, 113, 0]


# file, text, what it is replaced with, and the line and column that must be named
DAMAGED = [
    ("jurisdictions.csv", "US-TX,US,Texas", "US-TX,CA,Texas", 3, "parent_code"),
    ("jurisdictions.csv", "\nUS-NY,", "\nNew York,", 4, "code"),
    ("jurisdiction_facts.csv", "US,legal_status,legal_unregulated", "US,legal_status,fine", 2, "value"),
    ("jurisdiction_facts.csv", "US,licence_required", "ZZ,licence_required", 3, "code"),
    ("jurisdiction_facts.csv", "unverified,,,low", "unverified,,,", 3, "confidence"),
    ("jurisdiction_facts.csv", "2024-12-17,Trade", "2024-13-17,Trade", 4, "as_of"),
    ("regulation_rules.csv", "CN,host,prohibit,2021-09-24", "CN,host,prohibit,2021-09-31", 3, "valid_from"),
    ("regulation_rules.csv", "2019-10-01,2021-05-25", "2019-10-01,2019-05-25", 4, "valid_to"),
    ("regulation_rules.csv", "ru-fns-miner-register", "", 8, "licence_type"),
    ("regulation_rules.csv", '""amount"": ""1""', '""amount"": 1', 21, "levy"),
    ("regulation_rules.csv", ",KZT,", ",,", 21, "levy_currency"),
    ("regulation_rules.csv", "CN-NM,host,allow,2019-10-01", "CN-NM,host,forbid,2019-10-01", 4, "effect"),
    ("regulation_events.csv", "2018-06,month", "2018-06,day", 2, "date_precision"),
    ("machines.csv", "13.5,1323,98.00", "13.5,1323,97.00", 2, "efficiency_j_th"),
    ("machines.csv", "16,1280,80.00", "NaN,1280,80.00", 3, "hashrate_th_s"),
    ("machines.csv", "16,1280,80.00", "16,1.28e3,80.00", 3, "power_w"),
    ("machines.csv", "16,1280,80.00,air", "16,1280,80.00,air,extra", 3, "note"),
    ("rates.csv", ",fx,AED,0", ",fx,,0", 2, "currency"),
    ("rates.csv", ",fx,AED,0", ",fx,AED,-0", 2, "value"),
    ("rates.csv", "date,kind", "day,kind", 1, "date"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "column"), DAMAGED)
def test_a_malformed_row_names_file_line_and_column_and_nothing_is_saved(
    folder, file, old, new, line, column
):
    edit(folder, file, old, new)
    with pytest.raises(reading.Malformed) as caught:
        seeding.seed(now=NOW, folder=folder)
    found = caught.value.params
    assert (found["file"], found["line"], found["column"]) == (file, line, column)
    assert counts() == [0] * 6
    assert not Event.objects.exists()


def test_the_same_row_twice_is_refused(folder):
    last = (folder / "rates.csv").read_text(encoding="utf-8").splitlines()
    append(folder, "rates.csv", last[-1])
    with pytest.raises(reading.Malformed) as caught:
        seeding.seed(now=NOW, folder=folder)
    assert caught.value.params["line"] == len(last) + 1


def test_two_rows_of_a_levy_scale_that_begin_alike_are_refused(folder):
    edit(
        folder,
        "regulation_rules.csv",
        '[{""from"": ""24"",',
        '[{""from"": ""24"", ""amount"": ""2""}, {""from"": ""24.0"",',
    )
    with pytest.raises(reading.Malformed) as caught:
        seeding.seed(now=NOW, folder=folder)
    assert caught.value.params["column"] == "levy"


def test_a_line_is_counted_where_it_begins_even_behind_a_cell_of_two_lines(folder):
    edit(folder, "machines.csv", "all_bitcoin_sha256", "all\nbitcoin_sha256")
    edit(folder, "machines.csv", "16,1280,80.00", "16,1280,81.00")
    with pytest.raises(reading.Malformed) as caught:
        seeding.seed(now=NOW, folder=folder)
    assert caught.value.params["line"] == 4


def test_a_file_in_another_encoding_is_refused(folder):
    (folder / "rates.csv").write_bytes("date,währung\n".encode("latin-1"))
    with pytest.raises(reading.Malformed):
        seeding.seed(now=NOW, folder=folder)
    assert counts() == [0] * 6


def test_the_command_reports_each_file_and_turns_a_bad_cell_into_its_error(folder, monkeypatch):
    out = StringIO()
    call_command("seed", only=["machines", "rates"], stdout=out)
    assert [line.split() for line in out.getvalue().splitlines()] == [
        ["machines.csv", "113", "rows,", "113", "new,", "0", "changed"],
        ["rates.csv", "292", "rows,", "292", "new,", "0", "changed"],
    ]
    edit(folder, "machines.csv", "13.5,1323,98.00", "13.5,1323,97.00")
    monkeypatch.setattr(seeding, "FOLDER", folder)
    with pytest.raises(CommandError, match=r"machines\.csv, line 2, column efficiency_j_th"):
        call_command("seed")
