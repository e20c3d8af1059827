"""The figures of the market page as CSV files: the same numbers, under lasting names."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from hosting.web import exodussheets, marketsheets
from hosting.web.markettoday import Today

# The name in the address -> the sheet. Addresses are public: change none.
SHEETS = {
    "supply": marketsheets.supply,
    "prices": marketsheets.prices,
    "demand-by-size": marketsheets.demand_by_size,
    "demand-by-origin": marketsheets.demand_by_origin,
    "history": marketsheets.history,
    "hashprice": marketsheets.hashprice,
    "fx": marketsheets.exchange,
    "break-even": marketsheets.break_even,
    "published-prices": marketsheets.published,
    "network-hashrate-2021": exodussheets.network,
    "hashrate-shares-2021": exodussheets.shares,
    "machines-moved-2021": exodussheets.moved,
    "law-in-2021": exodussheets.events,
}


@require_safe
def market_csv(request: HttpRequest, name: str) -> HttpResponse:
    """One sheet, in English whatever the reader speaks; UTF-8 with a mark that Excel needs. 404 for a name
    we do not have."""
    if name not in SHEETS:
        raise Http404
    with translation.override("en"):
        text = SHEETS[name](Today(timezone.now())).csv()
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="mining-hotels-{name}.csv"'
    return response
