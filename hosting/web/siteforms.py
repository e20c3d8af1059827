"""The form of a site: its fields in words, and how a site is shown in it."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hosting.models import Cooling, Jurisdiction, Site, SiteReview
from hosting.services import sites
from hosting.web import hostforms
from hosting.web.hostforms import HostForm
from hosting.web.needfields import Ask

ASKS = {
    one.name: one
    for one in (
        Ask("name", _("Name of the site"), "text", hint=_("Public."), is_required=True),
        Ask(
            "jurisdiction",
            _("Place"),
            "select",
            hint=_("The most precise one you find: its law is what a miner is shown."),
            is_required=True,
        ),
        Ask("region", _("Region"), "text", hint=_("Public: the part of the country."), is_required=True),
        Ask(
            "address",
            _("Address"),
            "area",
            hint=_("Private: staff and the parties of a contract see it, nobody else."),
        ),
        Ask("total_kw", _("Power of the whole site"), unit="kW", is_required=True),
        Ask(
            "connected_on",
            _("Connected to the grid on"),
            "date",
            hint=_("Some rules spare sites that are older. Empty: unknown, read as new."),
        ),
        Ask("cooling", _("Cooling"), "checks", choices=Cooling.choices),
        Ask("pue", _("PUE"), hint=_("For example 1.08.")),
        Ask("grid", _("Grid connection"), "text", hint=_("For example: 132 kV, two feeders.")),
        Ask("insurance", _("Insurance"), "text", hint=_("What is insured, and for how much.")),
    )
}
SIMPLE = ("name", "region", "address", "total_kw", "connected_on", "pue", "grid", "insurance")


class SiteForm(HostForm):
    """`mix`: {source of energy: percent as typed}."""

    ASKS = ASKS
    FIELD_OF = {"site_name_taken": "name", "site_too_small": "total_kw"}
    mix: dict[str, str]

    def take(self, post: QueryDict) -> None:
        self.mix = {source: post.get(f"mix_{source}", "").strip() for source in sites.SOURCES}

    @classmethod
    def blank(cls) -> "SiteForm":
        form = cls({})
        form.mix = {}
        return form

    @classmethod
    def of_site(cls, site: Site, waiting: SiteReview | None = None) -> "SiteForm":
        """The site as its host last said it: what waits for review included."""
        said = {name: getattr(site, name) for name in (*SIMPLE, "jurisdiction")}
        said |= sites.loaded(waiting.values) if waiting else {}
        place: Jurisdiction = said.pop("jurisdiction")
        values = {name: hostforms.as_text(value) for name, value in said.items()}
        form = cls({**values, "jurisdiction": place.pk}, {"cooling": site.cooling})
        form.mix = {source: str(share) for source, share in site.energy_mix.items()}
        form.version = str(site.version)
        return form

    @property
    def raw(self) -> dict[str, Any]:
        """The site as siteentries.read takes it."""
        mix = {source: share for source, share in self.mix.items() if share}
        return {**self.values, "cooling": list(self.several.get("cooling", ())), "energy_mix": mix}

    @property
    def mix_lines(self) -> list[dict[str, Any]]:
        """Each source with what was typed and what is wrong."""
        return [
            {
                "name": source,
                "label": label,
                "value": self.mix.get(source, ""),
                "errors": self.errors.get(f"energy_mix.{source}", []),
            }
            for source, label in sites.SOURCES.items()
        ]

    @property
    def mix_errors(self) -> list[str]:
        return self.errors.get("energy_mix", [])

    def more_problems(self) -> list[tuple[str, str, str]]:
        found = [("f-mix", str(_("Energy mix")), sentence) for sentence in self.mix_errors]
        for line in self.mix_lines:
            found += [(f"f-mix-{line['name']}", str(line["label"]), one) for one in line["errors"]]
        return found


def label(name: str) -> str:
    """A column of a site in the words of its form."""
    return str(ASKS[name].label) if name in ASKS else str(_("Energy mix"))
