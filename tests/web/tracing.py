"""How a test reads what a page traces to its rows: the marked texts, and whatever stands beside them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from hosting.models import LegalStatus

# Elements without an end tag.
VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "circle", "rect", "line", "path"})
# Attributes that somebody hears or sees.
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-name")
STATUS_WORDS = re.compile("|".join(rf"\b{re.escape(str(label))}\b" for label in LegalStatus.labels))
FIGURE = re.compile(r"\d")


@dataclass(frozen=True)
class Traced:
    """A text that the page says to be of a column of a row."""

    row: str
    field: str
    text: str

    @property
    def kind(self) -> str:
        return self.row.partition(":")[0]

    @property
    def key(self) -> str:
        return self.row.partition(":")[2]


@dataclass
class Page:
    """The main content: what is traced, and the texts (and spoken attributes) that are not."""

    traced: list[Traced] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)

    def untraced(self) -> list[str]:
        """Texts with a number or a legal status that name no row."""
        return [text for text in self.loose if FIGURE.search(text) or STATUS_WORDS.search(text)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.open: list[tuple[str, tuple[str, str] | None]] = []
        self.words: list[str] = []
        self.is_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "main":
            self.is_main = True
        if self.is_main:
            self.page.loose += [str(given[name]) for name in SPOKEN if given.get(name)]
        if tag in VOID:
            return
        mark = (str(given["data-row"]), str(given["data-field"])) if "data-row" in given else None
        if mark:
            assert not self._mark(), f"{mark} stands within {self._mark()}"
            self.words = []
        self.open.append((tag, mark))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.is_main = False
        while self.open:
            opened, mark = self.open.pop()
            if mark:
                self.page.traced.append(Traced(*mark, " ".join("".join(self.words).split())))
            if opened == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self.is_main or not data.strip():
            return
        if self._mark():
            self.words.append(data)
        else:
            self.page.loose.append(" ".join(data.split()))

    def _mark(self) -> tuple[str, str] | None:
        return next((mark for _tag, mark in reversed(self.open) if mark), None)


def read(html: str) -> Page:
    """The main content of a page. Fails where one traced text stands within another."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page
