"""The body of an offer, for the schema. What it means, and what is wrong with it, services.offerentries
says."""

from rest_framework import serializers

from hosting.api.terms import TermsSerializer
from hosting.models import Metering, PriceModel


class PhaseBodySerializer(serializers.Serializer):
    """kW that are there on the days of [starts_on, ends_on); null is open."""

    available_kw = serializers.IntegerField(min_value=1)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    state = serializers.RegexField("^(energised|under_construction|planned)$", required=False)


class OfferChangeSerializer(serializers.Serializer):
    """Fields to set; a list that is sent replaces the one that is there. Numbers may be sent as JSON numbers
    or as decimal text."""

    title = serializers.CharField(required=False, max_length=140)
    phases = PhaseBodySerializer(many=True, required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        """The terms' fields stand among the offer's own, as they do in the answer."""
        terms = TermsSerializer().get_fields()
        for field in terms.values():
            field.required = False
        return super().get_fields() | terms | self._words()

    def _words(self) -> dict[str, serializers.Field]:
        # A pattern, not a choice: the schema names each closed list after the one field that shows it.
        return {
            "price_model": serializers.RegexField(f"^({'|'.join(PriceModel.values)})$", required=False),
            "metering": serializers.RegexField(f"^({'|'.join(Metering.values)})$", required=False),
            "cooling": serializers.RegexField("^(air|hydro|immersion)$", required=False),
        }


class NewOfferSerializer(OfferChangeSerializer):
    """An offer of one's own site: the terms' required fields follow from its price model and its metering."""

    site = serializers.UUIDField()
    title = serializers.CharField(max_length=140)

    def get_fields(self) -> dict[str, serializers.Field]:
        """As for a change, with what every price model requires."""
        fields = super().get_fields()
        for name in ("price_model", "currency", "metering", "cooling", "uptime"):
            fields[name].required = True
        return fields
