"""Filters of the lists, by stage: the same for pages and API. `today` is given by whoever asks."""

from hosting.filters.events import RegulationEventFilter
from hosting.filters.imports import ImportFilter
from hosting.filters.interests import InterestFilter
from hosting.filters.machines import MachineFilter
from hosting.filters.offers import OfferFilter
from hosting.filters.partners import DeliveryFilter, PartnerEventFilter, WebhookFilter
from hosting.filters.places import JurisdictionFilter, PlaceListFilter
from hosting.filters.rates import RateFilter
from hosting.filters.requests import RequestFilter
from hosting.filters.sites import SiteFilter

__all__ = [
    "DeliveryFilter",
    "ImportFilter",
    "InterestFilter",
    "JurisdictionFilter",
    "MachineFilter",
    "OfferFilter",
    "PartnerEventFilter",
    "PlaceListFilter",
    "RateFilter",
    "RegulationEventFilter",
    "RequestFilter",
    "SiteFilter",
    "WebhookFilter",
]
