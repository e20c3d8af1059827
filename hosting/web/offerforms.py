"""The form of an offer: only the price fields that its model asks for, tiers as lines, then the contract."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hosting.models import Offer, OfferTerms, PhaseState, PriceModel, Site
from hosting.services import termsentries
from hosting.web import hostforms, offerfields
from hosting.web.hostforms import MOST_LINES, HostForm
from hosting.web.needfields import Ask
from hosting.web.needforms import Shown

ALWAYS = ("currency", "setup_fee_kw", "levies_included")
OF_PRICE = tuple(ask.name for ask in offerfields.PRICE)
SPARE_LINES = 2
FEW_LINES = 3


class OfferForm(HostForm):
    """`extra`: fees that stored terms have though their model does not ask for them, so that none is lost.
    `tiers`: (from kW, price) as typed."""

    ASKS = offerfields.ASKS
    extra: tuple[str, ...] = ()
    tiers: list[tuple[str, str]]
    is_draft = False

    def __init__(self, values: Mapping[str, str], several: Mapping[str, Iterable[str]] | None = None) -> None:
        super().__init__(values, several)
        self.tiers = []

    def take(self, post: QueryDict) -> None:
        self.extra = tuple(name for name in termsentries.FEES if name in post.getlist("extra"))
        lines = zip(post.getlist("tier_kw"), post.getlist("tier_price"), strict=False)
        self.tiers = [(kw.strip(), price.strip()) for kw, price in list(lines)[: 2 * MOST_LINES]]
        # Somebody chooses a model, asks for a line or for the price: nothing is to be stored yet.
        self.is_draft = any(name in post for name in ("choose", "preview", "add_line"))
        self.is_longer = "add_line" in post

    is_longer = False

    @classmethod
    def begun(cls, site: Site, model: str) -> "OfferForm":
        """A new offer of a site: what the site knows already is filled in."""
        values = {"price_model": model, "currency": "USD", "levies_included": "no", "metering": "plug"}
        values |= {"pue": hostforms.as_text(site.pue), "renewable": _renewable(site)}
        values["cooling"] = site.cooling[0] if len(site.cooling) == 1 else ""
        return cls(values)

    @classmethod
    def of_terms(cls, offer: Offer, terms: OfferTerms | None) -> "OfferForm":
        """The newest version of an offer's terms."""
        names = [name for name in offerfields.ASKS if terms and hasattr(terms, name)]
        values = {name: hostforms.as_text(getattr(terms, name)) for name in names}
        form = cls({**values, "title": offer.title})
        if terms is not None:
            form.values["valid_until"] = hostforms.last_day(terms.valid_until)
            form.version = str(terms.number)
            form.tiers = [
                (str(tier.min_kw), hostforms.as_text(tier.energy_price)) for tier in terms.tiers.all()
            ]
            form.extra = tuple(name for name in termsentries.FEES if getattr(terms, name))
        return form

    @property
    def model(self) -> str:
        """The price model, or "" when none (or none that we know) was chosen."""
        chosen = self.values["price_model"]
        return chosen if chosen in PriceModel.values else ""

    @property
    def asked_prices(self) -> tuple[str, ...]:
        """The price fields of the model, in the order of the form."""
        required, optional = termsentries.PRICE_FIELDS.get(self.model, ((), ()))
        asked = {*required, *optional, *self.extra, *ALWAYS}
        return tuple(name for name in OF_PRICE if name in asked)

    @property
    def raw(self) -> dict[str, Any]:
        """The terms as termsentries.read takes them: price fields of another model are left out."""
        asked = self.asked_prices
        raw: dict[str, Any] = {
            name: value
            for name, value in self.values.items()
            if name != "title" and (name not in OF_PRICE or name in asked)
        }
        raw["valid_until"] = hostforms.day_after(self.values["valid_until"])
        raw["tiers"] = [
            {"min_kw": self.tiers[at][0], "energy_price": self.tiers[at][1]} for at in self._tiers_at
        ]
        return raw

    @property
    def _tiers_at(self) -> list[int]:
        # Where on the page each line stands that the services are told of.
        return [at for at, line in enumerate(self.tiers) if any(line)]

    @property
    def groups(self) -> list[tuple[Any, list[Shown]]]:
        """(title, fields) as the page shows them."""
        asked = self.asked_prices
        return [
            (
                title,
                [
                    self.shown(self.said(ask))
                    for ask in group
                    if ask.name not in OF_PRICE or ask.name in asked
                ],
            )
            for title, group in offerfields.GROUPS
        ]

    def said(self, ask: Ask) -> Ask:
        """The field in the words of the price model."""
        if ask.name == "energy_price" and self.model in offerfields.ENERGY_LABELS:
            is_all_in = self.model == PriceModel.ALL_IN
            label = offerfields.ENERGY_LABELS[PriceModel(self.model)]
            return replace(ask, label=label, hint="" if is_all_in else ask.hint)
        if ask.name == "currency":
            return replace(ask, choices=self.currencies)
        required = termsentries.PRICE_FIELDS.get(self.model, ((), ()))[0]
        return replace(ask, is_required=ask.is_required or ask.name in required)

    currencies: list[tuple[str, str]] = []

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was typed for another model, so that going back to it loses nothing."""
        asked = self.asked_prices
        return [(name, self.values[name]) for name in OF_PRICE if name not in asked and self.values[name]]

    @property
    def models(self) -> list[tuple[str, Any, Any]]:
        """(model, its name, what it means)."""
        return [(model.value, model.label, offerfields.MODEL_HINTS[model]) for model in PriceModel]

    @property
    def has_tiers(self) -> bool:
        return self.model == PriceModel.TIERED

    @property
    def tier_lines(self) -> list[dict[str, Any]]:
        """The tiers typed with their errors, then empty lines."""
        number = {at: number for number, at in enumerate(self._tiers_at)}
        lines = [
            {
                "kw": kw,
                "price": price,
                "kw_errors": self.errors.get(f"tiers.{number.get(at)}.min_kw", []),
                "price_errors": self.errors.get(f"tiers.{number.get(at)}.energy_price", []),
            }
            for at, (kw, price) in enumerate(self.tiers)
        ]
        spare = SPARE_LINES if self.is_longer else max(FEW_LINES - len(lines), 1 if not self.tiers else 0)
        return (lines + [{}] * spare)[:MOST_LINES]

    @property
    def tiers_errors(self) -> list[str]:
        return self.errors.get("tiers", [])

    def more_problems(self) -> list[tuple[str, str, str]]:
        found = [("f-tier-kw-0", str(_("Tiers")), sentence) for sentence in self.tiers_errors]
        for at, line in enumerate(self.tier_lines):
            label = str(_("Tiers, line %(number)s") % {"number": at + 1})
            found += [(f"f-tier-kw-{at}", label, one) for one in line.get("kw_errors", ())]
            found += [(f"f-tier-price-{at}", label, one) for one in line.get("price_errors", ())]
        return found


def _renewable(site: Site) -> str:
    clean = ("hydro", "wind", "solar", "geothermal", "biomass")
    shares = [int(share) for source, share in site.energy_mix.items() if source in clean]
    return str(sum(shares)) if site.energy_mix else ""


PHASE_ASKS = {
    one.name: one
    for one in (
        Ask("available_kw", _("Power"), unit="kW", is_required=True),
        Ask("starts_on", _("From"), "date", is_required=True),
        Ask("ends_on", _("Until"), "date", hint=_("The last day. Empty: open.")),
        Ask("state", _("State"), "select", choices=PhaseState.choices, is_required=True),
    )
}


class PhaseForm(HostForm):
    """When how much power is there."""

    ASKS = PHASE_ASKS
    FIELD_OF = {"site_too_small": "available_kw"}

    @property
    def raw(self) -> dict[str, str]:
        """The phase as phaseentries.read takes it."""
        return {**self.values, "ends_on": hostforms.day_after(self.values["ends_on"])}
