"""The market page: supply, need, prices and rates as charts with their tables, and what happened in 2021."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hosting.web import exoduscharts, exodussheets, marketcharts, marketsheets
from hosting.web.markettoday import Today


@require_safe
def market(request: HttpRequest) -> HttpResponse:
    """Everything in one page, from the stored days; a fixed number of queries."""
    today = Today(timezone.now())
    shown = {"area": "market", "as_of": today.day, "world": today.supply[0].figures}
    shown["withheld"] = sum(row.figures.free_kw is None for row in today.supply[1:])
    return render(request, "market.html", {**shown, **_sheets(today), **_charts(today)})


def _sheets(today: Today) -> dict[str, Any]:
    return {
        "supply": marketsheets.supply(today),
        "prices": marketsheets.prices(today),
        "by_size": marketsheets.demand_by_size(today),
        "by_origin": marketsheets.demand_by_origin(today),
        "demand": today.demand.whole,
        "history": marketsheets.history(today, is_whole=False),
        "hashprice": marketsheets.hashprice(today),
        "break_even": marketsheets.break_even(today),
        "published": marketsheets.published(today),
        "network": exodussheets.network(today),
        "shares": exodussheets.shares(today),
        "moved": exodussheets.moved(today),
        "law": exodussheets.events(today),
        "dropped": exoduscharts.drop_percent(today),
    }


def _charts(today: Today) -> dict[str, Any]:
    return {
        "supply_chart": marketcharts.supply(today),
        "prices_chart": marketcharts.prices(today),
        "by_size_chart": marketcharts.demand_by_size(today),
        "by_origin_chart": marketcharts.demand_by_origin(today),
        "power_chart": marketcharts.power_over_time(today),
        "price_chart": marketcharts.price_over_time(today),
        "places_chart": marketcharts.places_over_time(today),
        "hashprice_chart": marketcharts.hashprice(today),
        "break_even_chart": marketcharts.break_even(today),
        "published_chart": marketcharts.published(today),
        "exchange": marketcharts.exchange(today),
        "network_chart": exoduscharts.network(today),
        "shares_chart": exoduscharts.shares(today),
    }
