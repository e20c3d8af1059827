"""How the law of a place came to be what it is on a day: its status over time, its rules, and the news.

Everything is of the place and of its parents, dated and with its row; what lies in the place and what the
European Union does to its members is told as news, and marked so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from hosting.matching import law
from hosting.matching.records import Fact
from hosting.models import Jurisdiction, JurisdictionFact, LegalStatus, RegulationEvent, RegulationRule
from hosting.services import places

# News of the European Union has no place of its own here; it touches these (as of 2020-02-01).
EU = "EU"
EU_MEMBERS = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU")
    + ("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")
)
MOST_NEWS = 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days [starts_on, ends_on) on which one fact said what the status was; None is open.

    fact: None where nobody knows. inherited_from: the code of the parent it comes from, or None. A ban is the
    fact that bans, also where the place's own says something else.
    """

    starts_on: date | None
    ends_on: date | None
    fact: JurisdictionFact | None
    inherited_from: str | None

    @property
    def status(self) -> LegalStatus | None:
        return None if self.fact is None else LegalStatus(self.fact.value)


@dataclass(frozen=True, slots=True)
class News:
    """An event and the place it speaks of, where we have it. reach: own, above (of a parent or the EU), or
    within (of something that lies in the place)."""

    event: RegulationEvent
    place: Jurisdiction | None
    reach: str


@dataclass(frozen=True, slots=True)
class History:
    """A place up to `as_of`, and what is dated later as coming.

    stretches: without a gap, the first from the beginning of time, the last open. rules: by first day, over,
    in force and coming. news: what had happened by then, the newest first, MOST_NEWS at most.
    """

    as_of: date
    stretches: tuple[Stretch, ...]
    rules: tuple[RegulationRule, ...]
    news: tuple[News, ...]


def of(found: places.Law, *, today: date) -> History:
    """The history of a place whose law was read. Four queries."""
    codes = [place.code for place in found.lineage]
    rules = places.rules_known_on(today).filter(jurisdiction__in=codes)
    return History(
        as_of=found.as_of,
        stretches=tuple(_stretches(codes)),
        rules=tuple(rules.select_related("jurisdiction").order_by("valid_from", "id")),
        news=tuple(_news(codes, found.as_of)),
    )


def _stretches(codes: list[str]) -> Iterable[Stretch]:
    """The status of codes[0], whose parents follow it upwards."""
    rows = list(JurisdictionFact.objects.filter(jurisdiction__in=codes, field="legal_status"))
    row_of = {(row.jurisdiction_id, row.valid_from): row for row in rows}
    facts = [Fact(row.jurisdiction_id, row.field, row.value, row.valid_from, row.confidence) for row in rows]
    parents: dict[str, str | None] = dict(zip(codes, [*codes[1:], None], strict=True))
    starts: date | None = None
    held: tuple[JurisdictionFact | None, str | None] = (None, None)
    for day in sorted({row.valid_from for row in rows}):
        standing = law.status_of(facts, parents, codes[0], day)
        legal, place = standing.legal, standing.legal_from
        if standing.banned_by:
            legal, place = law.resolve(facts, parents, standing.banned_by, "legal_status", day) or (
                None,
                None,
            )
        row = row_of[legal.jurisdiction, legal.valid_from] if legal else None
        now = (row, None if place == codes[0] else place)
        if now != held:
            yield Stretch(starts, day, *held)
            starts, held = day, now
    yield Stretch(starts, None, *held)


def _news(codes: list[str], as_of: date) -> Iterable[News]:
    told = [*codes, EU] if codes[-1] in EU_MEMBERS else codes
    within = f"{codes[0]}-"
    about = Q(jurisdiction__in=told) | Q(jurisdiction__startswith=within)
    rows = list(RegulationEvent.objects.filter(about, date__lte=as_of).order_by("-date", "id")[:MOST_NEWS])
    known = Jurisdiction.objects.in_bulk({codes[0], *(row.jurisdiction for row in rows)})
    for row in rows:
        reach = "within" if row.jurisdiction.startswith(within) else "above"
        yield News(row, known.get(row.jurisdiction), "own" if row.jurisdiction == codes[0] else reach)
