"""The asking side as columns: what every open request wants, ready to be held against any book."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from hosting.matching.records import Need


@dataclass(frozen=True, slots=True)
class Asked:
    """Needs of many requests, by the request's id. It depends on no book and no day."""

    keys: tuple[UUID, ...]
    needs: tuple[Need, ...]
    position: Mapping[UUID, int]

    @classmethod
    def build(cls, needs: Sequence[tuple[UUID, Need]]) -> Self:
        """Columns of these needs, in the order given. ValueError when two share an id."""
        keys = tuple(key for key, _need in needs)
        position = {key: at for at, key in enumerate(keys)}
        if len(position) != len(keys):
            raise ValueError("two requests share an id")
        return cls(keys, tuple(need for _key, need in needs), position)

    def with_needs(self, changed: Iterable[tuple[UUID, Need]], gone: Iterable[UUID]) -> Self:
        """The same with these added or replaced and those left out; a gone id that is not here is no error."""
        rows = dict(zip(self.keys, self.needs, strict=True))
        for key in gone:
            rows.pop(key, None)
        rows.update(changed)
        return type(self).build(list(rows.items()))
