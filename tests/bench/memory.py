"""How much memory a full run needs: python -m tests.bench.memory OFFERS REQUESTS prints two numbers of bytes.

First what the process had once the records were there, then the most it ever had while packing and ranking.
"""

import gc
import resource
import sys
from pathlib import Path

from hosting.matching import ranking
from hosting.matching.asked import Asked
from hosting.matching.book import Book
from tests.bench import industry

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")


def peak() -> int:
    """Bytes of memory at the highest. From /proc where there is one: it can be reset, and a parent's peak is
    not in it as it may be in ru_maxrss."""
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main(offer_count: int, request_count: int) -> None:
    """Make the market, then measure one run of everything over it."""
    market = industry.market(offer_count, request_count)
    gc.collect()
    if CLEAR.exists():
        CLEAR.write_text("5")
    print(peak())
    book, asked = Book.build(**market.for_book()), Asked.build(market.needs)
    ranking.best_of_all(book, asked)
    print(peak())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
