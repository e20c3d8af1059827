"""An answer of the matching as a page shows it: rows with two bars, gates in words, what would help."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from accounts.services import errors
from hosting.matching.gates import CURE_ORDER
from hosting.matching.reasons import GateResult
from hosting.models import Offer
from hosting.services import matches, needs, reasons
from hosting.services.entries import as_uuid
from hosting.services.matches import Found, Preview
from hosting.services.needs import NeedData
from hosting.web import bars, standings
from hosting.web.bars import Bar
from hosting.web.needforms import NeedForm
from hosting.web.standings import Standing

# With fewer results than this the page says what kept the others out.
FEW = 5
HELP = {
    "jurisdiction": _("Allow more places."),
    "legal_status": _("Lower the legal status you ask for; banned places never pass."),
    "predictability": _("Accept a lower rating of predictability."),
    "rules": _("Another start, or a licence you hold, may satisfy the rules there."),
    "cooling": _("Accept other cooling."),
    "machine_age": _("State the J/TH of your oldest machines, or bring newer ones."),
    "order_size": _("Change the power you ask for, or split it."),
    "capacity": _("Ask for less power, or start later."),
    "window": _("Widen the days on which you could start."),
    "term": _("Change the term."),
    "price_model": _("Accept more price models."),
    "price_comparable": _("State the efficiency of your fleet: a share of revenue can’t be priced without."),
    "price_ceiling": _("Raise the highest price."),
    "deposit": _("Accept a higher deposit."),
    "uptime": _("Accept less uptime."),
    "curtailment": _("Accept more curtailment."),
    "renewable": _("Accept a lower renewable share."),
    "evidence": _("Accept claims with less evidence."),
}


@dataclass(frozen=True)
class Gate:
    """One gate in words: `sentence` is empty when it passes."""

    name: Any
    passed: bool
    sentence: str


@dataclass(frozen=True)
class Row:
    """One hotel of an answer."""

    rank: int
    found: Found
    standing: Standing
    price: Bar | None
    score: Bar | None
    gates: list[Gate]
    warnings: list[str]
    cures: list[str]
    total_kw: int

    @property
    def offer(self) -> Offer:
        return self.found.offer

    @property
    def components(self) -> list[tuple[Any, int]]:
        """(name in words, micro-USD per kWh) of every component, the zeros too."""
        return bars.named(self.found.match.components)

    @property
    def curtailment(self) -> Decimal:
        """Percent, with the seasonal stops of law."""
        return Decimal(self.found.match.total_curtailment_bp) / 100

    @property
    def parts(self) -> list[tuple[Any, Any]]:
        """(name in words, part) of the score."""
        return [(reasons.part_name(part.name), part) for part in self.found.match.parts]


@dataclass(frozen=True)
class Answer:
    """Everything the list beside the form shows."""

    need: NeedData
    preview: Preview
    rows: list[Row]
    near: list[Row]
    asked: Row | None
    asked_offer: Offer | None
    excluded: list[tuple[Any, int, Any]]


def asked_offer_id(form: NeedForm) -> UUID | None:
    """The hotel the address asks about by ?offer=, None when it names none (or no UUID)."""
    return as_uuid(form.offer) if form.offer else None


def answer(form: NeedForm, *, today: date, asked: Offer | None = None) -> Answer | None:
    """The answer to the form's need. None when it can't be asked: form.errors then says why."""
    if form.is_unfinished:
        return None
    try:
        need = needs.read(form.raw, today=today)
    except errors.Invalid as refused:
        form.errors = refused.fields
        return None
    preview = matches.preview(need=need, as_of=today, near=True, offer_id=asked.pk if asked else None)
    all_found = [*preview.results, *preview.near, *([preview.asked] if preview.asked else [])]
    rows = iter(rows_of(all_found, need, today, len(preview.results)))
    return Answer(
        need=need,
        preview=preview,
        rows=[next(rows) for _found in preview.results],
        near=[next(rows) for _found in preview.near],
        asked=next(rows, None),
        asked_offer=asked,
        excluded=excluded_of(preview) if len(preview.results) < FEW else [],
    )


def rows_of(found: list[Found], need: NeedData, today: date, matched: int) -> Iterable[Row]:
    """The rows of a page in order; the first `matched` of them have a rank."""
    prefetch_related_objects([one.offer for one in found], "phases", "claims")
    places = standings.of_places({one.offer.site.jurisdiction_id for one in found}, as_of=today)
    ceiling = int(need.max_price_usd * 1_000_000)
    # One scale for all the bars, so that their lengths can be compared.
    full = max([ceiling, *(one.match.price_micros or 0 for one in found)])
    for at, one in enumerate(found):
        match = one.match
        yield Row(
            rank=at + 1 if at < matched else 0,
            found=one,
            standing=places[one.offer.site.jurisdiction_id],
            price=bars.of_price(match.components, ceiling_micros=ceiling, full_micros=full),
            score=bars.of_score(match.parts) if match.parts else None,
            gates=[in_words(gate) for gate in match.gates],
            warnings=[reasons.warning(warning) for warning in match.warnings],
            cures=[reasons.cure(gate) for gate in match.failed],
            total_kw=total_kw(one.offer, today),
        )


def in_words(gate: GateResult) -> Gate:
    """The gate as a page shows it."""
    return Gate(reasons.gate_name(gate.name), gate.passed, "" if gate.passed else reasons.sentence(gate))


def total_kw(offer: Offer, day: date) -> int:
    """kW of the offer's phases on the day, taken or not. Reads prefetched phases."""
    return sum(
        phase.available_kw
        for phase in offer.phases.all()
        if phase.starts_on <= day and (phase.ends_on is None or day < phase.ends_on)
    )


def excluded_of(preview: Preview) -> list[tuple[Any, int, Any]]:
    """(gate in words, how many hotels fail it, what would help), the most first."""
    counts = sorted(preview.excluded_by.items(), key=lambda one: (-one[1], CURE_ORDER.index(one[0])))
    return [(reasons.gate_name(name), count, HELP[name]) for name, count in counts]
