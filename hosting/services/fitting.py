"""A host's side of the matching: which open requests its offers fit, and what keeps the others out.

The same engine answers, one request at a time against the host's offers alone. Nothing leaves this room that
a host may not see: no score, no ceiling, no weight.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.services.errors import Conflict
from hosting.matching import match
from hosting.matching.book import EVIDENCE, Book
from hosting.matching.gates import CURE_ORDER
from hosting.matching.match import Match
from hosting.matching.reasons import GateResult
from hosting.models import CapacityRequest, Interest, Offer
from hosting.services import engine, interests, matches, needs

# What a miner would pay, or lay down, is nobody's business: such near misses are only counted, and only
# from so many on.
SECRET_GATES = frozenset({"price_ceiling", "deposit"})
FEWEST_SECRET = 3
# About half a millisecond each: a page looks at no more, and says so.
MOST_REQUESTS = 3000


# (offer, gate, code) -> the requests it misses by that gate alone, with what the engine says of it
Key = tuple[uuid.UUID, str, str]
Missed = dict[Key, list[tuple[CapacityRequest, GateResult]]]


class DoesNotFit(Conflict):
    """The offer fails a gate of the request."""

    code = "does_not_fit"
    message = _("This request and this offer do not fit as they stand today.")


@dataclass(frozen=True)
class Fit:
    """A request that some of the host's offers fit: the matches, best first."""

    request: CapacityRequest
    matches: tuple[Match, ...]

    @property
    def offer_ids(self) -> tuple[uuid.UUID, ...]:
        return tuple(one.offer for one in self.matches)


@dataclass(frozen=True)
class NearMisses:
    """Requests that fit none of the host's offers, and each of these but for one gate, the same for all.

    `bound` is what would let all of them in, in the gate's own unit (kW, months, days, basis points,
    hundredths of J/TH, words), or None where there is no such thing or it is secret.
    """

    offers: tuple[uuid.UUID, ...]
    gate: str
    code: str
    requests: int
    need_kw: int
    bound: Any

    @property
    def is_secret(self) -> bool:
        return self.gate in SECRET_GATES


@dataclass(frozen=True)
class Fitting:
    """The answer to a host: fits best first, near misses in sum, its live offers by id.

    `is_cut`: there are more open requests than the newest ones that were looked at.
    """

    offers: dict[uuid.UUID, Offer]
    looked_at: int
    is_cut: bool
    fits: list[Fit]
    near: list[NearMisses]


def for_host(*, host: Organization, now: datetime) -> Fitting:
    """What the open requests of others look like from the host's live offers. A fixed number of queries."""
    columns = engine.current(now.date()).book
    own = _own(host, columns)
    rows = matches.rows_of(own, now.date())
    fits: list[tuple[int, Fit]] = []
    missed: Missed = defaultdict(list)
    newest = open_to(host, now).order_by("-published_at", "pk")[: MOST_REQUESTS + 1]
    asked = list(newest) if own else []
    is_cut = len(asked) > MOST_REQUESTS
    for request in asked[:MOST_REQUESTS]:
        verdict = match.evaluate(
            columns, needs.of_request(request).as_engine(request=request.pk), only=own.values()
        )
        if verdict.matched_count:
            ranked = verdict.ranked(None)
            fits.append((ranked[0].score or 0, Fit(request, tuple(ranked))))
            continue
        for one in verdict.near_misses(None):
            gate = one.failed[0]
            missed[one.offer, gate.name, gate.code].append((request, gate))
    fits.sort(key=lambda one: (-one[0], -one[1].request.need_kw, one[1].request.pk))
    return Fitting(
        offers=rows,
        looked_at=min(len(asked), MOST_REQUESTS),
        is_cut=is_cut,
        fits=[fit for _score, fit in fits],
        near=_in_sum(missed),
    )


def open_to(host: Organization, now: datetime) -> QuerySet[CapacityRequest]:
    """The open requests a host may answer: everybody's but its own."""
    return CapacityRequest.objects.open(now).exclude(owner=host).select_related("owner").order_by("pk")


def of_request(*, request: CapacityRequest, host: Organization, now: datetime) -> list[matches.Found]:
    """Each live offer of the host explained for the request: those that fit first, then by gates failed."""
    columns = engine.current(now.date()).book
    own = _own(host, columns)
    if not own:
        return []
    verdict = match.evaluate(
        columns, needs.of_request(request).as_engine(request=request.pk), only=own.values()
    )
    explained = [one for one in map(verdict.explain, own) if one]
    explained.sort(key=lambda one: (len(one.failed), -(one.score or 0), one.offer))
    rows = matches.rows_of(own, now.date())
    return [matches.Found(one, rows[one.offer]) for one in explained]


def say_interested(*, request: CapacityRequest, offer: Offer, by: User, now: datetime) -> Interest:
    """The host would take the request in. Raises DoesNotFit, or interests.NotOpen."""
    columns = engine.current(now.date()).book
    at = columns.position.get(offer.pk)
    need = needs.of_request(request).as_engine(request=request.pk)
    if at is None or not match.evaluate(columns, need, only=[at]).matched_count:
        raise DoesNotFit
    return interests.express(request=request, offer=offer, by=by, now=now)


def _own(host: Organization, columns: Book) -> dict[uuid.UUID, int]:
    """The host's offers on the market by id, with their position in the book."""
    ids = Offer.objects.filter(site__host=host).values_list("pk", flat=True)
    return {pk: columns.position[pk] for pk in sorted(ids) if pk in columns.position}


def _in_sum(missed: Missed) -> list[NearMisses]:
    """One line for the offers that miss the same requests by the same gate."""
    alike: dict[tuple[str, str, frozenset[uuid.UUID], str], list[Key]] = defaultdict(list)
    for key, found in missed.items():
        _offer, gate, code = key
        asking = frozenset(request.pk for request, _gate in found)
        if gate not in SECRET_GATES or len(asking) >= FEWEST_SECRET:
            alike[gate, code, asking, repr(_bound_of(key, found))].append(key)
    lines = [_line(keys, missed) for keys in alike.values()]
    return sorted(lines, key=lambda one: (CURE_ORDER.index(one.gate), -one.need_kw, one.code, one.offers))


def _line(keys: list[Key], missed: Missed) -> NearMisses:
    (_offer, gate, code), found = keys[0], missed[keys[0]]
    return NearMisses(
        offers=tuple(sorted(offer for offer, _gate, _code in keys)),
        gate=gate,
        code=code,
        requests=len(found),
        need_kw=sum(request.need_kw for request, _gate in found),
        bound=_bound_of(keys[0], found),
    )


def _bound_of(key: Key, found: list[tuple[CapacityRequest, GateResult]]) -> Any:
    return bound(key[1], key[2], [gate.params for _request, gate in found])


# (gate, code) -> (parameter, how the values of several requests become the one that lets all of them in)
BOUNDS: dict[tuple[str, str], tuple[str, Any]] = {
    ("order_size", "below_minimum"): ("need_kw", min),
    ("order_size", "above_maximum"): ("need_kw", max),
    ("capacity", "no_free_capacity"): ("short_by_kw", max),
    ("term", "below_minimum"): ("term_months", min),
    ("term", "above_maximum"): ("term_months", max),
    ("machine_age", "above_maximum"): ("worst_j_th", max),
    ("uptime", "below_minimum"): ("min_uptime_bp", max),
    ("curtailment", "above_maximum"): ("max_curtailment_bp", min),
    ("renewable", "below_minimum"): ("min_renewable_bp", max),
}


def bound(gate: str, code: str, params: list[dict[str, Any]]) -> Any:
    """What would let every one of these near misses in; None where nothing the host can set would."""
    if (gate, code) in BOUNDS:
        name, extreme = BOUNDS[gate, code]
        return extreme(one[name] for one in params)
    if gate == "window":
        return max((one["days_later"] for one in params if "days_later" in one), default=None)
    if gate in ("cooling", "price_model"):
        return _words(params)
    if gate == "evidence":
        return max((one["minimum"] for one in params), key=EVIDENCE.index)
    if gate == "price_comparable" and code == "missing_field":
        return sorted({one["field"] for one in params})
    return None


def _words(params: Iterable[dict[str, Any]]) -> list[str]:
    return sorted({word for one in params for word in one["accepted"]})
