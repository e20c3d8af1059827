"""The catalogue of machines as a list, and one machine: its facts, its day, and where it would be let in."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.services import pages
from accounts.services.errors import Invalid
from hosting.filters import MachineFilter
from hosting.models import Algorithm, Confidence, Cooling, Jurisdiction, MachineModel, Rate
from hosting.services import machineearnings
from hosting.services import machines as catalogue
from hosting.services.machineearnings import Assumed, Start
from hosting.templatetags.market import plain
from hosting.web import standings

SIZE = 60
TYPICAL_W = 1_000_000
FOLDED = ("algorithm", "cooling", "confidence")
# (name of the order, heading, whether it stands on the right as a figure)
HEADINGS = (
    ("name", _("Machine"), False),
    ("hashrate_th_s", _("TH/s"), True),
    ("power_w", _("W"), True),
    ("efficiency_j_th", _("J/TH"), True),
    ("", _("Cooling"), False),
    ("release", _("Release"), True),
    ("weight_kg", _("kg"), True),
    ("", _("Source"), False),
)
ORDERS = (
    ("name", _("maker and model")),
    ("efficiency_j_th", _("J/TH, lowest first")),
    ("-efficiency_j_th", _("J/TH, highest first")),
    ("-hashrate_th_s", _("TH/s, most first")),
    ("hashrate_th_s", _("TH/s, least first")),
    ("-power_w", _("W, most first")),
    ("power_w", _("W, least first")),
    ("-release", _("newest first")),
    ("release", _("oldest first")),
    ("-weight_kg", _("heaviest first")),
    ("weight_kg", _("lightest first")),
    ("-name", _("maker and model, from the end")),
)
CHOICES = {
    "algorithms": Algorithm.choices,
    "cooling": Cooling.choices,
    "confidence": Confidence.choices,
    "orders": ORDERS,
}


@dataclass(frozen=True)
class Behind:
    """What stands behind a figure, as the tag `sourced` shows it."""

    publisher: str
    as_of: str
    url: str
    confidence: str

    def get_confidence_display(self) -> Any:
        return Confidence(self.confidence).label if self.confidence in Confidence.values else self.confidence


@dataclass(frozen=True)
class Heading:
    """A column: `address` sorts by it, or the other way round where the list already is (`sorted`)."""

    name: Any
    is_figure: bool
    address: str
    sorted: str


@require_safe
def machines(request: HttpRequest) -> HttpResponse:
    """The catalogue, filtered and sorted as the address says. 400, with all that was typed, for a bad one."""
    found = MachineFilter(_given(request))
    shown: dict[str, Any] = {"area": "machines", "filter": found, **CHOICES}
    shown["is_folded_open"] = any(request.GET.get(name) for name in FOLDED)
    shown["makers"] = MachineModel.objects.values_list("maker", flat=True).order_by("maker").distinct()
    shown |= {"order": found.order.name, "headings": _headings(request, found.order.name)}
    shown |= _page(request, found)
    return render(request, "machine_list.html", shown, status=400 if shown["problems"] else 200)


def _given(request: HttpRequest) -> QueryDict:
    """The query without what a form sends empty."""
    given = request.GET.copy()
    for name, values in request.GET.lists():
        given.setlist(name, [value for value in values if value.strip()])
        if not given.getlist(name):
            del given[name]
    return given


def _page(request: HttpRequest, found: MachineFilter) -> dict[str, Any]:
    problems = [(name, text) for name, texts in found.form.errors.items() for text in texts]
    rows = found.queryset.none() if problems else found.qs
    cursor = None if problems else request.GET.get("cursor")
    try:
        page = pages.page(rows, order=found.order, cursor=cursor, size=SIZE)
    except Invalid as refused:
        texts = [text for some in refused.fields.values() for text in some]
        return {"problems": [("cursor", text) for text in texts], "rows": []}
    return {
        "problems": problems,
        "rows": [(row, behind(row)) for row in page.rows],
        "next": _address(request, cursor=page.next),
        "previous": _address(request, cursor=page.previous),
    }


def _address(request: HttpRequest, **changes: str | None) -> str:
    """The address of this list with a change, "" where a change is None; a new order starts from its first
    page."""
    if None in changes.values():
        return ""
    query = request.GET.copy()
    query.pop("cursor", None)
    for name, value in changes.items():
        query[name] = value or ""
    return f"?{query.urlencode()}"


def _headings(request: HttpRequest, order: str) -> list[Heading]:
    def heading(word: str, name: Any, is_figure: bool) -> Heading:
        is_up, is_down = order == word, order == f"-{word}"
        address = _address(request, ordering=f"-{word}" if is_up else word) if word else ""
        return Heading(name, is_figure, address, "ascending" if is_up else "descending" if is_down else "")

    return [heading(*one) for one in HEADINGS]


def behind(machine: MachineModel) -> Behind:
    """The source of a machine's figures."""
    return Behind(machine.source, machine.as_of, machine.source_url, machine.confidence)


@require_safe
def machine(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One machine. 400, with what was typed, for a price or hashprice that can't be read."""
    today = timezone.now().date()
    found = get_object_or_404(MachineModel, pk=pk)
    start = machineearnings.start(as_of=today)
    shown: dict[str, Any] = {"area": "machines", "machine": found, "behind": behind(found), "start": start}
    shown |= {"mines_bitcoin": found.algorithm == Algorithm.SHA256, "rate_behind": _behind_rate(start.rate)}
    shown |= _day(request, found, start)
    if shown["mines_bitcoin"]:
        shown |= _places(found, today)
    return render(request, "machine_detail.html", shown, status=400 if shown["problems"] else 200)


def _day(request: HttpRequest, found: MachineModel, start: Start) -> dict[str, Any]:
    """The form as it was filled in, and the day that follows from it."""
    typed = {name: request.GET.get(name, "").strip() for name in ("price_usd", "hashprice_usd")}
    first = machineearnings.read({}, start=start)
    try:
        assumed = machineearnings.read(typed, start=start)
    except Invalid as refused:
        return {"problems": refused.fields, "typed": _filled(typed, first), "assumed": None, "day": None}
    return {
        "problems": {},
        "typed": _filled(typed, first),
        "assumed": assumed,
        "is_stored_rate": not typed["hashprice_usd"] or assumed.hashprice_usd == first.hashprice_usd,
        "day": machineearnings.of_day(machine=found, assumed=assumed),
    }


def _filled(typed: dict[str, str], first: Assumed) -> dict[str, str]:
    stated = "" if first.hashprice_usd is None else plain(first.hashprice_usd)
    return {
        "price_usd": typed["price_usd"] or plain(first.price_usd),
        "hashprice_usd": typed["hashprice_usd"] or stated,
    }


def _behind_rate(rate: Rate | None) -> Behind | None:
    return Behind(rate.source, rate.on.isoformat(), rate.source_url, rate.confidence) if rate else None


def _places(found: MachineModel, today: Any) -> dict[str, Any]:
    """Where it would be let in and where not, with the law of each place. A link carries a fleet of 1 MW."""
    rows = catalogue.welcome(machine=found, as_of=today)
    known = standings.of_places([row.code for row in rows], as_of=today)
    names = Jurisdiction.objects.select_related("parent").in_bulk([row.code for row in rows])
    quantity = -(-TYPICAL_W // found.power_w)
    shown = [(row, names[row.code], known[row.code], _find(found, quantity, row.code)) for row in rows]
    return {
        "welcome": [one for one in shown if one[0].is_welcome],
        "unwelcome": [one for one in shown if not one[0].is_welcome],
        "admitting": sum(row.admits for row in rows if row.is_welcome),
        "hotels": sum(row.hotels for row in rows),
        "quantity": quantity,
        "fleet_kw": -(-found.power_w * quantity // 1000),
        "find": _find(found, quantity),
    }


def _find(found: MachineModel, quantity: int, code: str = "") -> str:
    """The page of results for so many of these machines, in one place or anywhere."""
    query = {"by": "fleet", "machine": str(found.pk), "quantity": str(quantity)}
    query["cooling"] = found.cooling
    if code:
        query["allowed_jurisdictions"] = code
    return f"{reverse('find')}?{urlencode(query)}"
