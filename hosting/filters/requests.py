"""Requests: open ones and one's own."""

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.services.pages import Order
from hosting.filters.listed import Listed
from hosting.models import RequestStatus

YES, NO = "1", "0"


class RequestFilter(Listed):
    """Requests, the newest first. `own`: those the acting organization decides about."""

    ORDER = Order("-created_at", "created_at", descending=True)

    status = django_filters.MultipleChoiceFilter(
        choices=RequestStatus.choices, help_text=_("in these states")
    )
    own = django_filters.ChoiceFilter(
        choices=[(YES, _("yes")), (NO, _("no"))], method="of_ones_own", help_text=_("1: one's own alone")
    )

    def __init__(self, *args, own: models.QuerySet, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.mine = own

    def of_ones_own(self, queryset: models.QuerySet, name: str, value: str) -> models.QuerySet:
        """With 1, only what is among one's own; 0 changes nothing."""
        return queryset.filter(pk__in=self.mine.values("pk")) if value == YES else queryset
