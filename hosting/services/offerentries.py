"""What a client sends about a whole offer (its title, terms, tiers and phases) turned into columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.services.errors import Invalid
from hosting.models import Offer, OfferTerms
from hosting.services import phaseentries, phasesets, terms, termsentries
from hosting.services.entries import Entries
from hosting.services.siteentries import text
from hosting.services.termsentries import Entered

TITLE_LENGTH = 140
MOST_PHASES = 50
# Columns that are yes or no: JSON has words of its own for them.
BOOLEANS = (*termsentries.YES_NO, "levies_included")
FIELDS = ("title", "phases", "tiers", *terms.COLUMNS)


@dataclass(frozen=True)
class Offered:
    """An offer as it can be stored: terms are columns and tiers, each phase has its columns."""

    title: str
    terms: Entered
    phases: list[dict[str, Any]]


def read(raw: Mapping[str, Any], *, today: date) -> Offered:
    """The offer that was sent. Raises Invalid with all that is wrong ("phases.0.available_kw")."""
    entries = Entries(raw)
    title = text(entries, "title", TITLE_LENGTH)
    if not title and "title" not in entries.wrong:
        entries.refuse("title", _("Give the offer a title."))
    entered = termsentries.entered_so_far(_worded(entries), today=today)
    lines = _phases(entries)
    if entries.wrong or entered.wrong:
        raise Invalid({**entered.wrong, **entries.wrong})
    return Offered(title, entered, lines)


def changed(offer: Offer, sent: Mapping[str, Any], *, today: date) -> Offered:
    """The offer with what was sent laid upon its newest terms. Raises Invalid."""
    return read({**as_sent(offer), **sent}, today=today)


def as_sent(offer: Offer) -> dict[str, Any]:
    """The offer as a client would send it to change nothing: what a change is laid upon."""
    newest: OfferTerms | None = offer.terms.order_by("-number").first()
    sent: dict[str, Any] = {"title": offer.title}
    sent["phases"] = [{name: getattr(one, name) for name in phasesets.COLUMNS} for one in offer.phases.all()]
    if newest is not None:
        sent |= {name: getattr(newest, name) for name in terms.COLUMNS}
        tiers = terms.tiers_of(newest)
        sent["tiers"] = [{"min_kw": min_kw, "energy_price": price} for min_kw, price in tiers]
    return sent


def _worded(entries: Entries) -> dict[str, Any]:
    """The terms as their reader takes them: "yes" and "no" for what JSON says with true and false."""
    worded = {**entries.raw}
    for name in BOOLEANS:
        value = worded.get(name)
        if value is not None and not isinstance(value, bool):
            entries.refuse(name, _("Send true or false."))
            value = None
        worded[name] = None if value is None else "yes" if value else "no"
    return worded


def _phases(entries: Entries) -> list[dict[str, Any]]:
    given = entries.listed("phases")
    if len(given) > MOST_PHASES:
        entries.refuse("phases", _("At most %(lines)s lines.") % {"lines": MOST_PHASES})
        return []
    lines = []
    for number, one in enumerate(given):
        name = f"phases.{number}"
        if not isinstance(one, Mapping):
            entries.refuse(name, _("Send a power and a first day."))
            continue
        for key in set(one) - set(phasesets.COLUMNS):
            entries.refuse(f"{name}.{str(key)[:40]}", _("There is no such field."))
        try:
            lines.append(phaseentries.read(one))
        except Invalid as refused:
            for field, sentences in refused.fields.items():
                for sentence in sentences:
                    entries.refuse(f"{name}.{field}", sentence)
    return lines
