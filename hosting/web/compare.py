"""Two or three hotels side by side for one request: every term, and where they differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.services.acting import Member
from accounts.services.errors import Invalid
from accounts.web.acting import acts
from hosting.models import Offer
from hosting.services import comparing, needs
from hosting.services.entries import as_uuid
from hosting.templatetags import market
from hosting.web import contract, requestwords, results
from hosting.web.myrequests import own
from hosting.web.results import Row


@dataclass(frozen=True)
class Line:
    """One term of every hotel compared, in their order."""

    name: Any
    values: tuple[Any, ...]

    @property
    def differs(self) -> bool:
        return len({str(value) for value in self.values}) > 1


@dataclass(frozen=True)
class Group:
    title: Any
    lines: list[Line]


@require_safe
@acts("read")
def request_compare(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """The hotels of ?offer=&offer=. 400 unless they are two or three; 404 for one that nobody shows."""
    today = timezone.now().date()
    found = get_object_or_404(own(viewer), pk=pk)
    shown = {"area": "requests", "request_row": found, "headline": requestwords.headline(found)}
    asked = _asked(request, viewer)
    try:
        pairs = comparing.side_by_side(request=found, offer_ids=[one.pk for one in asked], as_of=today)
    except Invalid as refused:
        shown |= {"sentences": [one for some in refused.fields.values() for one in some]}
        return render(request, "compare.html", shown, status=400)
    rows = list(results.rows_of(pairs, needs.of_request(found), today, 0))
    there = {row.offer.pk for row in rows}
    shown |= {"rows": rows, "missing": [one for one in asked if one.pk not in there]}
    shown |= {"groups": _groups(rows) if rows else []}
    return render(request, "compare.html", shown)


def _asked(request: HttpRequest, viewer: Member) -> list[Offer]:
    """The offers of the address that this viewer sees, in its order and each once. 404 for any other."""
    ids = list(dict.fromkeys(map(as_uuid, request.GET.getlist("offer")[:20])))
    rows = Offer.objects.visible_to(viewer).select_related("site").in_bulk([pk for pk in ids if pk])
    if len(rows) != len(ids):
        raise Http404
    return [rows[pk] for pk in ids if pk]


def _groups(rows: list[Row]) -> list[Group]:
    components = [dict(row.components) for row in rows]
    return [
        Group(_("For your request"), list(_of_pairs(rows))),
        Group(
            _("Price, USD/kWh"),
            [
                Line(str(name).capitalize(), tuple(market.exact_price(one.get(name)) for one in components))
                for name in next((one for one in components if one), {})
            ],
        ),
        *_of_contracts(rows),
    ]


def _of_pairs(rows: list[Row]) -> Iterable[Line]:
    yield Line(_("Effective price"), tuple(_price(row) for row in rows))
    yield Line(_("Score"), tuple(_score(row) for row in rows))
    yield Line(_("Start"), tuple(_start(row) for row in rows))
    yield Line(_("Does not fit because of"), tuple(_failed(row) for row in rows))
    yield Line(_("Curtailment, with stops of law"), tuple(market.percent(row.curtailment) for row in rows))
    yield Line(_("Free today"), tuple(market.power(row.offer.free_kw) for row in rows))
    yield Line(_("Legal status"), tuple(row.standing.label or market.unknown() for row in rows))
    yield Line(_("Evidence, the lowest of three"), tuple(row.offer.get_evidence_display() for row in rows))
    yield Line(_("Host’s reputation"), tuple(_reputation(row) for row in rows))


def _price(row: Row) -> str:
    micros = row.found.match.price_micros
    return _("not comparable") if micros is None else f"{market.price(micros)} USD/kWh"


def _score(row: Row) -> str:
    score = row.found.match.score
    return _("none") if score is None else market.score(score)


def _start(row: Row) -> str:
    start = row.found.match.start
    return _("none in your window") if start is None else market.day(start)


def _failed(row: Row) -> str:
    return " ".join(gate.sentence for gate in row.gates if not gate.passed) or _("it fits")


def _reputation(row: Row) -> str:
    value = row.offer.site.host.reputation
    return _("no review yet") if value is None else market.score(value)


def _of_contracts(rows: list[Row]) -> Iterable[Group]:
    """The terms section by section; a clause that one hotel lacks is "not stated" there."""
    written = [contract.sections(row.offer.in_force.terms) for row in rows]
    for at, section in enumerate(written[0]):
        clauses = [{str(clause.name): clause.value for clause in one[at].clauses} for one in written]
        names = list(dict.fromkeys(name for one in clauses for name in one))
        yield Group(
            section.title, [Line(name, tuple(_said(one.get(name)) for one in clauses)) for name in names]
        )


def _said(value: Any) -> Any:
    return contract.NOT_STATED if value is None else value
