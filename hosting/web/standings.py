"""The legal status of places as a row of a list shows it: resolved as the matching does, with its source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hosting.matching import law
from hosting.matching.records import Fact
from hosting.models import Confidence, DatedBy, Jurisdiction, JurisdictionFact, LegalStatus


@dataclass(frozen=True)
class Standing:
    """What a place's status is on a day. `fact` is the row behind it, or None where nobody knows."""

    code: str
    fact: JurisdictionFact | None
    rating: JurisdictionFact | None
    banned_by: str | None

    @property
    def label(self) -> Any:
        """The status in words; banned wherever a parent is."""
        if self.banned_by:
            return LegalStatus.BANNED.label
        return LegalStatus(self.fact.value).label if self.fact else None

    @property
    def since(self) -> date | None:
        """The day it took effect or was reported; None where its source has no date."""
        is_dated = self.fact is not None and self.fact.dated_by != DatedBy.COMPILED
        return self.fact.valid_from if self.fact and is_dated else None

    @property
    def is_unverified(self) -> bool:
        return self.fact is not None and self.fact.confidence == Confidence.LOW


def of_places(codes: Iterable[str], *, as_of: date) -> dict[str, Standing]:
    """code -> Standing for these places. Two queries, however many they are."""
    parents = dict(Jurisdiction.objects.values_list("code", "parent_id"))
    wanted = set(codes)
    lineages = {ancestor for code in wanted for ancestor in law.chain(parents, code)}
    rows = JurisdictionFact.objects.on(as_of).filter(
        jurisdiction__in=lineages, field__in=("legal_status", "predictability")
    )
    row_of = {(row.jurisdiction_id, row.field, row.valid_from): row for row in rows}
    facts = [Fact(row.jurisdiction_id, row.field, row.value, row.valid_from, row.confidence) for row in rows]
    found = {code: law.status_of(facts, parents, code, as_of) for code in wanted}

    def row_behind(fact: Fact | None) -> JurisdictionFact | None:
        return row_of[fact.jurisdiction, fact.field, fact.valid_from] if fact else None

    return {
        code: Standing(code, row_behind(one.legal), row_behind(one.predictability), one.banned_by)
        for code, one in found.items()
    }
