"""The asking side as columns: what every open request wants, ready to be held against any book."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple, Self
from uuid import UUID

import numpy as np

from hosting.matching import law, scoring
from hosting.matching.capacity import HALF, NOBODY, halves
from hosting.matching.gates import NO_LIMIT, NONE
from hosting.matching.places import Statute
from hosting.matching.records import COOLINGS, EVIDENCE, LEGAL_STATUS, PRICE_MODELS, Need
from hosting.matching.tables import KW_LIMIT, NEED_TYPE, PRICE_BITS, Wants, picked, plain
from hosting.matching.windows import EPOCH, span

EMPTY = {
    "kw": ("need_kw", 0),
    "efficiency": ("efficiency", 0),
    "worst_j_th": ("worst_j_th", NONE),
    "term": ("term_months", 0),
    "max_price": ("max_price_micros", 0),
    "max_deposit": ("max_deposit_months", NO_LIMIT),
    "min_uptime": ("min_uptime_bp", 0),
    "max_curtailment": ("max_curtailment_bp", 10_000),
    "min_renewable": ("min_renewable_bp", 0),
    "min_rating": ("min_predictability", 0),
}
WEIGHTS = ("w_price", "w_law", "w_start", "w_trust", "w_uptime", "w_energy")


class Seekers(NamedTuple):
    """Some columns of the needs in int32, for the loop that asks which of them an offer could fit."""

    kw: Any
    max_price: Any
    term: Any
    latest: Any
    min_uptime: Any
    request_low: Any

    @classmethod
    def of(cls, table: np.ndarray, wide: np.ndarray) -> Self:
        """The columns; a need beyond the kernel's numbers seeks nothing here."""
        columns = [np.minimum(table[name], KW_LIMIT).astype(np.int32) for name in cls._fields[:-1]]
        columns[1][wide] = -1
        return cls._make([*columns, np.ascontiguousarray(table["request_low"])])


@dataclass(frozen=True, slots=True)
class Asked:
    """Needs of many requests, by the request's id. It depends on no book and no day.

    `wide` are positions of needs beyond the kernel's numbers. The words of needs (countries of origin,
    licence types, codes of places) are numbered in order of appearance.
    """

    keys: tuple[UUID | None, ...]
    needs: tuple[Need, ...]
    position: Mapping[UUID | None, int]
    table: np.ndarray
    wide: np.ndarray
    seekers: Seekers
    lists: tuple[np.ndarray, ...]
    countries: Mapping[str, int]
    kinds: Mapping[str, int]
    codes: Mapping[str, int]
    _met: list = field(default_factory=list, compare=False, repr=False)

    @classmethod
    def build(cls, needs: Sequence[tuple[UUID, Need]]) -> Self:
        """Columns of these needs, in the order given. ValueError when two share an id, or for weights that
        are no weights."""
        keys = tuple(key for key, _need in needs)
        position = {key: at for at, key in enumerate(keys)}
        if len(position) != len(keys):
            raise ValueError("two requests share an id")
        return cls._of(keys, tuple(need for _key, need in needs), position, {}, {}, {})

    @classmethod
    def one(cls, need: Need) -> Self:
        """A single need, saved or not."""
        return cls._of((None,), (need,), {None: 0}, {}, {}, {})

    @classmethod
    def _of(
        cls,
        keys: tuple,
        needs: tuple[Need, ...],
        position: Mapping,
        countries: dict[str, int],
        kinds: dict[str, int],
        codes: dict[str, int],
    ) -> Self:
        table = np.zeros(len(needs), dtype=NEED_TYPE)
        for name, (entered, nothing) in EMPTY.items():
            values = list(map(attrgetter(entered), needs))
            table[name] = [nothing if value is None else value for value in values]
        table["earliest"] = [need.earliest_start.toordinal() - EPOCH for need in needs]
        table["latest"] = [need.latest_start.toordinal() - EPOCH for need in needs]
        # An offer without a cooling stands after the last word.
        table["coolings"] = _bits((need.cooling for need in needs), COOLINGS, (2 << len(COOLINGS)) - 1)
        table["models"] = _bits(
            (need.price_models for need in needs), PRICE_MODELS, 2 ** len(PRICE_MODELS) - 1
        )
        table["min_status"] = _ranks((need.min_legal_status for need in needs), LEGAL_STATUS, NONE)
        table["min_evidence"] = _ranks((need.min_evidence for need in needs), EVIDENCE, 0)
        table["country"] = [
            countries.setdefault(law.country_of(need.origin), len(countries)) if need.origin else NONE
            for need in needs
        ]
        _weigh(needs, table)
        _owners(needs, table)
        lists = _lists(needs, table, kinds, codes)
        wide = _wide(table)
        seekers = Seekers.of(table, wide)
        return cls(keys, needs, position, table, wide, seekers, lists, countries, kinds, codes)

    def with_needs(self, changed: Iterable[tuple[UUID, Need]], gone: Iterable[UUID]) -> Self:
        """The same with these added or replaced and those left out; a gone id unknown here is no error."""
        more = dict(changed)
        position, keys, needs = dict(self.position), list(self.keys), list(self.needs)
        take = list(range(len(keys)))
        for number, (key, need) in enumerate(more.items()):
            at = position.setdefault(key, len(keys))
            if at == len(keys):
                keys.append(key)
                needs.append(need)
                take.append(0)
            needs[at], take[at] = need, len(self.keys) + number
        for key in set(gone) - set(more):
            if key in position:
                at = position.pop(key)
                # The last one moves to where this one was.
                last, need, came = keys.pop(), needs.pop(), take.pop()
                if at < len(keys):
                    keys[at], needs[at], take[at] = last, need, came
                    position[last] = at
        words = (dict(self.countries), dict(self.kinds), dict(self.codes))
        added = type(self)._of(tuple(more), tuple(more.values()), {}, *words)
        added.table["licence_first"] += len(self.lists[0])
        for name in ("allowed_first", "excluded_first"):
            added.table[name] += len(self.lists[3])
        lists = tuple(np.concatenate(pair) for pair in zip(self.lists, added.lists, strict=True))
        if len(lists[0]) + len(lists[3]) > 1000 + 4 * _in_use(self.table):
            return type(self)._of(tuple(keys), tuple(needs), position, *words)
        table = picked(self.table, added.table, np.array(take, dtype=np.int64))
        wide = _wide(table)
        return type(self)(
            *(tuple(keys), tuple(needs), position, table, wide, Seekers.of(table, wide), lists, *words)
        )

    def rows_of(self, request: UUID) -> np.ndarray:
        """Positions of the needs (but wide ones) that this request's own commitments do not hinder."""
        high, low = halves(request.int)
        found = np.flatnonzero(self.seekers.request_low == low)
        found = found[self.table["request_high"][found] == high]
        return found[~np.isin(found, self.wide)] if len(self.wide) else found

    def meet(self, statute: Statute) -> Wants:
        """The needs in the words of a book's law."""
        for known, wants in self._met:
            if known is statute:
                return wants
        country = [statute.countries.get(word, -1) for word in self.countries]
        licence = [statute.licence_types.get(word, -1) for word in self.kinds]
        words = (np.array(numbers, dtype=np.int64) for numbers in (country, licence))
        wants = Wants._make((self.table, *self.lists, *words, _within(statute, self.codes)))
        self._met[:] = [(statute, wants)]
        return wants

    def twin(self, statute: Statute) -> Wants:
        """The same for code that is not compiled."""
        return plain(self.meet(statute))


def _wide(table: np.ndarray) -> np.ndarray:
    return np.flatnonzero((table["max_price"] >= 1 << PRICE_BITS) | (table["kw"] >= KW_LIMIT))


def _in_use(table: np.ndarray) -> int:
    return int(sum(table[name].sum() for name in ("licences", "allowed", "excluded")))


def _within(statute: Statute, codes: Mapping[str, int]) -> np.ndarray:
    within = np.zeros((len(codes), len(statute.places)), dtype=np.int64)
    for number, place in enumerate(statute.places):
        for code in place.chain:
            if code in codes:
                within[codes[code], number] = 1
    return within.reshape(-1)


def _bits(sets: Iterable[frozenset[str] | None], words: tuple[str, ...], every: int) -> list[int]:
    masks = {word: 1 << at for at, word in enumerate(words)}
    return [sum(masks.get(word, 0) for word in some) if some else every for some in sets]


def _ranks(words: Iterable[str | None], order: tuple[str, ...], nothing: int) -> list[int]:
    rank: dict[Any, int] = {word: at for at, word in enumerate(order)} | {None: nothing}
    return [rank[word] for word in words]


def _weigh(needs: Sequence[Need], table: np.ndarray) -> None:
    usual = scoring.weights_of(None)
    own = [(at, scoring.weights_of(need.weights)) for at, need in enumerate(needs) if need.weights]
    rows = np.array([at for at, _weights in own], dtype=np.int64)
    given = np.array([weights for _at, weights in own], dtype=np.int64).reshape(-1, len(WEIGHTS))
    for place, name in enumerate(WEIGHTS):
        table[name] = usual[place]
        table[name][rows] = given[:, place]
    table["w_sum"] = sum(usual)
    table["w_sum"][rows] = given.sum(axis=1)


def _owners(needs: Sequence[Need], table: np.ndarray) -> None:
    ids = [0 if need.request is None else need.request.int for need in needs]
    table["has_request"] = [number != 0 for number in ids]
    table["request_high"] = [number // HALF + NOBODY[0] for number in ids]
    table["request_low"] = [number % HALF + NOBODY[1] for number in ids]


def _lists(
    needs: Sequence[Need], table: np.ndarray, kinds: dict[str, int], codes: dict[str, int]
) -> tuple[np.ndarray, ...]:
    """Licences by first day (type, low, high) and codes, one after the other; their places go into rows."""
    held: list[tuple[int, int, int]] = []
    listed: list[int] = []
    for at, need in enumerate(needs):
        if need.licences:
            table["licence_first"][at], table["licences"][at] = len(held), len(need.licences)
            own = sorted((*span(one), kinds.setdefault(one.type, len(kinds))) for one in need.licences)
            held += [(kind, low, high) for low, high, kind in own]
        for name, some in (("allowed", need.allowed), ("excluded", need.excluded)):
            if some:
                table[f"{name}_first"][at], table[name][at] = len(listed), len(some)
                listed += [codes.setdefault(code, len(codes)) for code in sorted(some)]
    licences = np.array(held, dtype=np.int64).reshape(-1, 3)
    columns = (np.ascontiguousarray(licences[:, column]) for column in range(3))
    return (*columns, np.array(listed, dtype=np.int64))
