"""Rates: by kind, currency and day."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.filters import DayFilter
from accounts.services.pages import Order
from hosting.filters.listed import Listed
from hosting.models import Rate, RateKind


class RateFilter(Listed):
    """Rates, the latest first."""

    ORDER = Order("-on", "on", descending=True)

    kind = django_filters.ChoiceFilter(choices=RateKind.choices)
    currency = django_filters.AllValuesFilter(field_name="currency")
    on = DayFilter(help_text=_("exactly this day"))

    class Meta:
        model = Rate
        fields: list[str] = []
