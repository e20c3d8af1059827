"""Regulation events: the news about the law of places."""

import django_filters
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.filters import WholeFilter
from accounts.services.pages import Order
from hosting.filters.listed import Listed
from hosting.models import LegalStatus, RegulationEvent


class RegulationEventFilter(Listed):
    """News, the latest first."""

    ORDER = Order("-date", "date", descending=True)

    jurisdiction = django_filters.CharFilter(
        method="about_place", max_length=6, help_text=_("a code; a country covers its subdivisions")
    )
    kind = django_filters.AllValuesFilter(field_name="kind")
    effect = django_filters.ChoiceFilter(
        field_name="effect_on_legal_status",
        choices=LegalStatus.choices,
        help_text=_("news that moved the legal status to this one"),
    )
    year = WholeFilter(field_name="date", lookup_expr="year", min_value=1900, max_value=2200)
    q = django_filters.CharFilter(
        method="with_words", max_length=100, help_text=_("each of these words in the title or the source")
    )

    class Meta:
        model = RegulationEvent
        fields: list[str] = []

    def about_place(self, queryset: models.QuerySet, name: str, code: str) -> models.QuerySet:
        return queryset.filter(Q(jurisdiction=code) | Q(jurisdiction__startswith=f"{code}-"))

    def with_words(self, queryset: models.QuerySet, name: str, text: str) -> models.QuerySet:
        for word in text.split():
            queryset = queryset.filter(Q(title__icontains=word) | Q(source__icontains=word))
        return queryset
