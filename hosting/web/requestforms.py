"""A request as a form: the need, and how it is posted. Filled from an address, from what was typed, or from
a saved request."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.services.errors import Invalid
from hosting.matching.scoring import DEFAULT_WEIGHTS
from hosting.models import CapacityRequest
from hosting.services import needs, requests
from hosting.services.entries import Entries, as_uuid
from hosting.services.needs import NeedData
from hosting.templatetags.market import plain
from hosting.web import needfields
from hosting.web.needfields import Ask
from hosting.web.needforms import NeedForm, Shown

EXPIRES = Ask(
    "expires_on", _("Open until"), "date", hint=_("The last day on which hosts can answer."), is_required=True
)
DECIMALS = ("max_price_usd", "min_uptime", "max_curtailment", "min_renewable")
WHOLES = ("term_months", "max_deposit_months", "min_predictability")


class RequestForm(NeedForm):
    """A NeedForm with what a request has besides: anonymous or not, its last day, and for which row."""

    def __init__(self, query: QueryDict, *, today: date, is_draft: bool = False) -> None:
        query = query.copy()
        # An example is right for looking around, not for posting.
        query.setdefault("need_kw", "")
        super().__init__(query, today=today, is_draft=is_draft)
        self.is_anonymous = query.get("anonymous") == "1"
        usual = (today + timedelta(days=requests.USUAL_DAYS)).isoformat()
        self.expires_on = query.get("expires_on", usual).strip()
        # Made with the form: sent twice, it makes one request.
        self.id = as_uuid(query.get("id")) or uuid.uuid4()
        self.version = whole(query.get("version"))

    @property
    def is_blank(self) -> bool:
        """Whether no size was stated yet."""
        return not self.single["need_kw"] and not self.fleet

    @property
    def raw(self) -> dict[str, Any]:
        """As a NeedForm's; the usual weights count as left out."""
        raw = super().raw
        if self.weights == {name: str(weight) for name, weight in DEFAULT_WEIGHTS.items()}:
            del raw["weights"]
        return raw

    def read(self, *, today: date) -> tuple[NeedData, datetime]:
        """The need and when it expires. Raises Invalid with all that is wrong; `errors` then hold it."""
        last_day = Entries({"expires_on": self.expires_on})
        day = last_day.day("expires_on", required=True)
        wrong = {"expires_at": list(last_day.wrong.get("expires_on", ()))} if day is None else {}
        if day and not today <= day <= today + requests.LONGEST - timedelta(days=1):
            wrong = {"expires_at": [str(_("Choose a day within the next twelve months."))]}
        need = None
        try:
            need = needs.read(self.raw, today=today)
        except Invalid as refused:
            wrong |= refused.fields
        if wrong or need is None or day is None:
            self.errors = wrong
            raise Invalid(wrong)
        return need, requests.end_of(day)

    @cached_property
    def fields(self) -> dict[str, Shown]:
        """Every field; a value that the choices lack, because it came by the API, is offered too."""
        return {name: _with_own_choice(shown) for name, shown in super().fields.items()}

    @property
    def expiry(self) -> Shown:
        return Shown(EXPIRES, self.expires_on, errors=tuple(self.errors.get("expires_at", ())))

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        found = super().problems
        return [*found, *(("f-expires_on", str(EXPIRES.label), one) for one in self.expiry.errors)]


def _with_own_choice(shown: Shown) -> Shown:
    ask = shown.ask
    if ask.kind != "select" or not ask.choices or shown.value in dict(ask.choices) or shown.errors:
        return shown
    return replace(shown, ask=replace(ask, choices=[*ask.choices, (shown.value, shown.value)]))


def whole(text: str | None) -> int:
    """The version a form carries; 0, which no row has, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else 0


def query_of(request: CapacityRequest) -> QueryDict:
    """A saved request as the form would send it. Reads the fleet."""
    query = QueryDict(mutable=True)
    lines = list(request.fleet.all())
    query["by"] = "fleet" if lines else "kw"
    if lines:
        query.setlist("machine", [str(line.machine_id) for line in lines])
        query.setlist("quantity", [str(line.quantity) for line in lines])
    else:
        query["need_kw"] = str(request.need_kw)
        for name in ("efficiency_j_th", "worst_j_th"):
            query[name] = _text(getattr(request, name))
    for name in (*DECIMALS, *WHOLES, "origin", "min_legal_status", "min_evidence"):
        query[name] = _text(getattr(request, name))
    for name in ("earliest_start", "latest_start"):
        query[name] = getattr(request, name).isoformat()
    for name in needfields.SEVERAL:
        query.setlist(name, list(getattr(request, name)))
    _put_licences(query, request.licences)
    for name, weight in {**DEFAULT_WEIGHTS, **(request.weights or {})}.items():
        query[f"weight_{name}"] = str(weight)
    query["anonymous"] = "1" if request.is_anonymous else ""
    query["expires_on"] = last_day_of(request).isoformat()
    query["version"] = str(request.version)
    query["id"] = str(request.pk)
    return query


def last_day_of(request: CapacityRequest) -> date:
    """The last day, UTC, on which the request is open for at least a part."""
    return (request.expires_at - timedelta(microseconds=1)).date()


def _text(value: Any) -> str:
    return "" if value is None else plain(value) if hasattr(value, "quantize") else str(value)


def _put_licences(query: QueryDict, licences: Iterable[dict[str, Any]]) -> None:
    for one in licences:
        query.appendlist("licence", one["type"])
        query.appendlist("licence_from", one["valid_from"] or "")
        ends = date.fromisoformat(one["valid_to"]) - timedelta(days=1) if one["valid_to"] else None
        query.appendlist("licence_until", ends.isoformat() if ends else "")
