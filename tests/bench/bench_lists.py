"""How many pages of the list of offers a second: `make bench`, or python -m tests.bench.bench_lists.

The baseline is the same data under a plain nested ModelViewSet (tests/bench/plain.py), in the same run, the
same process and through the same middleware; both walk from page to page. The two take turns, so that a noisy
neighbour slows both.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from django.test import Client  # noqa: E402
from django.test import utils as running  # noqa: E402

from hosting.models import Commitment, Offer, OfferStatus  # noqa: E402
from hosting.services import importwriting  # noqa: E402
from hosting.services.importrows import Drafted  # noqa: E402
from tests import factories  # noqa: E402

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TIMES_FASTER = 2.0
HOSTS = 40


def fill(count: int) -> None:
    """So many published offers of forty hosts, with tiers, two commitments each, and list prices."""
    sites = [factories.site(factories.organization("host")) for _number in range(HOSTS)]
    begins, by = NOW.date(), sites[0].host.memberships.get(role="owner").user
    terms = {**factories.TERMS, "metering": "plug", "price_model": "tiered", "accepted_machines": "all"}
    tiers = [(1, factories.TERMS["energy_price"]), (1000, factories.TERMS["energy_price"])]
    drafted = [
        Drafted(
            line=number,
            site=sites[number % HOSTS],
            title=f"Offer {number}",
            terms=terms,
            tiers=tiers,
            phase={"available_kw": 5000, "starts_on": begins, "ends_on": None, "state": "energised"},
        )
        for number in range(count)
    ]
    importwriting.write(drafted=drafted, of=sites[0].pk, by=by, now=NOW)
    offers = list(Offer.objects.all())
    for number, offer in enumerate(offers):
        offer.status, offer.published_at = OfferStatus.PUBLISHED, NOW - timedelta(minutes=number)
        offer.list_price_micros, offer.list_price_on = 50_000 + number, begins
    names = ["status", "published_at", "list_price_micros", "list_price_on"]
    Offer.objects.bulk_update(offers, names, batch_size=500)
    rows = (
        Commitment(
            offer=offer,
            kw=500,
            starts_on=begins,
            ends_on=begins + timedelta(365),
            state="confirmed",
            created_at=NOW,
            updated_at=NOW,
        )  # fmt: skip
        for offer in offers
        for _twice in range(2)
    )
    Commitment.objects.bulk_create(rows, batch_size=500)


def pages(client: Client, first: str) -> Iterator[list[dict]]:
    """One page after the other, and from the end back to the beginning."""
    url = first
    while True:
        answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"{url} answered {answer.status_code}: {answer.content[:300]!r}")
        body = answer.json()
        yield body["results"]
        url = body["next"] or first


def same(ours: list[dict], plain: list[dict]) -> bool:
    """Whether both show the same offers in the same order, with the same phases and what is free."""
    names = ("id", "title", "version", "phases", "free_kw", "evidence")
    return bool(ours) and [[one[name] for name in names] for one in ours] == [
        [one[name] for name in names] for one in plain
    ]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(times: int) -> tuple[float, float]:
    """Requests a second: ours, the baseline's. Medians; raises SystemExit if they don't show the same."""
    client = Client()
    ours, plain = pages(client, "/api/v1/offers/"), pages(client, "/plain/offers/")
    if not same(next(ours), next(plain)):
        raise SystemExit("The two lists do not show the same; times would mean nothing.")
    taken: tuple[list[float], list[float]] = ([], [])
    for _turn in range(times):
        taken[0].append(seconds(lambda: next(ours)))
        taken[1].append(seconds(lambda: next(plain)))
    return 1 / statistics.median(taken[0]), 1 / statistics.median(taken[1])


def main(offer_count: int, times: int) -> int:
    """Print the table; 1 if ours is not at least twice as fast."""
    fill(offer_count)
    unlimited = {"known": 10**9, "stranger": 10**9}
    with running.override_settings(ROOT_URLCONF="tests.bench.plain", CALLS_PER_HOUR=unlimited):
        ours, plain = measure(times)
    print(f"{offer_count:,} offers, pages of 50 one after the other; medians of {times}\n")
    print(f"{'':<44}{'requests/s':>12}{'times faster':>15}")
    print(f"{'GET /api/v1/offers/':<44}{ours:>12,.1f}{ours / plain:>15,.1f}")
    print(f"{'baseline: a plain nested ModelViewSet':<44}{plain:>12,.1f}{1:>15,.1f}")
    return 0 if ours >= TIMES_FASTER * plain else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=60, help="pages of which the median is taken")
    given = parser.parse_args()
    running.setup_test_environment()
    databases = running.setup_databases(verbosity=0, interactive=False)
    try:
        status = main(given.offers, given.times)
    finally:
        running.teardown_databases(databases, verbosity=0)
        running.teardown_test_environment()
    sys.exit(status)
