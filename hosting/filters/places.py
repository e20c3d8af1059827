"""Places, and the news about them."""

from datetime import date
from typing import Any

import django_filters
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.services.pages import Order
from hosting.filters.listed import Listed
from hosting.models import Jurisdiction, JurisdictionFact, LegalStatus, RegulationEvent


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


class RegulationEventFilter(Listed):
    """News, the latest first."""

    ORDER = Order("-date", "date", descending=True)

    jurisdiction = django_filters.CharFilter(
        method="about_place", max_length=6, help_text=_("a code; a country covers its subdivisions")
    )
    kind = django_filters.AllValuesFilter(field_name="kind")

    class Meta:
        model = RegulationEvent
        fields: list[str] = []

    def about_place(self, queryset: models.QuerySet, name: str, code: str) -> models.QuerySet:
        return queryset.filter(Q(jurisdiction=code) | Q(jurisdiction__startswith=f"{code}-"))
