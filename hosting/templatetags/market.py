"""How figures are written on pages: prices, power, percent, dates. Text in, text out; nothing is computed.

An unknown value is the word "unknown", never 0 and never blank.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from django.utils.translation import get_language, get_language_info, gettext_lazy, to_locale
from django.utils.translation import gettext as _

from hosting.models import Claim, ClaimField, Evidence
from hosting.services import sites, wording

register = template.Library()

MICRO = Decimal(1_000_000)
SHORT_FIELDS: dict[str, Any] = {
    ClaimField.POWER_CONNECTION: gettext_lazy("power"),
    ClaimField.PRICE_BASIS: gettext_lazy("price"),
    ClaimField.RIGHT_TO_HOST: gettext_lazy("right to host"),
}


def unknown() -> SafeString:
    return format_html('<span class="unknown">{}</span>', _("unknown"))


def _rounded(value: Decimal, places: int) -> str:
    return format(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP), "f")


@register.filter
def plain(value: Decimal) -> str:
    """A decimal without idle zeros: 1.1500 -> 1.15."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def price(micros: int | None) -> str:
    """Micro-USD per kWh as USD with 4 places: 61300 -> 0.0613."""
    return unknown() if micros is None else _rounded(Decimal(micros) / MICRO, 4)


@register.filter
def exact_price(micros: int | None) -> str:
    """Micro-USD per kWh as USD with 6 places, for the tables behind the bars."""
    return unknown() if micros is None else _rounded(Decimal(micros) / MICRO, 6)


@register.filter
def dollars(micros: int | None) -> str:
    """An amount in micro-USD as USD with 2 places: 6720000 -> 6.72."""
    return unknown() if micros is None else _rounded(Decimal(micros) / MICRO, 2)


@register.filter
def amount(value: Decimal | None) -> str:
    """A decimal amount without idle zeros, but with at least two places: 0.050000 -> 0.05, 12 -> 12.00."""
    if value is None:
        return unknown()
    text = plain(Decimal(value))
    places = len(text.partition(".")[2])
    return text if places >= 2 else _rounded(Decimal(value), 2)


@register.filter
def power(kw: int | None) -> str:
    """kW as MW from 1 MW on, never rounded: 3250 -> 3.25 MW, 3256 -> 3.256 MW, 850 -> 850 kW."""
    if kw is None:
        return unknown()
    if abs(kw) < 1000:
        return f"{kw}\u00a0kW"
    places = 3 if kw % 10 else 2 if kw % 100 else 1
    return f"{_rounded(Decimal(kw) / 1000, places)}\u00a0MW"


@register.filter
def megawatts(kw: int) -> str:
    """kW as whole MW for a headline, rounded down: 162184 -> 162 MW; kW under 1 MW."""
    return power(kw if kw < 1000 else kw // 1000 * 1000).replace(".0\u00a0", "\u00a0")


@register.filter
def percent(value: Decimal | int | None) -> str:
    """Percent without idle zeros: 95.50 -> 95.5 %."""
    return unknown() if value is None else f"{plain(Decimal(value))}\u00a0%"


@register.filter
def efficiency(value: Decimal | None) -> str:
    """J/TH without idle zeros."""
    return unknown() if value is None else f"{plain(Decimal(value))}\u00a0J/TH"


@register.filter
def score(value: int | None) -> str:
    """0 to 10000 as 0 to 100 with two places."""
    return unknown() if value is None else f"{value // 100}.{value % 100:02}"


@register.filter
def day(value: date | None) -> str:
    """A day in the reader's language: 14 Jan 2027."""
    if value is None:
        return unknown()
    return date_format(_local(value), wording.day_format(), use_l10n=False)


@register.filter
def moment(value: datetime | None, clock: str = "H:i") -> str:
    """A day and time in the reader's language: 14 Jan 2027, 07:00."""
    if value is None:
        return unknown()
    separator = " " if (get_language() or "en").startswith("zh") else ", "
    return f"{day(value)}{separator}{date_format(_local(value), clock, use_l10n=False)}"


def _local(value: date) -> date:
    return localtime(value) if isinstance(value, datetime) and is_aware(value) else value


@register.filter
def month(value: date | None) -> str:
    """A month in the reader's language: Jan 2027."""
    if value is None:
        return unknown()
    return date_format(value, wording.month_format(), use_l10n=False)


@register.filter
def last_day(end: date | None) -> str:
    """The last day of a half-open period, as people read it: an end of 1 Feb is shown as 31 Jan."""
    return unknown() if end is None else day(end - timedelta(days=1))


@register.filter
def source_name(source: str) -> str:
    """A source of energy in words: hydro -> hydropower."""
    return str(sites.SOURCES.get(source, source))


@register.filter
def known(value: Any) -> Any:
    """The value, or the word "unknown" when there is none."""
    return unknown() if value in (None, "", [], {}) else value


@register.simple_tag
def spoken_languages() -> list[dict[str, Any]]:
    """The site's languages that have a compiled catalogue, and English; only these are offered."""
    codes = [code for code, _name in settings.LANGUAGES if code == "en" or _has_catalogue(code)]
    return [get_language_info(code) for code in codes]


def _has_catalogue(code: str) -> bool:
    compiled = Path(to_locale(code)) / "LC_MESSAGES" / "django.mo"
    return any((Path(folder) / compiled).is_file() for folder in settings.LOCALE_PATHS)


@register.simple_tag
def period(start: date | None, end: date | None) -> str:
    """A half-open period in words, its last day included."""
    words = {"start": day(start) if start else "", "end": last_day(end) if end else ""}
    if start and end:
        return _("%(start)s to %(end)s") % words
    if start:
        return _("from %(start)s") % words
    return _("until %(end)s") % words if end else _("always")


@register.inclusion_tag("_levels.html")
def levels(claims: Iterable[Claim]) -> dict[str, Any]:
    """What was documented or verified, as a line of a list: fields of one level together, strongest first."""
    by_level: dict[str, list[str]] = {level: [] for level in reversed(Evidence.values)}
    for claim in claims:
        by_level[claim.level].append(str(SHORT_FIELDS[claim.field]))
    shown = [(level, Evidence(level).label, fields) for level, fields in by_level.items() if fields]
    return {"levels": [one for one in shown if one[0] != Evidence.CLAIMED]}


@register.inclusion_tag("_sourced.html")
def sourced(text: Any, fact: Any) -> dict[str, Any]:
    """A value with its source on focus; one of low confidence is dotted and called unverified.

    `fact` has confidence, as_of, publisher and url, or is None when nobody knows.
    """
    return {"text": text, "fact": fact}
