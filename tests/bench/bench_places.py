"""How long a stranger waits for a place's page: `make bench`, or python -m tests.bench.bench_places.

The same pages are asked for in two markets, one of 40 offers and one of 10,000, in the same run, the same
process and through the same middleware: of the country where most of the offers are, of one of its states, of
a country with a tenth of them, of one with a single hotel, and of one with none. The two markets can't take
turns, so the quickest of many turns counts, and with SQLite, which works in this very process, the time the
processor spent on it: neighbours make neither larger.
"""

import argparse
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test import utils as running  # noqa: E402
from django.utils import timezone  # noqa: E402

from hosting.models import Offer, OfferStatus, Site  # noqa: E402
from hosting.services import importwriting, placefigures, seeding  # noqa: E402
from hosting.services.importrows import Drafted  # noqa: E402
from tests import factories  # noqa: E402

LAW = ("jurisdictions", "jurisdiction_facts", "regulation_rules", "regulation_events")
# Where the hotels stand, over and over: most of them in the United States.
PLACES = ("US-TX", "US-TX", "US-NY", "US-KY", "US-TX", "KZ", "PY", "NO", "CA-QC", "US-WY")
LONELY = "IS"
PAGES = ("US", "US-TX", "KZ", LONELY, "SE")
TIMES_SLOWER = 2.0


def build() -> list[Site]:
    """The law of every place, one hotel that is alone in its country, and forty sites of as many hosts."""
    seeding.seed(now=timezone.now(), only=LAW)
    factories.offer(factories.site(code=LONELY))
    return [
        factories.site(factories.organization("host"), code=PLACES[number % len(PLACES)])
        for number in range(40)
    ]


def fill(sites: list[Site], first: int, count: int) -> None:
    """Offers number `first` to `count` - 1, published, with a phase and a list price; then the figures of
    today as the worker stores them."""
    now = timezone.now()
    begins, by = now.date(), sites[0].host.memberships.get(role="owner").user
    drafted = [
        Drafted(
            line=number,
            site=sites[number % len(sites)],
            title=f"Offer {number}",
            terms={**factories.TERMS, "metering": "plug", "accepted_machines": "all"},
            tiers=[],
            phase={"available_kw": 5000, "starts_on": begins, "ends_on": None, "state": "energised"},
        )
        for number in range(first, count)
    ]
    importwriting.write(drafted=drafted, of=sites[0].pk, by=by, now=now)
    offers = list(Offer.objects.exclude(status=OfferStatus.PUBLISHED))
    for number, offer in enumerate(offers, start=first):
        offer.status, offer.published_at = OfferStatus.PUBLISHED, now
        # Spread over the market in no order, as prices are.
        offer.list_price_micros, offer.list_price_on = 40_000 + number * 7919 % 50_000, begins
    names = ["status", "published_at", "list_price_micros", "list_price_on"]
    Offer.objects.bulk_update(offers, names, batch_size=500)
    placefigures.refresh(as_of=begins, now=now)


def milliseconds(client: Client, code: str, times: int) -> float:
    """The quickest of so many times."""
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    taken = []
    for _turn in range(times):
        began = clock()
        answer = client.get(f"/places/{code}/")
        taken.append(clock() - began)
        if answer.status_code != 200:
            raise SystemExit(f"/places/{code}/ answered {answer.status_code}")
    return 1000 * min(taken)


def main(few: int, many: int, times: int) -> int:
    """Print the table; 1 if a page takes more than twice as long with many offers as with few."""
    client, sites = Client(), build()
    taken: dict[int, list[float]] = {}
    for first, count in ((0, few), (few, many)):
        fill(sites, first, count)
        taken[count] = [milliseconds(client, code, times) for code in PAGES]
    print(f"a stranger's page of a place, milliseconds, the quickest of {times}\n")
    print(f"{'':<24}{f'{few:,} offers':>16}{f'{many:,} offers':>18}{'times slower':>15}")
    ratios = []
    for code, before, after in zip(PAGES, taken[few], taken[many], strict=True):
        ratios.append(after / before)
        print(f"{f'/places/{code}/':<24}{before:>16,.1f}{after:>18,.1f}{ratios[-1]:>15,.2f}")
    return 0 if max(ratios) <= TIMES_SLOWER else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=40)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=40, help="turns of which the quickest counts")
    given = parser.parse_args()
    running.setup_test_environment()
    databases = running.setup_databases(verbosity=0, interactive=False)
    try:
        status = main(given.few, given.many, given.times)
    finally:
        running.teardown_databases(databases, verbosity=0)
        running.teardown_test_environment()
    sys.exit(status)
