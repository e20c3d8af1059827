"""Sites: by place and host."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.services.pages import Order
from hosting.filters.listed import InPlaces, Listed
from hosting.models import Jurisdiction, Site


class SiteFilter(InPlaces, Listed):
    """Sites, by name."""

    ORDER = Order("name", "name")
    PLACE = "jurisdiction"
    PARTS = ("host",)
    HOST = "host"

    jurisdiction = django_filters.ModelMultipleChoiceFilter(
        queryset=Jurisdiction.objects.all(),
        to_field_name="code",
        method="in_places",
        help_text=_("codes of places; a country covers its subdivisions"),
    )
    host = django_filters.CharFilter(field_name="host__handle", help_text=_("the host's handle"))

    class Meta:
        model = Site
        fields: list[str] = []
