"""How staff enters and corrects reference rows: one form for each table, each with its service."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.admin.saving import Saved, SavedWithReason
from hosting.models import (
    Confidence,
    JurisdictionFact,
    MachineModel,
    Rate,
    RateKind,
    RegulationEvent,
    RegulationRule,
)
from hosting.services import machines, rates, rulebook


def address(label: Any) -> forms.URLField:
    """A source's address; one without a scheme is meant to be https."""
    widget = forms.URLInput(attrs={"class": "vURLField"})
    return forms.URLField(label=label, required=False, max_length=600, assume_scheme="https", widget=widget)


class FactForm(SavedWithReason):
    url = address(_("URL"))

    class Meta:
        model = JurisdictionFact
        fields = (
            *("jurisdiction", "field", "value", "rationale", "valid_from", "dated_by", "valid_from_text"),
            *("as_of", "publisher", "title", "url", "confidence"),
        )

    def keep(self, row: Any, values: dict[str, Any]) -> JurisdictionFact:
        why = values.pop("why")
        return rulebook.save_fact(values=values, by=self.by, why=why, now=self.now(), fact=row)


class NewsForm(SavedWithReason):
    url = address(_("URL"))

    class Meta:
        model = RegulationEvent
        fields = (
            *("date", "date_precision", "jurisdiction", "kind", "title", "effect_on_legal_status"),
            *("source", "url", "confidence", "note"),
        )

    def keep(self, row: Any, values: dict[str, Any]) -> RegulationEvent:
        why = values.pop("why")
        return rulebook.save_news(values=values, by=self.by, why=why, now=self.now(), news=row)


class RuleForm(SavedWithReason):
    """A draft. `seen` is the version that was opened, so that two of the staff don't overwrite each other."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    source_url = address(_("URL"))

    class Meta:
        model = RegulationRule
        fields = (
            *("jurisdiction", "subject", "effect", "valid_from", "valid_to", "min_kw", "max_kw", "new_only"),
            *("licence_type", "cap_kw", "levy", "levy_currency", "title", "comment", "source", "source_url"),
            *("source_as_of", "confidence"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["seen"] = self.instance.version

    def keep(self, row: Any, values: dict[str, Any]) -> RegulationRule:
        why, seen = values.pop("why"), values.pop("seen")
        # An empty cell of the form is no scale, not a null.
        values["levy"] = values["levy"] or []
        if row is None:
            return rulebook.draft(values=values, by=self.by, why=why, now=self.now())
        return rulebook.revise(rule=row, values=values, by=self.by, why=why, now=self.now(), version=seen)


class MachineForm(SavedWithReason):
    class Meta:
        model = MachineModel
        fields = (
            *("maker", "model", "algorithm", "hashrate_th_s", "power_w", "cooling", "weight_kg", "noise_db"),
            *("voltage", "release", "market_status", "source", "source_url", "as_of", "confidence", "note"),
        )

    def keep(self, row: Any, values: dict[str, Any]) -> MachineModel:
        why = values.pop("why")
        return machines.save(values=values, by=self.by, why=why, now=self.now(), machine=row)


class RateForm(Saved):
    confidence = forms.ChoiceField(
        label=_("Confidence"), choices=[("", "—"), *Confidence.choices], required=False
    )

    class Meta:
        model = Rate
        fields: tuple[str, ...] = (
            "kind",
            "currency",
            "value",
            "on",
            "source",
            "source_url",
            "confidence",
            "note",
        )

    def keep(self, row: Any, values: dict[str, Any]) -> Rate:
        return rates.save_rate(**{"kind": self._kind(), **values}, by=self.by, now=self.now())

    def _kind(self) -> str:
        return RateKind.FX


class FxForm(RateForm):
    class Meta(RateForm.Meta):
        fields = ("currency", "value", "on", "source", "source_url", "confidence", "note")


class HashPriceForm(RateForm):
    class Meta(RateForm.Meta):
        fields = ("value", "on", "source", "source_url", "confidence", "note")

    def _kind(self) -> str:
        return RateKind.HASHPRICE
