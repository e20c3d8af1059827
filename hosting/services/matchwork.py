"""What a run looks at: one snapshot of the market, and the requests whose lists its changes can reach.

What a process keeps is brought up to the snapshot the run has opened after it claimed its marks; so it is
never older than the change the run was called for.
"""

import gc
import hashlib
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from accounts.models import Due
from hosting.matching import ranking
from hosting.matching.asked import Asked
from hosting.matching.records import Need
from hosting.models import CapacityRequest
from hosting.services import engine, keptlists, keptrequests, matches, snapshots, touched
from hosting.services.engine import Columns
from hosting.services.keptlists import Stored
from hosting.services.keptrequests import Requests
from hosting.services.matchlists import Answer
from hosting.services.touched import Touched

OF_A_REQUEST = CapacityRequest._meta.label_lower
# So many lists are worked out and stored together: a tenth of a second or two.
CHUNK = 500


def warm(*, as_of: date) -> None:
    """Do before anybody waits what is done once in a process: load the engine, fill the columns."""
    # A million new rows and nothing to collect: looking for garbage among them takes a third of the time, and
    # as much again at every later look unless they are set aside.
    gc.disable()
    try:
        book = engine.current(as_of).book
    finally:
        gc.enable()
    gc.freeze()
    need = Need(
        need_kw=1,
        efficiency=2000,
        worst_j_th=2000,
        earliest_start=as_of,
        latest_start=as_of,
        term_months=1,
        max_price_micros=1,
    )
    ranking.best(book, need)


class Kept:
    """What a worker keeps besides the columns: what is asked, and which lists are stored. One wide run at a
    time uses it, and replaces it as a whole."""

    def __init__(self) -> None:
        self.requests = Requests()
        self.stored = Stored()

    def forget(self) -> None:
        """Begin with nothing."""
        self.__init__()  # type: ignore[misc]


kept = Kept()


@dataclass(frozen=True, slots=True)
class Work:
    """The market as the run sees it; the requests to match, as positions in `asked`; the requests that are
    not open (any more); and the offers whose list price may have changed (None: all)."""

    columns: Columns
    asked: Asked
    rows: list[int]
    closed: list[uuid.UUID]
    repriced: Collection[uuid.UUID] | None

    def answers(self) -> Iterator[dict[uuid.UUID, Answer]]:
        """The lists, some at a time."""
        # A request that is stored has an id; a need that nobody saved would have none.
        keys = cast(tuple[uuid.UUID, ...], self.asked.keys)
        for at in range(0, len(self.rows), CHUNK):
            rows = self.rows[at : at + CHUNK]
            lists = ranking.best_of_all(self.columns.book, self.asked, rows=rows)
            yield {
                keys[row]: self._answer(self.asked.needs[row], lists.of(number))
                for number, row in enumerate(rows)
            }

    def _answer(self, need: Need, ranked: Iterable[ranking.Ranked]) -> Answer:
        inputs = hashlib.sha256(f"{self.columns.inputs_hash} {need!r}".encode()).hexdigest()
        return Answer(matches.rows_from(ranked), inputs)


def of_requests(ids: set[uuid.UUID], *, as_of: date, now: datetime) -> Work:
    """Match these requests, and look at no others."""
    with snapshots.taken():
        reading = engine.kept.read(as_of)
        asking = keptrequests.of(ids, now)
    columns = engine.kept.made(reading)
    closed = ids - {request for request, _need in asking}
    return Work(columns, Asked.build(asking), list(range(len(asking))), sorted(closed), ())


def of_changes(what: Touched | Iterable[Due], *, as_of: date, now: datetime) -> Work:
    """Match what the changes touch, or what these marks do: of every open request, those whose list they can
    reach; all of them, where that can't be told."""
    with snapshots.taken():
        what = what if isinstance(what, Touched) else touched.by(what)
        reading = engine.kept.read(as_of)
        asking = keptrequests.read(kept.requests, now)
        storing = keptlists.read(kept.stored)
        # Another run may be at these; what it has read, or will store, is not known here.
        waiting = Due.objects.filter(reader=touched.READER, event__subject_kind=OF_A_REQUEST)
        pending = set(waiting.values_list("event__subject_id", flat=True))
    columns = engine.kept.made(reading)
    requests, stored = keptrequests.made(asking), keptlists.made(storing)
    if snapshots.is_lasting():
        kept.requests, kept.stored = requests, stored
    asked = requests.asked
    # A day that nobody has begun yet makes everything old.
    if what.is_all or not stored.are_all_of(as_of):
        rows, repriced = list(range(len(asked.keys))), None
    else:
        rows, repriced = _reached(columns, asked, stored, what, what.requests | pending), what.offers
    closed = [key for key in stored.at if key not in asked.position]
    return Work(columns, asked, rows, closed, repriced)


def _reached(
    columns: Columns, asked: Asked, stored: Stored, what: Touched, anyway: set[uuid.UUID]
) -> list[int]:
    """Requests that have no list, those to look at anyway, and those whose list the offers enter or leave."""
    beside = keptlists.aligned(stored, asked, columns.book)
    position = columns.book.position
    found = {row for row, is_there in enumerate(beside.is_there.tolist()) if not is_there}
    found |= {asked.position[key] for key in anyway if key in asked.position}
    if what.offers:
        reached = ranking.reached(
            columns.book,
            asked,
            held=beside.held,
            last_score=beside.last_score,
            last_price=beside.last_price,
            offers=[position[offer] for offer in what.offers if offer in position],
        )
        found |= set(reached.tolist())
    return sorted(found)
