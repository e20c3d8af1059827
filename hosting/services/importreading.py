"""A file that somebody sent, as numbered records: encodings, byte order marks, separators, formulas.

Nothing is guessed. What can't be read for sure is refused with the line it stands on and what to do about it.
"""

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from accounts.services.errors import Invalid

MOST_ROWS = 10_000
MOST_BYTES = 10_000_000
MOST_CELL = 2000
# What a spreadsheet in this part of the world saves a "CSV" in, where it is not Unicode.
ENCODINGS = ("utf-8", "gb18030", "windows-1251", "windows-1252")
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
SEPARATORS = (",", ";", "\t", "|")
# A spreadsheet takes a cell that begins like this for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# What a machine is, of all that an export says: addresses, pools and wallets are not ours to keep.
KEPT = ("make", "model", "algo", "sticker_hashrate", "expected_hashrate", "hashrate")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it begins on (1 is the header; of a JSON list, its place) and its cells."""

    line: int
    cells: Mapping[str, Any]


@dataclass
class Report:
    """What is wrong, by line and column, all of it; kept in the order in which it was found."""

    found: list[dict[str, Any]] = field(default_factory=list)

    def add(self, line: int, column: str, message: Any) -> None:
        self.found.append({"line": line, "column": column, "message": str(message)})

    def add_all(self, line: int, wrong: Mapping[str, Collection[Any]]) -> None:
        for column, sentences in wrong.items():
            for sentence in sentences:
                self.add(line, column, sentence)


def text_of(content: bytes, *, encoding: str = "") -> str:
    """The file as text. `encoding` is one of ENCODINGS or "" (by its mark, else UTF-8). Raises Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid({"body": [_("The file is larger than %(most)s bytes.") % {"most": MOST_BYTES}]})
    if encoding and encoding not in ENCODINGS:
        raise Invalid({"encoding": [_("Choose one of: %(words)s.") % {"words": ", ".join(ENCODINGS)}]})
    marked = next((name for mark, name in MARKS if content.startswith(mark)), "")
    try:
        text = content.decode(marked or encoding or "utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(
            {
                "encoding": [
                    _("The file is not %(tried)s. Save it as UTF-8, or name its encoding: %(words)s.")
                    % {"tried": marked or encoding or "UTF-8", "words": ", ".join(ENCODINGS)}
                ]
            }
        ) from error
    if "\x00" in text:
        raise Invalid({"body": [_("This is not a text file.")]})
    return text


def records(
    text: str, *, columns: Collection[str], required: Collection[str], report: Report
) -> list[Record]:
    """The records of a CSV text with a header; what is wrong with the header or a line goes to the report.

    Empty lines are passed over. More than MOST_ROWS is refused as a whole.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    header = [cell.strip().lower() for cell in _next(reader, report) or []]
    if not _is_header(header, columns, required, report):
        return []
    found: list[Record] = []
    for line, cells in _lines(reader, report):
        if len(found) == MOST_ROWS:
            report.add(line, "", _("At most %(most)s rows in one file.") % {"most": MOST_ROWS})
            return []
        if len(cells) > len(header) and not any(cell.strip() for cell in cells[len(header) :]):
            cells = cells[: len(header)]
        if len(cells) != len(header):
            report.add(
                line,
                header[min(len(cells), len(header) - 1)],
                _("The line has %(found)s cells, the header %(wanted)s.")
                % {"found": len(cells), "wanted": len(header)},
            )
            continue
        found.append(Record(line, _clean(line, dict(zip(header, cells, strict=True)), report)))
    if not found and not report.found:
        report.add(2, "", _("There is nothing below the header."))
    return found


def separator_of(text: str) -> str:
    """Comma, semicolon, tab or bar: whichever the header has most of. Excel's own "sep=" line is no help."""
    header = text.lstrip("\r\n").partition("\n")[0]
    return max(SEPARATORS, key=header.count)


def machines(text: str) -> list[dict[str, Any]]:
    """The machines of a pyasic export (a list of its MinerData, or one), each without all but what it is.

    Raises Invalid.
    """
    try:
        value = json.loads(text, parse_float=_decimal, parse_int=_decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Invalid(
            {"body": [_("This is not JSON that can be read: %(why)s.") % {"why": error}]}
        ) from error
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, Mapping) for row in rows):
        raise Invalid({"body": [_("Send a list of machines as pyasic writes it (as_json).")]})
    return [{name: _plain(row[name]) for name in KEPT if name in row} for row in rows]


def harmless(cell: str) -> str | None:
    """The cell without the apostrophe that marks text, or None for one that a spreadsheet would compute."""
    text = cell.strip(" ")
    if text.startswith("'") and text[1:].startswith(FORMULA):
        return text[1:]
    if text.startswith(FORMULA) and not _is_number(text):
        return None
    return text.strip()


def _clean(line: int, cells: dict[str, str], report: Report) -> dict[str, str]:
    clean = {}
    for column, cell in cells.items():
        value = harmless(cell)
        if value is None:
            report.add(
                line,
                column,
                _("This looks like a formula. Write the value itself, or leave the cell empty."),
            )
        elif len(value) > MOST_CELL:
            report.add(line, column, _("Use at most %(most)s characters.") % {"most": MOST_CELL})
        else:
            clean[column] = value
    return clean


def _is_header(
    header: list[str], columns: Collection[str], required: Collection[str], report: Report
) -> bool:
    before = len(report.found)
    if not any(header):
        report.add(1, "", _("The file is empty; its first line names the columns."))
        return False
    for column in header:
        if column not in columns:
            report.add(
                1,
                column[:40],
                _("There is no such column. The columns are: %(words)s.") % {"words": ", ".join(columns)},
            )
        elif header.count(column) > 1:
            report.add(1, column, _("This column is there twice."))
    for column in required:
        if column not in header:
            report.add(1, column, _("This column is missing."))
    return len(report.found) == before


def _lines(reader: Any, report: Report) -> Iterator[tuple[int, list[str]]]:
    while True:
        # The reader stands at the end of the record before; a record may cover several lines.
        line = reader.line_num + 1
        cells = _next(reader, report)
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _next(reader: Any, report: Report) -> list[str] | None:
    line = reader.line_num + 1
    try:
        return next(reader, None)
    except csv.Error as error:
        report.add(line, "", _("This line can't be read as CSV: %(why)s.") % {"why": error})
        return None


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and not text.startswith("+")
    except InvalidOperation:
        return False


def _decimal(text: str) -> str:
    """Numbers stay as they were written: they are kept as text and read exactly later."""
    return text


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


def _plain(value: Any) -> Any:
    """A short text or a hash rate ({"rate", "unit"}); of anything else only that it was there."""
    if isinstance(value, Mapping):
        return {name: str(value[name])[:60] for name in ("rate", "unit") if value.get(name) is not None}
    return None if value is None else str(value)[:120]
