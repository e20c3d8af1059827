"""The admin of the market, by stage: for looking."""

from hosting.admin import (
    capacity,
    machines,
    mandates,
    matches,
    offers,
    partners,
    placedays,
    places,
    rates,
    requests,
    reviews,
    runs,
    sites,
)

__all__ = [
    "capacity",
    "machines",
    "mandates",
    "matches",
    "offers",
    "partners",
    "placedays",
    "places",
    "rates",
    "requests",
    "reviews",
    "runs",
    "sites",
]
