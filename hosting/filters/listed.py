"""What the filters of every list have in common."""

from datetime import datetime
from typing import Any

import django_filters
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.filters import MomentFilter
from accounts.models import Licence
from accounts.services.pages import Order


class Listed(django_filters.FilterSet):
    """A list. ORDER is the ordering it has when none is asked for.

    PARTS: relations whose own changes change what the list shows of a row; HOST: the one whose licences do.
    """

    updated_since = MomentFilter(method="changed_since", help_text=_("changed at or after this time"))

    ORDER = Order("id", "pk")
    PARTS: tuple[str, ...] = ()
    HOST = ""

    @property
    def order(self) -> Order:
        return self.ORDER

    def changed_since(self, queryset: models.QuerySet, name: str, moment: datetime) -> models.QuerySet:
        changed = Q(updated_at__gte=moment)
        for part in self.PARTS:
            changed |= Q(**{f"{part}__updated_at__gte": moment})
        if self.HOST:
            licences = Licence.objects.filter(updated_at__gte=moment)
            changed |= Q(**{f"{self.HOST}__in": licences.values("organization")})
        return queryset.filter(changed)


class InPlaces:
    """A list of things that lie in places. PLACE is the relation to the jurisdiction."""

    PLACE = ""

    def in_places(self, queryset: models.QuerySet, name: str, places: Any) -> models.QuerySet:
        """Rows in these places or in their subdivisions; all of them when no place is named."""
        wanted = Q()
        for place in places:
            wanted |= Q(**{self.PLACE: place}) | Q(**{f"{self.PLACE}__parent": place})
        return queryset.filter(wanted)
