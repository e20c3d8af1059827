"""What an offer would cost the three typical fleets, while its host is still typing."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hosting.matching.match import Match
from hosting.models import OfferTerms, Site
from hosting.services import termsentries, typicalprices
from hosting.web import bars, results
from hosting.web.offerfields import ASKS
from hosting.web.offerforms import OfferForm


def of_form(site: Site, form: OfferForm, *, today: date) -> dict[str, Any]:
    """`missing`: fields (in words) that keep the price from being worked out; `rows`: one per fleet."""
    entered = termsentries.entered_so_far(form.raw, today=today)
    missing = [_label(form, name) for name in entered.wrong_prices]
    if missing:
        return {"missing": list(dict.fromkeys(missing)), "rows": []}
    # What has no part in a price may be unreadable yet.
    readable = {name: value for name, value in entered.values.items() if name in termsentries.PRICED}
    found = typicalprices.of_draft(site=site, terms=OfferTerms(**readable), tiers=entered.tiers, as_of=today)
    matches = [(j_th, match) for j_th, match in found if match]
    full = max([match.price_micros or 0 for _j_th, match in matches] + [1])
    return {"missing": [], "rows": [_row(j_th, match, full) for j_th, match in matches]}


def _row(j_th: Any, match: Match, full_micros: int) -> dict[str, Any]:
    return {
        "j_th": j_th,
        "match": match,
        "bar": bars.of_price(match.components, ceiling_micros=full_micros, full_micros=full_micros),
        "components": [(name, micros) for name, micros in bars.named(match.components) if micros],
        "gates": [results.in_words(gate) for gate in match.failed if gate.name == "price_comparable"],
    }


def _label(form: OfferForm, name: str) -> str:
    field = name.partition(".")[0]
    return str(form.said(ASKS[field]).label) if field in ASKS else _("Tiers")
