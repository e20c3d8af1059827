"""A form of a host: what was typed, what is wrong with it, and where. What is valid is the services' say.

Everything is kept as it was typed until a service has taken it; a refusal puts its sentences beside the
fields and gives the page its status (400 for what can't be used, 409 for what no longer holds).
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.services.errors import Conflict, Invalid
from accounts.services.lifecycle import Stale
from hosting.services.entries import as_uuid
from hosting.templatetags import market
from hosting.web.needfields import Ask
from hosting.web.needforms import Shown

MOST_LINES = 20


class HostForm:
    """`values` and `several`: {field: text} and {field: texts}, by the names of ASKS."""

    ASKS: ClassVar[Mapping[str, Ask]] = {}
    # Which field a refusal is about, where it is about one: {code of the refusal: field}.
    FIELD_OF: ClassVar[Mapping[str, str]] = {}

    def __init__(self, values: Mapping[str, str], several: Mapping[str, Iterable[str]] | None = None) -> None:
        self.values = {name: values.get(name, "") for name in self.ASKS}
        self.several = {name: tuple(some) for name, some in (several or {}).items()}
        self.id = uuid.uuid4()
        self.version = ""
        self.errors: dict[str, list[str]] = {}
        self.status = 200
        self.sentence = ""
        self.conflicts: list[dict[str, Any]] = []
        self.meanwhile: list[tuple[str, str, str]] = []
        self.is_stale = False

    @classmethod
    def posted(cls, post: QueryDict) -> Self:
        """What somebody sent."""
        values = {name: post.get(name, "").strip() for name in cls.ASKS}
        checks = {name: post.getlist(name) for name, ask in cls.ASKS.items() if ask.kind == "checks"}
        form = cls(values, checks)
        form.id = as_uuid(post.get("id", "")) or form.id
        form.version = post.get("version", "")
        form.take(post)
        return form

    def take(self, post: QueryDict) -> None:
        """What a form has besides plain fields."""

    @property
    def seen(self) -> int:
        """The version the form was made from; what is no number was never a version."""
        return int(self.version) if self.version.isascii() and self.version.isdigit() else -1

    def attempt(self, verb: Callable[[], Any]) -> Any:
        """What the verb gives, or None with the refusal kept in the form. NotAllowed has its own page."""
        try:
            return verb()
        except Invalid as refused:
            self.status = 400
            self.errors = {name: [str(one) for one in some] for name, some in refused.fields.items()}
        except Conflict as refused:
            self.status = 409
            self.is_stale = isinstance(refused, Stale)
            self.conflicts = refused.params.get("conflicts", [])
            field = self.FIELD_OF.get(refused.code)
            if field:
                self.errors = {field: [str(refused)]}
            else:
                self.sentence = str(refused)
        return None

    @property
    def fields(self) -> dict[str, Shown]:
        """Every field by its name."""
        return {name: self.shown(ask) for name, ask in self.ASKS.items()}

    def shown(self, ask: Ask) -> Shown:
        return Shown(
            ask,
            self.values.get(ask.name, ""),
            self.several.get(ask.name, ()),
            tuple(self.errors.get(ask.name, ())),
        )

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """(id of the field on the page, its label, the sentence), in page order."""
        found = [
            (f"f-{name}", str(ask.label), sentence)
            for name, ask in self.ASKS.items()
            for sentence in self.errors.get(name, ())
        ]
        return found + self.more_problems()

    def more_problems(self) -> list[tuple[str, str, str]]:
        """The problems of what is no plain field."""
        return []


def fresh_id() -> uuid.UUID:
    """The id that a form brings along for what it will create, so that sending it twice creates it once."""
    return uuid.uuid4()


def day_after(text: str) -> str:
    """The end of a half-open period whose last day was typed; what is no date stays as it was typed."""
    try:
        return (date.fromisoformat(text) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return text


def last_day(end: date | None) -> str:
    """The last day of a half-open period, as a date field takes it."""
    return (end - timedelta(days=1)).isoformat() if end else ""


def as_text(value: Any) -> str:
    """A stored value as a field shows it: no idle zeros, "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return market.plain(value) if isinstance(value, Decimal) else str(value)


def in_words(ask: Ask | None, value: Any) -> str:
    """A stored value as a sentence shows it."""
    if value in (None, "", [], {}):
        return _("not stated")
    named = {key: str(label) for key, label in (ask.choices if ask else ())}
    if isinstance(value, date):
        return str(market.day(value))
    if isinstance(value, list):
        return ", ".join(named.get(one, str(one)) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {share} %" for name, share in value.items())
    return named.get(as_text(value), as_text(value))
