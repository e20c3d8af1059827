"""Reads the shipped CSV files cell by cell. A cell that can't be right names its file, line and column."""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.services.errors import Invalid

DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
MONTH = re.compile(r"(\d{4})-(\d{2})")
YEAR = re.compile(r"(\d{4})")
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
WHOLE = re.compile(r"\d+")


class Malformed(Invalid):
    """A row that can't be loaded. `params`: file, line (1 is the header), column, why."""

    code = "malformed_row"
    message = _("%(file)s, line %(line)s, column %(column)s: %(why)s")


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a file: the line it begins on and its cells, without surrounding spaces."""

    file: str
    number: int
    cells: dict[str, str]

    def refusal(self, column: str, why: Any) -> Malformed:
        """The error to raise about a cell of this line."""
        return Malformed(file=self.file, line=self.number, column=column, why=why)

    def text(self, column: str) -> str:
        """A cell that must be filled."""
        value = self.cells[column]
        if not value:
            raise self.refusal(column, _("This cell must not be empty."))
        return value

    def choice(self, column: str, choices: Collection[str]) -> str:
        """One of the known words."""
        value = self.text(column)
        if value not in choices:
            known = ", ".join(choices)
            raise self.refusal(
                column,
                _("“%(value)s” is not one of: %(known)s.") % {"value": value[:60], "known": known},
            )
        return value

    def flag(self, column: str) -> bool:
        """yes or no."""
        return self.choice(column, ("yes", "no")) == "yes"

    def decimal(self, column: str) -> Decimal:
        """A plain decimal number, such as 0.36: no exponent, no thousands separator, no NaN."""
        value = self.text(column)
        try:
            if DECIMAL.fullmatch(value):
                return Decimal(value)
        except InvalidOperation:  # more digits than a Decimal context holds: refused like any other text
            pass
        raise self.refusal(column, _("“%(value)s” is not a decimal number.") % {"value": value[:60]})

    def whole(self, column: str) -> int:
        """A whole number from 0."""
        value = self.text(column)
        if not WHOLE.fullmatch(value) or len(value) > 12:
            raise self.refusal(column, _("“%(value)s” is not a whole number.") % {"value": value[:60]})
        return int(value)

    def day(self, column: str) -> date:
        """A whole ISO date."""
        value = self.text(column)
        found = DAY.fullmatch(value)
        if not found:
            raise self.refusal(
                column, _("“%(value)s” is not a date like 2026-11-22.") % {"value": value[:60]}
            )
        return self._date(column, *(int(part) for part in found.groups()))

    def first_day(self, column: str) -> tuple[date, str]:
        """The first day of the period a cell names (YYYY, YYYY-MM or YYYY-MM-DD) and its precision."""
        value = self.text(column)
        if found := MONTH.fullmatch(value):
            return self._date(column, int(found[1]), int(found[2]), 1), "month"
        if found := YEAR.fullmatch(value):
            return self._date(column, int(found[1]), 1, 1), "year"
        return self.day(column), "day"

    def day_surely_reached(self, column: str) -> date | None:
        """From which day on something dated YYYY, YYYY-MM or YYYY-MM-DD surely holds: the day itself, or the
        first one after the period. None for an empty cell or for words that are no date."""
        value = self.cells[column]
        if not any(pattern.fullmatch(value) for pattern in (DAY, MONTH, YEAR)):
            return None
        first, precision = self.first_day(column)
        if precision == "day":
            return first
        months = first.year * 12 + first.month - 1 + (1 if precision == "month" else 12)
        return self._date(column, months // 12, months % 12 + 1, 1)

    def _date(self, column: str, year: int, month: int, day: int) -> date:
        try:
            return date(year, month, day)
        except ValueError as error:
            raise self.refusal(
                column,
                _("“%(value)s” is no day of the calendar.") % {"value": self.cells[column][:60]},
            ) from error

    def checked(self, row: models.Model, *, columns: dict[str, str]) -> Any:
        """The row, if every field fits its column in the database. `columns`: field -> column, where they
        differ."""
        keys = {field.name for field in row._meta.fields if field.is_relation or field.primary_key}
        try:
            row.clean_fields(exclude=keys)
        except ValidationError as error:
            field, sentences = next(iter(error.message_dict.items()))
            raise self.refusal(columns.get(field, field), " ".join(sentences)) from error
        return row


def lines(path: Path, *, columns: Collection[str]) -> list[Line]:
    """All records of a UTF-8 CSV file whose header is exactly `columns`, in any order. Raises Malformed."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return list(_records(path.name, csv.reader(file, strict=True), columns))
    except UnicodeDecodeError as error:
        raise Malformed(file=path.name, line="?", column="?", why=_("The file is not UTF-8.")) from error
    except FileNotFoundError as error:
        raise Malformed(file=path.name, line="?", column="?", why=_("There is no such file.")) from error


def _records(file: str, reader: Any, columns: Collection[str]) -> Iterator[Line]:
    header = _next(file, reader, 1) or []
    for column in [*columns, *header]:
        if header.count(column) != 1 or column not in columns:
            raise Malformed(
                file=file, line=1, column=column, why=_("Each known column must be there once, and no other.")
            )
    while True:
        # The reader stands at the end of the record before; a record may cover several lines.
        number = reader.line_num + 1
        cells = _next(file, reader, number)
        if cells is None:
            return
        if not cells:
            continue
        if len(cells) != len(header):
            raise Malformed(
                file=file,
                line=number,
                column=header[min(len(cells), len(header) - 1)],
                why=_("The line has %(found)s cells, the header %(wanted)s.")
                % {"found": len(cells), "wanted": len(header)},
            )
        yield Line(file, number, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})


def _next(file: str, reader: Any, number: int) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise Malformed(file=file, line=number, column="?", why=str(error)) from error
