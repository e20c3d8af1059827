"""What people type or send, turned into typed values, with a sentence for whatever can't be used.

One reader for forms and the API: text and JSON numbers alike. Nothing is guessed: 3,500 may be three and a
half or three thousand five hundred, so it is refused with a hint.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Context, Decimal
from typing import Any

import pycountry
from django.utils.translation import gettext as _

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
UNIT_TOO = re.compile(r"-?[0-9]+(\.[0-9]+)?\s*(?![eE][0-9+-])[A-Za-z%$€₸₽¥][^0-9]*")
LONGEST = 40


class Entries:
    """Reads the values of one mapping; keeps what is wrong, by field, until all have been read."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.wrong: dict[str, list[str]] = {}

    def refuse(self, field: str, sentence: str) -> None:
        self.wrong.setdefault(field, []).append(sentence)

    def given(self, field: str) -> Any:
        """The value, with an empty text, an empty list and an absent key all read as None."""
        value = self.raw.get(field)
        if isinstance(value, str):
            value = value.strip()
        return None if value in ("", None) or value == [] else value

    def number(
        self,
        field: str,
        *,
        places: int,
        low: str,
        high: str,
        unit: str = "",
        required: bool = False,
        raw: Any = ...,
    ) -> Decimal | None:
        """A decimal with at most `places` places within [low, high]."""
        value = self.given(field) if raw is ... else raw
        if value is None or value == "":
            if required:
                self.refuse(field, _("Enter a number."))
            return None
        number = self._decimal(field, value, unit)
        if number is None:
            return None
        if _places(number) > places:
            self.refuse(
                field,
                _("Use at most %(places)s decimal places.") % {"places": places}
                if places
                else _("Use a whole number."),
            )
        elif number < Decimal(low):
            self.refuse(field, _("It must be at least %(low)s.") % {"low": low})
        elif number > Decimal(high):
            self.refuse(field, _("It must be at most %(high)s; please check the unit.") % {"high": high})
        else:
            return number
        return None

    def whole(self, field: str, **bounds: Any) -> int | None:
        """A whole number within [low, high]."""
        number = self.number(field, places=0, **bounds)
        return None if number is None else int(number)

    def _decimal(self, field: str, value: Any, unit: str) -> Decimal | None:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            self.refuse(field, _("Enter a number."))
            return None
        is_exact = isinstance(value, Decimal) and value.is_finite()
        text = format(value, "f") if is_exact else str(value).strip()
        if NUMBER.fullmatch(text) and len(text) <= LONGEST:
            return Decimal(text)
        if re.fullmatch(r"-?[0-9][0-9 .\u00a0\u202f'_]*,[0-9 ,.]*", text):
            hint = _("A comma can mean two things. Write 3500 or 3.5, with a point and no thousands mark.")
        elif unit and UNIT_TOO.fullmatch(text):
            hint = _("Write the number alone, in %(unit)s.") % {"unit": unit}
        else:
            hint = _("Enter a number in digits, for example 3500 or 0.065.")
        self.refuse(field, hint)
        return None

    def day(self, field: str, *, required: bool = False, raw: Any = ...) -> date | None:
        """A date as YYYY-MM-DD."""
        value = self.given(field) if raw is ... else raw
        if value in (None, ""):
            if required:
                self.refuse(field, _("Enter a date."))
            return None
        if isinstance(value, date):
            return value
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
            try:
                return date.fromisoformat(value.strip())
            except ValueError:
                self.refuse(field, _("This day does not exist in the calendar."))
                return None
        self.refuse(field, _("Write the date as YYYY-MM-DD, for example 2027-01-31."))
        return None

    def word(self, field: str, *, among: Iterable[str]) -> str:
        """One of the words, or "" when left out."""
        value = self.given(field)
        if value is None:
            return ""
        if value not in tuple(among):
            self.refuse(field, _("Choose one of: %(words)s.") % {"words": ", ".join(among)})
            return ""
        return str(value)

    def words(self, field: str, *, among: Iterable[str]) -> tuple[str, ...]:
        """Some of the words, in their own order and each once; () when left out."""
        among = tuple(among)
        values = self.listed(field)
        unknown = [str(value) for value in values if value not in among]
        if unknown:
            self.refuse(
                field,
                _("%(unknown)s is not among: %(words)s.")
                % {"unknown": ", ".join(unknown)[:LONGEST], "words": ", ".join(among)},
            )
            return ()
        return tuple(word for word in among if word in values)

    def codes(self, field: str) -> tuple[str, ...]:
        """ISO 3166-1 and 3166-2 codes, in the order given and each once; () when left out."""
        codes = []
        for value in self.listed(field):
            code = value.strip().upper() if isinstance(value, str) else ""
            if not is_iso_code(code):
                self.refuse(
                    field,
                    _("%(code)s is no country or subdivision we know.") % {"code": str(value)[:LONGEST]},
                )
            elif code not in codes:
                codes.append(code)
        return tuple(codes)

    def listed(self, field: str) -> list[Any]:
        """A list; one text alone counts as a list of one. Anything else is refused."""
        value = self.given(field)
        if value is None:
            return []
        if isinstance(value, str):
            return [value]
        if isinstance(value, list | tuple):
            return list(value)
        self.refuse(field, _("Send a list."))
        return []

    def mapping(self, field: str) -> Mapping[str, Any]:
        """An object; {} when left out. Anything else is refused."""
        value = self.given(field)
        if value is None:
            return {}
        if isinstance(value, Mapping):
            return value
        self.refuse(field, _("Send an object."))
        return {}

    def known(self, names: Iterable[str]) -> None:
        """Refuse each key that is not among the names."""
        for key in self.raw:
            if key not in names:
                self.refuse(str(key)[:LONGEST], _("There is no such field."))


def _places(number: Decimal) -> int:
    """How many decimal places the number needs: 0 for 3.00, 2 for 0.25."""
    exponent = number.normalize(Context(prec=LONGEST)).as_tuple().exponent
    return max(0, -int(exponent))


def is_iso_code(code: str) -> bool:
    """Whether the code stands in ISO 3166-1 (two letters) or ISO 3166-2."""
    if "-" in code:
        return pycountry.subdivisions.get(code=code) is not None
    return len(code) == 2 and pycountry.countries.get(alpha_2=code) is not None


def as_uuid(value: Any) -> uuid.UUID | None:
    """The UUID that a text spells, or None."""
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
    except ValueError:
        return None
