"""The fields of a need as a page asks for them: words, hints, units. What is valid is the services' say.

kind: number, date, select, checks. Numbers are text fields on purpose: a browser's number field swallows what
it can't read, and nothing typed may be lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from hosting.models import Cooling, Evidence, LegalStatus, PriceModel


@dataclass(frozen=True)
class Ask:
    """How one field is asked for."""

    name: str
    label: Any
    kind: str = "number"
    unit: Any = ""
    hint: Any = ""
    choices: Sequence[tuple[str, Any]] = ()
    is_required: bool = False


ANY = ("", _("any"))
STATUSES = [
    (LegalStatus.LEGAL_LICENSED.value, LegalStatus.LEGAL_LICENSED.label),
    (LegalStatus.LEGAL_UNREGULATED.value, _("legal, unregulated or better")),
    (LegalStatus.TOLERATED.value, _("tolerated or better")),
    (LegalStatus.RESTRICTED.value, _("restricted or better")),
]
EVIDENCE = [
    (Evidence.DOCUMENTED.value, _("documented or better")),
    (Evidence.VERIFIED.value, Evidence.VERIFIED.label),
]
RATINGS = [(str(rating), _("%(rating)s of 5 or better") % {"rating": rating}) for rating in (5, 4, 3, 2)]

ASKS = {
    one.name: one
    for one in (
        Ask("need_kw", _("Power you need"), hint=_("At the machines’ plug."), is_required=True),
        Ask("efficiency_j_th", _("Efficiency"), unit="J/TH", hint=_("Of the whole fleet.")),
        Ask("worst_j_th", _("Oldest machines"), unit="J/TH", hint=_("Empty: all alike.")),
        Ask("origin", _("Where they are now"), "select", hint=_("For rules on import.")),
        Ask("earliest_start", _("Start from"), "date", is_required=True),
        Ask("latest_start", _("Start by"), "date", is_required=True),
        Ask("term_months", _("For how long"), unit=_("months"), is_required=True),
        Ask(
            "max_price_usd",
            _("Highest effective price"),
            unit=_("USD/kWh"),
            hint=_("All components together."),
            is_required=True,
        ),
        Ask("max_deposit_months", _("Highest deposit"), unit=_("months")),
        Ask("min_uptime", _("Lowest uptime"), unit="%"),
        Ask("max_curtailment", _("Highest curtailment"), unit="%"),
        Ask("min_renewable", _("Lowest renewable share"), unit="%"),
        Ask("cooling", _("Cooling your machines take"), "checks", choices=Cooling.choices),
        Ask("price_models", _("Price models you accept"), "checks", choices=PriceModel.choices),
        Ask("min_legal_status", _("Legal status"), "select", choices=[ANY, *STATUSES]),
        Ask("min_predictability", _("Predictability"), "select", choices=[ANY, *RATINGS]),
        Ask("min_evidence", _("Evidence"), "select", choices=[ANY, *EVIDENCE]),
        Ask("allowed_jurisdictions", _("Only in these places"), "places"),
        Ask("excluded_jurisdictions", _("Not in these places"), "places"),
    )
}
SINGLE = tuple(name for name, ask in ASKS.items() if ask.kind in ("number", "date", "select"))
SEVERAL = tuple(name for name, ask in ASKS.items() if ask.kind in ("checks", "places"))
