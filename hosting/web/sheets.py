"""A sheet: one set of figures, shown as a table on a page and sent as CSV, so that both say the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html

from hosting.templatetags import market
from hosting.web import exports


@dataclass(frozen=True, slots=True)
class Linked:
    """A text that leads somewhere on the page; in the file it is the text alone."""

    text: Any
    href: str

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True, slots=True)
class Column:
    """name: in the file, with its unit; words: on the page, "" where the page leaves it out."""

    name: str
    words: Any = ""
    show: Callable[[Any], Any] = market.known
    write: Callable[[Any], Any] = str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    words: Any
    shown: Any
    is_number: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows: one value for each column, None where it is not known or may not be shown. ids: of the rows."""

    name: str
    title: Any
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    ids: Sequence[str] = ()

    @property
    def headings(self) -> list[Column]:
        return [column for column in self.columns if column.words]

    @property
    def lines(self) -> Iterable[tuple[str, list[Cell]]]:
        """(id, cells) of every row as the page shows it."""
        for number, row in enumerate(self.rows):
            cells = [
                Cell(column.words, _shown(column, value), column.is_number)
                for column, value in zip(self.columns, row, strict=True)
                if column.words
            ]
            yield self.ids[number] if self.ids else "", cells

    def csv(self) -> str:
        """UTF-8 text with a header; no cell is a formula."""
        body = (
            [
                "" if value is None else column.write(value)
                for column, value in zip(self.columns, row, strict=True)
            ]
            for row in self.rows
        )
        return exports.written([[column.name for column in self.columns], *body])


def unbroken(show: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A day stays on one line."""
    return lambda value: format_html('<span class="nowrap">{}</span>', show(value))


def _shown(column: Column, value: Any) -> Any:
    if isinstance(value, Linked) and value.text and value.href:
        return format_html('<a href="{}">{}</a>', value.href, value.text)
    return column.show(value)
