"""The addresses of the market in figures. They are public: change none."""

from django.urls import path

from hosting.web import market, marketcsv

urlpatterns = [
    path("market/", market.market, name="market"),
    path("market/<slug:name>.csv", marketcsv.market_csv, name="market_csv"),
]
