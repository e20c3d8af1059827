"""Bodies: JSON as it was written, with exact numbers and nothing that means two things."""

import json
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions, parsers, renderers

# A need with fifty machines is under 10 kB.
MOST_BYTES = 200_000
# Beyond this a number is no figure of ours, and turning it into digits could fill the memory.
LARGEST_EXPONENT = 40


class TooLarge(exceptions.APIException):
    """The body is longer than any sensible one."""

    status_code = 413
    default_code = "too_large"


class ExactJSONParser(parsers.BaseParser):
    """JSON objects and lists; numbers with a point become Decimal, exactly as written.

    Refused: more than MOST_BYTES, NaN and Infinity, a key given twice, text that is no text (lone surrogates,
    NUL), and nesting without end.
    """

    media_type = "application/json"
    renderer_class = renderers.JSONRenderer

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        """The body's value. Raises TooLarge (413) or ParseError (400)."""
        content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise TooLarge(_("The body is larger than %(most)s bytes.") % {"most": MOST_BYTES})
        try:
            value = json.loads(
                content.decode("utf-8"),
                parse_float=_number,
                parse_int=_number,
                parse_constant=_refuse_constant,
                object_pairs_hook=_object,
            )
            _check_text(value)
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(
                _("This is not JSON that can be read: %(why)s.") % {"why": error}
            ) from error
        return value


def _number(text: str) -> int | Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > LARGEST_EXPONENT or len(text) > 2 * LARGEST_EXPONENT:
        raise ValueError("a number has too many digits")
    return number if "." in text or "e" in text.lower() else int(text)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _check_text(value: Any) -> None:
    if isinstance(value, dict):
        for key, one in value.items():
            _check_text(key)
            _check_text(one)
    elif isinstance(value, list):
        for one in value:
            _check_text(one)
    elif isinstance(value, str) and ("\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
        raise ValueError("a text holds a sign that is none")
