"""The oracle's sections 1 to 3: numbers, need, effective price. Exact fractions, each row rounded once."""

import calendar
import math
from datetime import date, timedelta
from fractions import Fraction


class NotComparable(Exception):
    """Section 3: something that the price needs is missing or 0."""


# Section 1: numbers.


def number(text):
    """What was entered, exactly; an empty field is 0."""
    return Fraction(0) if text is None else Fraction(str(text))


def rounded(exact):
    return math.floor(exact + Fraction(1, 2))


def basis_points(percent):
    return rounded(number(percent) * 100)


def usd(micros):
    return f"{micros // 1_000_000}.{micros % 1_000_000:06}"


def day(text):
    return None if text is None else date.fromisoformat(text)


def months_later(start, months):
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def days(first, end):
    """Every day of the half-open period."""
    return [first + timedelta(n) for n in range((end - first).days)]


def covers(period, on, first="starts_on", end="ends_on"):
    """Whether the day falls into a half-open period, an empty side being open."""
    return (period[first] is None or day(period[first]) <= on) and (
        period[end] is None or on < day(period[end])
    )


class Rates:
    def __init__(self, rows, as_of, max_age_days):
        self.rows, self.as_of, self.max_age_days = rows, as_of, max_age_days

    def latest(self, kind, currency):
        usable = [
            row
            for row in self.rows
            if (row["kind"], row["currency"]) == (kind, currency)
            and 0 <= (self.as_of - day(row["on"])).days <= self.max_age_days
        ]
        if not usable:
            raise NotComparable
        value = number(max(usable, key=lambda row: day(row["on"]))["value"])
        if value == 0:
            raise NotComparable
        return value

    def micros(self, entered, currency):
        """An amount in whole micro-USD, converted once; a zero needs no rate."""
        if number(entered) == 0:
            return 0
        fx = 1 if currency == "USD" else self.latest("fx", currency)
        return rounded(number(entered) * fx * 1_000_000)


# Section 2: the need.


class Need:
    def __init__(self, body, machines):
        self.body = body
        fleet = [(number(line["quantity"]), machines[line["machine"]]) for line in body.get("fleet") or []]
        if fleet:
            watts = sum(count * number(machine["power_w"]) for count, machine in fleet)
            hashrate = sum(count * number(machine["hashrate_th_s"]) for count, machine in fleet)
            self.kw = math.ceil(watts / 1000)
            self.efficiency = rounded(100 * watts / hashrate)
            self.worst = max(
                rounded(100 * number(m["power_w"]) / number(m["hashrate_th_s"])) for _, m in fleet
            )
        else:
            self.kw = int(body["need_kw"])
            self.efficiency = rounded(100 * number(body.get("efficiency_j_th")))
            self.worst = body.get("worst_j_th") and rounded(100 * number(body["worst_j_th"]))
        self.earliest, self.latest = day(body["earliest_start"]), day(body["latest_start"])
        self.term = int(body["term_months"])
        self.max_price = rounded(number(body["max_price_usd"]) * 1_000_000)

    def allows(self, name, value):
        """A set that is left out or empty means all."""
        return not self.body.get(name) or value in self.body[name]


# Section 3: the effective price.


def price(offer, need, rates, levies, curtailment):
    """The components in micro-USD per kWh. Raises NotComparable."""
    currency, model, metering = offer["currency"], offer["price_model"], offer["metering"]
    load = basis_points(offer["uptime"]) * (10000 - curtailment) // 10000
    if load == 0:
        raise NotComparable

    entered = offer["energy_price"]
    if model == "tiered":
        fitting = [tier for tier in offer["tiers"] or [] if tier["min_kw"] <= need.kw]
        entered = max(fitting, key=lambda tier: tier["min_kw"])["energy_price"] if fitting else None
    passes_through = model in ("pass_through", "indexed")
    required = [entered]
    required += [offer["passthrough_estimate"]] if passes_through else []
    required += [offer["revenue_share"]] if model == "revenue_share" else []
    required += {"plug": [], "site": [offer["pue"]], "nameplate": [offer["metering_uplift"]]}[metering]
    if None in required:
        raise NotComparable

    factor = {
        "plug": Fraction(1),
        "site": number(offer["pue"]),
        "nameplate": 1 + number(offer["metering_uplift"]) / 100,
    }[metering]
    rate = rates.micros(entered, currency)
    estimate = rates.micros(offer["passthrough_estimate"], currency) if passes_through else 0
    hosting_fee = rates.micros(offer["hosting_fee"], currency)
    base_fee = rates.micros(offer["base_fee_kw_month"], currency)
    setup_fee = rates.micros(offer["setup_fee_kw"], currency)

    levy = 0
    for rule in [] if offer["levies_included"] else levies:
        rows_not_above = []
        for row in rule["levy"]:
            threshold, amount = (rates.micros(row[key], rule["levy_currency"]) for key in ("from", "amount"))
            if threshold <= rate + estimate:
                rows_not_above.append((number(row["from"]), amount))
        levy += max(rows_not_above)[1] if rows_not_above else 0

    share = basis_points(offer["revenue_share"])
    revenue_share = Fraction(0)
    if share:
        hashprice = rounded(rates.latest("hashprice", None) * 1000)
        if not need.efficiency or not hashprice:
            raise NotComparable
        revenue_share = Fraction(share * hashprice * 10, 24 * need.efficiency)

    return {
        "energy": rounded(rate * factor),
        "passthrough": rounded(estimate * factor),
        "hosting_fee": rounded(hosting_fee * factor + Fraction(base_fee * 10000, 730 * load)),
        "levy": rounded(levy * factor),
        "revenue_share": rounded(revenue_share),
        "setup": rounded(Fraction(setup_fee * 10000, 730 * need.term * load)),
    }
