"""Offers: what the page of hotels and the API are searched by."""

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.filters import DayFilter, DecimalFilter, WholeFilter
from accounts.services.pages import Order
from hosting.filters.listed import InPlaces, Listed
from hosting.matching import law, records
from hosting.models import (
    Cooling,
    Evidence,
    Jurisdiction,
    JurisdictionFact,
    LegalStatus,
    Offer,
    PriceModel,
    free_kw_on,
)

MICRO = 1_000_000


def well_ranked(*, least: str, today: date, and_unverified: bool = False) -> list[str]:
    """Codes of the places whose legal status is surely at least this one, as the gate of the matching reads.

    Inherited where a place has none of its own. Unknown or of low confidence is not sure, though the latter
    passes with `and_unverified`; banned never is.
    """
    facts = [
        records.Fact(*row)
        for row in JurisdictionFact.objects.on(today)
        .filter(field="legal_status")
        .values_list("jurisdiction_id", "field", "value", "valid_from", "confidence")
    ]
    parents = dict(Jurisdiction.objects.values_list("code", "parent_id"))
    found = []
    for code in parents:
        standing = law.status_of(facts, parents, code, today)
        if standing.banned_by is not None or standing.status is None:
            continue
        if standing.is_unsure and not and_unverified:
            continue
        if standing.status >= records.LEGAL_STATUS.index(least):
            found.append(code)
    return found


class OfferFilter(InPlaces, Listed):
    """Offers, with `free_kw` (free capacity on `today`) annotated.

    list_price is the effective price in USD per kWh at 1 MW, 20 J/TH, 12 months from today.
    """

    PLACE = "site__jurisdiction"
    PARTS = ("site", "site__host")
    HOST = "site__host"
    ORDERS = {
        name: Order(name, field, name.startswith("-"))
        for field, word in (
            ("list_price_micros", "list_price"),
            ("published_at", "published_at"),
            ("free_kw", "free_kw"),
        )
        for name in (word, f"-{word}")
    }
    ORDER = ORDERS["-published_at"]

    jurisdiction = django_filters.ModelMultipleChoiceFilter(
        queryset=Jurisdiction.objects.all(),
        to_field_name="code",
        method="in_places",
        label=_("Place"),
        help_text=_("codes of places; a country covers its subdivisions"),
    )
    max_price = DecimalFilter(
        method="priced_up_to",
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=6,
        label=_("Highest list price, USD/kWh"),
        help_text=_("bounds list_price, USD per kWh"),
    )
    min_kw = WholeFilter(
        method="with_free_kw",
        min_value=0,
        max_value=2**31 - 1,
        label=_("Free kW at least"),
        help_text=_("free capacity at least this on available_by"),
    )
    available_by = DayFilter(
        method="free_on",
        label=_("Available by"),
        help_text=_("the day min_kw is read on (default today); alone: something is free on it"),
    )
    cooling = django_filters.MultipleChoiceFilter(
        field_name="in_force__terms__cooling", choices=Cooling.choices, distinct=False, label=_("Cooling")
    )
    price_model = django_filters.MultipleChoiceFilter(
        field_name="in_force__terms__price_model",
        choices=PriceModel.choices,
        distinct=False,
        label=_("Price model"),
    )
    min_renewable = DecimalFilter(
        field_name="in_force__terms__renewable",
        lookup_expr="gte",
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        label=_("Renewable share at least, %"),
        help_text=_("percent"),
    )
    min_legal_status = django_filters.ChoiceFilter(
        choices=LegalStatus.choices,
        method="lawful_from",
        label=_("Legal status at least"),
        help_text=_("a minimum, resolved by place and parents; unknown or of low confidence fails"),
    )
    evidence = django_filters.ChoiceFilter(
        choices=Evidence.choices,
        method="shown_from",
        label=_("Evidence at least"),
        help_text=_("a minimum: claimed, documented, verified"),
    )
    ordering = django_filters.ChoiceFilter(
        choices=[(name, name) for name in ORDERS],
        method="unchanged",
        label=_("Sort by"),
        help_text=_("empty values last; -published_at by default"),
    )

    class Meta:
        model = Offer
        fields: list[str] = []

    def __init__(self, data: Any = None, queryset: Any = None, *, today: date, **more: Any) -> None:
        self.today = today
        queryset = Offer.objects.none() if queryset is None else queryset
        super().__init__(data, queryset.annotate(free_kw=free_kw_on(today)), **more)

    @property
    def order(self) -> Order:
        """The ordering asked for, if it can be read."""
        asked = self.form.cleaned_data.get("ordering") if self.is_valid() else None
        return self.ORDERS.get(asked or "", self.ORDER)

    def priced_up_to(self, queryset: models.QuerySet, name: str, price: Decimal) -> models.QuerySet:
        return queryset.filter(list_price_micros__lte=int(price * MICRO))

    def with_free_kw(self, queryset: models.QuerySet, name: str, least_kw: int) -> models.QuerySet:
        day = self.form.cleaned_data.get("available_by") or self.today
        return queryset.alias(kw_then=free_kw_on(day)).filter(kw_then__gte=least_kw)

    def free_on(self, queryset: models.QuerySet, name: str, day: date) -> models.QuerySet:
        if self.form.cleaned_data.get("min_kw") is not None:
            return queryset
        return queryset.alias(kw_by_then=free_kw_on(day)).filter(kw_by_then__gt=0)

    def lawful_from(self, queryset: models.QuerySet, name: str, least: str) -> models.QuerySet:
        return queryset.filter(site__jurisdiction__in=well_ranked(least=least, today=self.today))

    def shown_from(self, queryset: models.QuerySet, name: str, least: str) -> models.QuerySet:
        levels = Evidence.values
        return queryset.filter(evidence__in=levels[levels.index(least) :])

    def unchanged(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return queryset
