"""What a place looks like on the map, and in which words the same is said: the class of its fill
(worldmap.css), its line of the legend, and whether it is hatched because nobody has verified it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hosting.models import Confidence, DatedBy, JurisdictionFact, LegalStatus
from hosting.services.atlas import HIGHEST_POWER, LOWEST_POWER, Entry
from hosting.templatetags import market
from hosting.web import factwords

UNKNOWN = "unknown"
# Looks in the order of the legend: the strongest fill is what a miner would rather have.
STATUSES = {status.value: status.label for status in reversed(LegalStatus)} | {
    UNKNOWN: gettext_lazy("legal status unknown")
}
RATINGS = {
    "m5": gettext_lazy("5 of 5, most predictable"),
    "m4": gettext_lazy("4 of 5"),
    "m3": gettext_lazy("3 of 5"),
    "m2": gettext_lazy("2 of 5"),
    "m1": gettext_lazy("1 of 5, least predictable"),
    UNKNOWN: gettext_lazy("not rated"),
}
POWER = {
    "m5": gettext_lazy("from 0.04 USD/kWh or less"),
    "m4": gettext_lazy("from 0.05 or less"),
    "m3": gettext_lazy("from 0.07 or less"),
    "m2": gettext_lazy("from 0.10 or less"),
    "m1": gettext_lazy("from more than 0.10"),
    UNKNOWN: gettext_lazy("price unknown"),
}
POWER_UP_TO = (
    ("m5", Decimal("0.04")),
    ("m4", Decimal("0.05")),
    ("m3", Decimal("0.07")),
    ("m2", Decimal("0.10")),
)
FREE = {
    "m5": gettext_lazy("100 MW free or more"),
    "m4": gettext_lazy("20 MW or more"),
    "m3": gettext_lazy("5 MW or more"),
    "m2": gettext_lazy("less than 5 MW"),
    "m1": gettext_lazy("nothing free"),
    UNKNOWN: gettext_lazy("fewer than three hosts: not shown"),
    "none": gettext_lazy("no hotel"),
}
FREE_FROM_KW = (("m5", 100_000), ("m4", 20_000), ("m3", 5_000), ("m2", 1))


@dataclass(frozen=True, slots=True)
class Look:
    """`key` is a class and a line of the legend; `words` are all that the colour says, and more."""

    key: str
    words: str
    is_unverified: bool = False


def of_status(entry: Entry) -> Look:
    """By legal status."""
    fact = entry.fact("legal_status")
    if fact is None:
        return Look(UNKNOWN, _("legal status unknown"))
    label = str(LegalStatus(fact.value).label)
    since = _("the source gives no date") if fact.dated_by == DatedBy.COMPILED else factwords.since(fact)
    return Look(fact.value, _with(label, [*_trust(entry, "legal_status"), since]), _is_low(fact))


def of_rating(entry: Entry) -> Look:
    """By our own rating. It is called ours, and never hatched: nobody else says it, so nobody verifies it."""
    if entry.rating is None:
        return Look(UNKNOWN, _("predictability not rated"))
    words = _("predictability %(rating)s of 5, our own rating") % {"rating": entry.rating}
    inherited = _from(entry, "predictability")
    return Look(f"m{entry.rating}", _with(words, [inherited]) if inherited else words)


def of_power(entry: Entry) -> Look:
    """By the lowest price of industrial power that is known; by the highest, where it alone is known."""
    low, high = entry.power
    price = high if low is None else low
    field = power_field(entry)
    fact = entry.fact(field)
    if price is None or fact is None:
        return Look(UNKNOWN, _("price of industrial power unknown"))
    look = next((name for name, most in POWER_UP_TO if price <= most), "m1")
    words = _("industrial power %(price)s USD/kWh") % {"price": power_range(entry)}
    as_of = _("as of %(as_of)s") % {"as_of": fact.as_of} if fact.as_of else ""
    return Look(look, _with(words, [*_trust(entry, field), as_of]), _is_low(fact))


def of_free(entry: Entry) -> Look:
    """By free capacity today; never of fewer than three hosts."""
    figures = entry.figures
    if not figures.hotels:
        return Look("none", _("no hotel"))
    hotels = _("hotels: %(count)s") % {"count": figures.hotels}
    if figures.free_kw is None:
        return Look(UNKNOWN, _with(_("free capacity not shown, fewer than three hosts"), [hotels]))
    look = next((name for name, least in FREE_FROM_KW if figures.free_kw >= least), "m1")
    return Look(look, _with(_("%(power)s free") % {"power": market.power(figures.free_kw)}, [hotels]))


# The names that the page's filter has -> how a place looks, and the legend's lines.
WAYS: dict[str, tuple[Callable[[Entry], Look], dict[str, Any]]] = {
    "legal_status": (of_status, STATUSES),
    "predictability": (of_rating, RATINGS),
    "power_price": (of_power, POWER),
    "free_kw": (of_free, FREE),
}


def power_field(entry: Entry) -> str:
    """The field that a place is coloured and sourced by: the lowest price, or the highest where it alone is
    known."""
    low, _high = entry.power
    return HIGHEST_POWER if low is None else LOWEST_POWER


def power_range(entry: Entry) -> str:
    """ "0.054 to 0.098", or the one price that is known, as the source writes it; "" for none."""
    values = [
        fact.value
        for field, price in zip((LOWEST_POWER, HIGHEST_POWER), entry.power, strict=True)
        if price is not None and (fact := entry.fact(field))
    ]
    if len(values) == 2 and entry.power[0] != entry.power[1]:
        return _("%(low)s to %(high)s") % {"low": values[0], "high": values[1]}
    return values[0] if values else ""


def _with(words: str, details: list[str]) -> str:
    return _("%(words)s (%(details)s)") % {"words": words, "details": ", ".join(filter(None, details))}


def _trust(entry: Entry, field: str) -> list[str]:
    """How sure a value is, and whose it is."""
    fact = entry.fact(field)
    if fact is None:
        return []
    level = Confidence(fact.confidence).label
    sure = _("unverified") if _is_low(fact) else _("%(level)s confidence") % {"level": level}
    return [sure, _from(entry, field)]


def _from(entry: Entry, field: str) -> str:
    code = entry.inherited_from(field)
    return _("from %(code)s") % {"code": code} if code else ""


def _is_low(fact: JurisdictionFact) -> bool:
    return fact.confidence == Confidence.LOW
