"""A need in a page's address: read from the query, handed to the services, shown again, written back.

The address carries the whole need, so that it can be kept and shared. What the query leaves out altogether
takes a default that the form shows; what it gives empty stays empty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from hosting.matching.scoring import DEFAULT_WEIGHTS
from hosting.services import reasons
from hosting.web import needfields
from hosting.web.needfields import Ask

FLEET_ROWS = 3
MOST_ROWS = 50
LICENCE_ROWS = 2
SIZES = ("need_kw", "machine", "quantity")


@dataclass(frozen=True)
class Shown:
    """One field with what was typed and what is wrong with it."""

    ask: Ask
    value: str = ""
    values: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def first_defaults(today: date) -> dict[str, str]:
    """What the form starts from where a query says nothing."""
    return {
        "earliest_start": today.isoformat(),
        "latest_start": (today + timedelta(days=90)).isoformat(),
        "term_months": "12",
        "max_price_usd": "0.0800",
    }


class NeedForm:
    """What was asked. `errors` are filled in by whoever read the need: {field of the API: sentences}."""

    def __init__(self, query: QueryDict, *, today: date, is_draft: bool = False) -> None:
        """`is_draft`: somebody is still typing, so that lines half filled are left out and not refused."""
        self.errors: Mapping[str, list[str]] = {}
        self.is_draft = is_draft or "add_line" in query
        self.offer = query.get("offer", "").strip()
        self.is_example = not any(name in query for name in (*needfields.SINGLE, *SIZES))
        given = query.copy()
        if self.is_example:
            given.update({"need_kw": "1000", "efficiency_j_th": "20"})
        for name, value in first_defaults(today).items():
            given.setdefault(name, value)
        self.single = {name: given.get(name, "").strip() for name in needfields.SINGLE}
        self.several = {name: tuple(filter(None, given.getlist(name))) for name in needfields.SEVERAL}
        self.unit = "MW" if given.get("unit") == "MW" else "kW"
        self.fleet = _lines(given, "machine", "quantity")
        self.licences = _lines(given, "licence", "licence_from", "licence_until")
        self.weights = {
            name: given.get(f"weight_{name}", str(weight)).strip() for name, weight in DEFAULT_WEIGHTS.items()
        }
        self.by = given.get("by", "fleet" if self.fleet and not self.single["need_kw"] else "kw")
        self.by = "fleet" if self.by == "fleet" else "kw"
        self.rows = len(given.getlist("machine")) + 1 if "add_line" in query else FLEET_ROWS
        # Where on the page each line stands that the services are told of.
        self.fleet_at = [at for at, line in enumerate(self.fleet) if (all if self.is_draft else any)(line)]
        self.licences_at = [at for at, line in enumerate(self.licences) if any(line)]

    @property
    def is_unfinished(self) -> bool:
        """Whether there is nothing to ask the services yet: a fleet nobody has begun to list."""
        return self.is_draft and self.by == "fleet" and not self.fleet_at

    # -- to the services ---------------------------------------------------------------------------------

    @property
    def raw(self) -> dict[str, Any]:
        """The need as needs.read takes it (the API's names); values are still text."""
        raw: dict[str, Any] = {name: value for name, value in self.single.items() if value}
        raw.update({name: list(values) for name, values in self.several.items() if values})
        if self.by == "fleet":
            for name in ("need_kw", "efficiency_j_th", "worst_j_th"):
                raw.pop(name, None)
            raw["fleet"] = [
                dict(zip(("machine", "quantity"), self.fleet[at], strict=True)) for at in self.fleet_at
            ]
        elif "need_kw" in raw and self.unit == "MW":
            raw["need_kw"] = _in_kw(raw["need_kw"])
        if self.by == "kw" and "efficiency_j_th" in raw:
            raw.setdefault("worst_j_th", raw["efficiency_j_th"])
        raw["licences"] = [
            {"type": kind, "valid_from": start, "valid_to": _day_after(end)}
            for kind, start, end in (self.licences[at] for at in self.licences_at)
        ]
        raw["weights"] = {name: value for name, value in self.weights.items() if value}
        return raw

    # -- to the page -------------------------------------------------------------------------------------

    @cached_property
    def fields(self) -> dict[str, Shown]:
        """Every field by its name."""
        return {
            name: Shown(
                ask, self.single.get(name, ""), self.several.get(name, ()), tuple(self._wrong_with(name))
            )
            for name, ask in needfields.ASKS.items()
        }

    def _wrong_with(self, name: str) -> Iterable[str]:
        if name == "worst_j_th" and not self.single[name]:
            return ()
        if name == "need_kw" and self.by == "fleet":
            return ()
        return self.errors.get(name, ())

    @property
    def fleet_lines(self) -> list[dict[str, Any]]:
        """The lines typed with their errors, then empty ones."""
        number = {at: number for number, at in enumerate(self.fleet_at)}
        filled = [
            {
                "machine": machine,
                "quantity": quantity,
                "machine_errors": self.errors.get(f"fleet.{number.get(at)}.machine", []),
                "quantity_errors": self.errors.get(f"fleet.{number.get(at)}.quantity", []),
            }
            for at, (machine, quantity) in enumerate(self.fleet)
        ]
        return filled + [{}] * (min(max(self.rows, len(filled)), MOST_ROWS) - len(filled))

    @property
    def fleet_errors(self) -> list[str]:
        """What is wrong with the fleet as a whole; an empty one is named in the words of this page."""
        if self.by == "fleet" and not self.fleet_at and not self.is_draft:
            return [_("Choose at least one machine and say how many.")]
        return self.errors.get("fleet", [])

    @property
    def licence_lines(self) -> list[dict[str, Any]]:
        """The licences typed with their errors, then empty lines."""
        number = {at: number for number, at in enumerate(self.licences_at)}
        filled = [
            {
                "type": kind,
                "from": start,
                "until": end,
                "errors": [
                    sentence
                    for key in ("type", "valid_from", "valid_to")
                    for sentence in self.errors.get(f"licences.{number.get(at)}.{key}", [])
                ],
            }
            for at, (kind, start, end) in enumerate(self.licences)
        ]
        return filled + [{}] * max(LICENCE_ROWS - len(filled), 1)

    @property
    def weight_fields(self) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "label": reasons.part_name(name),
                "value": value,
                "errors": self.errors.get(f"weights.{name}", []),
            }
            for name, value in self.weights.items()
        ]

    @property
    def weights_errors(self) -> list[str]:
        return self.errors.get("weights", [])

    @property
    def is_open(self) -> dict[str, bool]:
        """Which of the folded parts hold something, so that nothing typed is hidden."""
        folded = ("max_deposit_months", "min_uptime", "max_curtailment", "min_renewable", "price_models")
        named = ("allowed_jurisdictions", "excluded_jurisdictions")
        given = {**self.single, **self.several}
        return {
            "money": any(given[name] for name in folded),
            "places": any(given[name] for name in named),
            "licences": bool(self.licences_at),
            "weights": any(self.weights[name] != str(weight) for name, weight in DEFAULT_WEIGHTS.items()),
        }

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """(id of the field on the page, its label, the sentence) of all that is wrong, in page order."""
        found = [
            (f"f-{name}", str(shown.ask.label), sentence)
            for name, shown in self.fields.items()
            for sentence in shown.errors
        ]
        found += [("f-machine-0", _("Machines"), sentence) for sentence in self.fleet_errors]
        for at, line in enumerate(self.fleet_lines):
            label = _("Machines, line %(number)s") % {"number": at + 1}
            found += [(f"f-machine-{at}", label, sentence) for sentence in line.get("machine_errors", ())]
            found += [(f"f-quantity-{at}", label, sentence) for sentence in line.get("quantity_errors", ())]
        for at, line in enumerate(self.licence_lines):
            found += [(f"f-licence-{at}", _("Licences"), sentence) for sentence in line.get("errors", ())]
        found += [("f-weight-price", _("Weights"), sentence) for sentence in self.weights_errors]
        for one in self.weight_fields:
            found += [(f"f-weight-{one['name']}", str(one["label"]), line) for line in one["errors"]]
        return found

    # -- back into an address ----------------------------------------------------------------------------

    @property
    def query(self) -> str:
        """The need as the query of an address, for a page that goes on with it."""
        return self.address(offer="").partition("?")[2]

    def address(self, *, offer: str | None = None) -> str:
        """The page's address with this need and nothing empty; `offer` asks about one hotel ("" for none)."""
        pairs: list[tuple[str, str]] = [("by", self.by)]
        if self.unit == "MW":
            pairs.append(("unit", "MW"))
        pairs += [(name, value) for name, value in self.single.items() if value]
        for machine, quantity in filter(any, self.fleet):
            pairs += [("machine", machine), ("quantity", quantity)]
        pairs += [(name, value) for name, values in self.several.items() for value in values]
        for kind, start, end in filter(any, self.licences):
            pairs += [("licence", kind), ("licence_from", start), ("licence_until", end)]
        pairs += [
            (f"weight_{name}", value)
            for name, value in self.weights.items()
            if value != str(DEFAULT_WEIGHTS[name])
        ]
        asked = self.offer if offer is None else offer
        if asked:
            pairs.append(("offer", asked))
        return f"{reverse('find')}?{urlencode(pairs)}"


def _lines(query: QueryDict, *names: str) -> list[tuple[str, ...]]:
    """Parallel lists of a query as lines, as they stand on the page; empty ones at the end are dropped."""
    columns = [query.getlist(name) for name in names]
    height = min(max(map(len, columns)), 2 * MOST_ROWS)
    padded = [
        [value.strip() for value in column[:height]] + [""] * (height - len(column)) for column in columns
    ]
    lines = list(zip(*padded, strict=True))
    while lines and not any(lines[-1]):
        lines.pop()
    return lines


def _in_kw(text: str) -> str:
    """MW as kW; what is no plain number stays as it was typed, for the reader to refuse with a hint."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number) > 10**9 or not set(text) <= set("0123456789.-"):
        return text
    return format((number * 1000).normalize(), "f")


def _day_after(text: str) -> str:
    """The end of a half-open period whose last day was typed; what is no date stays as it was typed."""
    try:
        return (date.fromisoformat(text) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return text
