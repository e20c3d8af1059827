"""Files as spreadsheets save them: encodings, marks, separators, formulas, broken lines."""

import pytest

from accounts.services.errors import Invalid
from hosting.services import importreading
from hosting.services.importreading import Report, records, text_of

COLUMNS = ("machine", "quantity")


def read(text):
    report = Report()
    found = records(text, columns=COLUMNS, required=("machine",), report=report)
    return [dict(one.cells) for one in found], [(one["line"], one["column"]) for one in report.found]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("machine\nS21 — новый".encode(), ""),
        ("machine\nS21 — новый".encode("utf-8-sig"), ""),
        ("machine\nS21 — новый".encode("utf-16"), ""),
        ("machine\nS21 — новый".encode("utf-8-sig"), "windows-1251"),
        ("machine\nS21 — новый".encode("windows-1251"), "windows-1251"),
        ("machine\nS21 — новый".encode("gb18030"), "gb18030"),
    ],
)
def test_a_file_is_read_in_its_encoding_and_its_mark_comes_first(content, encoding):
    assert text_of(content, encoding=encoding) == "machine\nS21 — новый"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [("Зал".encode("windows-1251"), ""), (b"a", "latin-9"), (b"\x00\x01", ""), (b"\xff\xfea", "")],
)
def test_what_can_not_be_decoded_for_sure_is_refused(content, encoding):
    with pytest.raises(Invalid):
        text_of(content, encoding=encoding)


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(importreading, "MOST_BYTES", 10)
    assert text_of(b"0123456789") == "0123456789"
    with pytest.raises(Invalid):
        text_of(b"01234567890")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_separator_and_line_end_is_known(separator, end):
    text = f"Machine{separator} quantity{end}S21{separator}3{end}{end}"
    assert read(text) == ([{"machine": "S21", "quantity": "3"}], [])


@pytest.mark.parametrize("cell", ["=1+1", "+7", "@SUM(A1)", "-A1", " =HYPERLINK(1)", '"=\n1"', "+", "-"])
def test_a_cell_that_a_spreadsheet_would_compute_is_refused(cell):
    assert read(f"machine\n{cell}\n")[1] == [(2, "machine")]


def test_an_apostrophe_marks_text_and_a_negative_number_is_a_number():
    assert read("machine,quantity\n'=S21,-3\n")[0] == [{"machine": "=S21", "quantity": "-3"}]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", [(1, "")]),
        ("\n\n", [(1, "")]),
        ("machine\n", [(2, "")]),
        ("quantity\n3", [(1, "machine")]),
        ("machine,colour\nS21,red", [(1, "colour")]),
        ("machine,machine\na,b", [(1, "machine"), (1, "machine")]),
        ("machine,quantity\nS21\nS21,1,2\n", [(2, "quantity"), (3, "quantity")]),
        ('machine\n"S21\n', [(2, "")]),
        ("machine\n" + "x" * 2001, [(2, "machine")]),
    ],
)
def test_a_file_that_is_not_in_order_is_told_where(text, where):
    assert read(text)[1] == where


def test_empty_cells_at_the_end_of_a_line_do_no_harm():
    assert read("machine,quantity\nS21,3,,\n")[0] == [{"machine": "S21", "quantity": "3"}]
