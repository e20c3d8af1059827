"""The body of a request, for the schema. What it means and what is wrong with it, services.requestentries
says."""

from rest_framework import serializers

from hosting.api.need import NeedSerializer


class RequestBodySerializer(NeedSerializer):
    """A need to be saved, with what a saved one has besides."""

    anonymous = serializers.BooleanField(required=False, help_text="whether its owner is kept from others")


class NewRequestSerializer(RequestBodySerializer):
    """A request to be saved as a draft."""

    expires_at = serializers.DateTimeField(help_text="within twelve months")
    miner = serializers.CharField(
        required=False, help_text="the handle of the miner a broker acts for, under a mandate valid today"
    )


class RequestChangeSerializer(RequestBodySerializer):
    """Fields to set; a list that is sent replaces the one that is there. A fleet replaces the size that was
    typed, and the other way round."""

    expires_at = serializers.DateTimeField(required=False, help_text="within twelve months")

    def get_fields(self) -> dict[str, serializers.Field]:
        """None is required."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields
