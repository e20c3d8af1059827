"""The history of a place, twice: as entries of a table, and as a picture of the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hosting.models import Confidence, DatePrecision, Effect, LegalStatus, RegulationEvent, RegulationRule
from hosting.services import regnews
from hosting.services.placehistory import History, News, Stretch
from hosting.templatetags import market
from hosting.web import factwords, rulewords

# Pixels from top to bottom: years, the band of the status, the marks of the news, a line for each rule.
BAND_Y = 45
NEWS_Y, NEWS_STEP, NEWS_LANES = 103, 13, 4
RULE_HEIGHT, RULE_GAP, RULES_HEAD = 28, 14, 30
# In hundredths of a percent of the width.
WHOLE, NEAR, LABEL_FROM, TURNS_AT = 10_000, 200, 1_600, 5_000
MOST_TICKS = 8


@dataclass(frozen=True)
class Entry:
    """A line of the table. kind: status, rule or event; field names the column that the text is of.

    origin: the code of the place it is of, where that is another one.
    """

    kind: str
    day: date
    when: str
    row: Any
    field: str
    text: Any
    origin: str
    is_coming: bool
    source: str
    url: str
    as_of: str

    @property
    def is_unverified(self) -> bool:
        return self.row.confidence == Confidence.LOW

    @property
    def source_field(self) -> str:
        return "publisher" if self.kind == "status" else "source"

    @property
    def as_of_field(self) -> str:
        return "as_of" if self.kind == "status" else "source_as_of"


@dataclass(frozen=True)
class Shape:
    """Something drawn: from x over width (texts in percent) at y; `looks` are its classes."""

    row: Any
    looks: str
    x: str
    width: str
    end: str
    y: int
    when: str
    text: Any
    field: str
    is_dot: bool = False
    is_unverified: bool = False
    has_label: bool = False
    is_turned: bool = False


@dataclass(frozen=True)
class Picture:
    """ticks: (x, first day of a year). now_x: the day the page is read on."""

    ticks: tuple[tuple[str, date], ...]
    band: tuple[Shape, ...]
    marks: tuple[Shape, ...]
    bars: tuple[Shape, ...]
    now_x: str
    now_rest: str
    is_now_turned: bool
    rules_y: int
    height: int


def entries(history: History, *, code: str) -> list[Entry]:
    """Everything of the history, the newest first; what holds nobody knows of is no entry."""
    found = [_status_entry(one, history.as_of) for one in history.stretches if one.fact]
    found += [_rule_entry(rule, code, history.as_of) for rule in history.rules]
    found += [_news_entry(one) for one in history.news]
    return sorted(found, key=lambda entry: (entry.day, entry.kind), reverse=True)


def _status_entry(one: Stretch, as_of: date) -> Entry:
    fact: Any = one.fact
    day = one.starts_on or fact.valid_from
    status = LegalStatus(fact.value).label
    publisher = "" if fact.publisher == "unverified" else fact.publisher
    origin, is_coming = one.inherited_from or "", day > as_of
    when, source = factwords.since(fact), (publisher, fact.url, fact.as_of)
    return Entry("status", day, when, fact, "value", status, origin, is_coming, *source)


def _rule_entry(rule: RegulationRule, code: str, as_of: date) -> Entry:
    origin = "" if rule.jurisdiction_id == code else rule.jurisdiction_id
    source = (rule.source, rule.source_url, rule.source_as_of)
    when, is_coming = market.period(rule.valid_from, rule.valid_to), rule.valid_from > as_of
    return Entry("rule", rule.valid_from, when, rule, "title", rule.title, origin, is_coming, *source)


def _news_entry(one: News) -> Entry:
    event = one.event
    origin = "" if one.reach == "own" else event.jurisdiction
    source = (event.source, event.url, "")
    return Entry(
        "event", event.date, regnews.when(event), event, "title", event.title, origin, False, *source
    )


def picture(history: History) -> Picture | None:
    """The same, drawn; None where nothing is dated."""
    days = [history.as_of, *(one.event.date for one in history.news)]
    days += [one.starts_on for one in history.stretches if one.starts_on]
    days += [day for rule in history.rules for day in (rule.valid_from, rule.valid_to) if day]
    if len(days) == 1:
        return None
    axis = Axis(date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1))
    marks = tuple(_marks(axis, history.news))
    rules_y = max([mark.y for mark in marks], default=NEWS_Y) + RULES_HEAD
    bars = tuple(
        _bar(axis, rule, rules_y + RULE_GAP + RULE_HEIGHT * line) for line, rule in enumerate(history.rules)
    )
    now = axis.at(history.as_of)
    return Picture(
        ticks=tuple((percentage(axis.at(day)), day) for day in axis.years()),
        band=tuple(_segment(axis, one) for one in history.stretches if one.ends_on != axis.first),
        marks=marks,
        bars=bars,
        now_x=percentage(now),
        now_rest=percentage(WHOLE - now),
        is_now_turned=now > TURNS_AT,
        rules_y=rules_y,
        height=rules_y + RULE_HEIGHT * max(len(bars), 1) + RULE_GAP,
    )


@dataclass(frozen=True)
class Axis:
    """Whole years from one first of January to another."""

    first: date
    last: date

    def at(self, day: date) -> int:
        """Where a day stands, in hundredths of a percent; what lies outside stands at the edge."""
        whole = (self.last - self.first).days
        return min(max(WHOLE * (day - self.first).days // whole, 0), WHOLE)

    def years(self) -> Iterable[date]:
        """First days of years, MOST_TICKS of them at most, evenly apart."""
        step = -(-(self.last.year - self.first.year) // MOST_TICKS)
        for year in range(self.first.year, self.last.year, step):
            yield date(year, 1, 1)


def percentage(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def _segment(axis: Axis, one: Stretch) -> Shape:
    left = axis.at(one.starts_on) if one.starts_on else 0
    right = axis.at(one.ends_on) if one.ends_on else WHOLE
    return Shape(
        row=one.fact,
        looks=f"law-{one.status or 'unknown'}{' law-above' if one.inherited_from else ''}",
        x=percentage(left),
        width=percentage(right - left),
        end=percentage((left + right) // 2),
        y=BAND_Y,
        when=factwords.since(one.fact) if one.fact else "",
        text=one.status.label if one.status else "",
        field="value",
        is_unverified=one.fact is not None and one.fact.confidence == Confidence.LOW,
        has_label=right - left >= LABEL_FROM,
    )


def _marks(axis: Axis, news: Iterable[News]) -> Iterable[Shape]:
    """Dots, or bars as long as the month or year; those that would touch go to the next lane."""
    taken = [-WHOLE] * NEWS_LANES
    for one in sorted(news, key=lambda each: (each.event.date, str(each.event.pk))):
        event = one.event
        left, right = axis.at(event.date), axis.at(_after(event))
        is_dot = event.date_precision == DatePrecision.DAY or right - left < NEAR // 2
        free = [lane for lane in range(NEWS_LANES) if left - taken[lane] >= NEAR]
        lane = free[0] if free else min(range(NEWS_LANES), key=lambda number: taken[number])
        taken[lane] = left if is_dot else right
        yield Shape(
            row=event,
            looks=f"law-{event.effect_on_legal_status or 'none'}{'' if one.reach == 'own' else ' law-other'}",
            x=percentage(left),
            width=percentage(right - left),
            end=percentage(right),
            y=NEWS_Y + NEWS_STEP * lane,
            when=regnews.when(event),
            text=event.title,
            field="title",
            is_dot=is_dot,
            is_unverified=event.confidence == Confidence.LOW,
        )


def _after(event: RegulationEvent) -> date:
    """The first day after the period in which the event happened."""
    if event.date_precision == DatePrecision.YEAR:
        return date(event.date.year + 1, 1, 1)
    months = event.date.year * 12 + event.date.month
    return date(months // 12, months % 12 + 1, 1)


def _bar(axis: Axis, rule: RegulationRule, y: int) -> Shape:
    left, right = axis.at(rule.valid_from), axis.at(rule.valid_to) if rule.valid_to else WHOLE
    kind = "stops" if rule.effect in rulewords.STOPPING else "note" if rule.effect == Effect.ALLOW else "asks"
    return Shape(
        row=rule,
        looks=f"rule-{kind}",
        x=percentage(left),
        width=percentage(max(right - left, NEAR // 4)),
        end=percentage(min(max(right, left), WHOLE)),
        y=y,
        when=market.period(rule.valid_from, rule.valid_to),
        text=rule.title,
        field="title",
        is_unverified=rule.confidence == Confidence.LOW,
        is_turned=left > TURNS_AT,
    )
