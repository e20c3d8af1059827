"""The admin of the market, by stage: for looking."""

from hosting.admin import capacity, machines, matches, offers, places, rates, requests, reviews, sites

__all__ = ["capacity", "machines", "matches", "offers", "places", "rates", "requests", "reviews", "sites"]
