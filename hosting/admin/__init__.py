"""The admin of the market, by stage: for looking."""

from hosting.admin import (
    capacity,
    machines,
    mandates,
    matches,
    offers,
    places,
    rates,
    requests,
    reviews,
    sites,
)

__all__ = [
    "capacity",
    "machines",
    "mandates",
    "matches",
    "offers",
    "places",
    "rates",
    "requests",
    "reviews",
    "sites",
]
