"""Turns the lines of regulation_rules.csv into rows, and refuses a rule the matching could not apply."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from hosting.models import Confidence, Effect, Jurisdiction, RegulationRule, RuleStatus, Subject
from hosting.services import reading
from hosting.services.reading import Line
from hosting.services.reading_places import Read, known_place

COLUMNS = (
    "jurisdiction",
    "subject",
    "effect",
    "valid_from",
    "valid_to",
    "min_kw",
    "max_kw",
    "cap_kw",
    "new_only",
    "levy",
    "levy_currency",
    "licence_type",
    "title",
    "source",
    "source_url",
    "source_as_of",
    "confidence",
    "comment",
)
CURRENCY = re.compile(r"[A-Z]{3}")


def rules(folder: Path, *, now: datetime) -> list[Read]:
    """The structured rules, as published ones, in the form the matching can apply."""
    known = set(Jurisdiction.objects.values_list("code", flat=True))
    found = reading.lines(folder / "regulation_rules.csv", columns=COLUMNS)
    return [(line, _rule_of(line, known, now)) for line in found]


def _rule_of(line: Line, known: Iterable[str], now: datetime) -> RegulationRule:
    effect = line.choice("effect", Effect.values)
    row = RegulationRule(
        jurisdiction_id=known_place(line, "jurisdiction", known),
        status=RuleStatus.PUBLISHED,
        subject=line.choice("subject", Subject.values),
        effect=effect,
        valid_from=line.day("valid_from"),
        valid_to=_optional(line, "valid_to", line.day),
        min_kw=_optional(line, "min_kw", line.whole),
        max_kw=_optional(line, "max_kw", line.whole),
        cap_kw=_optional(line, "cap_kw", line.whole),
        new_only=line.flag("new_only"),
        levy=_levy(line) if line.cells["levy"] else [],
        levy_currency=line.cells["levy_currency"],
        licence_type=line.cells["licence_type"],
        title=line.text("title"),
        comment=line.cells["comment"],
        source=line.cells["source"],
        source_url=line.cells["source_url"],
        source_as_of=line.cells["source_as_of"],
        confidence=line.choice("confidence", Confidence.values),
        created_at=now,
        updated_at=now,
    )
    if row.valid_to and row.valid_to <= row.valid_from:
        raise line.refusal("valid_to", _("The rule ends before it begins."))
    if row.min_kw is not None and row.max_kw is not None and row.max_kw < row.min_kw:
        raise line.refusal("max_kw", _("This is below min_kw."))
    _has_what_its_effect_needs(line, effect)
    return line.checked(row, columns={})


def _optional(line: Line, column: str, read: Callable[[str], Any]) -> Any:
    return read(column) if line.cells[column] else None


# Column -> the effects that need it; with any other effect it would be read by nobody.
_NEEDED = {
    "cap_kw": (Effect.CAP_KW,),
    "levy": (Effect.LEVY_PER_KWH,),
    "levy_currency": (Effect.LEVY_PER_KWH,),
    "licence_type": (Effect.REQUIRE_LICENCE, Effect.REQUIRE_REGISTRATION),
}


def _has_what_its_effect_needs(line: Line, effect: str) -> None:
    for column, effects in _NEEDED.items():
        if effect in effects:
            line.text(column)
        elif line.cells[column]:
            raise line.refusal(column, _("The effect %s does not use this cell.") % effect)
    if line.cells["levy_currency"] and not CURRENCY.fullmatch(line.cells["levy_currency"]):
        raise line.refusal("levy_currency", _("This is no currency code."))


def _levy(line: Line) -> list[dict[str, str]]:
    """The scale as published: [{"from": "0", "amount": "0.36"}], decimal texts, each "from" once."""
    try:
        scale = json.loads(line.cells["levy"])
        steps = [Decimal(step["from"]) for step in scale] + [Decimal(step["amount"]) for step in scale]
        right = all(
            set(step) == {"from", "amount"}
            and reading.DECIMAL.fullmatch(step["from"])
            and reading.DECIMAL.fullmatch(step["amount"])
            for step in scale
        )
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        raise line.refusal("levy", _('This is no scale like [{"from": "0", "amount": "1"}].')) from error
    if not scale or not right or any(step < 0 for step in steps):
        raise line.refusal("levy", _('This is no scale like [{"from": "0", "amount": "1"}].'))
    if len(set(steps[: len(scale)])) < len(scale):
        raise line.refusal("levy", _("Two rows of the scale begin at the same price."))
    return scale
