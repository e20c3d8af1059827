"""The body of a need, for the schema. What it means and what is wrong with it, services.needs says."""

from typing import Any

from django.db import models
from rest_framework import serializers

from hosting.models import Cooling, Evidence, LegalStatus, PriceModel

PERCENT = "percent, at most 2 places"


class FleetLineSerializer(serializers.Serializer):
    """So many machines of one model of the catalogue (SHA-256 only)."""

    machine = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1)


class HeldLicenceSerializer(serializers.Serializer):
    """A licence the miner holds; valid on the days of [valid_from, valid_to), null being open."""

    type = serializers.CharField(max_length=60)
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_to = serializers.DateField(required=False, allow_null=True)


class WeightsSerializer(serializers.Serializer):
    """Whole numbers 0-100, not all zero; one left out takes its default."""

    price = serializers.IntegerField(min_value=0, max_value=100, default=40)
    regulation = serializers.IntegerField(min_value=0, max_value=100, default=20)
    start = serializers.IntegerField(min_value=0, max_value=100, default=15)
    trust = serializers.IntegerField(min_value=0, max_value=100, default=10)
    uptime = serializers.IntegerField(min_value=0, max_value=100, default=10)
    energy = serializers.IntegerField(min_value=0, max_value=100, default=5)


def _decimal(places: int, text: str) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=None, decimal_places=places, required=False, allow_null=True, help_text=text
    )


def _codes(text: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(), required=False, allow_null=True, help_text=text
    )


def _word(among: type[models.TextChoices], **more: Any) -> serializers.RegexField:
    # A pattern, not a choice: the schema names each closed list after the one field that shows it.
    return serializers.RegexField(f"^({'|'.join(among.values)})$", **more)


class NeedSerializer(serializers.Serializer):
    """What a miner asks for: need_kw or fleet, both starts, term and ceiling are required.

    Left out, null and empty all mean: no bound. Numbers may be sent as JSON numbers or as decimal text.
    """

    need_kw = serializers.IntegerField(required=False, min_value=1)
    fleet = FleetLineSerializer(many=True, required=False, help_text="instead of need_kw and J/TH")
    efficiency_j_th = _decimal(2, "of the whole fleet, when need_kw is given")
    worst_j_th = _decimal(2, "of its least efficient machines, when need_kw is given")
    origin = serializers.CharField(
        required=False, allow_null=True, help_text="where the machines are: ISO 3166-1 or -2"
    )
    earliest_start = serializers.DateField()
    latest_start = serializers.DateField()
    term_months = serializers.IntegerField(min_value=1)
    max_price_usd = serializers.DecimalField(
        max_digits=None, decimal_places=6, help_text="effective price, USD per kWh"
    )
    max_deposit_months = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    min_uptime = _decimal(2, PERCENT)
    max_curtailment = _decimal(2, PERCENT)
    min_renewable = _decimal(2, PERCENT)
    cooling = serializers.ListField(child=_word(Cooling), required=False)
    price_models = serializers.ListField(child=_word(PriceModel), required=False)
    allowed_jurisdictions = _codes("codes; a country covers its subdivisions")
    excluded_jurisdictions = _codes("codes; excluded wins over allowed")
    min_legal_status = _word(LegalStatus, required=False, allow_null=True, help_text="a minimum")
    min_predictability = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=5)
    licences = HeldLicenceSerializer(many=True, required=False)
    min_evidence = _word(Evidence, required=False, allow_null=True, help_text="a minimum")
    weights = WeightsSerializer(required=False, allow_null=True)
