"""Kinds of fields that the representations share: exact decimals as text, and what a viewer may see."""

from typing import Any

from rest_framework import serializers

from hosting.services import visibility


def price(**more: Any) -> serializers.DecimalField:
    """A price per kWh as decimal text with 6 places, or null."""
    return _decimal(6, **more)


def amount(**more: Any) -> serializers.DecimalField:
    """An amount, a percentage or an efficiency as decimal text with 2 places, or null."""
    return _decimal(2, **more)


def pue(**more: Any) -> serializers.DecimalField:
    """A PUE as decimal text with 4 places, or null."""
    return _decimal(4, **more)


def _decimal(places: int, **more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=None, decimal_places=places, allow_null=True, **more)


class Text(serializers.CharField):
    """Text, or null where nothing is known: an empty column says no more than that."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_null": True, **kwargs})

    def to_representation(self, value: Any) -> str | None:
        return str(value) if value else None


class Seen(serializers.Serializer):
    """A representation from which everything is left out that the viewer in the context may not see."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The visible fields. A field nobody has declared in the visibility table is an error."""
        viewer = self.context["viewer"]
        shown = super().to_representation(instance)
        return {name: value for name, value in shown.items() if visibility.may_see(viewer, instance, name)}
