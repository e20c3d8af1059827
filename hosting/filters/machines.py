"""Machines of the catalogue: what the page and the API search it by."""

from decimal import Decimal
from typing import Any

import django_filters
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, NullIf
from django.utils.translation import gettext_lazy as _

from accounts.filters import DecimalFilter
from accounts.services.pages import Order
from hosting.filters.listed import Listed
from hosting.models import Algorithm, Confidence, Cooling, MachineModel
from hosting.models.machines import MachineQuerySet

# What a list can be ordered by -> the column; an empty one comes last either way.
COLUMNS = {
    "name": "name",
    "hashrate_th_s": "hashrate_th_s",
    "power_w": "power_w",
    "efficiency_j_th": "efficiency_j_th",
    "release": "released",
    "weight_kg": "weight_kg",
}


class MachineFilter(Listed):
    """Machines, by maker and model.

    Annotated: `name` (maker and model) and `released` (the release, None where it is not known).
    """

    ORDERS = {
        f"{sign}{word}": Order(f"{sign}{word}", column, bool(sign))
        for word, column in COLUMNS.items()
        for sign in ("", "-")
    }
    ORDER = ORDERS["name"]

    q = django_filters.CharFilter(
        method="called",
        max_length=80,
        label=_("Maker or model"),
        help_text=_("words of maker and model, in any case and with or without spaces"),
    )
    maker = django_filters.AllValuesFilter(field_name="maker", label=_("Maker"))
    algorithm = django_filters.ChoiceFilter(choices=Algorithm.choices, label=_("Algorithm"))
    cooling = django_filters.MultipleChoiceFilter(choices=Cooling.choices, distinct=False, label=_("Cooling"))
    max_efficiency_j_th = DecimalFilter(
        field_name="efficiency_j_th",
        lookup_expr="lte",
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        label=_("J/TH at most"),
        help_text=_("efficiency_j_th at most this"),
    )
    confidence = django_filters.MultipleChoiceFilter(
        choices=Confidence.choices, distinct=False, label=_("Confidence"), help_text=_("of the source")
    )
    ordering = django_filters.ChoiceFilter(
        choices=[(name, name) for name in ORDERS],
        method="unchanged",
        label=_("Sort by"),
        help_text=_("empty values last; name by default"),
    )

    class Meta:
        model = MachineModel
        fields: list[str] = []

    def __init__(self, data: Any = None, queryset: Any = None, **more: Any) -> None:
        queryset = MachineModel.objects.all() if queryset is None else queryset
        named = queryset.annotate(
            name=Concat("maker", Value(" "), "model"), released=NullIf(F("release"), Value(""))
        )
        super().__init__(data, named, **more)

    @property
    def order(self) -> Order:
        """The ordering asked for, if it can be read."""
        asked = self.form.cleaned_data.get("ordering") if self.is_valid() else None
        return self.ORDERS.get(asked or "", self.ORDER)

    def called(self, queryset: MachineQuerySet, name: str, words: str) -> models.QuerySet:
        return queryset.called(words)

    def unchanged(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return queryset
