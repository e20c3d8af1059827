"""Rates: read from their file, saved, looked up, and watched so that staff hears of one that is too old."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import events, notices
from accounts.services.errors import Invalid
from hosting.models import Confidence, Effect, Offer, Rate, RateKind, RegulationRule
from hosting.services import newswords, reading
from hosting.services.reading import Line

COLUMNS = ("date", "kind", "currency", "value", "source", "source_url", "confidence", "note")
TWELVE_PLACES = Decimal("0.000000000001")
LARGEST = Decimal(10) ** 12


def latest(as_of: date) -> dict[str, Rate]:
    """The usable rates on a day by currency, "" being the hashprice: of each the newest that is not after
    the day, nor older than RATE_MAX_AGE days, nor 0."""
    first = as_of - timedelta(days=settings.RATE_MAX_AGE)
    usable = Rate.objects.filter(on__gte=first, on__lte=as_of).order_by("on")
    newest = {rate.currency: rate for rate in usable}
    return {currency: rate for currency, rate in newest.items() if rate.value}


def needed(as_of: date) -> list[str]:
    """The currencies that a live offer or a levy (in force or to come) uses, but the dollar; "" is the
    hashprice."""
    offers = Offer.objects.live(as_of).values_list("in_force__terms__currency", flat=True)
    levies = (
        RegulationRule.objects.published()
        .not_over(as_of)
        .filter(effect=Effect.LEVY_PER_KWH)
        .exclude(confidence=Confidence.LOW)
        .values_list("levy_currency", flat=True)
    )
    return ["", *sorted({*offers.order_by(), *levies.order_by()} - {"USD", ""})]


def save_rate(
    *,
    kind: str,
    currency: str = "",
    value: Decimal,
    on: date,
    source: str,
    source_url: str = "",
    confidence: str = "",
    note: str = "",
    by: User | None = None,
    now: datetime,
) -> Rate:
    """Enter the rate of a day (USD per unit, or USD per PH/s and day), or correct it. The same again
    changes nothing. Raises Invalid."""
    problems = {}
    if kind not in RateKind.values:
        problems["kind"] = [_("This is neither an exchange rate nor a hashprice.")]
    if (kind == RateKind.FX) != bool(currency):
        problems["currency"] = [_("An exchange rate names its currency, a hashprice none.")]
    if not value.is_finite() or not 0 < value < LARGEST:
        problems["value"] = [_("A rate is above 0.")]
    if problems:
        raise Invalid(problems)
    said = {
        "value": value.quantize(TWELVE_PLACES, rounding=ROUND_HALF_UP),
        "source": source,
        "source_url": source_url,
        "confidence": confidence,
        "note": note,
    }
    with transaction.atomic():
        rate, is_new = Rate.objects.get_or_create(
            kind=kind, currency=currency, on=on, defaults={**said, "updated_at": now}
        )
        if not is_new:
            if all(getattr(rate, name) == saying for name, saying in said.items()):
                return rate
            for name, saying in said.items():
                setattr(rate, name, saying)
            rate.updated_at = now
            rate.save(update_fields=[*said, "updated_at"])
        params = {"kind": kind, "currency": currency, "on": on.isoformat(), "value": str(rate.value)}
        events.changed(rate, code="entered" if is_new else "corrected", at=now, by=by, params=params)
    return rate


def watch(*, now: datetime) -> list[str]:
    """Tell staff, once a day each, of the rates that prices need and that are missing or too old.

    Gives their currencies ("" = hashprice).
    """
    today = now.date()
    usable = latest(today)
    stale = [currency for currency in needed(today) if currency not in usable]
    for currency in stale:
        last = Rate.objects.filter(currency=currency, on__lte=today).order_by("-on").first()
        kind = RateKind.FX if currency else RateKind.HASHPRICE
        notices.tell(
            recipients=notices.staff(),
            code="rate_too_old",
            about=f"rates:{kind.value}:{currency}:{today}",
            params={
                "kind": kind.value,
                "currency": currency,
                "last_on": last.on.isoformat() if last else None,
                "max_age_days": settings.RATE_MAX_AGE,
            },
            way=newswords.KINDS["rate_too_old"].way,
            now=now,
        )
    return stale


def read(folder: Path, *, now: datetime) -> list[tuple[Line, Rate]]:
    """rates.csv as rows: exchange rates and hashprices of one day each. Raises Malformed."""
    return [(line, _rate_of(line, now)) for line in reading.lines(folder / "rates.csv", columns=COLUMNS)]


def _rate_of(line: Line, now: datetime) -> Rate:
    kind, currency = line.choice("kind", RateKind.values), line.cells["currency"]
    is_code = len(currency) == 3 and currency.isascii() and currency.isupper()
    if not (is_code if kind == RateKind.FX else not currency):
        raise line.refusal("currency", _("An exchange rate names its currency, a hashprice none."))
    value = line.decimal("value")
    if value <= 0:
        raise line.refusal("value", _("A rate is above 0."))
    row = Rate(
        kind=kind,
        currency=currency,
        value=value,
        on=line.day("date"),
        source=line.text("source"),
        source_url=line.cells["source_url"],
        confidence=line.choice("confidence", Confidence.values),
        note=line.cells["note"],
        updated_at=now,
    )
    return line.checked(row, columns={"on": "date"})
