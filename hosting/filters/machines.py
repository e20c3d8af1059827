"""Machines of the catalogue."""

import django_filters

from accounts.services.pages import Order
from hosting.filters.listed import Listed
from hosting.models import Algorithm, Cooling, MachineModel


class MachineFilter(Listed):
    """Machines, by maker."""

    ORDER = Order("maker", "maker")

    maker = django_filters.AllValuesFilter(field_name="maker")
    algorithm = django_filters.ChoiceFilter(choices=Algorithm.choices)
    cooling = django_filters.MultipleChoiceFilter(choices=Cooling.choices, distinct=False)

    class Meta:
        model = MachineModel
        fields: list[str] = []
