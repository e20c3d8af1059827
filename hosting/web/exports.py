"""A request's hotels as a CSV file for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.services.acting import Member
from accounts.web.acting import acts
from hosting.matching.pricing import COMPONENTS
from hosting.matching.scoring import PARTS
from hosting.models import Interest
from hosting.services import answers
from hosting.services.matches import Found
from hosting.templatetags import market
from hosting.web.myrequestlists import interests_of
from hosting.web.myrequests import own

# A spreadsheet takes a cell that begins like this for a formula; an apostrophe says that it is text.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
HEADER = (
    *("rank", "hotel", "offer", "host", "jurisdiction", "region", "score", "effective_price_usd_kwh"),
    *(f"{name}_usd_kwh" for name in COMPONENTS),
    *(f"points_{name}" for name in PARTS),
    *("start", "free_kw", "price_model", "deposit_months", "uptime_percent", "curtailment_percent"),
    *("evidence", "shortlisted", "host_interested", "as_of", "offer_id"),
)


@require_safe
@acts("read")
def request_csv(request: HttpRequest, viewer: Member, pk: UUID) -> HttpResponse:
    """The list as the page shows it, without what was declined; UTF-8 with a mark that Excel needs."""
    found = get_object_or_404(own(viewer), pk=pk)
    answer = answers.of_request(request=found, now=timezone.now())
    marks = {one.offer_id: one for one in interests_of(found)}
    rows = [HEADER, *_rows(answer.preview.results, marks, answer.preview.as_of.isoformat())]
    response = HttpResponse(written(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="hotels-{str(found.pk)[:8]}.csv"'
    return response


def written(rows: Iterable[Iterable[Any]]) -> str:
    """CSV text in which no cell is a formula."""
    file = io.StringIO()
    csv.writer(file).writerows([[harmless(cell) for cell in row] for row in rows])
    return "\ufeff" + file.getvalue()


def harmless(value: Any) -> str:
    """The cell as text that no spreadsheet computes."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _rows(results: list[Found], marks: dict[UUID, Interest], as_of: str) -> Iterable[tuple[Any, ...]]:
    for rank, found in enumerate(results, 1):
        mark = marks.get(found.offer.pk)
        if mark is None or mark.declined_by != "miner":
            yield _row(rank, found, mark, as_of)


def _row(rank: int, found: Found, mark: Interest | None, as_of: str) -> tuple[Any, ...]:
    offer, match = found.offer, found.match
    site, terms = offer.site, offer.in_force.terms
    components = match.components or {}
    points = {part.name: part.points for part in match.parts}
    return (
        *(rank, site.name, offer.title, site.host.handle, site.jurisdiction_id, site.region),
        *(market.score(match.score), market.exact_price(match.price_micros)),
        *(market.exact_price(components.get(name)) for name in COMPONENTS),
        *(market.score(points[name]) for name in PARTS),
        *(match.start, offer.free_kw, terms.price_model, terms.deposit_months, terms.uptime),
        *(terms.curtailment, offer.evidence, _yes(mark and mark.shortlisted_at)),
        *(_yes(mark and mark.interested_at), as_of, offer.pk),
    )


def _yes(value: Any) -> str:
    return "yes" if value else "no"
