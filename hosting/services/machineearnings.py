"""What a day of one machine costs and earns: its power at a price, its hashing at a hashprice.

Whole micro-USD, each figure computed exactly and rounded once, half up (docs/matching.md). Uptime, pool fees
and taxes are left out, and the page says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings

from accounts.services.errors import Invalid
from hosting.matching import money
from hosting.models import Algorithm, HashPrice, MachineModel, Offer, Rate
from hosting.services.entries import Entries

# What a kWh costs where nobody has said and no hotel is on the market: the form of a need starts from it too.
USUAL_PRICE_MICROS = 80_000
HOURS = 24


@dataclass(frozen=True)
class Start:
    """What is assumed where nobody has said: the market's median list price (is_median, else the usual one)
    in micro-USD per kWh, and the latest hashprice with its day; `rate` is None when none was ever stored."""

    price_micros: int
    is_median: bool
    rate: Rate | None
    is_old: bool


@dataclass(frozen=True)
class Assumed:
    """A price in USD per kWh, and a hashprice in USD per PH/s and day or None."""

    price_usd: Decimal
    hashprice_usd: Decimal | None


@dataclass(frozen=True)
class Day:
    """One day of one machine, in micro-USD; energy in Wh.

    breakeven_micros: what a kWh earns, so the highest price at which it loses nothing. What depends on a
    hashprice is None where there is none, or where the machine does not mine bitcoin.
    """

    energy_wh: int
    cost_micros: int
    revenue_micros: int | None
    breakeven_micros: int | None

    @property
    def energy_kwh(self) -> Decimal:
        return Decimal(self.energy_wh) / 1000

    @property
    def margin_micros(self) -> int | None:
        return None if self.revenue_micros is None else self.revenue_micros - self.cost_micros

    @property
    def loss_micros(self) -> int | None:
        return None if self.margin_micros is None else -self.margin_micros


def start(*, as_of: date) -> Start:
    """What the form starts from on a day. Three queries, and no row of the market is loaded."""
    median = median_list_price(as_of=as_of)
    rate = HashPrice.objects.filter(on__lte=as_of).order_by("-on").first()
    oldest = as_of - timedelta(days=settings.RATE_MAX_AGE)
    return Start(
        price_micros=USUAL_PRICE_MICROS if median is None else median,
        is_median=median is not None,
        rate=rate,
        is_old=rate is not None and rate.on < oldest,
    )


def median_list_price(*, as_of: date) -> int | None:
    """The middle one of the list prices on the market, the mean of both middle ones rounded down; None
    without any. Two queries."""
    prices = Offer.objects.live(as_of).filter(list_price_micros__isnull=False).order_by("list_price_micros")
    count = prices.count()
    if not count:
        return None
    middle = list(prices.values_list("list_price_micros", flat=True)[(count - 1) // 2 : count // 2 + 1])
    return sum(middle) // len(middle)


def read(raw: Mapping[str, Any], *, start: Start) -> Assumed:
    """The price and the hashprice as typed, and what `start` says where nothing was. Raises Invalid."""
    entries = Entries(raw)
    price = entries.number("price_usd", places=6, low="0", high="10", unit="USD/kWh")
    hashprice = entries.number("hashprice_usd", places=6, low="0", high="100000", unit="USD/PH/s")
    if entries.wrong:
        raise Invalid(entries.wrong)
    stored = start.rate.value if start.rate else None
    return Assumed(
        price_usd=Decimal(start.price_micros) / money.MICRO if price is None else price,
        hashprice_usd=stored if hashprice is None else hashprice,
    )


def of_day(*, machine: MachineModel, assumed: Assumed) -> Day:
    """What a day of the machine costs and earns. Only SHA-256 machines earn a hashprice."""
    energy_wh = machine.power_w * HOURS
    price_micros = money.micros(assumed.price_usd, (1, 1))
    cost = money.half_up(price_micros * energy_wh, 1000)
    if assumed.hashprice_usd is None or machine.algorithm != Algorithm.SHA256:
        return Day(energy_wh, cost, None, None)
    # As the matching converts it: micro-USD per TH/s and day, rounded once.
    earned = money.hashprice_micros(money.ratio(assumed.hashprice_usd))
    hashing = Fraction(machine.hashrate_th_s)
    return Day(
        energy_wh,
        cost,
        money.half_up(earned * hashing.numerator, hashing.denominator),
        _per_kwh(earned, int(machine.efficiency_j_th * 100)),
    )


def _per_kwh(hashprice_micros: int, efficiency: int) -> int | None:
    """What a kWh earns, in micro-USD: hashprice / (24 x J/TH), as a share of the whole revenue is priced;
    efficiency in hundredths of J/TH. None where that rounds to nothing."""
    if not efficiency:
        return None
    return money.half_up(hashprice_micros * 10_000 * 10, HOURS * efficiency)
