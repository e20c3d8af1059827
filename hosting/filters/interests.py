"""Interests: by the request and by the offer."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.services.pages import Order
from hosting.filters.listed import Listed


class InterestFilter(Listed):
    """Interests, the newest first."""

    ORDER = Order("-created_at", "created_at", descending=True)

    request = django_filters.UUIDFilter(field_name="request_id", help_text=_("of this request"))
    offer = django_filters.UUIDFilter(field_name="offer_id", help_text=_("in this offer"))
