"""Places."""

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.filters import DecimalFilter, WholeFilter
from accounts.services.pages import Order
from hosting.filters import holding
from hosting.filters.listed import Listed
from hosting.filters.offers import well_ranked
from hosting.models import (
    Confidence,
    Jurisdiction,
    JurisdictionFact,
    LegalStatus,
    Offer,
)

YES = "true"


class JurisdictionFilter(Listed):
    """Places, by code."""

    ORDER = Order("code", "code")

    parent = django_filters.ModelChoiceFilter(
        queryset=Jurisdiction.objects.filter(parent=None),
        to_field_name="code",
        help_text=_("the subdivisions of this country"),
    )
    legal_status = django_filters.ChoiceFilter(
        choices=LegalStatus.choices,
        method="of_status",
        help_text=_("places whose own status is this one today"),
    )
    q = django_filters.CharFilter(
        method="named",
        max_length=80,
        label=_("Name or code"),
        help_text=_("part of a name, or a code; a country brings its subdivisions"),
    )
    min_legal_status = django_filters.ChoiceFilter(
        choices=LegalStatus.choices,
        method="lawful_from",
        label=_("Legal status at least"),
        help_text=_("a minimum, resolved by place and parents; unknown or of low confidence fails"),
    )
    min_predictability = WholeFilter(
        method="rated_from",
        min_value=1,
        max_value=5,
        label=_("Predictability at least, of 5"),
        help_text=_("a minimum of our own rating, resolved by place and parents; unknown fails"),
    )
    max_power_price = DecimalFilter(
        method="powered_up_to",
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=6,
        label=_("Industrial power from, at most, USD/kWh"),
        help_text=_(
            "bounds the lowest industrial power price known, USD per kWh, resolved by place and parents; "
            "unknown or of low confidence fails"
        ),
    )
    has_hotels = django_filters.ChoiceFilter(
        choices=[(YES, _("with a hotel")), ("false", _("without a hotel"))],
        method="with_hotels",
        label=_("Hotels"),
        help_text=_("whether a hotel is on the market there; a country counts its subdivisions"),
    )
    unverified = django_filters.ChoiceFilter(
        choices=[(YES, _("yes")), ("false", _("no"))],
        method="unchanged",
        label=_("Unverified, too"),
        help_text=_("whether values of low confidence pass min_legal_status and max_power_price"),
    )

    class Meta:
        model = Jurisdiction
        fields: list[str] = []

    def __init__(self, data: Any = None, queryset: Any = None, *, today: date, **more: Any) -> None:
        self.today = today
        super().__init__(data, queryset, **more)

    def of_status(self, queryset: models.QuerySet, name: str, status: str) -> models.QuerySet:
        own = JurisdictionFact.objects.on(self.today).filter(
            jurisdiction=OuterRef("pk"), field="legal_status"
        )
        newest = Subquery(own.order_by("-valid_from").values("value")[:1])
        return queryset.alias(status_today=newest).filter(status_today=status)

    @property
    def and_unverified(self) -> bool:
        return self.form.cleaned_data.get("unverified") == YES

    def named(self, queryset: models.QuerySet, name: str, words: str) -> models.QuerySet:
        found = Q(name__icontains=words) | Q(code__iexact=words) | Q(parent__code__iexact=words)
        return queryset.filter(found | Q(parent__name__icontains=words))

    def lawful_from(self, queryset: models.QuerySet, name: str, least: str) -> models.QuerySet:
        codes = well_ranked(least=least, today=self.today, and_unverified=self.and_unverified)
        return queryset.filter(code__in=codes)

    def rated_from(self, queryset: models.QuerySet, name: str, least: int) -> models.QuerySet:
        held = holding.by_place("predictability", today=self.today)
        return queryset.filter(code__in=[code for code, fact in held.items() if int(fact.value) >= least])

    def powered_up_to(self, queryset: models.QuerySet, name: str, most: Decimal) -> models.QuerySet:
        found = []
        for code, fact in holding.by_place(holding.LOWEST_POWER_PRICE, today=self.today).items():
            price = holding.number(fact.value)
            is_sure = fact.confidence != Confidence.LOW or self.and_unverified
            if is_sure and price is not None and price <= most:
                found.append(code)
        return queryset.filter(code__in=found)

    def with_hotels(self, queryset: models.QuerySet, name: str, choice: str) -> models.QuerySet:
        live = Offer.objects.live(self.today).order_by()
        rows = live.values_list("site__jurisdiction", "site__jurisdiction__parent").distinct()
        wanted = Q(code__in={code for pair in rows for code in pair if code})
        return queryset.filter(wanted if choice == YES else ~wanted)

    def unchanged(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return queryset


class PlaceListFilter(JurisdictionFilter):
    """Places as the page lists and colours them; what it sorts by is worked out, so no column of a table."""

    ORDERS = {
        "name": _("name, country by country"),
        "-legal_status": _("legal status, best first"),
        "legal_status": _("legal status, worst first"),
        "-predictability": _("predictability, best first"),
        "predictability": _("predictability, worst first"),
        "power_price": _("industrial power, cheapest first"),
        "-power_price": _("industrial power, dearest first"),
        "-free_kw": _("free capacity, most first"),
        "free_kw": _("free capacity, least first"),
        "-hotels": _("hotels, most first"),
        "hotels": _("hotels, fewest first"),
    }
    COLOURS = {
        "legal_status": _("legal status"),
        "predictability": _("predictability"),
        "power_price": _("power price"),
        "free_kw": _("free capacity"),
    }

    ordering = django_filters.ChoiceFilter(
        choices=list(ORDERS.items()), method="unchanged", label=_("Sort by"), empty_label=None
    )
    by = django_filters.ChoiceFilter(
        choices=list(COLOURS.items()), method="unchanged", label=_("Colour the map by"), empty_label=None
    )
